"""Engines: one function by which every method's frames are read, whatever runs it.

Polars by default, DuckDB for what is larger than memory, Spark on a cluster. Methods see narwhals frames and
cannot tell. An engine is loaded when it is first asked for.
"""

import threading

import narwhals as nw
from django.conf import settings

from taama.facts import lake

_LOCAL = threading.local()
ENGINES = ("polars", "duckdb", "spark")


def read(table, engine="polars", version=None):
    """The rows of a table as a narwhals LazyFrame of the engine, with the table's columns; empty when unwritten."""
    delta = lake.opened(table, version)
    files = [] if delta is None else delta.file_uris()
    if not files:
        return from_frame(table.empty(), engine)
    readers = {"polars": _polars, "duckdb": _duckdb, "spark": _spark}
    return nw.from_native(readers[engine](delta, files)).select(list(table.columns))


def from_frame(frame, engine="polars"):
    """A Polars frame in the hands of another engine: for empty tables, small context and tests."""
    if engine == "polars":
        return nw.from_native(frame.lazy())
    if engine == "duckdb":
        return nw.from_native(_duckdb_connection().from_arrow(frame.to_arrow()))
    if engine == "spark":
        return nw.from_native(spark_session().createDataFrame(frame.to_arrow()))
    raise ValueError(f"unknown engine {engine}")


def hold(frame):
    """The frame in memory, so that it is not computed again each time it is used; unchanged on a cluster."""
    if not isinstance(frame, nw.LazyFrame) or frame.implementation.is_pyspark():
        return frame
    if frame.implementation.is_polars():
        return frame.collect().lazy()
    return nw.from_native(_duckdb_connection().from_arrow(frame.to_native().to_arrow_table()))


def collect(frame):
    """A narwhals frame of any engine as a Polars frame."""
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    gathered = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    native = gathered.to_native()
    return native if isinstance(native, pl.DataFrame) else pl.from_arrow(gathered.to_arrow())


def _polars(delta, files):
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    return pl.scan_parquet(files, missing_columns="insert", extra_columns="ignore")


def _duckdb(delta, files):
    return _duckdb_connection().read_parquet(files, union_by_name=True)


def _duckdb_connection():
    """The connection of this thread (relations of two connections can't be joined); never asks the network."""
    import duckdb  # noqa: PLC0415  heavy: only where this engine is chosen

    if not hasattr(_LOCAL, "duckdb"):
        offline = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        _LOCAL.duckdb = duckdb.connect(config=offline)
        _LOCAL.duckdb.execute("SET TimeZone = 'UTC'")
    return _LOCAL.duckdb


def _spark(delta, files):
    return spark_session().read.parquet(*files)


def spark_session():
    """The Spark session of this process: the cluster of TAAMA_SPARK_MASTER, else two local cores."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  an extra that an office need not install

    builder = SparkSession.builder.appName("taama").master(settings.TAAMA_SPARK_MASTER)
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "4",
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
