"""Published figures gathered by hand: one line per figure, with its day or month, its place and its source."""

import polars as pl

from taama.base.errors import TaamaError, Where
from taama.base.sensitivity import S0
from taama.facts.cells import plain
from taama.facts.grid import read_grid
from taama.facts.tools import Sent, Tool
from taama.mobility.tables import STOCK
from taama.series.tables import PUBLISHED_FLOW
from taama.series.tools.published_series.checks import CHECKS, sound
from taama.series.tools.published_series.lines import (
    FLOW,
    FLOW_COLUMNS,
    STOCK_COLUMNS,
    STOCK_KIND,
    read_lines,
)

SERIES = "dtm_mali"


def open_file(raw, filename, known):
    """A file of published figures as frame of its lines.

    raw, filename   bytes of a CSV or xlsx file, and its name; its columns are documented in README.md
    Returns         Sent; `main` has one row per line: `submission` (empty, set by the loader), `sheet`, `row`, `kind`
                    (stock or flow), the cells as text under the file's own headers, what was read of them under
                    `read/…`, and `troubles`: names of the columns that can't be read
    Raises          TaamaError: unreadable file, a column that is missing
    """
    lines = []
    for sheet in read_grid(raw, filename):
        header = _header(sheet)
        if header is None:
            values = {"file": filename, "stock": list(STOCK_COLUMNS), "flow": list(FLOW_COLUMNS)}
            raise TaamaError("series.columns_missing", Where(file=filename, sheet=sheet.name), values)
        lines += read_lines(sheet, *header)
    if not lines:
        raise TaamaError("series.no_lines", where=Where(file=filename), values={"file": filename})
    return Sent(main=pl.concat(lines, how="diagonal_relaxed"))


def _header(sheet):
    """(kind, columns, index of the header) of a sheet, or None."""
    for index, (_, cells) in enumerate(sheet.lines[:20]):
        columns = [plain(cell).replace(" ", "_") for cell in cells]
        if {"as_of", "place", "group", "source"} <= set(columns) and {"people", "households"} & set(columns):
            return STOCK_KIND, columns, index
        if {"month", "source"} <= set(columns) and {"people", "people_per_day", "incoming"} & set(columns):
            return FLOW, columns, index
    return None


def stock(sent, known):
    """One fact for each place, day and group. Two publications of the same figure are one, with both sources."""
    rows = sound(sent, known).filter(pl.col("kind") == STOCK_KIND)
    areas = known["places.areas"].select(pl.col("key").alias("read/place"), "level", "geography")
    rows = rows.join(areas, on="read/place", how="left")
    names = ("place", "date", "precision", "round", "group", "people", "households", "source")
    facts = rows.select(
        "submission", "geography", *(pl.col(f"read/{name}").alias(name) for name in names),
        pl.col("read/place").alias("area"), pl.col("row").alias("line"),
        pl.when(pl.col("level") == 0).then(pl.lit("country")).otherwise(pl.lit("area")).alias("place_kind"),
        pl.lit(SERIES).alias("series"), pl.lit("published").alias("status"),
    )  # fmt: skip
    return facts.group_by("submission", "place", "date", "group", maintain_order=True).agg(
        pl.exclude("source").drop_nulls().first(),
        pl.col("source").unique(maintain_order=True).str.join(" ; "),
    )


def flow(sent, known):
    rows = sound(sent, known).filter(pl.col("kind") == FLOW)
    names = (
        "month", "months_covered", "active_points", "incoming", "outgoing", "people", "people_per_day",
        "change_percent_claimed", "source",
    )  # fmt: skip
    return rows.select(
        "submission",
        *(pl.col(f"read/{n}").alias(n) for n in names),
        pl.col("row").alias("line"),
        pl.lit(SERIES).alias("series"),
    )


def recognises(raw, filename):
    """How likely these bytes are a file of published figures, 0 to 1: by its documented columns."""
    try:
        return 1.0 if any(_header(sheet) for sheet in read_grid(raw, filename, lines=20)) else 0.0
    except TaamaError:
        return 0.0


tool = Tool(
    code="published_series",
    versions=("1",),
    facts={STOCK: stock, PUBLISHED_FLOW: flow},
    checks=CHECKS,
    known=("places.areas",),
    fr="Série de chiffres publiés",
    en="Series of published figures",
    sensitivity=S0,
    open=open_file,
)
