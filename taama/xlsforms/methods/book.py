"""A form as its author wrote it: sheets of cells, each with its place in the author's file."""

import re
from dataclasses import dataclass, field

from taama.base.errors import MethodError, Where

KNOWN_SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place. `code` names a text with cause and remedy; `row` counts as in the author's file.

    level    "error": the form can't be used so; "warning": it can, but probably not as meant
    repairs  Repair to choose from, the most likely first; none when only the author can know
    """

    code: str
    level: str = "error"
    sheet: str = ""
    row: int | None = None
    column: str = ""
    letter: str = ""
    values: dict = field(default_factory=dict)
    repairs: tuple = ()

    @property
    def repair(self):
        """The most likely repair, or None."""
        return self.repairs[0] if self.repairs else None


@dataclass(frozen=True)
class Column:
    """A column: its header as written and its letter; in text files the letter it would have in a spreadsheet."""

    text: str
    letter: str


@dataclass(frozen=True)
class Row:
    """A line of a sheet: as many cells as the sheet has columns; `number` as in the author's file."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet. `merged`: ranges of merged cells as (first row, last row, first column index, last column index)."""

    name: str
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    header_row: int = 1
    merged: tuple = ()

    @property
    def headers(self):
        return [column.text for column in self.columns]

    def index(self, header):
        """Index of the column of this header, or None."""
        return next((i for i, column in enumerate(self.columns) if column.text == header), None)


@dataclass(frozen=True)
class Book:
    """A form in sheets. `troubles`: what reading it met already, as Fault."""

    file: str = ""
    kind: str = ""
    sheets: tuple[Sheet, ...] = ()
    troubles: tuple[Fault, ...] = ()

    def sheet(self, name):
        """The sheet of this name however it is written in capitals, or None."""
        return next((sheet for sheet in self.sheets if sheet.name.strip().lower() == name), None)


def most_rows(sheet):
    """How many filled rows a sheet may have: more than any form, less than what would hold up the reader.

    >>> most_rows("survey"), most_rows("choices")
    (10000, 60000)
    """
    return {"survey": 10_000, "external_choices": 200_000}.get(sheet.strip().lower(), 60_000)


def too_long(sheet):
    """The error of a sheet with more rows than that."""
    return MethodError("xlsforms.sheet_too_long", Where(sheet=sheet), {"most": most_rows(sheet)})


def fallback_id(file):
    """The id of a form that gives itself none: the name of its file, as the compiler takes it too.

    >>> fallback_id("Mopti/menages-2026 (v2).xlsx")
    'menages_2026_v2'
    """
    name = file.rpartition("/")[2]
    return re.sub(r"\W+", "_", name.rpartition(".")[0] or name).strip("_")[:60] or "form"


def letter(index):
    """The letter of a column of a spreadsheet.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def index_of(letters):
    """The index of a column of a spreadsheet: what `letter` undoes.

    >>> index_of("A"), index_of("AA")
    (0, 26)
    """
    index = 0
    for character in letters:
        index = index * 26 + ord(character) - 64
    return index - 1


def make_sheet(name, table, header_row=1, merged=(), offset=0):
    """A sheet from numbered lines of text, the first one being the header.

    name    str
    table   [(number, [text, …])]: blank lines may be among them
    offset  index of the first column in the author's file
    Returns Sheet: columns up to the last header or cell with text, lines without text left out

    >>> make_sheet("survey", [(1, ["type", "name"]), (2, ["", ""]), (3, ["text", "a"])]).rows
    (Row(number=3, cells=('text', 'a')),)
    """
    header_number, header = table[0] if table else (header_row, [])
    filled = [(number, cells) for number, cells in table[1:] if any(cell.strip() for cell in cells)]
    width = max((_width(cells) for _, cells in [(0, header), *filled]), default=0)
    columns = [Column(_at(header, i).strip(), letter(i + offset)) for i in range(width)]
    rows = [Row(number, tuple(_at(cells, i) for i in range(width))) for number, cells in filled]
    return Sheet(name, tuple(columns), tuple(rows), header_number, tuple(merged))


def _width(cells):
    return max((i + 1 for i, cell in enumerate(cells) if cell.strip()), default=0)


def _at(cells, index):
    return cells[index] if index < len(cells) else ""
