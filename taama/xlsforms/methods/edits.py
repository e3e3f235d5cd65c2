"""Changes of a book, small enough to show one by one: a cell, a name with its references, a header, a row, a setting."""

import re
from dataclasses import dataclass, replace

from taama.xlsforms.methods.book import Column, Row, Sheet, index_of, letter


@dataclass(frozen=True)
class Repair:
    """A way to mend a fault. `certain`: it can't change what is asked or what an answer means.

    edits    made one after the other
    choice   what distinguishes it from the other repairs of the same fault, such as the name that it puts
    """

    certain: bool
    edits: tuple
    choice: str = ""


@dataclass(frozen=True)
class Change:
    """One cell before and after, and the code of the fault for which it changed; a whole row or sheet has no column."""

    sheet: str
    row: int | None
    column: str
    letter: str
    before: str
    after: str
    why: str


MENTION = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}|/([\w.-]+)")


def mentioned(text):
    """Names that a cell refers to, as `${name}` or as a step of a path.

    >>> sorted(mentioned("${age} > ../limit"))
    ['age', 'limit']
    """
    if "{" not in text and "/" not in text:
        return set()
    return {reference or step for reference, step in MENTION.findall(text)}


class Draft:
    """A book while it is being changed. `sheets`: name in small letters → Page."""

    def __init__(self, book):
        self.book = book
        self.sheets = {sheet.name.strip().lower(): Page(sheet) for sheet in book.sheets}
        self._mentions = None

    def mentions(self, name):
        """Places that refer to a name: [(sheet, row, index)], in the order of the file."""
        if self._mentions is None:
            self._mentions = {}
            for sheet, page in self.sheets.items():
                for number, cells in page.rows.items():
                    for index, text in enumerate(cells):
                        for each in mentioned(text):
                            self._mentions.setdefault(each, []).append((sheet, number, index))
        return self._mentions.get(name, ())

    def renamed(self, old, new, places):
        """Note that what referred to a name refers to another one now."""
        self._mentions.setdefault(new, []).extend(places)

    def finished(self):
        """The book as it is now."""
        return replace(self.book, sheets=tuple(page.sheet() for page in self.sheets.values()))


class Page:
    """A sheet while it is being changed. `rows`: number → list of texts.

    Edits name a column by its index when the fault was found, `at` gives where it stands since columns were taken out.
    """

    def __init__(self, sheet):
        self.name, self.header_row, self.merged = sheet.name, sheet.header_row, sheet.merged
        self.columns = list(sheet.columns)
        self.rows = {row.number: list(row.cells) for row in sheet.rows}
        self._found = list(range(len(self.columns)))

    def at(self, index):
        """Where a column stands now; None when it is gone."""
        return self._found.index(index) if index in self._found else None

    def drop(self, index):
        """Take a column out. Returns it."""
        at = self.at(index)
        for cells in self.rows.values():
            cells.pop(at)
        self._found.pop(at)
        self.merged = tuple((r1, r2, c1 - (c1 > at), c2 - (c2 >= at)) for r1, r2, c1, c2 in self.merged)
        return self.columns.pop(at)

    def named(self, header):
        """The index of the column of this header, which is put at the end where there is none."""
        for index, column in zip(self._found, self.columns, strict=True):
            if column.text == header:
                return index
        last = max((index_of(column.letter) for column in self.columns if column.letter), default=-1)
        self.columns.append(Column(header, letter(last + 1)))
        self._found.append(max(self._found, default=-1) + 1)
        for cells in self.rows.values():
            cells.append("")
        return self._found[-1]

    def text(self, number, index):
        """A cell, None where the row or the column is gone."""
        cells, at = self.rows.get(number), self.at(index)
        return cells[at] if cells is not None and at is not None else None

    def header(self, index):
        """The header of a column, None when it is gone."""
        at = self.at(index)
        return self.columns[at].text if at is not None else None

    def sheet(self):
        rows = tuple(Row(number, tuple(cells)) for number, cells in self.rows.items())
        return Sheet(self.name, tuple(self.columns), rows, self.header_row, self.merged)

    def write(self, number, index, after, why):
        """Put a text into a cell. Returns the Change, in a list."""
        at = self.at(index)
        column, cells = self.columns[at], self.rows[number]
        before, cells[at] = cells[at], after
        return [Change(self.name, number, column.text, column.letter, before, after, why)]

    def add(self, given, why):
        """Put a row at the end. `given`: index of the column → text."""
        number = max(self.rows, default=self.header_row) + 1
        self.rows[number] = [given.get(index, "") for index in self._found]
        return [Change(self.name, number, "", "", "", " | ".join(given.values()), why)]


@dataclass(frozen=True)
class Write:
    """Put a text into a cell, if it still holds what it held when the fault was found."""

    sheet: str
    row: int
    index: int
    before: str
    after: str
    why: str

    def apply(self, draft):
        page = draft.sheets.get(self.sheet.strip().lower())
        if not page or page.text(self.row, self.index) != self.before or self.before == self.after:
            return []
        return page.write(self.row, self.index, self.after, self.why)


@dataclass(frozen=True)
class Rename:
    """Give a question another name, in its row and in the references to it.

    only     numbers of the rows whose references follow; None for every row of every sheet
    paths    whether steps of paths (`../old`, `/data/group/old`) follow too: when no other question has the name
    """

    row: int
    index: int
    old: str
    new: str
    why: str
    only: frozenset | None = None
    paths: bool = False

    def apply(self, draft):
        changes = Write("survey", self.row, self.index, self.old, self.new, self.why).apply(draft)
        if not changes:
            return []
        places = list(draft.mentions(self.old))
        for sheet, number, index in places:
            if self.only is not None and (sheet != "survey" or number not in self.only):
                continue
            page = draft.sheets[sheet]
            text = page.text(number, index) or ""
            after = self._replaced(text)
            if after != text:
                changes += page.write(number, index, after, self.why)
        draft.renamed(self.old, self.new, places)
        return changes

    def _replaced(self, text):
        old = re.escape(self.old)
        if "{" in text and self.old in text:
            text = re.sub(rf"(\$\{{\s*(?:last-saved#)?){old}(\s*\}})", rf"\g<1>{self.new}\g<2>", text)
        if self.paths and f"/{self.old}" in text:
            text = re.sub(rf"(?<=[\w.*\])]/){old}(?![\w.:-])", self.new, text)
        return text


@dataclass(frozen=True)
class RenameColumn:
    """Write the header of a column as XLSForm does."""

    sheet: str
    index: int
    before: str
    after: str
    why: str

    def apply(self, draft):
        page = draft.sheets.get(self.sheet.strip().lower())
        if not page or page.header(self.index) != self.before:
            return []
        at = page.at(self.index)
        place = page.columns[at].letter
        page.columns[at] = Column(self.after, place)
        return [Change(page.name, page.header_row, self.before, place, self.before, self.after, self.why)]


@dataclass(frozen=True)
class DropColumn:
    """Take an empty column out."""

    sheet: str
    index: int
    before: str
    why: str

    def apply(self, draft):
        page = draft.sheets.get(self.sheet.strip().lower())
        if not page or page.header(self.index) != self.before:
            return []
        if any(page.text(number, self.index).strip() for number in page.rows):
            return []
        column = page.drop(self.index)
        return [Change(page.name, page.header_row, column.text, column.letter, column.text, "", self.why)]


@dataclass(frozen=True)
class RenameSheet:
    """Give a sheet the name by which it is looked for."""

    before: str
    after: str
    why: str

    def apply(self, draft):
        key = self.before.strip().lower()
        if key not in draft.sheets or self.after in draft.sheets:
            return []
        draft.sheets = {(self.after if name == key else name): page for name, page in draft.sheets.items()}
        draft.sheets[self.after].name = self.after
        return [Change(self.before, None, "", "", self.before, self.after, self.why)]


@dataclass(frozen=True)
class DropRow:
    """Take a row out that says nothing new. Never used for a question."""

    sheet: str
    row: int
    cells: tuple
    why: str

    def apply(self, draft):
        page = draft.sheets.get(self.sheet.strip().lower())
        if not page or tuple(page.rows.get(self.row, ())) != self.cells:
            return []
        del page.rows[self.row]
        shown = " | ".join(cell for cell in self.cells if cell)
        return [Change(page.name, self.row, "", "", shown, "", self.why)]


@dataclass(frozen=True)
class AddRow:
    """Put a row at the end of a sheet. `cells`: pairs (index of the column, text)."""

    sheet: str
    cells: tuple
    why: str

    def apply(self, draft):
        page = draft.sheets.get(self.sheet.strip().lower())
        return page.add(dict(self.cells), self.why) if page else []


@dataclass(frozen=True)
class Fill:
    """Put a text into a column that may not be there yet; `row` None means the first row of a sheet of settings."""

    sheet: str
    row: int | None
    column: str
    text: str
    why: str

    def apply(self, draft):
        page = draft.sheets.setdefault(self.sheet, Page(Sheet(self.sheet)))
        index = page.named(self.column)
        if not page.rows:
            page.rows[page.header_row + 1] = [""] * len(page.columns)
        number = min(page.rows) if self.row is None else self.row
        if page.text(number, index) in (None, self.text):
            return []
        return page.write(number, index, self.text, self.why)
