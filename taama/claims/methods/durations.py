"""How long something lasts, in a sentence that gives its beginning and its end."""

import re

from taama.claims.methods import dates
from taama.claims.methods.kinds import Duration
from taama.claims.methods.numbers import MEASURE
from taama.claims.methods.scenes import mark

UNITS = {
    "day": r"jours?|days?", "week": r"semaines?|weeks?", "month": r"mois|months?", "year": r"ans?|années?|years?"
}  # fmt: skip
_NAMED = {name: re.compile(rf"[\s-]*(?:{words})\b", re.I) for name, words in UNITS.items()}
_LASTS = re.compile(
    rf"(?P<lead>\b(?:soit|or|i\.e\.|dur\w+|last\w*|runs?|period|période|duration|spans?|spanning|takes?|took)\b[^⟦⟧.;,()]{{0,25}}|\(\s*|\b(?:en|sur|in|over|within|for)\s+)"
    rf"{mark('stated')}", re.I
)  # fmt: skip
_AGE = re.compile(
    r"\s*\w+\s+(?:old|d['’]âge)\b|[^.;,()]{0,12}\b(?:de moins|de plus|more|less|plus tôt|plus tard|ago|earlier|later)\b",
    re.I,
)

_STAGGERED = re.compile(
    r"\b(?:selon|depending|varying|phases?|étapes?|vagues?|waves?|stages?|spread|staggered|échelonn\w+|chacune?|each)\b",
    re.I,
)


def find(scene):
    """The Duration claim of a scene, when it gives one duration and one span of time with two ends."""
    when = dates.span(scene.plain)
    if when is None or when.closing is None or when.closing is when.opening:
        return
    lasting = [m for m in _LASTS.finditer(scene.shape) if scene.number(m, "stated").kind == MEASURE]
    if len(lasting) != 1:
        return
    number = scene.number(lasting[0], "stated")
    tail = scene.plain[number.end :]
    unit = next((name for name, words in _NAMED.items() if words.match(tail)), None)
    if unit and number.last is None and not _AGE.match(tail):
        loose = re.match(r"(?:en|sur|in|over|within|for)\b", lasting[0]["lead"], re.I)
        sure = not loose and not _STAGGERED.search(scene.shape)
        yield Duration(stated=number, unit=unit, span=when, sure=sure, passage=scene.passage)
