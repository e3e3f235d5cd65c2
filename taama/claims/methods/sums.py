"""Totals and their parts in a sentence."""

import re
from fractions import Fraction

from taama.claims.methods.kinds import PartOfWhole, SumOfParts
from taama.claims.methods.numbers import COUNT, MONEY, PERCENT, Number, in_scale_of
from taama.claims.methods.scenes import (
    BARE,
    STANDING,
    Item,
    dimension,
    family,
    is_plain,
    items,
    mark,
    places,
    same_kind,
    stem,
)

_AMONG = r"(?:including|of whom|of which|among (?:which|whom|them|these)|amongst (?:which|whom)|dont|parmi (?:lesquel(?:le)?s|eux|elles)|y compris|notamment|includes?|comprises?|comprend|comprennent)"
_ALL = (
    r"(?:soit|namely|i\.?e\.?|à savoir|c['’]est-à-dire|(?:se\s+)?réparti(?:e?s?|t|ssent)(?:\s+(?:comme suit|entre|dans|en|ainsi))?|broken down(?:\s+(?:as follows|into|as))?"
    r"|divided\s+(?:into|between|among)|split\s+(?:into|between)|composed of|made up of|consisting of|comprising|comprenant|composée?s?\s+d[e'’]|constituée?s?\s+d[e'’])"
)
TELLING = ("sex", "age", "sex_age")  # kinds of people that exclude each other
_NAMED = re.compile(
    r"\b(?:soit|namely|i\.?e|à savoir|c['’]est)\b", re.I
)  # sometimes said of the largest parts only
_WORDS = r"[^⟦⟧.;:()]{0,80}?"
_ASIDE_ALONE = re.compile(
    r"\s*\((?:[^()⟦⟧]*|\s*(?:soit\s+|or\s+)?⟦(\d+)⟧[^()⟦⟧]*)\)"
)  # words only, or one number
_NEXT = r"[^⟦⟧.;×*/÷=−–-]{0,25}?"
_EQUATION = re.compile(
    r"(?<![×*/÷−–-]\s)(?P<parts>⟦\d+⟧(?:"
    + _NEXT
    + r"\+"
    + _NEXT
    + r"⟦\d+⟧)+)"
    + _NEXT
    + r"=\s*"
    + mark("total")
)
_EQUATION_BACK = re.compile(
    mark("total") + _NEXT + r"=\s*(?P<parts>⟦\d+⟧(?:" + _NEXT + r"\+\s*⟦\d+⟧)+)(?!\s*[×*/÷−–-]\s*⟦)"
)
_ASIDE = re.compile(mark("whole") + r"[^⟦⟧.;()]{0,80}\((?P<inner>[^()]*⟦[^()]*)\)")
_AMONG_AFTER = re.compile(
    mark("whole") + rf"{_WORDS}[,(–:—-]?\s*\b{_AMONG}\b\s*:?\s*(?P<chain>[^.;)]*)", re.I
)
_BREAKDOWN = re.compile(
    mark("whole") + rf"{_WORDS}[,(–—-]?\s*(?P<lead>\b{_ALL}\s*:?|:)\s*(?P<chain>[^.;]*)", re.I
)
_TOTAL_AFTER = re.compile(
    r"[,(–—=-]?\s*(?P<lead>(?:\b(?:soit|for|giving|making|pour|donnant|i\.?e\.?)\s+)?(?:(?:a|an|un|le|the)\s+)?"
    r"(?:(?:grand|overall)\s+)?\b(?:total|somme|sum)\b(?:\s+(?:général|combiné|cumulé))?\s*(?:of|de|d['’]|:|=)?|"
    r",(?=\s*⟦\d+⟧(?:\s+[^\W\d]+){0,2}\s+(?:in total|in all|altogether|au total|en tout)\b)|"
    r"\btotall?ing\b|\btotalisant\b|\bsoit\b|\bmaking\b|\bgiving\b)\s*" + mark("total")
    + r"(?P<tail>(?:\s*(?:[^\W\d]+\s+){0,2}?(?:in total|in all|altogether|au total|en tout)\b)?)", re.I
)  # fmt: skip
_LEADS_IN_ASIDE = re.compile(rf"\s*(?P<lead>{_AMONG}|{_ALL})\b\s*:?", re.I)
_FROM_TO = re.compile(r"\b(?:from|de|between|entre)\s+⟦\d+⟧[^⟦⟧]*\b(?:to|à)\s+⟦\d+⟧[^⟦⟧]*$", re.I)
_NOT_OF_THESE = re.compile(
    r"(?:\b(?:out of|of|sur|from|parmi|among|bringing|portant|cumul\w*|running)\b|d['’])[\s\w]{0,20}$", re.I
)  # `250 out of a total of 5 000`, `bringing the cumulative total to`
_MULTIPLIED = re.compile(r"\b(?:each|every|chaque|chacune?s?|per|par|a day|times|fois)\b", re.I)
_AND_MORE = re.compile(
    r"[^⟦⟧.;]{0,40}?\b(?:includ\w+|dont|compris\w*|with|avec|plus|since|depuis|counting)\b", re.I
)
_ASSIGNED = re.compile(rf"{_AMONG}$", re.I)


def find(scene):
    """SumOfParts and PartOfWhole claims of a scene."""
    shape = _ASIDE_ALONE.sub(
        lambda m: "" if not m[1] or _is_aside(scene.numbers[int(m[1])]) else m[0], scene.shape
    )
    found = [
        *_equations(scene, shape),
        *_asides(scene, shape),
        *_among(scene, shape),
        *_breakdowns(scene, shape),
    ]
    found += [*_totals_after(scene, shape), *_together(scene, shape), *_whole_first(scene, shape)]
    found += [*_gaps(scene, shape), *_hundred(scene, shape)]
    return _once(found)


def _is_aside(number):
    """Whether a number alone in brackets adds to the one before it: its share, or its households."""
    return number.kind == PERCENT or family(number) == "households"


def _once(claims):
    """Of claims on the same whole the first, which comes from the strongest pattern."""
    seen, kept = set(), []
    for claim in claims:
        whole = claim.total if isinstance(claim, SumOfParts) else claim.whole
        if whole.start not in seen:
            seen.add(whole.start)
            kept.append(claim)
    return kept


def _equations(scene, shape):
    for pattern in (_EQUATION, _EQUATION_BACK):
        for match in pattern.finditer(shape):
            total, parts = scene.number(match, "total"), tuple(scene.marks(match["parts"]))
            if total.value >= max(p.value for p in parts):  # `objective 1 = 4.0 + 1.9` gives no sum
                yield SumOfParts(total=total, parts=parts, passage=scene.passage)


def _asides(scene, shape):
    for match in _ASIDE.finditer(shape):
        inner = match["inner"]
        lead = _LEADS_IN_ASIDE.match(inner)
        whole = scene.number(match, "whole")
        members, clean = items(scene, inner[lead.end() :] if lead else inner, strict=False)
        if not clean:
            continue
        if lead and _ASSIGNED.match(lead["lead"]):
            yield from _part(scene, whole, members)
        elif len(members) > 1:
            yield from _sum(scene, whole, members, stated=lead["lead"] if lead else "")


def _among(scene, shape):
    for match in _AMONG_AFTER.finditer(shape):
        members, _ = items(scene, match["chain"])
        each = re.search(
            r"⟦\d+⟧\s+[^\W\d]+\s+(?:de|of)\s*$", shape[: match.start()]
        )  # `20 blocks of 10 latrines`
        yield from _part(scene, scene.number(match, "whole"), members, sure=not each)


def _breakdowns(scene, shape):
    for match in _BREAKDOWN.finditer(shape):
        members, clean = items(scene, _unwrapped(match["chain"]))
        if len(members) > 1:
            stated = match["lead"].lstrip(":") if clean else ""
            yield from _sum(scene, scene.number(match, "whole"), members, stated=stated)


def _unwrapped(chain):
    """`Mopti (⟦1⟧), Gao (⟦2⟧)` as `Mopti ⟦1⟧, Gao ⟦2⟧`, up to a bracket that closes around the list."""
    plain = re.sub(r"\((⟦\d+⟧[^⟦⟧()]*)\)", r"\1", chain)
    return plain.split(")")[0] if "(" not in plain.split(")")[0] else plain


def _totals_after(scene, shape):
    for match in _TOTAL_AFTER.finditer(shape):
        total = scene.number(match, "total")
        said = bool(re.search(r"total|somme|sum|tout|\ball\b", match["lead"] + match["tail"], re.I))
        chain = re.split(r"[.;:]", shape[: match.start()])[-1]
        if _FROM_TO.search(chain) or _NOT_OF_THESE.search(chain):
            continue
        if _DISTINCT.match(total.noun):
            continue
        said = said and not _MULTIPLIED.search(chain) and not _AND_MORE.match(shape[match.end("total") + 1 :])
        members = _last_items(scene, chain)
        fitting = [members[i:] for i in range(len(members) - 1) if _adds_up(total, members[i:])]
        if fitting:
            yield from _sum(scene, total, fitting[0], stated=said)
        elif len(members) > 1 and _is_told(total, members, said, chain):
            yield from _sum(scene, total, members, stated=True)


_DISTINCT = re.compile(r"(?:[^\W\d]+\s+)?(?:différent\w*|distinct\w*|unique\w*|different)\b", re.I)


def _is_told(total, members, said, chain):
    """Whether a total that is not that of its members can be meant for nothing else."""
    if said and (
        _is_bare(members) or dimension(members) or re.search(r"\brespective?(?:ment|ly)\b", chain, re.I)
    ):
        return True
    same = stem(total.noun) == stem(members[0].number.noun) != "" and is_plain(total.noun)
    counted_once = STANDING.match(total.noun) or total.value > sum(m.number.value for m in members)
    return bool(places(members) and (said or same) and counted_once)


def _is_bare(members):
    """`85, 40 and 65 children`: one noun for all."""
    return all(re.fullmatch(r"(?:(?:et|and)\b.*)?", m.number.noun) for m in members[:-1])


def _together(scene, shape):
    """`Mopti (⟦1⟧), Gao (⟦2⟧) and Ségou (⟦3⟧) together host ⟦4⟧`."""
    for match in _TOGETHER.finditer(shape):
        total, parts = scene.number(match, "total"), tuple(scene.marks(match["chain"]))
        said = bool(re.search(r"\b(?:totalis\w+|totals?|together|ensemble|combined)\b", match["verb"], re.I))
        if {n.kind for n in (total, *parts)} <= {COUNT, MONEY} and total.kind == parts[0].kind:
            fits = _adds_up(total, [Item(p, "") for p in parts])
            if said or fits:
                yield SumOfParts(total=total, parts=parts, sure=said, passage=scene.passage)


_MEMBER = r"[A-ZÀ-Ý][\w’'-]*(?:\s[A-ZÀ-Ý][\w’'-]*)?\s*\(\s*⟦\d+⟧[^⟦⟧()]{0,25}\)"
_TOGETHER = re.compile(
    rf"(?<!\),\s)(?<!\)\set\s)(?<!\)\sand\s)(?P<chain>{_MEMBER}(?:(?:,|\s+et|\s+and|,\s+and)\s+{_MEMBER})+)(?P<verb>\s+[^⟦⟧.;,():]{{3,50}}?){mark('total')}"
)
_WHOLE_FIRST = re.compile(
    rf"(?:^|[.;]\s*)(?:of|out of|sur|parmi)\s+(?:(?:the|les|ces|these)\s+)?{mark('whole')}{_WORDS},\s*(?P<chain>[^.;()]*)",
    re.I,
)


_ONLY_PLACE = re.compile(r"\s*(?:(?:et|and)\s+)?(?:à|au|aux|en|in|at|dans|de|from)\b")


def _whole_first(scene, shape):
    """`Of the ⟦1⟧ IDPs, ⟦2⟧ are in Gao and ⟦3⟧ in Kidal`: parts of the whole, apart where each has its own place."""
    for match in _WHOLE_FIRST.finditer(shape):
        members, _ = items(scene, match["chain"])
        whole = scene.number(match, "whole")
        elided = all(_ONLY_PLACE.match(m.words) for m in members[1:])  # `… are in Gao and 350 in Kidal`
        counts = all(n.kind == COUNT for n in (whole, *(m.number for m in members)))
        if len(members) > 1 and elided and counts and places(members):
            yield from _part(scene, whole, members)


_NEEDED = r"(?:required|requested|needed|sought|requis\w*|demandé\w*|recherché\w*|nécessaires?)"
_RECEIVED = r"(?:received|mobili[sz]ed|raised|funded|reçus?|mobilisés?|obtenus?|financés?)"
_GAP = re.compile(
    rf"(?:\b(?:gap|shortfall|déficit|manqu\w+|missing|short)\b[^⟦⟧.;,]{{0,30}}{mark('gap')})|{mark('left')}\s+(?:[^\W\d]+\s+){{0,3}}?(?:missing|manquent|short)\b",
    re.I,
)


_NEED, _GOT = (
    re.compile(mark("n") + rf"[^⟦⟧.;,]{{0,30}}\b{words}\b", re.I) for words in (_NEEDED, _RECEIVED)
)


_ELSE = re.compile(r"\b(?:while|whereas|tandis|alors que|including|dont)\b", re.I)


def _gaps(scene, shape):
    """What is required, what was received, and what is missing."""
    gap, needed, got = (pattern.search(shape) for pattern in (_GAP, _NEED, _GOT))
    if not (gap and needed and got):
        return
    missing = scene.number(gap, "gap" if gap["gap"] else "left")
    total, received = scene.number(needed, "n"), scene.number(got, "n")
    if (
        len({n.start for n in (missing, total, received)}) == 3
        and len({total.kind, received.kind, missing.kind} - {MONEY, COUNT}) == 0
    ):
        sure = not _ELSE.search(shape) and not re.match(
            r"[^⟦⟧.;,]{0,20}\b(?:for|pour|in|dans)\b", shape[gap.end() :]
        )
        parts, here = (received, missing), scene.passage
        yield SumOfParts(total=total, parts=parts, complete="closed", sure=sure, passage=here)


def _last_items(scene, chain):
    """The list that ends a clause, read backward until something else begins."""
    pieces = [p for p in re.split(r"\s*(?:,|\band\b|\bet\b|&|\bplus\b)\s*", chain) if p.strip(" (–—-")]
    found = []
    for piece in reversed(pieces):
        marks = scene.marks(piece)
        last = re.search(r"⟦\d+⟧[^⟦⟧]*$", piece)
        if not last or marks[-1].kind not in (COUNT, MONEY):
            break
        found.insert(0, Item(marks[-1], re.sub(r"⟦\d+⟧", " ", last[0])))
        if len(marks) > 1 or re.search(r"\b(?:by|de|of|from|dans|in)\s*⟦\d+⟧[^⟦⟧]*$", piece):
            break
    return found


def _adds_up(total, members):
    added = [m.number.counted() for m in members]
    low, high = sum(i.low for i in added), sum(i.high for i in added)
    interval = total.counted()
    return low <= interval.high and interval.low <= high and all(m.number.kind == total.kind for m in members)


def _sum(scene, total, members, *, stated):
    if total.scale > 1 and all(m.number.scale == 1 and m.number.value < 1000 for m in members):
        members = [Item(in_scale_of(m.number, total), m.words) for m in members]
    kinds = [same_kind(total, m.number) for m in members]
    if total.kind not in (COUNT, MONEY) or False in kinds or total.start in [m.number.start for m in members]:
        return
    along = dimension(members)
    named = all(not m.number.noun for m in members) and family(total) not in ("people", "households")
    named = named and total.kind != MONEY
    if (
        not along
        and not _adds_up(total, members)
        and (named or any(m.number.value > total.value for m in members))
    ):
        return  # `five counties, namely Garissa (47), Turkana (12)…`: the numbers count something else
    complete = "open"
    if stated and (along is not None or _is_bare(members)):
        largest = isinstance(stated, str) and not along and _NAMED.search(stated)
        complete = "apart" if largest else "stated"
    elif along == "direction":
        complete = "closed"
    elif along in TELLING or _stand_apart(total, members):
        complete = "apart"
    yield SumOfParts(
        total=total, parts=tuple(m.number for m in members), complete=complete, passage=scene.passage
    )


_DISPLACED = re.compile(r"^(?:people|persons?|personnes)\b.*\b(?:displaced|déplacé\w*|réfugié\w*)\b", re.I)


_ARE = re.compile(
    r"(?:sont|are|were|vivent|live|résident|reside|stay|se trouvent|séjournent|l['’]ont été)\b", re.I
)


def _stand_apart(whole, members):
    """Whether the members are things of one kind that stand in one place each: `9 sites in Koro and 7 in Gao`."""
    nouns = [m.number.noun for m in members]
    nouns = [n for n in nouns if n and not BARE.match(n) and not _ARE.match(n)]
    same = all(stem(n) == stem(whole.noun) for n in nouns)
    standing = STANDING.match(whole.noun) or _DISPLACED.search(whole.noun)
    return bool(same and places(members) and standing)


def _part(scene, whole, members, sure=True):
    if whole.kind not in (COUNT, MONEY) or not members or any(m.number.kind != whole.kind for m in members):
        return
    kinds = [same_kind(whole, m.number) for m in members]
    parts = tuple(m.number for m in members)
    over = any(p.value > whole.value for p in parts)
    if False in kinds or (None in kinds and over):
        return
    standing = _stand_apart(whole, members)
    apart = len(members) > 1 and (standing or dimension(members) in ("direction", *TELLING))
    yield PartOfWhole(whole=whole, parts=parts, apart=apart, sure=sure, passage=scene.passage)


def _hundred(scene, shape):
    """`53 % women and 47 % men`: said to make a hundred only where they do."""
    for match in _SHARED_OUT.finditer(scene.shape):
        members, _ = items(scene, _unwrapped(match["chain"]))
        overlap = re.search(r"\b(?:plusieurs|several|multiples?)\b", scene.shape, re.I)
        if len(members) > 1 and not overlap and all(m.number.kind == PERCENT for m in members):
            yield _of_hundred(scene, members, "apart")
            return
    for match in re.finditer(r"⟦\d+⟧[^.;()]*", shape):
        members, _ = items(scene, match[0])
        members = [m for m in members if m.number.kind == PERCENT]
        added = sum(m.number.value for m in members)
        if len(members) > 1 and dimension(members) and abs(added - 100) <= len(members):
            yield _of_hundred(scene, members, "open")
            return


_SHARED_OUT = re.compile(
    r"\b(?:(?:se\s+)?répart\w+|distributed|divided|split|broken down)\b\s+(?:as follows|comme suit|entre|dans|en|between|among|into)\s*:?(?P<chain>[^.;]*)",
    re.I,
)


def _of_hundred(scene, members, complete):
    whole = Number("100 %", Fraction(100), kind=PERCENT, start=-1)
    parts = tuple(m.number for m in members)
    return SumOfParts(total=whole, parts=parts, complete=complete, passage=scene.passage)
