"""Tables in csv that people bring: their lines, how long a cell may be, what is wrong in which line."""

import csv
import io
from contextlib import contextmanager
from dataclasses import dataclass

from taama.base.errors import MethodError, Where

LONGEST = 131_072  # characters: more is most often a quote that nobody closed


@dataclass(frozen=True)
class Fault:
    line: int  # in the file, from 1
    code: str
    values: dict


def read_lines(raw, file=""):
    """(number in the file, cells) of each line that is not empty, from UTF-8 parted by comma, semicolon or tab."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MethodError("base.not_utf8", Where(file=file)) from error
    if "\0" in text:
        raise MethodError("base.not_utf8", Where(file=file))
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        with longest_cell():
            return [(rows.line_num, cells) for cells in rows if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise MethodError("base.line_unreadable", Where(file=file, row=rows.line_num)) from error


@contextmanager
def longest_cell(most=LONGEST):
    """Within the block a longer cell is a `csv.Error`, whatever another library set: it knows one limit for all."""
    usual = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(usual)
