"""A number announced, and the names that follow it."""

import re

from taama.claims.methods.kinds import CountOfList, PairedLists
from taama.claims.methods.numbers import COUNT
from taama.claims.methods.scenes import mark

MOST_NAMES = 40
_NAME = (
    r"(?:(?:the|le|la|les|l['’])\s*)?(?:(?:[Dd]istrict|[Rr][ée]gion)\s+(?:of|de|du|d['’])\s*)?"
    r"[A-ZÀ-ÝŒ][\w’'-]*(?:\s+(?:(?:de|du|des|d['’]|la|le|of)\s*)?[A-ZÀ-ÝŒ][\w’'-]*){0,3}"
)
_AND = r"(?:\s*,?\s*\b(?:and|et)\b\s+|\s*&\s*)(?:(?:à|au|aux|en|in)\s+)?"
_COMMA = r"\s*,\s*(?:(?:à|au|aux|en|in)\s+)?"  # a name follows: capital letter
_LIST = re.compile(
    rf"(?P<names>{_NAME}(?:{_COMMA}{_NAME})*(?P<last>{_AND}{_NAME})|{_NAME}(?:{_COMMA}{_NAME})+)"
)
# What may stand between the thing counted and its names.
_STRONG = r"\s*(?:\((?:\s*(?:i\.?e\.?|namely|à savoir|soit)\s*:?)?|:|[,–—]?\s*\b(?:namely|à savoir|i\.?e\.?|soit)\b\s*:?|\s(?:sont|are|étaient|were)\b\s*:?)\s*(?:(?:à|au|aux|en|in|the|les)\s+)?"
_WEAK = r"\s+(?P<link>in|of|at|de|d['’]|du|à|dans|en)\s*"
_PARTIAL = r"[\s,(–—]*\b(?:including|such as|notamment|dont|comme|e\.?g\.?|par exemple|for example|for instance|parmi lesquel(?:le)?s|among (?:which|them))\b\s*:?\s*(?:(?:à|au|aux|en|in|the|les)\s+)?"
_THING = r"(?P<thing>[^⟦⟧.;:()]{1,70}?)"
_ANNOUNCED = re.compile(
    rf"{mark('announced')}(?=\s*[^\W\d_]){_THING}(?:(?P<strong>{_STRONG})|(?P<apposed>,\s*)|(?P<partial>{_PARTIAL})|(?P<weak>{_WEAK}))(?={_NAME}(?:{_AND}|{_COMMA}){_NAME})"
)
_TOP = r"regions?|régions?|countries|pays|provinces?"  # nothing in the texts holds several of them but the country
_HOSTED = r"offices?|sub-offices?|bureaux?|bases?"  # a town may have two
_KINDS = (
    r"aires?|areas?|secteurs?|sectors?|langues?|languages?|partenaires?|partners?|organi[sz]ations?|ONG|NGOs?|agences?|agencies|axes?|"
    r"piliers?|pillars?|objectifs?|objectives?|maladies?|diseases?|priorit(?:és|ies)|besoins?|needs?|marchés?|markets?|municipalit\w+|"
    r"states?|count(?:y|ies)|corridors?|couloirs?"
)
_PLACES = rf"{_TOP}|{_HOSTED}|{_KINDS}|cercles?|districts?|communes?|cit(?:y|ies)|villes?|towns?|posts?|postes?|points?|sites?|locali(?:ties|tés)|villages?|zones?|poes?|camps?"
_NO_PREPOSITION = r"(?!(?:in|of|across|de|du|des|d|dans|for|with|à|and|et|to|on|from|pour|sur)\b)"
_COUNTED = re.compile(
    rf"\s*(?:{_NO_PREPOSITION}[\w’'-]+\s+){{0,4}}?(?P<place>{_PLACES})\b(?P<more>.*)$", re.I
)
_COUNTRIES = {"mali", "niger", "burkina", "burkina faso", "mauritanie", "mauritania", "sénégal", "senegal", "guinée", "guinea",
              "côte d'ivoire", "tchad", "chad", "algérie", "algeria", "sahel"}  # fmt: skip
_STOPPED = re.compile(r"\s*(?:[.;)!?]|$|,\s*(?:which|that|who|where|qui|dont|où|soit|ce qui)\b)")
_ENDED = re.compile(r"\s*(?:[.;)!?]|$|[a-zà-ÿ])")
_MORE = re.compile(r"\s*(?:,?\s*etc|…|\.\.\.|,?\s*(?:among others|entre autres))", re.I)
_SOME_OF = re.compile(
    mark("some") + r"[^⟦⟧.;,()]{0,20}?\s(?:out of|of|sur|des|de)\s*(?:(?:the|les)\s*)?$", re.I
)
_GOES_ON = re.compile(r"\s*[,;]?\s*(?:and|et|ainsi|as well|plus|puis|or|ou)\b", re.I)


_NAMED_FIRST = re.compile(
    rf"(?:^|[.;:]\s*)(?P<names>{_NAME}(?:{_COMMA}{_NAME})*{_AND}{_NAME})\s+(?:sont|are|étaient|were|constituent|form)\s+(?:les|the)\s+"
    rf"{mark('announced')}\s+(?:[\w’'-]+\s+){{0,3}}?(?:{_PLACES})\b"
)
_THING_NAMED = r"(?:(?:l['’]|(?:la|le|les|the)\s+)?[a-zà-ÿœ][\w’'/-]*(?:\s+(?!(?:et|and)\b)[\w’'/-]+){0,3})"
_IN_WORDS = re.compile(
    rf"{mark('announced')}\s+(?:[\w’'-]+\s+){{0,3}}?(?:{_KINDS})\b[^⟦⟧.;:(),]{{0,40}}?(?::|\()\s*"
    rf"(?P<names>{_THING_NAMED}(?:,\s*{_THING_NAMED})+,?\s+(?:et|and)\s+{_THING_NAMED})\s*(?:[.;)]|$)"
)


def find(scene):
    """CountOfList and PairedLists claims of a scene."""
    for match in _ANNOUNCED.finditer(scene.shape):
        if claim := _list(scene, match):
            yield claim
    for match in _NAMED_FIRST.finditer(scene.shape):
        yield CountOfList(
            announced=scene.number(match, "announced"), names=names_of(match["names"]), passage=scene.passage
        )
    for match in _IN_WORDS.finditer(scene.shape):
        names = tuple(re.split(r",?\s+(?:et|and)\s+|,\s*", match["names"]))
        announced = scene.number(match, "announced")
        sure = announced.value != len(names) - 1  # `water and sanitation` may be one of them
        yield CountOfList(announced=announced, names=names, sure=sure, passage=scene.passage)
    yield from _pairs(scene)


_VERB = re.compile(r"\s(?:sont|are|étaient|were)\b")
_SUBJECT = re.compile(r"(?:^|[.;:,]\s*)(?:(?:les|the|ces|these|nos|our|ses|its|leurs|their)\s+)?$", re.I)


def _list(scene, match):
    announced = scene.number(match, "announced")
    counted, following = _COUNTED.match(match["thing"]), _LIST.match(scene.shape, match.end())
    if match["strong"] and _VERB.match(match["strong"]) and not _SUBJECT.search(scene.shape[: match.start()]):
        return None  # `agencies in two regions are …`: the agencies are named
    if announced.kind != COUNT or not counted or not following or announced.value > MOST_NAMES:
        return None
    names, rest = names_of(following["names"]), scene.shape[following.end() :]
    some = _SOME_OF.search(scene.shape[: match.start()])  # `seven of the 21 countries (…)` names the seven
    if some and len(names) != announced.value:
        announced = scene.number(some, "some")
    top = re.fullmatch(_TOP, counted["place"], re.I)
    if match["weak"] and not (top or re.fullmatch(rf"{_HOSTED}|posts?|postes?", counted["place"], re.I)):
        return None  # `three communes in A and B`: A and B hold them
    if match["weak"] and names[0].casefold() in _COUNTRIES and len(names) - 1 == announced.value:
        names = names[1:]  # `two regions of Mali, A and B`
    return CountOfList(
        announced=announced, names=names, partial=bool(match["partial"] or _MORE.match(rest)),
        sure=_is_clear(match, counted, following, rest, names), passage=scene.passage
    )  # fmt: skip


def _is_clear(match, counted, following, rest, names):
    """Whether the names can only be the things counted, and all of them."""
    if _GOES_ON.match(rest) or len(re.findall(r"\s(?:and|et|&)\s", following["names"])) > 1:
        return False
    if re.fullmatch(_HOSTED, counted["place"], re.I) or re.search(
        rf"\b(?:{_PLACES}|each|chaque|dont)\b", counted["more"], re.I
    ):
        return False
    if match["partial"]:
        return True
    if match["apposed"]:
        return bool(re.fullmatch(_TOP, counted["place"], re.I) and following["last"] and rest.startswith(","))
    if match["strong"]:
        spelt_out = (
            any(name.isupper() for name in names) or len(names) < 3
        )  # `seven points (Flow Points, FMP)`
        return bool(_STOPPED.match(rest)) and bool(
            following["last"] or ("(" in match["strong"] and not spelt_out)
        )
    top = re.fullmatch(_TOP, counted["place"], re.I) and match["link"].lower() in ("of", "de", "d'", "d’")
    return bool(top and following["last"] and _ENDED.match(rest)) and names[0].casefold() not in _COUNTRIES


def names_of(listed):
    return tuple(n.strip() for n in re.split(rf"{_AND}|{_COMMA}", listed) if n.strip())


_RESPECTIVELY = re.compile(r"\b(?:respectively|respectivement)\b[\s:,]*", re.I)


def _pairs(scene):
    """`A, B and C … respectively X, Y and Z`: two lists of names in one sentence."""
    for match in _RESPECTIVELY.finditer(scene.shape):
        before = [*_LIST.finditer(scene.shape[: match.start()])]
        after = _LIST.match(scene.shape, match.end())
        if (
            len(before) == 1
            and before[0]["last"]
            and after
            and re.match(r"\s*(?:[.;:)!?,]|$)", scene.shape[after.end() :])
        ):
            left, right = names_of(before[0]["names"]), names_of(after["names"])
            yield PairedLists(left=left, right=right, passage=scene.passage)
