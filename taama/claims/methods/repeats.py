"""Figures that a text states more than once."""

import re

from taama.claims.methods import wording
from taama.claims.methods.kinds import RepeatedFigure
from taama.claims.methods.numbers import COUNT, MONEY, is_echo
from taama.claims.methods.scenes import family

PRECISE_DIGITS = 4
NEAR = 1.25  # two counts of the same things further apart than this are taken for different counts
MOST_THINGS = 10_000
# `three in four (75)`, `quatre ménages sur cinq (400)`, `phase three (450)`: the number in brackets is another one.
_NO_REPEAT = re.compile(
    rf"\b(?:\d+|une?|one|{wording.RUN.pattern})\b[^.;()]{{0,60}}\b(?:in|out of|of|to|or|sur|des?|parmi|à|ou)[\s-]+(?:(?:every|each|the|les)\s+)?$"
    r"|(?:phases?|weeks?|semaines?|rounds?|cycles?|levels?|niveaux?|zones?|groupe?s?|lots?|clusters?|steps?|étapes?)\b[^.;]{0,30}$", re.I
)  # fmt: skip
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
        head = scene.plain[max(0, first.start - 100) : first.start]
        if counts and is_echo(first, second, scene.plain) and not _NO_REPEAT.search(head):
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
    for value, found in precise.items():
        written = str(value)
        for place in range(len(written) - 1):
            swapped = int(written[:place] + written[place + 1] + written[place] + written[place + 2 :])
            others = precise.get(swapped)
            if not others or swapped <= value or len(written) != len(str(swapped)):
                continue
            one, other = sorted((found[0], others[0]), key=lambda f: (f[0].passage.start, f[1].start))
            long = min(one[1].digits, other[1].digits) > PRECISE_DIGITS
            if long and family(one[1]) == family(other[1]) and _apart((one, other)):
                yield _claim((one, other))


def _name(number):
    """The noun with its qualities, in one spelling: `border crossing points` → `border crossing point`."""
    words = []
    for word in re.findall(r"[^\W\d_]+", number.noun.casefold()):
        words.append(re.sub(r"(?<=\w{3})s$", "", word.replace("healthcare", "health")))
        if _HEAD.fullmatch(word):
            return " ".join(words) if len(words) > 1 or word.startswith("poe") else ""
    return ""
