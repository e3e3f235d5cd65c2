"""Baseline tables as DTM publishes them: a workbook or CSV, one line per commune, columns that change from file to file."""

import json
import re

import polars as pl

from taama.base.errors import TaamaError
from taama.base.sensitivity import S1
from taama.facts.grid import read_grid
from taama.facts.tools import FINDING_COLUMNS, Sent, Tool
from taama.mobility.tables import GROUPS, STOCK
from taama.series.tools.published_baseline.checks import CHECKS
from taama.series.tools.published_baseline.headers import find_columns
from taama.series.tools.published_baseline.lines import DATA
from taama.series.tools.published_baseline.meaning import COUNTS
from taama.series.tools.published_baseline.reading import read_file
from taama.series.tools.published_baseline.tallies import in_error, tally

SERIES = "dtm_mali"
P_CODE = re.compile(r"[A-Z]{2,3}\d{2,8}")
READ_TYPES = (
    {
        "as_of": pl.Date,
        "precision": pl.String,
        "surveyed_on": pl.Date,
        "displacement_start": pl.Date,
        "round": pl.String,
    }
    | dict.fromkeys(("place", "place_kind", "area", "geography", "source"), pl.String)
    | dict.fromkeys(COUNTS, pl.Int64)
)
FINDING = pl.Struct({name: pl.String for name in FINDING_COLUMNS[2:]})


def open_file(raw, filename, known):
    """A published table as frame of its lines; nothing of the file is left out.

    raw, filename   bytes of an xlsx or CSV file, and its name
    known           `places.areas`: frame[key, code, name, level, parent, geography]
    Returns         Sent; `main` has one row per line that isn't blank: `submission` (empty, set by the loader), `sheet`,
                    `row` (as a spreadsheet numbers it), `kind` (data, total, subtotal, header, note, unread), the cells
                    as text under the name of their meaning (`idp_people`, `admin2_code`…) or else under their own
                    header, what was read of them under `read/…`, and `findings`: list of field, level, code, values
    Raises          TaamaError: see reading.read_file
    """
    reads = read_file(raw, filename.replace("\\", "/").rpartition("/")[2], known["places.areas"])
    names = list(dict.fromkeys(name for read in reads for name in read.line.cells))
    columns = {
        "submission": pl.Series([""] * len(reads), dtype=pl.String),
        "sheet": pl.Series([read.line.sheet for read in reads], dtype=pl.String),
        "row": pl.Series([read.line.row for read in reads], dtype=pl.Int64),
        "kind": pl.Series([read.line.kind for read in reads], dtype=pl.String),
    }
    columns |= {
        name: pl.Series([read.line.cells.get(name) for read in reads], dtype=pl.String) for name in names
    }
    columns |= {
        f"read/{name}": pl.Series([read.values.get(name) for read in reads], dtype=dtype)
        for name, dtype in READ_TYPES.items()
    }
    columns["findings"] = pl.Series([_findings(read) for read in reads], dtype=pl.List(FINDING))
    return Sent(main=pl.DataFrame(columns))


def _findings(read):
    sheet = {"sheet": read.line.sheet}
    return [
        found | {"values": json.dumps(sheet | found["values"], ensure_ascii=False)} for found in read.findings
    ]


def stock(sent, known):
    """One fact for each place, day and group; lines with an error are held back, lines of one place added up."""
    rows = sent.main.filter(pl.col("kind") == DATA, ~in_error())
    groups = [_of_group(rows, group) for group in GROUPS]
    facts = pl.concat(groups).group_by("submission", "place", "date", "group", maintain_order=True).agg(
        pl.exclude("households", "people").first(), _sum("households"), _sum("people"),
        pl.len().cast(pl.Int64).alias("lines"),
    )  # fmt: skip
    return facts.with_columns(pl.lit(SERIES).alias("series"), pl.lit("published").alias("status"))


def _of_group(rows, group):
    people, households = pl.col(f"read/{group}_people"), pl.col(f"read/{group}_households")
    return rows.filter(people.is_not_null() | households.is_not_null()).select(
        "submission",
        *(
            pl.col(f"read/{name}").alias(name)
            for name in ("place", "place_kind", "area", "geography", "round", "source")
        ),
        pl.col("read/as_of").alias("date"),
        pl.col("read/precision").alias("precision"),
        pl.col("read/surveyed_on").alias("assessed_on"),
        pl.lit(group).alias("group"),
        households.alias("households"),
        people.alias("people"),
        pl.col("row").alias("line"),
    )


def _sum(name):
    """A sum of which nothing is known stays unknown, it is not 0."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)


def recognises(raw, filename):
    """How likely these bytes are a published baseline table, 0 to 1: read from the first lines of each sheet.

    A table of codes without a header, or with one that may mean two things, is claimed too: to be refused with its reason.
    """
    try:
        sheets = read_grid(raw, filename, lines=80)
        if any(find_columns(sheet, filename) for sheet in sheets):
            return 0.9
    except TaamaError as error:
        return 0.6 if error.code.startswith("series.header_") else 0.0
    coded = [
        cells
        for sheet in sheets
        for _, cells in sheet.lines
        if any(P_CODE.fullmatch(cell.strip()) for cell in cells)
    ]
    return 0.5 if len(coded) > 1 else 0.1


tool = Tool(
    code="published_baseline",
    versions=("1",),
    facts={STOCK: stock},
    checks=CHECKS,
    known=("places.areas",),
    fr="Tableau de référence publié (DTM)",
    en="Published baseline table (DTM)",
    sensitivity=S1,
    open=open_file,
    tally=tally,
)
