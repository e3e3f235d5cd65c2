"""Workbooks as spreadsheets read them."""

import datetime as dt
import io
import zipfile

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.base.errors import TaamaError
from taama.desk.methods.export_sheet import EXACT
from taama.desk.tasks import sheets

TEXTS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n\t="), min_size=1, max_size=20
)
TIMES = st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0))
COLUMNS = {
    "key": (pl.Int64, st.integers(1, 9)),
    "text": (pl.String, TEXTS.filter(lambda t: "_x" not in t)),
    "whole": (pl.Int64, st.integers(-EXACT, EXACT)),
    "number": (pl.Float64, st.floats(allow_nan=False, allow_infinity=False, width=32)),
    "truth": (pl.Boolean, st.booleans()),
    "day": (pl.Date, st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1))),
    "time": (pl.Datetime("us"), TIMES),
}


def book_of(frames, name="table"):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        book = sheets._Book(archive)
        list(book.write(name, frames))
        book.close()
    return openpyxl.load_workbook(target)


def rows_of(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {n: values if n == "key" else st.none() | values for n, (_, values) in COLUMNS.items()}
        ),
        min_size=1,
    )
)
def test_a_sheet_says_what_its_frame_says(rows):
    frame = pl.DataFrame(rows, schema={name: kind for name, (kind, _) in COLUMNS.items()})
    heading, *found = rows_of(book_of([frame])["table"])
    assert heading == list(COLUMNS)
    for row, cells in zip(rows, found, strict=True):
        told = dict(zip(heading, cells, strict=True))
        assert told.pop("day") == (row["day"] and dt.datetime.combine(row["day"], dt.time()))
        assert told.pop("number") == pytest.approx(row["number"]) if row["number"] is not None else True
        told.pop("number", None)
        assert told == {name: row[name] for name in told}


def test_what_a_spreadsheet_would_spoil_is_text():
    frame = pl.DataFrame(
        {"n": [EXACT + 1, 5], "d": [dt.date(1899, 12, 31), dt.date(1900, 3, 1)], "t": ["=1+1", "_x0041_"]}
    )
    sheet = book_of([frame])["table"]
    assert rows_of(sheet)[1:] == [
        [str(EXACT + 1), "1899-12-31", "=1+1"],
        [5, dt.datetime(1900, 3, 1), "_x005F_x0041_"],  # a spreadsheet shows _x0041_ again
    ]
    assert sheet["C2"].data_type != "f"


def test_a_full_sheet_is_continued(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    book = book_of([pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": list(range(3, 9))})])
    assert book.sheetnames == ["table", "table_2", "table_3"]
    assert [rows_of(sheet) for sheet in book] == [
        [["a"], [1], [2], [3]],
        [["a"], [4], [5], [6]],
        [["a"], [7], [8]],
    ]


def test_a_long_text_is_cut_and_told_whole():
    text = "é" * 40_000
    long = []
    kept = list(sheets._fitting("table", [pl.DataFrame({"_key": ["k"], "q": [text]})], long))
    assert len(kept[0]["q"][0]) <= 32_767
    pieces = sheets._pieces(pl.concat(long))
    assert "".join(pieces["value"]) == text
    assert pieces.rows()[0][:3] == ("table", "k", "q")


def test_more_columns_than_a_sheet_has():
    wide = pl.DataFrame({str(n): [1] for n in range(sheets.MOST_COLUMNS + 1)})
    with pytest.raises(TaamaError) as refused:
        list(sheets._fitting("table", [wide], []))
    assert refused.value.code == "desk.too_many_columns"
