"""Holding a dated figure against known, published figures, also those that only follow from a change."""

import re
from dataclasses import dataclass
from fractions import Fraction

from taama.base import periods
from taama.claims.methods import dates, intervals
from taama.claims.methods.dates import month_before
from taama.claims.methods.intervals import INFINITY, Interval
from taama.claims.methods.numbers import PERCENT, Number
from taama.statements.methods.judging import quotient, say
from taama.statements.methods.verdicts import CONSISTENT, INCONSISTENT, UNCHECKED

_NO_PLACE = {
    "the",
    "le",
    "la",
    "les",
    "mali",
    "internally",
    "displaced",
    "persons",
}  # capitalised, yet no place
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÀ-Ý][\w’'-]*[a-zà-ÿ][\w’'-]*")


@dataclass(frozen=True)
class Level:
    """What a series says of one period: an interval, and the known figures that it follows from."""

    interval: Interval
    steps: tuple


def levels(series):
    """Values of the months of one series, given or following from the month beside by a stated change.

    series   Known figures of one series
    Returns  dict of period code → Level

    >>> from taama.statements.methods.verdicts import Known
    >>> may = Known("s", periods.parse("2020-05"), "people_per_day", Fraction(207), Fraction(32))
    >>> april = levels([may])["2020-04"].interval
    >>> round(float(april.low), 1), round(float(april.high), 1)
    (155.8, 157.8)
    """
    found = {k.period.code: Level(_rounded(k.value), (k,)) for k in series if k.value is not None}
    changes = [k for k in series if k.change is not None and k.period.kind == "month"]
    for known in changes * len(changes):
        _follow(found, known)
    return found


def _follow(found, known):
    """Carry a value over one stated change, forward or backward."""
    here, before = known.period.code, month_before(known.period).code
    growth = _rounded(100 + known.change).times(Fraction(1, 100))
    if here in found and before not in found and growth.low > 0:
        found[before] = Level(found[here].interval.over(growth), (*found[here].steps, known))
    elif before in found and here not in found:
        found[here] = Level(found[before].interval.by(growth), (*found[before].steps, known))


def _rounded(value):
    written = Fraction(1)
    while (Fraction(value) / written).denominator != 1 and written > Fraction(1, 1000):
        written /= 10
    return intervals.exactly(Fraction(value)).widened(written / 2)


def check_dated(claim, known):
    """Verdict on a dated figure and its change, from the series that speak of the same thing."""
    near = [k for k in known if k.unit == claim.unit and _speaks_of(claim, k)]
    for name in sorted({k.series for k in near}):
        series = [k for k in near if k.series == name]
        if result := _value_against(claim, series) or _change_against(claim, series):
            return result
    return _without_known(claim)


def _speaks_of(claim, known):
    text = f"{claim.passage.sentence} {claim.label}".casefold()
    words = [rf"(?<!\w){re.escape(word.casefold())}" for word in known.keywords]
    return not words or any(re.search(word, text) for word in words)


def _value_against(claim, series):
    months, value = levels(series), claim.value
    inside = (
        lev for lev in months.values() if lev.steps[0].period.first in claim.period and len(lev.steps) == 1
    )
    level = months.get(claim.period.code) or next(inside, None)
    if level is None:
        return None
    first = level.steps[0]
    others = [
        c
        for c, lev in sorted(months.items())
        if c != claim.period.code and lev.interval.meets(value.counted())
    ]
    values = {
        "period": claim.period, "series": first.series, "fits": tuple(map(periods.parse, others)),
        "sources": tuple(dict.fromkeys(s.source for s in level.steps if s.source)),
        "found": level.interval, "exact": first.value if len(level.steps) == 1 else None,
    }  # fmt: skip
    if value.counted(True).hull(value.computed(True)).meets(level.interval):
        agrees = say(claim, CONSISTENT, "known_agrees", value, shown=(*_steps(level), "∋", value), **values)
        return _change_against(claim, series) or agrees
    status, name = INCONSISTENT, "known_fits_other_month" if others else "known_differs"
    if _may_be_elsewhere(claim, series):
        status, name = UNCHECKED, "known_other_scope"
    return say(claim, status, name, value, shown=(*_steps(level), "≠", value), **values)


def _steps(level):
    """`207 ÷ (1 + 32 %) = 155,8–157,8`"""
    first = level.steps[0]
    tokens, period = [first.value], first.period
    for step in level.steps[1:]:
        backward = step.period.first <= period.first
        tokens += ["÷" if backward else "×", f"(1 {_sign(step.change)}", _share(step.change), ")"]
        period = month_before(step.period) if backward else step.period
    return (*tokens, "=", level.interval) if len(level.steps) > 1 else tuple(tokens)


def _sign(change):
    return "+" if change >= 0 else "−"


def _share(change):
    return Number("", abs(change), kind=PERCENT)


def _may_be_elsewhere(claim, series):
    """Whether the sentence may speak of a smaller place or another thing: it holds a name that the series doesn't."""
    if not all(k.keywords for k in series):
        return True
    known = {*_NO_PLACE, " ".join(w for k in series for w in (*k.keywords, k.series, k.source)).casefold()}
    names = [
        n
        for n in _NAME.findall(claim.passage.sentence)
        if not n.rstrip("s").isupper() and not dates.month_number(n)
    ]
    return any(not any(name.casefold() in words for words in known) for name in names)


def _change_against(claim, series):
    """The stated change, where it is not the known one of the same month."""
    known = next((k for k in series if k.change is not None and k.period == claim.period), None)
    if known is None or claim.change is None or claim.reference != month_before(claim.period):
        return None
    if claim.change.computed(True).times(claim.direction).meets(_rounded(known.change)):
        return None
    status, name = INCONSISTENT, "known_change_differs"
    if _may_be_elsewhere(claim, series):
        status, name = UNCHECKED, "known_other_scope"
    values = {
        "period": claim.period, "series": known.series, "sources": (known.source,) if known.source else (),
        "known_change": _share(known.change), "known_sign": _sign(known.change), "claimed_sign": _sign(claim.direction),
    }  # fmt: skip
    return say(claim, status, name, claim.change, **values)


def _without_known(claim):
    """No known figure: say what the statement implies, so that a reader can look for it."""
    value, change = claim.value, claim.change
    if change is not None and claim.reference is not None:
        growth = change.computed().times(claim.direction).shifted(100).times(Fraction(1, 100))
        exact = quotient(value.value, 1 + claim.direction * change.value / 100)
        if exact is not None and growth.low > 0 and growth.high != INFINITY:
            shown = (value, "÷", f"(1 {_sign(claim.direction)}", change, ")", "=", exact)
            values = {"period": claim.period, "reference": claim.reference, "change": change, "shown": shown}
            implied = value.computed().over(growth)
            return say(claim, UNCHECKED, "change_without_reference", value, implied=implied, **values)
    return say(claim, UNCHECKED, "no_known_figure", value, period=claim.period)
