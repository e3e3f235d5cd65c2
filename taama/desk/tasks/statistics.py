"""Files of SPSS, Stata and Parquet, whose libraries want a whole table at once. Knows no database: for large tables it
runs in a process of its own, so that the worker's other work goes on meanwhile."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import polars as pl

from taama.desk.methods.export_shape import cut_long, in_zone

LABEL_BYTES = {"sav": 250, "dta": 80}
VALUE_BYTES = {"sav": 120, "dta": 250}
LONGEST_BYTES = {"sav": 32_000, "dta": 2_045}
MANY = 10_000  # rows from which another process is worth its start
PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Labels:
    """What the file says of itself. `columns`: name → label; `values`: name → {number: label}; for SPSS `formats`, how
    numbers are shown, and `measures`: name → `scale` or `nominal`."""

    title: str
    columns: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    formats: dict = field(default_factory=dict)
    measures: dict = field(default_factory=dict)


def own_process():
    """For a library that lets nothing else run in its process."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def own_thread():
    return ThreadPoolExecutor(1)


def beside(rows, pool, function, *arguments):
    """Call the function, for many rows in a process or a thread of its own. Yields while it runs.

    pool    own_process or own_thread
    """
    if rows < MANY:
        function(*arguments)
        return
    pool = pool()
    try:
        call = pool.submit(function, *arguments)
        while not call.done():
            time.sleep(PAUSE_SECONDS)
            yield
        call.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def write_parquet(paths, target):
    """One file of the parts."""
    pl.scan_parquet(paths).sink_parquet(target, compression="zstd", compression_level=1)


def write_statistics(paths, target, long, labels, zone):
    """A file of SPSS or Stata, by the ending of `target`. Labels are cut where the format wants them short.

    paths   of the parts
    long    where to write the texts that the format cannot hold, where there are any: frame[_key, column, value]
    labels  Labels
    zone    in which times are told
    """
    import pyreadstat  # noqa: PLC0415  only these formats need it

    ending = target.suffix[1:]
    frame = in_zone(pl.read_parquet(paths), zone).with_columns(pl.col(pl.Boolean).cast(pl.Int8))
    frame, cut = cut_long(frame, LONGEST_BYTES[ending])
    if cut.height:
        cut.write_parquet(long)
    told = {
        "file_label": _cut(labels.title, 60),
        "column_labels": {name: _cut(text, LABEL_BYTES[ending]) for name, text in labels.columns.items()},
        "variable_value_labels": {
            name: {number: _cut(text, VALUE_BYTES[ending]) for number, text in values.items()}
            for name, values in labels.values.items()
        },
    }
    if ending == "sav":
        formats = {name: text for name, text in labels.formats.items() if text}
        pyreadstat.write_sav(
            frame,
            target,
            row_compress=True,
            variable_format=formats,
            variable_measure=labels.measures,
            **told,
        )
    else:
        pyreadstat.write_dta(frame, target, **told)


def _cut(text, most_bytes):
    return text.encode()[:most_bytes].decode(errors="ignore")
