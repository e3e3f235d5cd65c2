"""Figures that a text states more than once."""

import re
from itertools import combinations

from taama.statements.methods.kinds import RepeatedFigure
from taama.statements.methods.numbers import COUNT, MONEY, is_echo
from taama.statements.methods.scenes import family

PRECISE_DIGITS = 4
NEAR = 1.25  # two counts of the same things further apart than this are taken for different counts
MOST_THINGS = 10_000
_STANDING = ("points", "sites", "facilities")
_HEAD = re.compile(
    r"points?|cordons?|facilit(?:y|ies)|cent(?:re|er)s?|sites?|clinics?|regions?|régions?|posts?|postes?|poes?|villages?|localit\w+|"
    r"cercles?|communes?|districts?"
)


def find(scenes):
    """RepeatedFigure claims: `five (6)`, the same precise figure again, near but unlike values for the same things."""
    for scene in scenes:
        yield from _echoes(scene)
    precise, things = {}, {}
    for scene in scenes:
        for number in scene.numbers:
            if (
                number.kind in (COUNT, MONEY)
                and number.digits >= PRECISE_DIGITS
                and number.value.denominator == 1
            ):
                precise.setdefault(number.value, []).append((scene, number))
            if (
                number.kind == COUNT
                and number.plain
                and family(number) in _STANDING
                and number.value < MOST_THINGS
            ):
                things.setdefault(_name(number), []).append((scene, number))
    yield from (_claim(found) for found in precise.values() if _apart(found))
    yield from _slips(precise)
    for name, found in things.items():
        values = [n.value for _, n in found]
        if name and min(values) < max(values) < NEAR * min(values):
            yield _claim(found, name)


def _echoes(scene):
    for first, second in zip(scene.numbers, scene.numbers[1:], strict=False):
        counts = first.kind == second.kind == COUNT and first.value != second.value
        if counts and is_echo(first, second, scene.plain):
            yield RepeatedFigure(figures=(first, second), lines=(scene.passage.line,), passage=scene.passage)


def _apart(found):
    return len({scene.passage.start for scene, _ in found}) > 1


def _claim(found, label=""):
    lines = tuple(sorted({scene.passage.line for scene, _ in found}))
    last = max((scene.passage for scene, _ in found), key=lambda p: p.start)
    numbers = tuple(n for _, n in found)
    return RepeatedFigure(figures=numbers, lines=lines, same=False, passage=last, label=label)


def _slips(precise):
    """Two precise figures that differ in the order of two digits: perhaps a slip of the pen."""
    alike = {}
    for value, found in precise.items():
        if found[0][1].digits > PRECISE_DIGITS:
            alike.setdefault("".join(sorted(str(value))), []).append(found[0])
    for group in alike.values():
        for one, other in combinations(group, 2):
            a, b = str(one[1].value), str(other[1].value)
            different = [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
            neighbours = len(different) == 2 and different[1] == different[0] + 1
            if neighbours and family(one[1]) == family(other[1]) and _apart((one, other)):
                yield _claim((one, other))


def _name(number):
    """The noun with its qualities, in one spelling: `border crossing points` → `border crossing point`."""
    words = []
    for word in re.findall(r"[^\W\d_]+", number.noun.casefold()):
        words.append(re.sub(r"(?<=\w{3})s$", "", word.replace("healthcare", "health")))
        if _HEAD.fullmatch(word):
            return " ".join(words) if len(words) > 1 or word.startswith("poe") else ""
    return ""
