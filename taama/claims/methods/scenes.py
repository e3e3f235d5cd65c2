"""A sentence made ready for patterns: each number a mark `⟦0⟧`, `⟦1⟧`…, so that patterns see only the words."""

import re
from dataclasses import dataclass
from functools import cached_property

from taama.claims.methods import texts
from taama.claims.methods.numbers import COUNT, MONEY, PERCENT, Number, read_numbers
from taama.claims.methods.texts import Passage

MARK = re.compile(r"⟦(\d+)⟧")


def mark(name):
    """Pattern of one number."""
    return rf"⟦(?P<{name}>\d+)⟧"


LABELLED = re.compile(
    r"\b(?:weeks?|semaines?|rounds?|cycles?|phases?|months?|mois|days?|jours?|quarters?|trimestres?|levels?|niveaux?|S|W|T|Q|SE)\s*$",
    re.I,
)  # `from week 11 to 12`: no values


@dataclass(frozen=True)
class Scene:
    """A sentence, its numbers, and its `shape`: the sentence with marks in their place, dates hidden as `#`."""

    passage: Passage
    plain: str
    numbers: tuple[Number, ...]
    shape: str

    def number(self, match, name):
        return self.numbers[int(match[name])]

    def marks(self, text):
        return [self.numbers[int(m[1])] for m in MARK.finditer(text)]

    def place(self, number):
        """Where the mark of a number stands in the shape."""
        return self._places[number.start]

    @cached_property
    def _places(self):
        return {self.numbers[int(m[1])].start: m.start() for m in MARK.finditer(self.shape)}


def scene_of(text, passage, language):
    plain = re.sub(r"[\n\r\t\f]", " ", text[passage.start : passage.end])
    hidden = texts.carried_over(texts.blank(plain))
    numbers = read_numbers(hidden, language)
    pieces, last = [], 0
    for index, number in enumerate(numbers):
        pieces += [hidden[last : number.start], f"⟦{index}⟧"]
        last = number.end
    return Scene(passage, plain, numbers, "".join([*pieces, hidden[last:]]))


FAMILIES = (
    ("households", re.compile(r"\b(?:ménages?|households?|famill?es?|families|hh)\b", re.I)),
    ("people", re.compile(
        r"\b(?:personnes?|people|persons?|individu\w*|migrants?|pdi|idps?|déplacée?s|displaced|retourné\w*|returnees?|"
        r"rapatrié\w*|repatriates?|réfugié\w*|refugees?|femmes?|wom[ae]n|hommes?|m[ae]n|filles?|girls?|garçons?|boys?|"
        r"enfants?|child(?:ren)?|mineurs?|minors?|adultes?|adults?|mothers?|mères|bénéficiaires?|beneficiaries|voyageurs|"
        r"travellers?|cas|cases?|décès|deaths?|agents?|workers?|volunteers?|staff|habitants?|members?|membres|patients?|"
        r"professionals?|survivors?|survivant\w*|éleveurs|herders)\b", re.I
    )),
    ("points", re.compile(r"\bpoints?\b|\bcordons?\b|\bpostes?\b|\bposts?\b|\bpoes?\b|\bfmps?\b", re.I)),
    ("sites", re.compile(r"\b(?:sites?|locali(?:tés?|ties|ty)|villages?|communes?|cercles?|régions?|regions?|districts?)\b", re.I)),
    ("facilities", re.compile(r"\b(?:facilit(?:y|ies)|clinics?|health cent(?:er|re)s?|centres? de santé|cscom|csréf|hôpit\w+|hospitals?|structures? (?:de santé|sanitaires?))\b", re.I))
)  # fmt: skip
NESTING = ("points", "sites", "facilities")  # two regions hold five cercles: a part may outnumber its whole
BARE = re.compile(
    r"(?:$|(?:in|at|from|to|on|over|per|par|that|which|who|qui|que|was|were|is|are|est|sont|ont|of|or|ou|à|au|aux|en|dans|de|du|d['’]|working|for|pour|and|et|les?|la|the|une?|last|previous|comprises?|includes?|comprend|comprennent)\b|l['’])",
    re.I,
)


def family(number):
    """What kind of thing is counted, from the words after the number up to the next clause; None when unknown."""
    words = re.split(
        r"\b(?:in|at|from|à|dans|en|who|qui|for|pour|were|was|are|ont|sont|and|et|des|aux?|the|les|la|le|their)\b",
        number.noun,
    )[0]
    hits = [(match.start(), name) for name, pattern in FAMILIES if (match := pattern.search(words))]
    return max(hits)[1] if hits else None


_CURRENCIES = {
    "$": "USD",
    "US": "USD",
    "DO": "USD",
    "€": "EUR",
    "EU": "EUR",
    "F": "XOF",
    "FC": "XOF",
    "XO": "XOF",
    "£": "GBP",
}


def _currency(number):
    found = re.search(r"[$€£]|USD|EUR|F ?CFA|XOF|dollar|euro", number.text, re.I)
    return (
        _CURRENCIES.get(found[0].upper()[:2].strip(), _CURRENCIES.get(found[0]))
        if found and number.kind == MONEY
        else ""
    )


def currencies(*numbers):
    return {c for c in map(_currency, numbers) if c}


def _head(number):
    pattern = dict(FAMILIES)[family(number)]
    return re.sub(r"s$", "", [m[0] for m in pattern.finditer(number.noun)][0].casefold())


def is_plain(noun):
    """Whether a noun stands without a quality: `incidents`, `incidents in Gao`, not `deadly incidents`."""
    return re.match(rf"[^\W\d]+\s*(?={BARE.pattern})", noun, re.I) is not None


def stem(words):
    """The first word without its plural."""
    return re.sub(r"(?:ies|s|x)$", "", words.split(" ")[0].casefold())


def same_kind(whole, part):
    """True, False, or None when the words don't tell whether both count the same kind of thing."""
    if part.kind != whole.kind and not {part.kind, whole.kind} <= {COUNT, MONEY}:
        return False
    if len(currencies(whole, part)) > 1:
        return False
    ours, theirs = family(whole), family(part)
    if ours and theirs:
        nested = ours == theirs and ours in NESTING and _head(whole) != _head(part)
        return None if nested else ours == theirs
    if stem(whole.noun) == stem(part.noun) or BARE.match(whole.noun) or BARE.match(part.noun):
        return True
    return False if theirs else None


_CUT = re.compile(r"\s*(?:,|;|\band\b|\bet\b|&|\bplus\b|\bainsi que\b|\bas well as\b)\s*")
_ITEM = re.compile(
    r"(?:(?:les|the|à|in|en|au|aux|pour|for|from|de|du|des|both|respectively|d['’])\s+)*"
    r"(?:[\w’'–-]+(?:\s+[\w’'-]+){0,3}\s*[:(–]?\s*)??⟦\d+⟧[^⟦⟧]*$"
)
_STOP = re.compile(
    r"\b(?:representing|représent\w+|soit|average|moyenne|per|par|while|whereas|tandis|alors|compar\w+|against|contre|up|down|"
    r"increase\w*|decrease\w*|hausse|baisse|augment\w+|diminu\w+|including|dont|of whom|of which|total\w*|out of|"
    r"sur|de plus|de moins(?! de #)|more|fewer|less|qu)\b", re.I
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One member of a list in a sentence: its number and the words around it."""

    number: Number
    words: str


_REST = re.compile(r"\b(?:autres?|others?|reste|rest|remaind\w+|etc|ailleurs|elsewhere)\b", re.I)


def items(scene, text, *, strict=True):
    """Members of a list such as `⟦1⟧ women, ⟦2⟧ men and ⟦3⟧ children`, up to the first thing that is none.

    strict   a new clause may follow the list; else nothing may, and words alone belong to the member before
    Returns  (items, whole): `whole` unless others are spoken of, or something was left over that may not be
    """
    found = []
    pieces = [p for p in _CUT.split(text) if p.strip()]
    for index, piece in enumerate(pieces):
        numbers = scene.marks(piece)
        more = not strict or index < len(pieces) - 1
        if not numbers and found and more and not _STOP.search(piece) and not _REST.search(piece):
            found[-1] = Item(found[-1].number, f"{found[-1].words} {piece}")
            continue
        fits = len(numbers) == 1 and _ITEM.match(piece.strip()) and not _STOP.search(piece)
        if not fits or numbers[0].kind not in (COUNT, MONEY, PERCENT):
            return found, strict and not _REST.search(piece)
        found.append(Item(numbers[0], MARK.sub(" ", piece)))
    return found, True


DIMENSIONS = {
    "direction": (
        r"incoming|entering|inflows?|entries|arriv\w+|entrant\w*|entrées?|entrés?",
        r"outgoing|leaving|outflows?|exits?|depart\w+|sortant\w*|sorties?|sortis?|départs?",
        r"internal|internes?"
    ),
    "sex": (
        r"women|woman|females?|girls?|femmes?|filles?|féminins?", r"(?<!wo)men|(?<!wo)man|(?<!fe)males?|boys?|hommes?|garçons?|masculins?"
    ),
    "age": (r"adults?|adultes?", r"children|minors?|enfants?|mineurs?"),
    "sex_age": (
        r"women|woman|femmes?", r"(?<!wo)men|(?<!wo)man|hommes?", r"girls?|filles?", r"boys?|garçons?"
    )
}  # fmt: skip
_DIMENSIONS = {
    name: tuple(re.compile(rf"\b(?:{words})\b", re.I) for words in categories)
    for name, categories in DIMENSIONS.items()
}


def dimension(members):
    """(`direction`, `sex`, `age`) along which the members are told apart, each in one category of its own.

    Returns  name, `""` when none is known for any member, or None when the members mix several
    """
    profiles = [_categories(m.words) for m in members]
    if not any(profiles):
        return ""
    for name in _DIMENSIONS:
        own = [p.get(name) for p in profiles]
        if all(own) and len(set(own)) == len(own):
            return name
    return None


_PLACE = re.compile(
    r"\b(?:(?P<to>à|au|aux|en|in|at|dans)|(?P<of>de|du|d['’]|from))\s*(?:(?:la|le|les|the)\s+|l['’])?(?P<name>[A-ZÀ-Ý][\w’'-]+)"
)
STANDING = re.compile(
    r"(?:\w+\s+)?(?:pdi|idps?|déplac\w+|réfugi\w+|retourn\w+|retours?|admissions?|arrivées|arrivals|refugees?|returnees?|ménages?|households?|cas|cases?|décès|deaths?|incidents?|"
    r"kits?|sites?|villages?|écoles?|schools?|latrines|forages?|boreholes?|structures?|centres?|facilities)\b",
    re.I,
)  # what is in one place only; agents and trainees may be counted in two


def places(members):
    """Whether each member is told apart by a place of its own, all in the same way: `9 in Koro and 7 in Gao`."""
    found = [[*_PLACE.finditer(m.words)] for m in members]
    if any(len(each) != 1 for each in found):
        return False
    return len({m[0]["name"] for m in found}) == len(found) and len({bool(m[0]["to"]) for m in found}) == 1


def _categories(words):
    found = {}
    for name, patterns in _DIMENSIONS.items():
        hits = [i for i, pattern in enumerate(patterns) if pattern.search(words)]
        if len(hits) == 1:
            found[name] = str(hits[0])
    return found
