"""Scales: round values for axes and legends, areas of circles, true positions of days."""

import math
from datetime import date, timedelta

ROUND = (1, 2, 2.5, 5, 10)


def round_step(span, parts):
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that divides `span` into at most `parts`.

    >>> round_step(396904, 4), round_step(7, 4)
    (100000.0, 2.0)
    """
    if span < 1e-6:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / parts))
    return next(step * power for step in (*ROUND, 20) if step * power * parts >= span * (1 - 1e-9))


def ticks(highest, parts=4, whole=True):
    """Round values of an axis from zero up to `highest`, at most `parts` above zero.

    >>> ticks(443000, 4)
    [0, 200000, 400000]
    """
    step = round_step(highest, parts)
    if whole:
        step = max(1.0, math.ceil(step))
    count = max(1, math.floor(highest / step + 1e-9))
    return [step * position for position in range(count + 1)]


def radius(value, largest, largest_radius):
    """Radius of a circle whose area is proportional to the value."""
    return largest_radius * math.sqrt(value / largest) if largest > 0 else 0.0


def legend_values(largest):
    """Up to three round values for nested circles: the largest, about a quarter and a twentieth of it.

    >>> legend_values(91274)
    [50000, 20000, 2000]
    """
    values = []
    for share in (1, 4, 20):
        value = round_below(largest / share)
        if value >= 1 and value not in values and (not values or value <= values[-1] / 2):
            values.append(value)
    return values


def round_below(value):
    """The largest of 1, 2, 5 × 10ⁿ that is not above the value."""
    if value < 1:
        return 0
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (5, 2, 1) if step * power <= value)


STEPS = {"day": (1, 2, 5, 7, 14), "month": (1, 2, 3, 6), "year": (1, 2, 5, 10, 20, 50)}
WORDS = {"day": 56, "month": 40, "year": 34}  # room that the name of a tick needs


def day_ticks(first, last, length):
    """Positions of a time axis: days of a few weeks, months of a few years, else years, as many as fit.

    length    of the axis, in units of the drawing
    Returns   (kind, [day]) with kind day, month or year
    """
    span = (last - first).days
    kind = "day" if span <= 62 else "month" if span <= 3 * 366 else "year"
    starts = {"day": _days, "month": _months, "year": _years}[kind]
    found = [starts(first, last, step) for step in STEPS[kind]]
    return kind, next((days for days in found if len(days) * WORDS[kind] <= length), found[-1])


def _days(first, last, step):
    return [first + timedelta(days=count) for count in range(0, (last - first).days + 1, step)]


def _months(first, last, step):
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [date(month // 12, month % 12 + 1, 1) for month in months if month % 12 % step == 0]
    return [when for when in starts if first <= when <= last]


def _years(first, last, step):
    starts = [date(year, 1, 1) for year in range(first.year, last.year + 1) if year % step == 0]
    return [when for when in starts if first <= when <= last]
