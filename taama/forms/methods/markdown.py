"""Our `form.md`: an XLSForm written as Markdown tables, one table for each sheet, prose allowed between them.

    | survey |          |        |                  |
    |        | type     | name   | label::French (fr) |
    |        | integer  | people | Combien ?        |

A cell that holds a bar writes it `\\|`.
"""

import re
from dataclasses import dataclass

from taama.base.errors import MethodError, Where

BAR = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"[\s|:\-]+")
SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")


@dataclass(frozen=True)
class Row:
    """A line of a table: `line` counts in the file from 1."""

    line: int
    cells: tuple[str, ...]


def read_sheets(text, file=""):
    """The sheets of a form in Markdown.

    text     str
    file     what to call it in an error
    Returns  dict sheet → list of Row, the first one being the header
    Raises   MethodError with line and remedy: `forms.bare_bar` when a row has more cells than its header,
             `forms.sheet_twice`, `forms.no_survey` when there is no sheet `survey` with questions

    >>> sheets = read_sheets("|survey|||\\n||type|name|\\n||text|a \\\\| b|")
    >>> sheets["survey"][1].cells
    ('text', 'a | b')
    """
    sheets, current = {}, None
    for line, content in enumerate(text.splitlines(), start=1):
        if not content.strip().startswith("|") or RULE.fullmatch(content):
            continue
        name, *cells = _cells(content)
        if name:
            current = name.lower()
            if current in sheets:
                raise MethodError(
                    "forms.sheet_twice", Where(file=file, sheet=name, row=line), {"sheet": name}
                )
            sheets[current] = []
        if current and any(cells):
            _check_width(sheets[current], cells, Where(file=file, sheet=current, row=line))
            sheets[current].append(Row(line, tuple(cells)))
    if len(sheets.get("survey", ())) < 2:
        raise MethodError("forms.no_survey", Where(file=file))
    return {name: rows for name, rows in sheets.items() if name in SHEETS}


def _cells(content):
    inside = content.strip()[1:]
    parts = BAR.split(inside)
    if not parts[-1].strip():
        parts = parts[:-1]  # the bar that closes the row
    return [part.strip().replace(r"\|", "|") for part in parts]


def _check_width(rows, cells, where):
    if rows and any(cells[len(rows[0].cells) :]):
        values = {"cells": len(cells), "columns": len(rows[0].cells), "last": cells[-1][:80]}
        raise MethodError("forms.bare_bar", where, values)


def as_workbook(sheets):
    """The sheets as the dictionary that the form compiler reads.

    sheets   as `read_sheets` gives them
    Returns  dict: sheet → list of {column: text}, `<sheet>_header` → [{column: None}], `sheet_names`
    """
    book = {"sheet_names": list(sheets)}
    for name, (header, *rows) in ((n, r) for n, r in sheets.items() if r):
        book[name] = [
            {column: cell for column, cell in zip(header.cells, row.cells, strict=False) if column and cell}
            for row in rows
        ]
        book[f"{name}_header"] = [{column: None for column in header.cells if column}]
    return book
