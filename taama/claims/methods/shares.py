"""Shares in a sentence: a part of a count with its per cent, and per cent of a small count."""

import re
from dataclasses import replace
from fractions import Fraction

from taama.claims.methods.changes import DOWN_WORDS, UP_WORDS
from taama.claims.methods.kinds import PartOfWhole, ShareOfCount, SumOfParts
from taama.claims.methods.numbers import COUNT, MONEY, PERCENT, Number
from taama.claims.methods.scenes import MARK, Item, currencies, dimension, family, mark, same_kind, stem

FEW = 10  # `one in five (19 %)` is a way of speaking
_INTEGERS = ("points", "sites", "facilities", "people", "households")
_PART, _WHOLE, _SHARE = mark("part"), mark("whole"), mark("share")
_THE = r"(?:(?:the|all|these|those|our|its|les|ces|nos|leurs|a total of|un total d[e'’])\s*)*"
_OF = rf"(?:out of|of|sur|des|de|d['’]|parmi|among)\s*{_THE}"
_WORDS = r"[^⟦⟧.;:()]{0,70}?"
_BY = r"(?:soit|or|i\.?e\.?|representing|représentant|ce qui représente|accounting for|that is)"
_OR = r"(?:(?:soit|or|i\.e\.)\s+)?"
_NOT = rf"(?!\b(?:{UP_WORDS}|{DOWN_WORDS}|total|average|moyenne|target|objectif)\b)"
_PLAIN = rf"(?:{_NOT}[^⟦⟧.;:(),]){{0,50}}?"
_NO_BASE = r"(?!\s*(?:of|des?|d['’])\b)"
_RATIO = r"(?:[^\W\d]+\s+){0,2}?(?:rate|coverage|share|proportion|taux|couverture|part)(?:\s+[^\W\d]+){0,3}?"
_WITH_PART = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_PART}{_PLAIN}\b{_OF}{_WHOLE}(?P<words>{_WORDS})\s*\(\s*{_OR}{_SHARE}\s*\)",
        rf"{_PART}{_PLAIN}\b{_OF}{_WHOLE}(?P<words>{_WORDS}),?\s*{_BY}\s+{_SHARE}{_NO_BASE}",
        rf"{_SHARE}{_WORDS}\(\s*{_OR}{_PART}{_PLAIN}(?:\b{_OF}|/\s*){_WHOLE}",
        rf"{_SHARE}\s*\(\s*{_OR}{_PART}[^⟦⟧()]{{0,20}}\)\s*(?:[^⟦⟧.;:(),]{{0,30}}?\s)?{_OF}{_WHOLE}",
        rf"{_SHARE}{_WORDS}[:,–—]\s*(?:(?:soit|or|with|avec)\s+)?{_PART}{_PLAIN}\b(?:sur|out of|of the)\s+{_THE}{_WHOLE}(?P<apart>)",
        rf"{_PART}{_PLAIN}\b{_OF}{_WHOLE}(?P<words>{_WORDS}),?\s*(?:(?:soit|or|for)\s+)?(?:une?|an?)\s+{_RATIO}\s+(?:of|de)\s+{_SHARE}{_NO_BASE}",
        rf"{_PART}\s+in\s+(?:every\s+)?{_WHOLE}(?P<words>{_WORDS})(?:\(|,\s*{_BY}\s+)\s*{_SHARE}",
        rf"{_SHARE}{_PLAIN},?\s*{_BY}\s+{_PART}{_PLAIN}\b(?:sur|des|out of|of(?: the)?)\s+{_THE}{_WHOLE}",
        rf"{_PART}{_PLAIN}\b{_OF}{_WHOLE}(?P<words>{_PLAIN}),\s*{_SHARE}\s*(?=,)",
        rf"{_PART}\s*/\s*{_WHOLE}\s*(?:\(\s*|,\s*{_BY}\s+|=\s*){_SHARE}",
    )
)
_SHARE_OF_WHOLE = re.compile(
    rf"{_SHARE}\s*{_OF}(?:(?:la\s+|l['’])?(?:total\s+)?population\s+(?:totale\s+)?(?:of|de|d['’])\s*)?{_WHOLE}",
    re.I,
)
# `one in four people, or 2 500 of the 10 000`; after `Of 5 000 households,`: `two in five (2 000)`
_IN = rf"{mark('few')}\s+(?:[^\W\d]+\s+){{0,2}}?(?:sur|in|out of)\s+{mark('in_all')}{_WORDS}"
_SPOKEN_OF = re.compile(rf"{_IN},?\s*(?:soit|or|i\.e\.)\s+{_PART}{_PLAIN}\b{_OF}{_WHOLE}", re.I)
_SPOKEN = re.compile(rf"{_IN}(?:\(\s*|,\s*)(?:(?:soit|or|i\.e\.)\s+)?{_PART}", re.I)
_BEFORE_SHARE = re.compile(rf"{_PART}{_WORDS}(?:[,(]\s*{_BY}?|\s{_BY})\s*$", re.I)
_AFTER_WHOLE = re.compile(
    rf"[^⟦⟧.;:()]{{0,50}}?(?:\(\s*|,\s*(?=or|soit|i\.e\.)){_OR}{_PART}[^⟦⟧()]{{0,20}}", re.I
)
_MORE_WHOLE = re.compile(r"[^⟦⟧.;:()]{0,40}(?:\b(?:and|et)\b|,)\s*(?:(?:the|les|des|of|de)\s+)*⟦", re.I)
_WHOLE_FIRST = re.compile(
    rf"(?:^|[.;,]\s*)\b(?:of|out of|sur|parmi|among|d['’]un total de)\s*{_THE}{_WHOLE}{_WORDS},\s*(?P<rest>.{{0,160}})", re.I
)  # fmt: skip
PAIR = re.compile(
    rf"{mark('a')}(?P<between>[^⟦⟧.;:(),]{{0,50}})(?:\(\s*{_OR}|\b(?:soit|or)\s+){mark('b')}\s*\)"
)
_RATE_SAID = re.compile(
    rf"{_PART}[^⟦⟧.;:()]{{0,60}},\s*(?:soit|or|i\.e\.)\s+(?:(?:un taux|a)\s+(?:[^⟦⟧.;,()]{{0,30}}?\s)?(?:de|of)\s+)?{_SHARE}{_NO_BASE}", re.I
)  # fmt: skip
_NESTED = re.compile(r"\b(?:dont|including|of whom|of which|among|parmi|who|qui|while|tandis)\b", re.I)
_LETHALITY = re.compile(rf"(?:létalité|case[- ]fatality|\bCFR\b)[^⟦⟧.;]{{0,30}}{_SHARE}", re.I)


def find(scene, others):
    """ShareOfCount claims of a scene.

    others  claims already found in it: a part of theirs that carries a share is a share of their total
    """
    found = [*_with_part(scene), *_of_whole(scene), *_whole_first(scene), *_in_sums(scene, others)]
    found += [*_of_all(scene), *_lethality(scene), *_spoken(scene)]
    found += [ShareOfCount(share=n, passage=scene.passage) for n in scene.numbers if _is_share(scene, n)]
    seen = {n.start for claim in others for n in claim.numbers if n.kind == PERCENT}
    kept = []
    for claim in found:
        if claim.share.start not in seen:
            seen.add(claim.share.start)
            kept.append(claim)
    return kept


_MOVED_BEFORE = re.compile(rf"(?<![^\W\d])(?:{UP_WORDS}|{DOWN_WORDS})\s+(?:of|by|de|d['’])?\s*$", re.I)
_MOVED_AFTER = re.compile(rf"\s*(?:{UP_WORDS}|{DOWN_WORDS})\b", re.I)


_ALONE = re.compile(
    r"\s*(?!(?:in|at|en|dans|à|au|aux)\b)(?:[a-zà-ÿ’']+\s*(?!\b(?:in|at|en|dans|à|au|aux)\b)){0,4}(?:[.;)]|$)"
)


def _is_share(scene, number):
    """Whether a per cent that nothing else explains is the share of something, not how far something moved."""
    place = scene.place(number)
    moved = _MOVED_BEFORE.search(scene.shape[:place]) or _MOVED_AFTER.match(
        MARK.sub("", scene.shape[place:], count=1)
    )
    return number.kind == PERCENT and not moved


def ordered(scene, pair):
    """(share, part) of a pair such as `12 (63 %)` or `63 % (12)`."""
    a, b = scene.number(pair, "a"), scene.number(pair, "b")
    return (a, b) if a.kind == PERCENT else (b, a)


def _claim(scene, share, part, whole, sure=True, before=""):
    """`before`: words before the part; where they hold other counts, one of those may be the part, or all together."""
    others = [n for n in scene.marks(PAIR.sub("", before)) if n.kind == COUNT and n is not whole]
    if others and share.kind == PERCENT and part.kind == COUNT and not _fits(share, part, whole):
        together = Number("", part.value + sum(n.value for n in others), start=part.start)
        part = next((n for n in (*others, together) if _fits(share, n, whole)), part)
        sure = False
    counted = {part.kind, whole.kind} <= {COUNT, MONEY} and part.counted(True).low <= whole.counted(True).high
    if share.kind == PERCENT and not share.signed and counted and _may_hold(whole, part):
        yield ShareOfCount(share=share, part=part, whole=whole, sure=sure, passage=scene.passage)


def _may_hold(whole, part):
    """Whether `410 children … of 500 expected` counts one thing; what `of` joins need not be named twice."""
    families = {f for f in (family(whole), family(part)) if f}
    return same_kind(whole, part) is not False or (len(families) < 2 and len(currencies(whole, part)) < 2)


def _fits(share, part, whole):
    return share.computed().meets(part.counted().over(whole.counted()).times(100))


def _with_part(scene):
    for pattern in _WITH_PART:
        for match in pattern.finditer(scene.shape):
            numbers = [scene.number(match, name) for name in ("share", "part", "whole")]
            said = match.groupdict()
            sure = not _is_spoken(*numbers) and "," not in said.get("words", "")
            sure = sure and ("apart" not in said or bool(_ALONE.match(scene.shape, match.end())))
            yield from _claim(scene, *numbers, sure=sure)


def _is_spoken(share, part, whole):
    """`one in five (19 %)`: a way of speaking, as long as it comes near."""
    return (
        whole.value <= FEW and abs(share.value * whole.value - 100 * part.value) <= 100 * part.value / FEW * 2
    )


def _spoken(scene):
    """`one in four people, or 2 500 of the 10 000`: so many in so few is a share."""
    for match in _SPOKEN_OF.finditer(scene.shape):
        yield from _of_few(scene, match, scene.number(match, "part"), scene.number(match, "whole"))
    for first in _WHOLE_FIRST.finditer(scene.shape):
        if match := _SPOKEN.match(first["rest"]):
            yield from _of_few(scene, match, scene.number(match, "part"), scene.number(first, "whole"))


def _of_few(scene, match, part, whole):
    few, in_all = scene.number(match, "few"), scene.number(match, "in_all")
    if in_all.value <= FEW and few.value < in_all.value:
        value = few.value / in_all.value * 100
        share = Number(few.text, value, written=Fraction(10), kind=PERCENT, hedge="about", start=few.start)
        for claim in _claim(scene, share, part, whole):
            yield replace(claim, spoken=(few, in_all))


def _of_whole(scene):
    """`40 % of the 19 points`, perhaps with the part before (`8 points, or`) or after (`(8)`)."""
    for match in _SHARE_OF_WHOLE.finditer(scene.shape):
        share, whole = scene.number(match, "share"), scene.number(match, "whole")
        tail = scene.shape[match.end() :]
        beside = _BEFORE_SHARE.search(scene.shape[: match.start()]) or _AFTER_WHOLE.match(tail)
        part = scene.number(beside, "part") if beside else None
        if part and part.kind == whole.kind and same_kind(whole, part) is not False:
            first = beside.re is _BEFORE_SHARE
            sure = first or not part.noun or stem(part.noun) == stem(whole.noun)
            ahead = scene.shape[: beside.start()] if first else ""
            yield from _claim(scene, share, part, whole, sure=sure, before=ahead)
        elif share.kind == PERCENT and whole.kind == COUNT and not share.signed:
            possessive = re.search(r"['’]s?(?:\s|$)", " ".join(whole.noun.split(" ")[:4]))
            sure = family(whole) in _INTEGERS and not possessive and not _MORE_WHOLE.match(tail)
            yield ShareOfCount(share=share, whole=whole, sure=sure, passage=scene.passage)


def _whole_first(scene):
    """`Of the 239 484 IDPs, 126 927 (53 %) are women`, also with the share first or as a rate."""
    for match in _WHOLE_FIRST.finditer(scene.shape):
        whole, rest = scene.number(match, "whole"), match["rest"]
        for pair in PAIR.finditer(rest):
            plain = not _NESTED.search(rest[: pair.start()]) and not re.match(
                r"\s*(?:of|des?|d['’])\b", rest[pair.end() :]
            )
            yield from _claim(scene, *ordered(scene, pair), whole, sure=plain, before=rest[: pair.start()])
        if said := _RATE_SAID.search(rest):
            plain = not _NESTED.search(rest[: said.start()])
            numbers = (scene.number(said, "share"), scene.number(said, "part"), whole)
            yield from _claim(scene, *numbers, sure=plain, before=rest[: said.start()])


def _in_sums(scene, others):
    """`92 833 incoming (35 %)` where the sentence gives their total."""
    wholes = {p.start: c.total for c in others if isinstance(c, SumOfParts) for p in c.parts}
    wholes |= {p.start: c.whole for c in others if isinstance(c, PartOfWhole) for p in c.parts}
    for pair in PAIR.finditer(scene.shape):
        part, share = scene.number(pair, "a"), scene.number(pair, "b")
        if part.start in wholes:
            yield from _claim(scene, share, part, wholes[part.start])


def _of_all(scene):
    """`57 % women (222 461) and 43 % men (169 500)`: shares that make a hundred are shares of the sum of their parts."""
    found = [(*ordered(scene, pair), pair["between"]) for pair in PAIR.finditer(scene.shape)]
    found = [
        f for f in found if f[0].kind == PERCENT and f[1].kind == COUNT and not f[0].signed and not f[0].hedge
    ]
    if len(found) < 2 or abs(sum(share.value for share, _, _ in found) - 100) > Fraction(len(found), 2):
        return
    whole = Number("", sum(part.value for _, part, _ in found), start=-1)
    told = dimension([Item(part, words) for _, part, words in found])
    for share, part, words in found:
        share_first = share.start < part.start
        if share_first and re.match(r"\s*(?:of|des|du|de la)\b", words):
            continue  # `60 % of women (300)` is a share of the women
        yield from _claim(scene, share, part, whole, sure=bool(share_first and told))


def _lethality(scene):
    """Deaths of cases: never sure, since some count only cases whose outcome is known."""
    for match in _LETHALITY.finditer(scene.shape):
        cases, deaths = (
            [
                n
                for n in scene.numbers
                if n.kind == COUNT and re.match(rf"(?:\w+ )?(?:{words})\b", n.noun, re.I)
            ]
            for words in ("cas|cases", "décès|deaths")
        )
        if len(cases) == len(deaths) == 1:
            yield from _claim(scene, scene.number(match, "share"), deaths[0], cases[0], sure=False)
