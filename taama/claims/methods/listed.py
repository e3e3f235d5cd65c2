"""Claims given as a list, in TOML."""

import re
import tomllib
from dataclasses import replace
from fractions import Fraction

from taama.base import periods
from taama.base.errors import MethodError, TaamaError, Where
from taama.claims.methods import dates, kinds
from taama.claims.methods.numbers import PERCENT, Number, read_number

DIRECTIONS = {"up": 1, "down": -1}
UNITS = ("day", "week", "month")
# kind → fields: (name, reader, needed)
FIELDS = {
    "sum": (("total", "number", True), ("parts", "numbers", True), ("complete", "flag", False)),
    "part": (("whole", "number", True), ("parts", "numbers", True), ("apart", "flag", False)),
    "change": (
        ("before", "number", True), ("after", "number", True), ("direction", "direction", True),
        ("stated", "number", False), ("factor", "flag", False)
    ),
    "ratio": (("numerator", "number", True), ("denominator", "number", True), ("stated", "number", True), ("per", "whole", False)),
    "product": (("many", "number", True), ("each", "number", True), ("product", "number", True), ("mean", "flag", False)),
    "average": (
        ("total", "number", True), ("average", "number", True), ("unit", "unit", False), ("first", "date", False),
        ("last", "date", False), ("days", "number", False)
    ),
    "share": (("share", "percent", True), ("part", "number", False), ("whole", "number", False)),
    "list": (("announced", "number", True), ("names", "words", True), ("partial", "flag", False)),
    "pairs": (("left", "words", True), ("right", "words", True)),
    "repeat": (("figures", "two numbers or more", True),),
    "dated": (
        ("value", "number", True), ("unit", "text", True), ("period", "period", True), ("change", "percent", False),
        ("direction", "direction", False), ("reference", "period", False)
    )
}  # fmt: skip
COMMON = ("kind", "label", "language")


def read_claims(text, filename=""):
    """Claims of a TOML list.

    text     `[[claim]]` tables, each with `kind` (sum, part, change, ratio, product, average, share, list, pairs, repeat,
             dated), the fields of that kind, and if wanted `label` and `language`. Numbers are written as in a text,
             with their words of caution: `total = "nearly 262,103"`; dates as `2020-03-18` or `2020-03`.
    Returns  list of claims
    Raises   MethodError naming file, claim and field: not TOML, no claim, unknown kind or field, a field missing,
             a number or date that can't be read

    >>> read_claims('[[claim]]\\nkind = "share"\\nshare = "40 %"\\nwhole = 19')[0].whole.value
    Fraction(19, 1)
    """
    try:
        entries = tomllib.loads(text).get("claim", [])
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = Where(file=filename, row=int(line[1]) if line else None)
        raise MethodError("claims.not_toml", where, {"reason": str(error)}) from error
    if not isinstance(entries, list) or not entries:
        raise MethodError("claims.empty", Where(file=filename))
    return [_claim(entry, Where(file=filename, row=row)) for row, entry in enumerate(entries, 1)]


def _claim(entry, where):
    kind = entry.get("kind") if isinstance(entry, dict) else None
    if kind not in FIELDS:
        known = ", ".join(FIELDS)
        raise MethodError(
            "claims.kind_unknown",
            replace(where, field="kind"),
            {"kind": str(kind), "kinds": known},
        )
    names = [name for name, _, _ in FIELDS[kind]]
    for name in entry:
        if name not in (*names, *COMMON):
            raise MethodError(
                "claims.field_unknown",
                replace(where, field=name),
                {"field": name, "fields": ", ".join(names)},
            )
    given = {}
    for name, reader, needed in FIELDS[kind]:
        if name in entry:
            given[name] = _value(reader, entry[name], entry.get("language", "fr"), replace(where, field=name))
        elif needed:
            raise MethodError(
                "claims.field_missing", replace(where, field=name), {"field": name, "kind": kind}
            )
    return _built(kind, given, where, str(entry.get("label", "")))


def _built(kind, given, where, label):
    if kind == "sum" and "complete" in given:
        given["complete"] = "stated" if given["complete"] else "open"
    if kind == "average":
        first, last = given.pop("first", None), given.pop("last", None)
        if last and not first:
            values = {"field": "first", "kind": kind}
            raise MethodError("claims.field_missing", replace(where, field="first"), values)
        given["span"] = dates.Span(first, last) if first else None
        if first and last and last.last < first.first:
            raise MethodError(
                "base.period_backwards",
                replace(where, field="last"),
                {"first": first.first, "last": last.last},
            )
    return kinds.KINDS[kind](row=where.row, label=label, **given)


def _value(reader, value, language, where):
    try:
        return READERS[reader](value, language)
    except TaamaError as error:
        raise MethodError(error.code, where, error.values) from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise MethodError(
            "claims.value_unreadable", where, {"value": str(value), "expected": reader}
        ) from error


def _number(value, language):
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, int | float):
        return _plain(str(value))
    return read_number(value, language)


def _plain(text):
    """A number of TOML itself, which has one reading only."""
    decimals = len(text.partition(".")[2])
    return Number(text, Fraction(text), written=Fraction(1, 10**decimals))


def _percent(value, language):
    return replace(_number(value, language), kind=PERCENT)


def _list(read, least=1):
    def reader(value, language):
        if not isinstance(value, list) or len(value) < least:
            raise TypeError
        return tuple(read(item, language) for item in value)

    return reader


def _flag(value, language):
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value, language):
    period = periods.parse(str(value))
    return dates.Stamp(period.first, period.last)


def _text(value, language):
    if not isinstance(value, str):
        raise TypeError
    return value


def _unit(value, language):
    return UNITS[UNITS.index(value)]


READERS = {
    "number": _number, "percent": _percent, "numbers": _list(_number), "two numbers or more": _list(_number, 2), "words": _list(_text), "flag": _flag,
    "text": _text, "date": _date, "period": lambda value, language: periods.parse(str(value)), "unit": _unit,
    "direction": lambda value, language: DIRECTIONS[value], "whole": lambda value, language: int(value)
}  # fmt: skip
