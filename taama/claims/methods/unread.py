"""The numbers of a sentence that no claim holds: nobody is to think that they were checked."""

import re

from taama.claims.methods import columns
from taama.claims.methods.kinds import RepeatedFigure, Unread
from taama.claims.methods.numbers import MEASURE
from taama.claims.methods.scenes import LABELLED

_AGE = re.compile(r"\s*(?:ans?|years?|mois|months?)\b", re.I)
_QUANTITY = re.compile(r"[\s-]*(?:km²?|m²|kg|g|litres?|liters?|kilom\w+|tonn?e?s?|hectares?|ha)\b", re.I)
_UNIT = re.compile(
    _QUANTITY.pattern
    + r"|[\s-]*(?:ans?|years?|mois|months?|jours?|days?|semaines?|weeks?|heures?|hours?|h|minutes?)\b",
    re.I,
)


def find(scenes, claims):
    """Unread claims: what the sentences of a text leave beside the claims that were read in them.

    scenes   every sentence of a text
    claims   what was read in them and is answered
    Returns  for each sentence with a claim its other numbers; for each without one its numbers, if two or more
    """
    tables = [c.passage for c in claims if _is_table(c)]
    held = {}
    for claim in claims:
        if not (isinstance(claim, RepeatedFigure) and not claim.same):
            held.setdefault(claim.passage.start, set()).update(n.start for n in claim.numbers)
    for scene in scenes:
        here = scene.passage
        if any(t.start <= here.start and here.end <= t.end for t in tables) or columns.is_row(scene.plain):
            continue
        left = tuple(
            n for n in scene.numbers if _counts(scene, n) and n.start not in held.get(here.start, ())
        )
        if left and (here.start in held or sum(_measures(scene, n) for n in left) > 1):
            yield Unread(left=left, passage=here)


def _measures(scene, number):
    return number.kind != MEASURE or bool(_QUANTITY.match(scene.plain, number.end))


def _is_table(claim):
    return getattr(claim, "complete", "") == "table" or "…" in claim.passage.sentence


def _counts(scene, number):
    """Whether a number says something to be checked: no article, age, or label such as `week 12`."""
    if number.weak or LABELLED.search(scene.plain[: number.start]):
        return False
    if number.kind != MEASURE:
        return True
    tail = scene.plain[number.end :]
    bounds = number.hedge in ("above", "below") or number.last is not None
    return bool(_UNIT.match(tail)) and not (bounds and _AGE.match(tail))
