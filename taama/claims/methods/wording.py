"""Numbers written in words, in French and English, and the words that say how exact a number is."""

import re
from fractions import Fraction

SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
    "nonante": 90
}  # fmt: skip
HUNDREDS = {"hundred": 100, "cent": 100, "cents": 100}
LARGE = {
    "thousand": 10**3,
    "mille": 10**3,
    "million": 10**6,
    "millions": 10**6,
    "milliard": 10**9,
    "milliards": 10**9,
}
WEAK = {"one", "un", "une", "neuf"}  # an article, a pronoun or an adjective as often as a number
WORDS = SMALL | TENS | HUNDREDS | LARGE
_ONE = "(?:" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")"
_LINK = r"(?:[\s-]+(?:et[\s-]+(?=une?\b|onze\b))?|(?<=hundred)\s+and\s+|(?<=thousand)\s+and\s+|-et-)"
RUN = re.compile(rf"(?<![\w’'-]){_ONE}(?:{_LINK}{_ONE})*(?![\w-])", re.IGNORECASE)

COLLECTIVES = {
    "dizaine": 10, "douzaine": 12, "dozen": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000
}  # fmt: skip
COLLECTIVE = re.compile(
    r"(?<![\w’'-])(?:une?|a)\s+(?:bonne\s+)?(?P<word>" + "|".join(COLLECTIVES) + r")(?![\w-])", re.IGNORECASE
)
FRACTIONS = {"half": 2, "moitié": 2, "third": 3, "tiers": 3, "quarter": 4, "quart": 4}
FRACTION = re.compile(
    r"(?<!first )(?<!second )(?<!première )(?<!seconde )(?<![\w-])(?:(?P<many>two|three|deux|trois)[ -]|(?:an?|one|une?|la|le)\s+|)"
    r"(?P<word>half|moitié|thirds?|tiers|quarters?|quarts?)(?=\s+(?:of|de|des|du)\b|\s+d['’]|\s+the\b)",
    re.IGNORECASE,
)

_PARTS = {
    **FRACTIONS, "cinquième": 5, "fifth": 5, "sixième": 6, "sixth": 6, "huitième": 8, "eighth": 8, "dixième": 10, "tenth": 10
}  # fmt: skip
_MANY = {"deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5, "sept": 7, "seven": 7,
         "neuf": 9, "nine": 9}  # fmt: skip
# `by half`, `d'un tiers`, `des deux tiers`, `(soit un quart)`: how far something moved, or what part of it.
RATE = re.compile(
    r"(?:\b(?:by|de|des|losing|perdu|perdre)\s+|\bd['’]|(?:\b(?:soit|or|i\.e\.)\s+|\(\s*)(?=[^.;,()]{0,20}[).;,]))(?:(?:près|plus|moins|quelque|"
    r"about|nearly|almost|more than|over|some|around)\s+(?:de\s+|d['’])?)?(?P<rate>(?:(?P<many>" + "|".join(_MANY) + r")[ -]|(?P<one>an?|one|une?)[ -])?"
    r"(?P<word>" + "|".join(_PARTS) + r")s?)(?![\w-])(?!\s+(?:of|des?|du|the|past|to)\b|\s+d['’])", re.I
)  # fmt: skip


def rate_of(match):
    """Per cent of a RATE; None for `de tiers`, `by quarter`, which are no numbers."""
    word = match["word"].lower()
    if not (match["many"] or match["one"] or word in ("half", "moitié")):
        return None
    return Fraction(100 * _MANY.get((match["many"] or "").lower(), 1), _PARTS[word])


APPROXIMATE = (
    "about|around|approximately|approx\\.?|roughly|nearly|almost|close to|an estimated|estimated at|estimated|some|"
    "circa|environ|près de|prés de|presque|quelque|quelques|à peu près|approximativement|autour de|aux alentours de|"
    "de l'ordre de|de l’ordre de|une estimation de|estimée?s? à|pas loin de|plus ou moins|~|≈|env\\."
)
ABOVE = (
    "more than|over|above|at least|no fewer than|no less than|exceeding|upwards of|in excess of|a minimum of|un minimum de|plus de|au moins|"
    "au-delà de|pas moins de|supérieure?s? à|dépassant|>|≥|greater than"
)
BELOW = (
    "less than|fewer than|under|below|at most|up to|no more than|moins de|au plus|jusqu'à|jusqu’à|a maximum of|un maximum de|inférieure?s? à|"
    "au maximum|<|≤|just under|un peu moins de|not more than"
)
_EDGE = r"(?:^|(?<=[^\w]))"
_TAIL = r"(?:\s+(?:the|les|a|an|un|une|d['’]|de))?\s*$"
HEDGES = tuple(
    (name, re.compile(rf"{_EDGE}(?:{words}){_TAIL}", re.IGNORECASE))
    for name, words in (("below", BELOW), ("above", ABOVE), ("about", APPROXIMATE))
)
HEDGES_AFTER = (
    ("about", re.compile(r"\s*(?:environ\b|or so\b|approximately\b|à peu près\b)", re.IGNORECASE)),
    ("above", re.compile(r"\s*(?:ou plus\b|or more\b|\+(?![\d\s]))", re.IGNORECASE)),
    ("below", re.compile(r"\s*(?:ou moins\b|or less\b|or fewer\b)", re.IGNORECASE)),
)


def hedge_before(text):
    """`about`, `above`, `below` and its beginning, when the text ends with such a word; else `""`."""
    for name, pattern in HEDGES:
        if match := pattern.search(text):
            return name, match.start()
    return "", len(text)


def hedge_after(text):
    """The same for words that follow a number, and how many characters they take."""
    for name, pattern in HEDGES_AFTER:
        if match := pattern.match(text):
            return name, match.end()
    return "", 0


def values_of(run):
    """Numbers of a run of words, each with its place in the run.

    >>> values_of("quatre-vingt-dix-sept")
    [(97, 0, 21)]
    >>> values_of("two thousand five hundred and seven")
    [(2507, 0, 35)]
    """
    found = []
    state = None
    for match in re.finditer(_ONE + r"(?![\w])", run, re.IGNORECASE):
        word = match[0].lower()
        if state is None or not state.take(word):
            if state is not None:
                found.append((state.value, state.start, state.end))
            state = _Count(match.start())
            state.take(word)
        state.end = match.end()
    if state is not None:
        found.append((state.value, state.start, state.end))
    return found


class _Count:
    """A number that grows word by word and refuses a word that begins another number."""

    def __init__(self, start):
        self.start = self.end = start
        self.done = 0
        self.open = None
        self.scale = 10**12

    @property
    def value(self):
        return self.done + (self.open or 0)

    def take(self, word):
        if word in LARGE:
            return self._take_large(LARGE[word])
        if word in HUNDREDS:
            if self.open is not None and self.open >= 100:
                return False
            self.open = (self.open or 1) * 100
            return True
        return self._take_small(WORDS[word], word)

    def _take_large(self, scale):
        if scale >= self.scale:
            return False
        self.done += (1 if self.open is None else self.open) * scale
        self.open, self.scale = None, scale
        return True

    def _take_small(self, value, word):
        held = self.open or 0
        if word.startswith("vingt") and held % 100 == 4 and self.open is not None:
            self.open = held + 76  # quatre-vingt
            return True
        if self.open is not None and not self._fits(held % 100, value):
            return False
        self.open = held + value
        return True

    @staticmethod
    def _fits(tail, value):
        if value >= 20:
            return tail == 0
        if value >= 10:
            return tail in (0, 60, 80)
        return tail % 10 == 0 and (tail != 10 or value >= 7) and value > 0
