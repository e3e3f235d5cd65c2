"""Known figures given as a list, in CSV."""

import csv
import io
from dataclasses import replace
from fractions import Fraction

from taama.base import periods
from taama.base.errors import MethodError, TaamaError, Where
from taama.statements.methods.verdicts import Known

KNOWN_COLUMNS = ("series", "unit", "period", "value", "change_percent", "keywords", "source")


def read_known(text, filename=""):
    """Known figures of a CSV file.

    text     header `series,unit,period,value,change_percent,keywords,source`; one row per figure: period `2020-05`
             or `2020-05-31`; value and change (from the month before, in per cent, signed) each may be empty, not
             both; keywords separated by `|`: a sentence must hold one of them to be checked against the series
    Returns  tuple of Known
    Raises   MethodError naming file, row and column

    >>> read_known("series,unit,period,value,change_percent,keywords,source\\nFMP,people_per_day,2020-05,207,32,FMP,x")[0].value
    Fraction(207, 1)
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in KNOWN_COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise MethodError(
            "statements.known_columns_missing", Where(file=filename, row=1), {"columns": ", ".join(missing)}
        )
    return tuple(_known(row, Where(file=filename, row=number)) for number, row in enumerate(rows, 2))


def _known(row, where):
    value = _cell(row, "value", where)
    change = _cell(row, "change_percent", where)
    if value is None and change is None:
        raise MethodError("statements.known_without_figure", replace(where, column="value"))
    try:
        period = periods.parse((row["period"] or "").strip())
    except TaamaError as error:
        raise MethodError(error.code, replace(where, column="period"), error.values) from error
    keywords = tuple(w.strip() for w in (row["keywords"] or "").split("|") if w.strip())
    return Known(row["series"], period, row["unit"], value, change, keywords, row["source"] or "")


def _cell(row, column, where):
    text = (row[column] or "").strip().replace("−", "-").replace("+", "")
    if not text:
        return None
    try:
        return Fraction(text.replace(",", "."))
    except ValueError as error:
        raise MethodError(
            "claims.number_unreadable", replace(where, column=column), {"text": text}
        ) from error
