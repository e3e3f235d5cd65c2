"""A book understood: which column is which, how groups and repeats lie in each other, what the lists hold."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from taama.xlsforms.methods.book import Book, Fault, Sheet
from taama.xlsforms.methods.edits import Fill, Repair, Write, mentioned
from taama.xlsforms.methods.words import (
    ALIASES,
    COLUMNS,
    PREFIXED,
    TRANSLATED,
    Type,
    alike,
    folded,
    make_name,
    mend_type,
    near,
    plain,
    read_type,
)

INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08]")
MOST_SEARCHES = 300
YES = ("yes", "true", "true()", "oui")
SETTINGS_TYPES = ("form_title", "set_form_title", "form_id", "set_form_id", "prefix")


@dataclass(frozen=True)
class Header:
    """A column understood: its name in XLSForm and its language; `known` unless XLSForm has no such column."""

    name: str
    language: str = ""
    known: bool = True


def read_header(text, sheet, doubled=True):
    """The column that a header stands for.

    text     str, as written
    sheet    name of the sheet
    doubled  whether any header of the sheet holds "::"; else a single colon separates
    Returns  Header

    >>> read_header("Label::Français (fr)", "survey"), read_header("lable", "survey").known
    (Header(name='label', language='Français (fr)', known=True), False)
    >>> read_header("media::image::English", "survey").language
    'English'
    """
    parts = [part.strip() for part in text.split("::" if doubled or "::" in text else ":")]
    parts = [text] if text.startswith(("jr:", "odk:", "orx:")) else parts
    columns, aliases = COLUMNS.get(sheet, ()), ALIASES.get(sheet, {})
    first = "_".join(parts[0].lower().split())
    if first in PREFIXED and len(parts) > 1:
        inner = (
            parts[1]
            .lower()
            .replace("jr:constraintmsg", "constraint_message")
            .replace("jr:requiredmsg", "required_message")
        )
        inner = {"calculate": "calculation", "jr:count": "repeat_count", "taama:class": "sensitivity"}.get(
            inner, inner
        )
        known = inner in columns and first != "instance"
        return Header(inner if known else "::".join(parts[:2]), parts[2] if len(parts) > 2 else "")
    name = aliases.get(first, first)
    language = "::".join(parts[1:])
    known = name in columns or parts[0] in columns or sheet in ("choices", "external_choices", "osm")
    if language and name in columns and (name not in TRANSLATED or "::" in language):
        known = False
    return Header(parts[0] if parts[0] in columns else name, language, known)


@dataclass
class Item:
    """A row of the questions.

    type     None when unknown
    meant    the type that is surely meant where another word stands, else `type`: by it sections open and close
    inside   the sections around it, outermost first
    """

    row: int
    written: str
    type: Type | None
    name: str
    inside: tuple = ()
    meant: Type | None = None

    @property
    def kind(self):
        return self.type.kind if self.type else ""

    @property
    def scope(self):
        """The row of the section that it lies in; None at the top."""
        return self.inside[-1].row if self.inside else None


@dataclass
class Choice:
    """A row of a list of choices."""

    row: int
    list: str
    name: str
    cells: tuple = field(repr=False, default=())


class Form:
    """A book with what its sheets mean. Everything is read once and kept."""

    def __init__(self, book: Book):
        self.book = book
        self._numbered, self._searches = {}, 0

    def sheet(self, name):
        """The sheet of this name, an empty one when there is none."""
        return self.book.sheet(name) or Sheet(name)

    def lines(self, name):
        """Rows as the compiler gets them; None for a blank row of a spreadsheet, so that generated names keep their number."""
        rows = self.sheet(name).rows
        if name != "survey" or self.book.kind not in ("xlsx", "xls"):
            return list(rows)
        there = {row.number: row for row in rows}
        return [there.get(n) for n in range(self.sheet(name).header_row + 1, max(there, default=0) + 1)]

    @cached_property
    def headers(self):
        """Headers of each sheet, by the sheet's name."""
        found = {}
        for sheet in self.book.sheets:
            name = sheet.name.strip().lower()
            doubled = any("::" in column.text for column in sheet.columns)
            found[name] = [read_header(column.text, name, doubled) for column in sheet.columns]
        return found

    def columns(self, sheet, *names):
        """Indexes of the columns of these names, in all languages: [(index, Header)]."""
        return [(i, h) for i, h in enumerate(self.headers.get(sheet, ())) if h.name in names and h.known]

    def column(self, sheet, name):
        """Index of the first column of this name, or None."""
        return next((i for i, _ in self.columns(sheet, name)), None)

    def raw(self, sheet, row, name):
        """A cell as written, '' when there is no such column."""
        index = self.column(sheet, name)
        return row.cells[index] if index is not None else ""

    def text(self, sheet, row, name):
        """A cell without spaces around it, doubled spaces or invisible characters."""
        return clean(self.raw(sheet, row, name))

    @cached_property
    def rows(self):
        """Rows of the questions by their number, without those that are disabled."""
        return {
            row.number: row
            for row in self.sheet("survey").rows
            if self.text("survey", row, "disabled").lower() not in YES
        }

    @cached_property
    def items(self):
        """Every row of the questions that has a type or a name, with the sections around it."""
        items, stack = [], []
        for row in self.rows.values():
            written, name = self.text("survey", row, "type"), self.text("survey", row, "name")
            if not written and not name:
                continue
            type_ = read_type(written)
            meant = type_ or read_type(mend_type(written))
            if meant and meant.closes and stack:
                stack.pop()
            item = Item(row.number, written, type_, name, tuple(stack), meant)
            items.append(item)
            if meant and meant.opens:
                stack.append(item)
        return items

    @cached_property
    def named(self):
        """Items that make an element of the form: not the ends of sections, nor settings among the questions."""
        return [
            item
            for item in self.items
            if item.name and not (item.meant and (item.meant.closes or item.kind in SETTINGS_TYPES))
        ]

    @cached_property
    def names(self):
        """How often each name stands among the questions."""
        return Counter(item.name for item in self.named)

    @cached_property
    def referenced(self):
        """Names that something in the form refers to."""
        cells = (cell for sheet in self.book.sheets for row in sheet.rows for cell in row.cells)
        return set().union(*(mentioned(cell) for cell in cells if "{" in cell or "/" in cell))

    @cached_property
    def alike(self):
        """Names as `same_but` wants them."""
        return alike(self.names)

    @cached_property
    def lists_alike(self):
        return alike(self.lists)

    def near(self, word, candidates):
        """As `near`, but in a form with very many slips only for the first of them."""
        self._searches += 1
        return near(word, candidates) if self._searches <= MOST_SEARCHES else []

    def row(self, sheet, number):
        """The row of this number."""
        if sheet not in self._numbered:
            self._numbered[sheet] = {row.number: row for row in self.sheet(sheet).rows}
        return self._numbered[sheet][number]

    @cached_property
    def _given(self):
        return set(self.names)

    def new_name(self, text):
        """A valid name that no question has, and that was not given before."""
        name = make_name(text, self._given)
        self._given.add(name)
        return name

    @cached_property
    def choices(self):
        """Every choice that belongs to a list."""
        return self._choices("choices")

    @cached_property
    def external_choices(self):
        return self._choices("external_choices")

    def _choices(self, sheet):
        found = (
            Choice(row.number, self.text(sheet, row, "list_name"), self.text(sheet, row, "name"), row.cells)
            for row in self.sheet(sheet).rows
        )
        return [choice for choice in found if choice.list]

    @cached_property
    def lists(self):
        """Name of a list → its choices."""
        lists = {}
        for choice in self.choices:
            lists.setdefault(choice.list, []).append(choice)
        return lists

    @cached_property
    def values(self):
        """Every value that a choice can have."""
        return {choice.name for choice in self.choices}

    @cached_property
    def settings(self):
        """Name of a setting → (row, index, text), from the first line of the sheet."""
        sheet = self.sheet("settings")
        if not sheet.rows:
            return {}
        first = sheet.rows[0]
        known = [(i, h.name) for i, h in enumerate(self.headers["settings"])]
        return {name: (first.number, i, clean(first.cells[i])) for i, name in reversed(known)}

    def setting(self, name):
        """The text of a setting, '' when it is not given."""
        return self.settings.get(name, (None, None, ""))[2]

    def fault(self, code, sheet, row=None, at=None, level="error", values=None, repairs=()):
        """A fault with its place. `at`: index of a column, or its name."""
        index = self.column(sheet, at) if isinstance(at, str) else at
        columns = self.sheet(sheet).columns
        column = columns[index] if index is not None and index < len(columns) else None
        name = self.sheet(sheet).name
        text, letter = (column.text, column.letter) if column else (at if isinstance(at, str) else "", "")
        return Fault(code, level, name, row, text, letter, values or {}, tuple(repairs))

    def rewrite(self, code, sheet, row, at, after, certain=True):
        """The repair that puts a text into one cell."""
        index = self.column(sheet, at) if isinstance(at, str) else at
        if index is None:
            return Repair(certain, (Fill(sheet, row, at, after, code),), after)
        before = self.row(sheet, row).cells[index]
        return Repair(certain, (Write(sheet, row, index, before, after, code),), after)


def clean(text):
    """A text without spaces around it, doubled spaces or characters that nobody sees.

    >>> clean("  oui\\u200b  non ")
    'oui non'
    """
    return " ".join(INVISIBLE.sub("", text).split())


def language_key(language):
    """What two spellings of a language share.

    >>> language_key("Français (fr)") == language_key("français")
    True
    """
    return folded(plain(re.sub(r"\(.*?\)", "", language)))
