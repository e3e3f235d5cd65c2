"""Sheets out of text: Markdown tables and the csv layout of XLSForm, one table for each sheet.

    | survey |          |        |                    |
    |        | type     | name   | label::French (fr) |
    |        | integer  | people | Combien ?          |

In Markdown prose is allowed between the tables, and a cell that holds a bar writes it `\\|`.
"""

import csv
import io
import re

from taama.base.cells import longest_cell
from taama.base.errors import MethodError, Where
from taama.xlsforms.methods.book import KNOWN_SHEETS, Fault, letter, make_sheet, most_rows, too_long
from taama.xlsforms.methods.edits import Repair, Write

BAR = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"[\s|:\-]+")
WORDY = ("label", "hint", "guidance_hint", "constraint_message", "required_message", "caption")
LONGEST_CELL = 10_000_000


def read_markdown(text):
    """The sheets of a form in Markdown.

    text     str
    Returns  ([Sheet], [Fault]): a row with more cells than its header has a bar too many (`xlsforms.bare_bar`)

    >>> sheets, troubles = read_markdown("|survey|||\\n||type|name|\\n||text|a \\\\| b|")
    >>> sheets[0].rows[0].cells
    ('text', 'a | b')
    """
    lines = []
    for number, content in enumerate(text.splitlines(), start=1):
        if content.strip().startswith("|") and not RULE.fullmatch(content):
            lines.append((number, _cells(content)))
    troubles = []
    sheets = [_checked(name, table, troubles) for name, table in _tables(lines, troubles)]
    return sheets, troubles


def read_csv(text):
    """The sheets of a form in csv: the name of a sheet stands alone in the first column, its table in the others.

    text     str; commas, semicolons or tabs between the cells
    Returns  ([Sheet], [Fault]). A table without the name of a sheet is taken for the questions

    >>> sheets, _ = read_csv("survey\\n,type,name\\n,text,a\\n")
    >>> sheets[0].headers, sheets[0].rows[0].number
    (['type', 'name'], 3)
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    lines, line = [], 1
    try:
        with longest_cell(LONGEST_CELL):
            for cells in reader:
                lines.append((line, [cell.replace("\u00a0", " ") for cell in cells]))
                line = reader.line_num + 1
    except csv.Error as error:
        raise MethodError("xlsforms.csv_unreadable", Where(row=line), {"why": str(error)}) from error
    named = any(cells and cells[0].strip().lower() in KNOWN_SHEETS for _, cells in lines)
    if not named:
        filled = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
        return ([make_sheet("survey", filled)] if filled else []), []
    troubles = []
    return [make_sheet(name, table, offset=1) for name, table in _tables(lines, troubles)], troubles


def _delimiter(text):
    """What stands between the cells of most of the first lines: French spreadsheets write semicolons."""
    beginning = text.splitlines()[:20]
    return max(",;\t", key=lambda mark: sum(line.count(mark) for line in beginning))


def _tables(lines, troubles):
    """Each sheet's name and lines; a sheet that begins twice is joined when its header is the same."""
    tables, current = {}, None
    for number, (first, *cells) in ((n, c) for n, c in lines if c):
        name = first.strip()
        if name:
            current = name.lower()
            if current in tables:
                troubles.append(Fault("xlsforms.sheet_twice", "error", name, number, values={"sheet": name}))
            tables.setdefault(current, [])
        if current and any(cell.strip() for cell in cells):
            tables[current].append((number, cells))
            if len(tables[current]) > most_rows(current):
                raise too_long(current)
    return tables.items()


def _cells(content):
    parts = BAR.split(content.strip()[1:])
    if not parts[-1].strip():
        parts = parts[:-1]  # the bar that closes the row
    return [part.strip().replace(r"\|", "|").replace("\u00a0", " ") for part in parts]


def _checked(name, table, troubles):
    """The sheet of a table of Markdown, with rows cut to the width of their header."""
    if not table:
        return make_sheet(name, table, offset=1)
    header = table[0][1]
    width = len(header)
    rows = [table[0]]
    for number, cells in table[1:]:
        if any(cell for cell in cells[width:]):
            troubles.append(_bare_bar(name, number, header, cells))
        rows.append((number, cells[:width]))
    return make_sheet(name, rows, offset=1)


def _bare_bar(name, number, header, cells):
    values = {"cells": len(cells), "columns": len(header), "last": cells[-1][:80]}
    place = min(len(header), len(cells)) - 1
    repairs = _joined(name, number, header, cells)
    return Fault(
        "xlsforms.bare_bar", "error", name, number, header[place], letter(place + 1), values, repairs
    )


def _joined(name, number, header, cells):
    """The repair that joins the cells where the bar must have stood: in the only text of the row, if there is one."""
    extra = len([cell for cell in cells]) - len(header)
    wordy = [i for i, text in enumerate(header) if re.split(r":+", text)[0].strip().lower() in WORDY]
    filled = [i for i in wordy if cells[i]]
    if not filled or any(i not in (filled[0], *range(filled[0], filled[0] + extra + 1)) for i in filled):
        return ()
    at = filled[0]
    mended = [
        *cells[:at],
        " | ".join(cell for cell in cells[at : at + extra + 1] if cell),
        *cells[at + extra + 1 :],
    ]
    edits = tuple(
        Write(name, number, index, before, after, "xlsforms.bare_bar")
        for index, (before, after) in enumerate(zip(cells, mended, strict=False))
        if before != after
    )
    return (Repair(False, edits),)
