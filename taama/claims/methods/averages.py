"""Averages over time."""

import re

from taama.claims.methods import dates
from taama.claims.methods.kinds import PeriodAverage
from taama.claims.methods.numbers import COUNT, MEASURE
from taama.claims.methods.scenes import family, mark, stem

_LETTERS = r"(?![^\W\d_])"
UNITS = {
    "day": rf"(?:per|a|each|every|par|chaque)\s+(?:day|jour){_LETTERS}|/\s*(?:day|jour|j)\b|daily|quotidien\w*|journali\w+",
    "week": rf"(?:per|a|each|par|chaque)\s+(?:week|semaine){_LETTERS}|weekly|hebdomadaire\w*",
    "month": rf"(?:per|a|each|par|chaque)\s+(?:month|mois){_LETTERS}|monthly|mensuel\w*",
}
_UNIT = "(?:" + "|".join(UNITS.values()) + ")"
_MEAN = r"\b(?:average|mean|moyenne|en moyenne|on average|averaging)\b"
_NUMBER = mark("average")
_PATTERNS = (
    re.compile(rf"{_MEAN}[^⟦⟧.;]{{0,50}}?{_NUMBER}[^⟦⟧.;,()]{{0,50}}?(?P<unit>{_UNIT})", re.I),
    re.compile(rf"(?P<unit>{_UNIT})[^⟦⟧.;,()]{{0,25}}?{_MEAN}[^⟦⟧.;]{{0,30}}?{_NUMBER}", re.I),
    re.compile(rf"{_MEAN}[^⟦⟧.;,()]{{0,15}}?(?P<unit>{_UNIT})[^⟦⟧.;]{{0,30}}?{_NUMBER}", re.I),
    re.compile(rf"(?:,|\bor|\bsoit)\s*(?:about\s+)?{_NUMBER}\s*[^⟦⟧.;,()]{{0,30}}?(?P<unit>{_UNIT})", re.I),
)
EACH_PLACE = re.compile(
    r"\b(?:per|par|each|chaque|every|by)\s+(?:\w+\s+)?(?:point|site|fmp|poste?|localit\w+|village|region|région|commune|cercle|personne|person|ménage|household|habitant|inhabitant)s?\b",
    re.I,
)
_BESIDE = (  # what may stand between a total and a figure that says the same in another way
    r"(?:,|\(|–|—|:)\s*(?:(?:soit|or|i\.?e\.?|representing|représentant|that is|equivalent to|équivalant à|making|giving|"
    r"ce qui (?:fait|représente)|en moyenne|on average|in average|averaging|an?|une?|la|the|daily|weekly|monthly|average|mean|"
    r"moyenne|quotidienne|journalière|hebdomadaire|mensuelle|of|de|d['’]|per day|par jour|about|environ)\s*)*$"
)
APPOSED = re.compile(_BESIDE, re.I)
_NEW_CLAUSE = re.compile(r"\b(?:while|whereas|tandis|alors que|but|mais)\b|;", re.I)
_DURING = re.compile(
    r"\b(?:over|in|during|within|for|en|sur|pendant|durant)\s+(?:(?:the|les|ces|last|derniers|past)\s+)*$",
    re.I,
)


def find(scene):
    """PeriodAverage claims of a scene."""
    seen = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(scene.shape):
            average = scene.number(match, "average")
            total = _total_for(scene, average)
            each = EACH_PLACE.search(scene.shape[match.start() : match.end() + 25])
            if total is not None and average.start not in seen and not each:
                seen.add(average.start)
                yield _average(scene, total, average, match["unit"])


def _average(scene, total, average, words):
    unit = next(name for name, pattern in UNITS.items() if re.fullmatch(pattern, words, re.I))
    days = _days(scene)
    when = None if days else dates.span(scene.plain)
    sure, here = _is_of(scene, total, average), scene.passage
    return PeriodAverage(
        total=total, average=average, unit=unit, span=when, days=days, sure=sure, passage=here
    )


_EVENTS = re.compile(
    r"(?:consultations?|mouvements?|movements?|admissions?|arriv\w+|passages?|crossings?|kits?|véhicules?|vehicles?|repas|meals|appels?|calls?|"
    r"vaccinations?|doses?|visites?|visits?|alertes?|alerts?|incidents?)\b", re.I
)  # fmt: skip


def _is_of(scene, total, average):
    """Whether the average stands beside the total in apposition and counts the same things."""
    between = scene.shape[scene.place(total) : scene.place(average)]
    bare = re.match(r"(?:per|par|a|en|on|by|/)\b|$", average.noun, re.I)
    same = bare or stem(average.noun) == stem(total.noun)
    people = family(total) in ("people", "households") or not total.noun or _EVENTS.match(total.noun)
    return bool(same and people and APPOSED.search(between) and not _NEW_CLAUSE.search(between))


def _total_for(scene, average):
    """The one count that the average can be of: larger, of the same kind, not in brackets."""
    aside = {n.start for words in re.findall(r"\([^()]*\)", scene.shape) for n in scene.marks(words)}
    ours = family(average)
    found = [n for n in scene.numbers if n.kind == COUNT and n.value > average.value and n.start not in aside]
    found = [n for n in found if not ours or family(n) in (ours, None)]
    return found[0] if len(found) == 1 else None


def _days(scene):
    """`over 31 days`: the number of days when the sentence gives one."""
    found = []
    for number in scene.numbers:
        during = _DURING.search(scene.shape[: scene.place(number)]) or number.text.lower().startswith("over")
        if (
            number.kind == MEASURE
            and during
            and re.match(r"(?:observation\s+)?(?:days?|jours?)\b", number.noun, re.I)
        ):
            found.append(number)
    return found[0] if len(found) == 1 and found[0].hedge in ("", "about") else None
