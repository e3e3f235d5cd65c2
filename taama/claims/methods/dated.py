"""A figure with the month or day that it is of, and its change from an earlier month."""

import re

from taama.base import periods
from taama.claims.methods import changes, dates
from taama.claims.methods.averages import EACH_PLACE, UNITS
from taama.claims.methods.kinds import DatedFigure
from taama.claims.methods.numbers import COUNT, PERCENT
from taama.claims.methods.scenes import family, mark

PRECISE = 1000  # figures from here on, and those of people, are worth looking up
_FROM = r"(?:from|compared (?:to|with)|on|over|since|par rapport (?:à|au)|depuis|sur|than|que|contre|against)"
_CHANGE = re.compile(
    rf"(?P<way>{changes.WAY})\s*(?:[^\W\d]+\s+){{0,3}}?(?:of|by|de|d['’])?\s*{mark('change')}\s*{_FROM}\s+(?P<reference>[^⟦⟧.;,)]{{3,40}})"
    rf"|\(\s*{mark('aside')}[^⟦⟧()]{{0,40}}\)", re.I,
)  # fmt: skip
_REFERENCE = re.compile(rf"\b{_FROM}\s+(?:the\s+|le\s+|la\s+|mois\s+(?:de\s+|d['’])?)*$", re.I)
_PREVIOUS = re.compile(
    r"(?:the\s+)?(?:previous|preceding|last|prior) month|(?:le )?mois (?:précédent|dernier|passé)", re.I
)


def find(scene):
    """DatedFigure claims of a scene: of its one precise count, where its period is plain."""
    numbers = [
        n
        for n in scene.numbers
        if n.kind == COUNT and (family(n) in ("people", "households") or n.value >= PRECISE)
    ]
    daily = re.search(UNITS["day"], scene.shape, re.I)
    if len(numbers) != 1 or (numbers[0].digits < 3 and not daily) or numbers[0].hedge in ("above", "below"):
        return
    period, reference = _periods(scene)
    if period is None or EACH_PLACE.search(scene.shape):
        return
    value, here = numbers[0], scene.passage
    unit = "people_per_day" if daily else family(value) or "people"
    change, way, reference = _change(scene, period, reference)
    yield DatedFigure(
        value=value, unit=unit, period=period, change=change, direction=way, reference=reference, passage=here
    )


def _periods(scene):
    """The period of the figure and that of the earlier one it is compared with; None where it isn't plain."""
    here, earlier = set(), set()
    for stamp in dates.stamps(scene.plain):
        if stamp.dated and (stamp.is_month or stamp.first == stamp.last):
            period = periods.month_of(stamp.first) if stamp.is_month else periods.day(stamp.first)
            (earlier if _REFERENCE.search(scene.plain[: stamp.start]) else here).add(period)
    period = next(iter(here)) if len(here) == 1 and len(earlier) < 2 else None
    return period, next(iter(earlier), None)


def _change(scene, period, reference):
    """Change in per cent, its direction, and the period it is counted from where the text gives it."""
    before = dates.month_before(period)
    for match in _CHANGE.finditer(scene.shape):
        number = scene.number(match, "change" if match["change"] else "aside")
        if number.kind == PERCENT and match["change"]:
            words = match["reference"].split()
            named = _PREVIOUS.match(match["reference"].strip()) or any(
                dates.month_number(w) == before.first.month for w in words
            )
            return number, changes.direction_of(match["way"]), reference or (before if named else None)
        if number.kind == PERCENT and number.text[:1] in "+-−–":
            return number, 1 if number.text[0] == "+" else -1, before
    return None, 0, None
