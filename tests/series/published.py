"""Published tables made for tests: as CSV or workbooks, with the faults that real ones have."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl

import taama
from taama.mobility.tables import STOCK
from taama.series.tools.published_baseline.tool import tool

MALI = Path(taama.__file__).parent / "places" / "data" / "mali"
HEADER = ["Snapshot Date", "Admin 1", "Admin 1 pcode", "Admin 2", "Admin 2 pcode", "Admin 3", "Admin 3 pcode"]
COUNTS = ["Total No# of IDPs HH", "Total No# of IDPs Ind#"]
KAYES = ["2021-09-30", "Kayes", "ML01", "Kayes", "ML0103", "Kayes Commune", "ML010312"]
MOPTI = ["2021-09-30", "Mopti", "ML05", "Mopti", "ML0506", "Socoura", "ML050611"]
KORO = ["2021-09-30", "Mopti", "ML05", "Koro", "ML0505", "Dioungani", "ML050504"]


def areas(*versions):
    """The gazetteer of the project's own data, as the loader gives it to tools."""
    rows = []
    with (MALI / "variants.csv").open(encoding="utf-8") as file:
        variants = {}
        for row in csv.DictReader(file):
            variants.setdefault(row["name"], []).append(row["variant"])
    for version in versions or ("2015-04-08", "2021-12-20", "2023"):
        with (MALI / f"areas_{version}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                rows.append({
                    "key": f"{row['code'] or row['slug']}@{version}", "code": row["code"], "name": row["name"],
                    "names_other": variants.get(row["name"], []), "level": int(row["level"]),
                    "parent": f"{row['parent']}@{version}" if row["parent"] else None, "geography": version,
                })  # fmt: skip
    return pl.DataFrame(rows)


KNOWN = {"places.areas": areas()}


def as_csv(rows, separator=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def as_workbook(rows, title="data", merge=(), **others):
    """Bytes of a workbook; `others`: title of a further sheet → its rows."""
    book = openpyxl.Workbook()
    book.active.title = title
    sheets = [(book.active, rows), *((book.create_sheet(name), more) for name, more in others.items())]
    for sheet, lines in sheets:
        for line in lines:
            sheet.append(["" if cell is None else cell for cell in line])
    for cells in merge:
        book.active.merge_cells(cells)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def opened(raw, filename="table.csv", its=tool, known=KNOWN):
    return its.open(raw, filename, known)


def conformed(sent, table=STOCK, its=tool, known=KNOWN):
    """Facts as the lake would take them: the table's contract is checked too."""
    source = {"tool": pl.lit(its.code), "tool_version": pl.lit(its.version), "simulated": pl.lit(False)}
    return table.conform(its.facts[table](sent, known).with_columns(**source))


def said(sent, its=tool, known=KNOWN):
    """[(row, field, level, code, values)] of all checks."""
    found = pl.concat([check(sent, known) for check in its.checks])
    found = found.with_columns(pl.col("values").map_elements(_loaded, return_dtype=pl.Object))
    return [dict(zip(found.columns, row, strict=True)) for row in found.iter_rows()]


def _loaded(text):
    import json

    return json.loads(text)


def codes(sent, its=tool, known=KNOWN):
    return {found["code"] for found in said(sent, its, known)}


def the(code, sent, its=tool, known=KNOWN):
    """The one finding of this code."""
    found = [each for each in said(sent, its, known) if each["code"] == code]
    assert len(found) == 1, (code, found)
    return found[0]


def total(facts, group, unit="people"):
    return facts.filter(pl.col("group") == group)[unit].sum()


END_OF_SEPTEMBER = date(2021, 9, 30)
