"""A workbook, written row by row: a sheet for each table, the codebook, and texts too long for a cell."""

import polars as pl
import xlsxwriter
from django.utils import timezone

from taama.base.errors import TaamaError
from taama.desk.methods.export_names import sheet_names
from taama.desk.methods.export_shape import cut_long, in_zone

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LONGEST = 32_767  # characters in a cell
EXACT = 9_007_199_254_740_992  # above, a spreadsheet rounds whole numbers
FIRST_YEAR = 1900
LONG = {"_key": pl.String, "column": pl.String, "value": pl.String}


def write_sheets(draft, selection, names, tables, codebook):
    """Write the workbook.

    tables    for each table a function that gives its frames, part by part
    codebook  frames: questions, choices
    Yields    after each part
    Raises    TaamaError `desk.too_many_columns`
    """
    words, long = selection.words, []
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(draft), options) as book:
        sheets = _Sheets(book, [*names, words["#questions"], words["#choices"], words["#long"]])
        for name, frames in zip(names, tables, strict=True):
            for frame in frames():
                kept, cut = cut_long(in_zone(frame, timezone.get_default_timezone_name()), LONGEST)
                sheets.write(name, kept)
                long.append(cut.with_columns(pl.lit(name).alias("table")))
                yield
        for name, frame in zip((words["#questions"], words["#choices"]), codebook, strict=True):
            sheets.write(name, frame)
        told = _pieces(pl.concat(long)) if long else pl.DataFrame()
        if told.height:
            sheets.write(words["#long"], told)


def _pieces(long):
    """Long texts in as many rows as cells can hold."""
    rows = [
        (*row[:-1], row[-1][start : start + LONGEST])
        for row in long.select("table", "_key", "column", "value").iter_rows()
        for start in range(0, len(row[-1]), LONGEST)
    ]
    return pl.DataFrame(rows, schema={"table": pl.String} | LONG, orient="row")


class _Sheets:
    """The sheets of a book, each begun when its first rows come; a full one is continued in another."""

    def __init__(self, book, names):
        self.book, self.rows, self.sheets = book, {}, {}
        self.titles = dict(zip(names, sheet_names(names), strict=True))
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, name, frame):
        if frame.width > MOST_COLUMNS:
            raise TaamaError("desk.too_many_columns", values={"count": frame.width, "most": MOST_COLUMNS})
        writers = [self._writer(frame[column]) for column in frame.columns]
        for row in frame.iter_rows():
            sheet, number = self._next(name, frame.columns)
            for place, (write, value) in enumerate(zip(writers, row, strict=True)):
                if value is not None:
                    write(sheet, number, place, value)
        if name not in self.sheets:
            self._next(name, frame.columns)

    def _next(self, name, columns):
        """The sheet and the number of the row to write."""
        number = self.rows.get(name, MOST_ROWS)
        if number == MOST_ROWS:
            count = self.titles.get((name, "count"), 0) + 1
            self.titles[name, "count"] = count
            title = self.titles[name] if count == 1 else f"{self.titles[name][:26]} ({count})"
            self.sheets[name] = self.book.add_worksheet(title)
            self.sheets[name].freeze_panes(1, 1)
            for place, column in enumerate(columns):
                self.sheets[name].write_string(0, place, column[:LONGEST], self.bold)
            number = 1
        self.rows[name] = number + 1
        return self.sheets[name], number

    def _writer(self, column):
        kind = column.dtype
        if kind == pl.String:
            return lambda sheet, row, place, value: sheet.write_string(row, place, value)
        if kind == pl.Boolean:
            return lambda sheet, row, place, value: sheet.write_boolean(row, place, value)
        if kind.is_temporal():
            form = self.day if kind == pl.Date else self.time
            return lambda sheet, row, place, value: _write_time(sheet, row, place, value, form)
        return _write_number


def _write_number(sheet, row, place, value):
    if abs(value) > EXACT and isinstance(value, int):
        sheet.write_string(row, place, str(value))
    else:
        sheet.write_number(row, place, value)


def _write_time(sheet, row, place, value, form):
    if value.year < FIRST_YEAR:
        sheet.write_string(row, place, value.isoformat())
    else:
        sheet.write_datetime(row, place, value, form)
