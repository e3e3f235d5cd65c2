"""From one figure to another: per cent, points, differences, multiples, or only the direction."""

import re
from dataclasses import replace
from fractions import Fraction

from taama.claims.methods.kinds import Change
from taama.claims.methods.numbers import COUNT, MEASURE, PERCENT, POINTS, Number, in_scale_of
from taama.claims.methods.scenes import BARE, LABELLED, MARK, mark, same_kind, stem

UP_WORDS = (
    r"increas\w*|ris(?:e|es|en|ing)|rose|gr(?:ew|ow\w*)|climb\w*|surge\w*|jump\w*|gain\w*|up|higher|more|hausse|augment\w*|"
    r"progress\w*|accroiss\w*|accru\w*|croissance|supérieure?s?|bond\w*|grimp\w*|de plus"
)
DOWN_WORDS = (
    r"decreas\w*|declin\w*|drop\w*|f[ae]ll\w*|los(?:t|es|ing)|shr[aiu]nk\w*|perd\w*|reduc\w*|down|lower|fewer|less|inférieure?s?|baiss\w*|diminu\w*|recul\w*|chut\w*|"
    r"r[ée]du\w*|repli\w*|de moins"
)
WAY = rf"\b(?:{UP_WORDS}|{DOWN_WORDS})\b"
_ADDED = r"supplémentaires?|additional|en plus"
_UP = re.compile(rf"\b(?:{UP_WORDS}|{_ADDED})\b", re.I)
_WAY = re.compile(WAY, re.I)
_WORDS = r"[^⟦⟧.;]{0,70}?"
_MOVE = rf"(?:pass\w+|évolu\w+|tomb\w+|mont\w+|doubl\w+|tripl\w+|quadrupl\w+|divis\w+|multipli\w+|{UP_WORDS}|{DOWN_WORDS})"

_SAYING = (
    r"(?:soit|ou|or|i\.?e\.?|that is|which is|ce qui (?:représente|fait)|représentant|representing|marking|marquant|equivalent to|"
    r"équivalant à|avec|with|en|for|donc|thus|(?:this|it|that|ceci|cela) (?:represents?|représente|is|was|marks?|constitue)|il s['’]agit)\s+"
)
_ENGLISH_PAIR = re.compile(
    rf"\bfrom\s+(?:(?:some|the)\s+)?{mark('before')}{_WORDS}\s+to\s+(?:(?:some|the|only|just)\s+)?{mark('after')}",
    re.I,
)
_FRENCH_PAIR = re.compile(
    rf"(?P<verb>\b{_MOVE}\b)[^⟦⟧.;,]{{0,40}}?\b(?:de|d['’])\s*{mark('before')}{_WORDS}\s+à\s+(?:(?:seulement|quelque|les)\s+)?{mark('after')}",
    re.I,
)
_FRENCH_APART = re.compile(
    rf"(?P<verb>\b{_MOVE}\b)(?:[^⟦⟧.;,]{{0,40}}⟦\d+⟧)?[^⟦⟧.;,()]{{0,40}}?(?:,|\()\s*(?:de|d['’])\s*{mark('before')}{_WORDS}\s+à\s+{mark('after')}",
    re.I,
)  # `augmenté d'un tiers, de ⟦1⟧ à ⟦2⟧`
_TO_FROM = re.compile(
    rf"(?P<verb>{WAY}|\b(?:doubl|tripl|quadrupl|halv)\w+)(?:[^⟦⟧.;,]{{0,40}}⟦\d+⟧)?[^⟦⟧.;]{{0,40}}?\bto\s+{mark('after')}[^⟦⟧.;()]{{0,60}}?\bfrom\s+(?:the\s+)?{mark('before')}", re.I
)  # fmt: skip
_AGAINST = re.compile(
    rf"{mark('after')}[^⟦⟧.;()]{{0,80}}?[,(]?\s*\b(?P<link>contre|against|compared (?:to|with)|par rapport (?:à|aux)|versus|vs\.?|up from|down from)\s+"
    rf"(?:(?:the|les|some|en|in)\s+)?(?:[^⟦⟧.;(),]{{0,30}}?\s)?{mark('before')}", re.I
)  # fmt: skip
_CHANGE_FROM = re.compile(
    rf"{mark('after')}[^⟦⟧.;]{{0,80}}?[,(–—]\s*(?:{_SAYING})?(?:(?:an?|une?|en|d['’]une?)\s+)?(?P<way>{WAY})\s*"
    rf"(?:of|by|de|d['’])?\s*{mark('stated')}[^⟦⟧.;()]{{0,20}}?\b(?:from|compared (?:to|with)|in comparison (?:to|with)|par rapport (?:à|aux?)|over|sur)\s+"
    rf"(?:(?:the|les|des)\s+)?(?P<gap>[^⟦⟧.;]{{0,40}}?){mark('before')}", re.I
)  # fmt: skip
_THAN = re.compile(
    rf"{mark('after')}[^⟦⟧.;]{{0,80}}?(?:[,(–—:]\s*|\b(?:soit|or|was|were|is|are|est|sont|étaient)\s+){mark('stated')}\s*(?P<noun>(?:[^\W\d]+\s+){{0,2}}?)(?P<way>{WAY})"
    rf"\s*(?:[^\W\d]+\s+){{0,2}}?(?:qu['’e]|than\b|par rapport (?:à|aux?)\b|compared (?:to|with)\b)(?P<gap>[^⟦⟧.;()]{{0,40}}?)"
    rf"(?:\(\s*|\b(?:the|les|aux)\s+){mark('before')}", re.I
)  # fmt: skip
_BASE_ASIDE = re.compile(
    rf"{mark('after')}\)?[^⟦⟧.;()]{{0,60}}?(?P<way>{WAY})\s*(?:of|by|de|d['’])?\s*{mark('stated')}\s*(?P<gap>[^⟦⟧.;()]{{0,15}}?"
    rf"\b(?:than|par rapport (?:à|aux?)|compared (?:to|with)|over|sur|depuis|since|from|à)\b[^⟦⟧.;(),]{{0,30}}?)\(\s*{mark('before')}\s*\)",
    re.I,
)  # `355 000 … augmenté de 4 % par rapport à décembre (341 000)`
# After the pair: an apposition only (", soit une hausse de", "(+7 %)", "– a decrease of"), never a new clause.
_STATED_AFTER = re.compile(
    rf"[^⟦⟧.;()]{{0,70}}?(?:,|\(|–|—|:)\s*(?:{_SAYING})*(?:(?:an?|d['’]une?|une?|la|the|l['’])\s*)?(?:(?:\w+)\s+)?(?P<way>{WAY})\s*"
    rf"(?P<between>(?:[^\W\d]+\s+){{0,3}}?)(?:of|by|de|d['’]|:)?\s*{mark('stated')}", re.I
)  # fmt: skip
_BARE_AFTER = re.compile(
    rf"[^⟦⟧.;()]{{0,50}}?(?:\(\s*(?:soit\s+)?{mark('aside')}(?P<why>[^⟦⟧()]{{0,30}})\)|,?\s*(?:soit|or|i\.?e\.?)\s+(?:(?:an?|une?)\s+)?{mark('stated')}\s*"
    rf"(?:[^\W\d]+\s+){{0,2}}?(?P<way>{WAY}|{_ADDED}|en moins)|[,:–—]\s*(?:(?:an?|une?)\s+)?{mark('apposed')}\s*(?P<noun>{WAY})(?=\s*[.,;)]|$)"
    rf"|,?\s*(?:soit|or|i\.?e\.?|that is)\s+(?:by\s+|(?:une différence|un écart|a difference|a gap)\s+(?:de|of)\s+)?{mark('bare')}\s*(?:points?\s*)?(?=[.,;)]|$))", re.I
)  # fmt: skip
_STATED_BEFORE = re.compile(
    rf"(?:(?P<way>{WAY})\s*(?P<between>(?:[^\W\d]+\s+){{0,3}}?)(?P<link>by|of|des?|d['’])?\s*{mark('stated')}|{mark('ahead')}\s*(?P<noun>{WAY}))"
    rf"(?P<until>[^⟦⟧.;]{{0,60}})$", re.I
)  # fmt: skip
_NEW_SUBJECT = re.compile(
    r"\b(?:while|whereas|tandis|alors que|but|mais|whose|dont|including|among|parmi|and|et)\b", re.I
)
_OTHER_SCOPE = re.compile(r"\b(?:in|à|au|aux|en|dans|among|for|chez|des|du|the|les)\b", re.I)
# After a stated change: another base to count from, or another place or group that it is of.
_OTHER_BASE = re.compile(
    r"[^⟦⟧.;,()]{0,25}?\b(?:since|depuis|compared|par rapport|from|over|sur|year[- ]on[- ]year|against|contre)\b"
    r"|\s*(?:[^\W\d]+\s+){0,2}?(?:in|dans|à|au|aux|among|for|chez|pour|en)\s+"
    r"(?!(?:(?:only|just|seulement|an?|un|one|the|la)\s+)*(?:⟦|an\b|year|mois|month|p[ée]riod|days?\b|jours?\b|semaine|week))",
    re.I,
)
_RATE = re.compile(
    r"\b(?:per|par|a|each|chaque)\s+(?:year|an|month|mois|week|semaine|day|jour)\b|annual|annuel|mensuel|monthly|average|moyen|yearly",
    re.I,
)
_FACTOR = re.compile(
    rf"\b(?P<hedge>more than|over|plus que|plus de)?\s*(?P<verb>doubl|tripl|quadrupl|halv)(?!es?\b)\w*|(?:(?P<way>multipli|divis|divid)\w*\s+(?:par|by)|"
    rf"(?P<moved>{WAY})[^⟦⟧.;,]{{0,12}}?\bfact(?:or|eur)(?:\s+(?:of|de))?)\s+{mark('times')}", re.I
)  # fmt: skip
_ALMOST = re.compile(
    r"\b(?:nearly|almost|about|virtually|practically|roughly|presque|près de|quasi\w*|pratiquement|environ)\s*$",
    re.I,
)
_MULTIPLE = re.compile(
    r"times|fois|thirds?\b|tiers\b|quarters?\b|quarts?\b|half\b|halves|demi|moitié|\w+(?:ièmes?|fths?|xths?|nths?|ghths?)\b",
    re.I,
)  # `fell by two thirds`: no difference
FACTORS = {"doubl": 2, "tripl": 3, "quadrupl": 4, "halv": 2}


_BASED = (_THAN, _BASE_ASIDE, _CHANGE_FROM)  # the stated change stands between the two figures
_OPENS = re.compile(r"(?:\(|:|,?\s+(?:à|to|at))\s*$", re.I)


def find(scene):
    """Change claims of a scene. A stated change is tied to a pair only where it stands beside it."""
    scene, used, found, pairs = _without_durations(scene), set(), [], 0
    for pattern in (
        _THAN,
        _BASE_ASIDE,
        _CHANGE_FROM,
        _ENGLISH_PAIR,
        _FRENCH_PAIR,
        _FRENCH_APART,
        _TO_FROM,
        _AGAINST,
    ):
        for match in pattern.finditer(scene.shape):
            marks = {match["before"], match["after"]}
            if not marks & used and _is_pair(scene, match):
                used |= marks
                pairs += 1
                found += _claims(scene, match)
    several = pairs > max(1, sum(claim.stated is not None for claim in found))
    # a change said once after two pairs may be that of both together
    return [replace(c, sure=False) if several and c.stated is not None else c for c in found]


def _without_durations(scene):
    """`from 12 to 18 in two months (+50 %)`: how long it took is no figure of the change."""

    def words(match):
        number = scene.numbers[int(match[1])]
        return "#" if number.kind == MEASURE and _SPAN.match(number.noun) else match[0]

    return replace(scene, shape=MARK.sub(words, scene.shape))


_SPAN = re.compile(
    r"(?:ans?|years?|mois|months?|jours?|days?|semaines?|weeks?|h\w*|minutes?|k?m|km²|kilom\w+)\b", re.I
)


def _is_pair(scene, match):
    """Whether both numbers can be values of one figure at two times."""
    before, after = _numbers(scene, match)
    times = [
        n
        for n in (before, after)
        if (n.kind == MEASURE and _SPAN.match(n.noun))
        or n.last is not None
        or n.noun.startswith(("times", "fois"))
    ]
    labelled = any(LABELLED.search(scene.shape[: match.start(name) - 1]) for name in ("before", "after"))
    return not (times or labelled) and same_kind(before, after) is not False


def _numbers(scene, match):
    """Before and after; `from 12 to 18 %`: both are per cent; `from 1.5 to 2 million`: both are millions."""
    before, after = scene.number(match, "before"), scene.number(match, "after")
    if after.kind == PERCENT and before.kind == COUNT and before.value <= 100:
        before = replace(before, kind=PERCENT)
    if after.kind == MEASURE and before.kind == COUNT and re.match(r"(?:to|à)?$", before.noun):
        before = replace(before, kind=MEASURE)
    return in_scale_of(before, after), after


def _claims(scene, match):
    before, after = _numbers(scene, match)
    pair = _Pair(scene, match, before, after)
    if match.re in _BASED:
        sure = (
            not match["gap"].strip()
            or same_kind(before, after) is True
            and not _NEW_SUBJECT.search(match["gap"])
        )
        found = [claim] if (claim := pair.claim(scene.number(match, "stated"), match["way"], sure)) else []
    else:
        found = [claim for claim in pair.stated() if claim is not None]
    yield from found
    if (
        not found
        and (way := pair.verb())
        and before.kind == after.kind
        and not before.hedge
        and not after.hedge
    ):
        yield pair.claim(None, way)


def direction_of(words):
    return 1 if _UP.search(words) else -1


class _Pair:
    """Two figures of a sentence, before and after, and what the sentence says of their change."""

    def __init__(self, scene, match, before, after):
        self.scene, self.match, self.before, self.after = scene, match, before, after
        first = min(match.start("before"), match.start("after")) - 1
        self.head = re.split(r"[.;]\s", scene.shape[:first])[-1]
        self.tail = scene.shape[match.end() :]

    def claim(self, stated, way, sure=True):
        if stated is not None and not self._may_be(stated):
            return None
        if stated is not None and stated.kind == COUNT and self.before.kind == PERCENT:
            stated = replace(stated, kind=POINTS)
        direction = way if isinstance(way, int) else direction_of(way)
        return Change(
            before=self.before,
            after=self.after,
            stated=stated,
            direction=direction,
            sure=sure,
            passage=self.scene.passage,
        )

    def _may_be(self, number):
        head = self.scene.shape[: self.scene.place(number)]
        if (
            number.weak
            or _MULTIPLE.match(number.noun)
            or re.search(r"\b(?:fact(?:or|eur)|order)(?: of| de)? ?$", head, re.I)
        ):
            return False
        if number.kind == COUNT and self.before.kind == self.after.kind == PERCENT:
            return number.noun.startswith("point")
        if number.kind in (PERCENT, POINTS):
            return True
        return (
            number.kind == self.before.kind == self.after.kind and same_kind(self.before, number) is not False
        )

    def stated(self):
        """Changes said of the pair: a multiple, after it, in brackets beside it, or just before it."""
        if factor := self._factor():
            return [factor]
        found, tail = [], self.tail
        if (after := _STATED_AFTER.match(tail)) and not _NEW_SUBJECT.search(
            after[0][: after.start("way") - after.start()]
        ):
            tail = tail[after.end() :]
            if _RATE.search(after[0]) or _RATE.match(tail.lstrip()):
                return []
            sure = not _OTHER_SCOPE.search(after["between"]) and not _OTHER_BASE.match(tail)
            found.append(self.claim(self.scene.number(after, "stated"), after["way"], sure))
        if bare := _BARE_AFTER.match(tail):
            found.append(self._bare(bare, bool(found)))
        elif not found and (ahead := _STATED_BEFORE.search(self.head)) and self._follows(ahead["until"]):
            found.append(self._ahead(ahead))
        return found

    def _follows(self, words):
        """Whether the pair belongs to the change said before it: `(120 against 96)` does."""
        return self.match.re is not _AGAINST or bool(_OPENS.search(words))

    def _bare(self, found, said):
        """`(+7 %)`, `(−36 748)`, `(7 %)` right after the pair or its stated change."""
        if _NEW_SUBJECT.search(found[0]):
            return None
        if found["stated"]:
            number = self.scene.number(found, "stated")
            return self.claim(number, found["way"], sure=self._is_of_pair(number))
        if found["apposed"]:
            return self.claim(self.scene.number(found, "apposed"), found["noun"])
        if found["bare"]:
            return self._unsaid(self.scene.number(found, "bare"))
        number, why = self.scene.number(found, "aside"), found["why"]
        if _WAY.search(why):
            return self.claim(number, why)
        sign = number.text[:1] if number.text[:1] in "+-−–" else ""
        if why.strip() or not (sign or said):
            return None
        rising = sign == "+" if sign else self.after.value >= self.before.value
        return self.claim(number, 1 if rising else -1)

    def _is_of_pair(self, number):
        """Whether `300 households more` counts what the pair counts; `12 women more` may be some of it."""
        word = (
            ""
            if number.kind != COUNT or BARE.match(number.noun) or _WAY.match(number.noun)
            else stem(number.noun)
        )
        return word in f"{self.head} {self.match[0]}".casefold()

    def _unsaid(self, number):
        """`from 85 % to 68 %, or 17 points`: a change that is not called one, unless it is the one as share of the other."""
        claim = self.claim(number, 1 if self.after.value >= self.before.value else -1)
        if claim is None or claim.stated.kind not in (PERCENT, POINTS):
            return None
        share = self.after.counted().over(self.before.counted()).times(100)
        return replace(claim, sure=not share.meets(number.computed(True)))

    def _ahead(self, found):
        number = self.scene.number(found, "stated" if found["stated"] else "ahead")
        until, between = found["until"], found["between"] or ""
        if (
            found["stated"]
            and not found["link"]
            and number.kind == COUNT
            and not number.noun.startswith("point")
        ):
            return None
        other = _NEW_SUBJECT.search(re.sub(r"\b(?:between|entre)\b.*", "", until))
        if other or _RATE.search(until) or _RATE.search(between):
            return None
        return self.claim(number, found["way"] or found["noun"], sure=not _OTHER_SCOPE.search(between))

    def verb(self):
        """The verb that moves the pair, when it is close and alone: `rose from A to B`."""
        if self.match.re is _AGAINST:
            link = self.match["link"].lower()
            return link if link in ("up from", "down from") else ""
        head = self.head[-45:]
        words = _WAY.findall(head)
        close = re.search(rf"{WAY}(?:\s+[^\W\d]+){{0,2}},?\s*(?:from|de|d['’])\s*$", head, re.I)
        return words[0] if len(words) == 1 and close else ""

    def _factor(self):
        """`doubled from A to B`, `multiplié par trois, passant de A à B`, also `from A …, doubled to B`."""
        near = self.head[-60:] + re.sub(r"^⟦\d+⟧", "", self.match[0][self.match[0].find("⟦") :])
        found = _FACTOR.search(near)
        if not found or self.match.re is _AGAINST:
            return None
        between = near[found.end() : max(found.end(), near.find("⟦", found.end()))]
        if _NEW_SUBJECT.search(between) or _WAY.search(between):
            return None
        if not found["verb"]:
            up = direction_of(found["moved"]) > 0 if found["moved"] else found["way"].lower() == "multipli"
            way = 1 if up else -1
            return replace(self.claim(None, way), stated=self.scene.number(found, "times"), factor=True)
        verb = found["verb"].lower()
        hedge, factor = "above" if found["hedge"] else "about", FACTORS[verb]
        times = Number(found[0].strip(), Fraction(factor), written=Fraction(1, 2), hedge=hedge)
        small, large = (self.after, self.before) if verb == "halv" else (self.before, self.after)
        # who says doubled may leave out that it is a little more, not that it is three times as much
        beyond = factor * small.value < large.value < (factor + 1) * small.value
        sure = not beyond and not _ALMOST.search(near[: found.start()])
        return replace(self.claim(None, -1 if verb == "halv" else 1, sure), stated=times, factor=True)
