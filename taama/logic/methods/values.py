"""Values of XPath as ODK Collect converts them: text, numbers, truths, days and sets of answers."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

EPOCH = date(1970, 1, 1)


class Days(float):
    """Days since 1970 that are written as a date: what `today()` gives."""

    def __str__(self):
        day = EPOCH + timedelta(days=math.floor(self))
        return day.isoformat()


@dataclass(frozen=True)
class Cell:
    """One answer, or a group or row without text, as a node."""

    path: str
    rows: tuple
    text: str = ""


def to_text(value):
    """A value as text.

    >>> to_text(3.0), to_text(True), to_text([]), to_text(Days(0)), to_text(float("nan"))
    ('3', 'true', '', '1970-01-01', 'NaN')
    """
    if isinstance(value, list):
        return value[0].text if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Days):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value == int(value) else repr(value)
    return value


def to_number(value):
    """A value as a number: a date counts in days since 1970, what is no number is NaN.

    >>> to_number("12"), to_number("1970-01-03"), to_number("1970-01-02T12:00:00Z"), to_number("")
    (12.0, 2.0, 1.5, nan)
    """
    if isinstance(value, list):
        value = to_text(value)
    if isinstance(value, str):
        return _number(value.strip())
    return value if isinstance(value, float) else float(value)


def _number(text):
    if not text or text[0] not in "+-.0123456789":
        return math.nan
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return _days(text)


def _days(text):
    try:
        if len(text) == 10:
            return float((date.fromisoformat(text) - EPOCH).days)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return math.nan
    day = moment.hour / 24 + moment.minute / 1440 + moment.second / 86_400
    return (moment.date() - EPOCH).days + day


def to_truth(value):
    """A value as true or false. An answer that was left blank is false, as in ODK Collect.

    >>> to_truth([Cell("a", (), "")]), to_truth("no"), to_truth(0.0)
    (False, True, False)
    """
    if isinstance(value, list):
        value = to_text(value)
    if isinstance(value, str):
        return value != ""
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def equal(a, b):
    """Whether two values are equal; of a set of answers, whether one is.

    >>> equal([Cell("a", (), "5")], "5.0"), equal("x", "y"), equal([], "")
    (True, False, True)
    """
    for one in _each(a):
        for other in _each(b):
            if isinstance(one, bool) or isinstance(other, bool):
                found = to_truth(one) == to_truth(other)
            elif isinstance(one, float) or isinstance(other, float):
                found = to_number(one) == to_number(other)
            else:
                found = one == other or (to_number(one) == to_number(other))
            if found:
                return True
    return False


def _each(value):
    """An empty set is a blank answer, as in ODK Collect: a question that was not asked equals ''."""
    if isinstance(value, list):
        return [cell.text for cell in value] or [""]
    return [value]
