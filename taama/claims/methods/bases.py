"""Shares whose base the sentence doesn't give: what elsewhere in the text it may be."""

import re
from dataclasses import replace
from functools import lru_cache

from taama.claims.methods.kinds import ShareOfCount
from taama.claims.methods.numbers import COUNT
from taama.claims.methods.scenes import family
from taama.claims.methods.shares import PAIR, ordered

NEAR_SENTENCES = 3  # for the whole of a part that is given with its share
SENTENCES_BEFORE, SENTENCES_AFTER = 60, 20  # for the base of a share that stands alone
SMALLEST_PART = 100  # shares of smaller parts agree by chance too easily
_HEADS = re.compile(
    r"points?|sites?|villages?|localit\w+|facilit\w+|cent(?:re|er)s?|postes?|posts?|schools?|écoles?|cordons?"
)
_EMPTY = re.compile(
    r"of|the|des?|les?|du|d|la|l|and|et|in|en|all|total|evaluated|assessed|visited|surveyed|évalué\w*|visité\w*|enquêté\w*|do|does|"
    r"don|have|are|is|were|n|ne|ont|sont|that|qui|which|disposent"
)


def completed(claims, scenes):
    """The claims, shares without base completed where the text allows; the rest as they are."""
    places = {scene.passage.start: index for index, scene in enumerate(scenes)}
    for claim in claims:
        here = places.get(claim.passage.start)
        if isinstance(claim, ShareOfCount) and claim.whole is None and here is not None:
            before = [*reversed(scenes[max(0, here - SENTENCES_BEFORE) : here])]
            after = scenes[here + 1 : here + 1 + SENTENCES_AFTER]
            found = _with_part_nearby(claim, [scenes[here], *before[:NEAR_SENTENCES]])
            claim = found or replace(claim, elsewhere=denominators(claim, [*before, *after]))
        yield claim


def denominators(claim, scenes):
    """Counts stated elsewhere in the text that a share without count may be of; each quantity once.

    claim   ShareOfCount without whole, `40% of the border and transit points assessed`
    scenes  other sentences, nearest first; the first one that counts the same things is taken
    Returns tuple of Number to be added; empty when no count speaks of the same things
    """
    head, qualities = things(claim.share.noun)
    for scene in scenes if head else ():
        found, covered = {}, set()
        for number in scene.numbers:
            thing, theirs = things(number.noun)
            if (
                thing == head
                and number.kind == COUNT
                and number.plain
                and (not qualities or qualities & theirs)
            ):
                found[number.value] = number
                covered |= theirs
        if found and qualities <= covered:
            return tuple(found.values())
    return ()


@lru_cache(maxsize=10_000)
def things(noun):
    """The thing counted and its qualities.

    >>> thing, qualities = things("border crossing points in Mali")
    >>> thing, sorted(qualities)
    ('point', ['border', 'crossing'])
    """
    words = re.findall(r"[^\W\d_]+", noun.casefold())
    for index, word in enumerate(words):
        if _HEADS.fullmatch(word):
            return word.rstrip("s"), frozenset(w for w in words[:index] if not _EMPTY.fullmatch(w))
    return "", frozenset()


def _with_part_nearby(claim, scenes):
    """`75% of IDPs (110,460)` after a sentence with 147,086 IDPs: taken together where they agree, else left alone.

    scenes  the sentence of the claim, then those before it
    """
    pairs = [ordered(scenes[0], pair) for pair in PAIR.finditer(scenes[0].shape)]
    part = next((p for s, p in pairs if s.start == claim.share.start and p.kind == COUNT), None)
    if part is None or part.value < SMALLEST_PART:
        return None
    for whole in (n for scene in scenes for n in scene.numbers):
        people = (
            whole.kind == COUNT and whole.value > part.value and family(whole) in ("people", "households")
        )
        if people and claim.share.computed().meets(part.counted().over(whole.counted()).times(100)):
            return replace(claim, part=part, whole=whole, sure=False)
    return None
