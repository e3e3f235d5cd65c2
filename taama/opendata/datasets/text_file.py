"""CSV: UTF-8, comma, one header row; on request a second header row of HXL tags, or a byte order mark."""

import csv
import io
from datetime import date

from taama.opendata.datasets.columns import COLUMNS

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(sheet, *, hxl=False, bom=False):
    """The rows of a Sheet as CSV bytes.

    hxl    add the row of HXL tags below the header
    bom    begin with a byte order mark, for spreadsheet programs that take UTF-8 for another encoding without it
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    if hxl:
        writer.writerow([column.hxl for column in COLUMNS])
    writer.writerows([written(value) for value in row] for row in sheet.rows())
    return ((BYTE_ORDER_MARK if bom else "") + target.getvalue()).encode("utf-8")


def written(value):
    """A cell of CSV. Text that a spreadsheet program would run as a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
