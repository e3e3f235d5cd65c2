"""A table that people bring, as entries of a list: every fault with its line, nothing taken from a faulty file."""

from collections import Counter
from dataclasses import dataclass

from taama.base.cells import Fault, read_lines
from taama.base.errors import MethodError, Where
from taama.entities.methods.names import identity, identity_of, is_property_name

SYSTEM = "__"  # columns of an exported list that the server counts by itself
MOST_FAULTS, MOST_LINES = 200, 200_000


@dataclass(frozen=True)
class Line:
    """`line` counts in the file from 1. `values`: label and properties."""

    line: int
    entity: str
    values: dict


@dataclass(frozen=True)
class Import:
    """What a file holds. With `faults` it is not to be taken."""

    properties: tuple
    lines: tuple
    faults: tuple = ()


def read_import(raw, list_name, key="", file=""):
    """Entries of a list from a CSV file.

    raw        bytes in UTF-8; cells parted by comma, semicolon or tab; the first line names the columns
    list_name  str
    key        column with the code by which people know an entry, when there is no column `name` with UUIDs.
               The same code is the same entry at every import
    Returns    Import; columns that begin with `__` are left out
    Raises     MethodError: not UTF-8, not readable as CSV, no lines or more than MOST_LINES, a column `label`, or `name` or the key, that
               is missing, a column that stands twice or can't be a property

    >>> read_import(b"code;label\\nS-1;Socoura\\n", "sites", key="code").lines[0].values
    {'code': 'S-1', 'label': 'Socoura'}
    """
    where = Where(file=file)
    (_, header), *rows = read_lines(raw, file) or [(1, [])]
    columns = [cell.strip() for cell in header]
    _check_columns(columns, key, where)
    kept = [
        n for n, column in enumerate(columns) if column and column != "name" and not column.startswith(SYSTEM)
    ]
    lines, faults, seen = [], [], {}
    for number, cells in rows:
        line, fault = _line(cells, columns, kept, (number, list_name, key), seen)
        if fault:
            faults.append(fault)
        else:
            lines.append(line)
        if len(lines) > MOST_LINES:
            raise MethodError("entities.too_many_lines", where, {"most": MOST_LINES})
        if len(faults) == MOST_FAULTS:
            break
    if not lines and not faults:
        raise MethodError("entities.file_empty", where)
    return Import(tuple(columns[n] for n in kept if columns[n] != "label"), tuple(lines), tuple(faults))


def _check_columns(columns, key, where):
    for wanted in ("label", key or "name"):
        if wanted not in columns:
            code = "entities.identity_missing" if wanted == "name" else "entities.column_missing"
            raise MethodError(code, where, {"column": wanted, "columns": columns})
    counts = Counter(columns)
    for column in columns:
        if column and counts[column] > 1:
            raise MethodError("entities.column_twice", where, {"column": column})
        if (
            column not in ("", "name", "label")
            and not column.startswith(SYSTEM)
            and not is_property_name(column)
        ):
            raise MethodError("entities.column_invalid", where, {"column": column})


def _line(cells, columns, kept, place, seen):
    """(Line, None) or (None, Fault)."""
    number, list_name, key = place
    given = dict(zip(columns, cells, strict=False))
    code = given.get(key or "name", "").strip()
    entity = (identity_of(list_name, code) if code else None) if key else identity(code)
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        return None, Fault(number, "base.line_too_wide", {"cells": len(cells), "columns": len(columns)})
    if not given.get("label", "").strip():
        return None, Fault(number, "entities.line_without_label", {})
    if entity is None:
        return None, Fault(number, "entities.line_without_identity", {"column": key or "name", "given": code})
    if entity in seen:
        return None, Fault(number, "entities.line_twice", {"given": code, "line": seen[entity]})
    seen[entity] = number
    return Line(number, entity, {columns[n]: given.get(columns[n], "") for n in kept}), None
