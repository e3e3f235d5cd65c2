"""Reading numbers as French and English texts write them, each with the interval that rounding leaves open."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from taama.base.errors import MethodError
from taama.claims.methods import wording
from taama.claims.methods.intervals import INFINITY, Interval

COUNT, PERCENT, POINTS, MONEY, MEASURE = "count", "percent", "points", "money", "measure"
EXACT_BELOW = 100  # a round number below this is taken as counted, not rounded
SURE_DIGITS = 3  # an author who rounds without saying so keeps at least so many digits
CUT_OFF = Fraction(999, 1000)  # a figure cut off falls short of the next one
POSSIBLE_DIGITS = 2  # fewer are possible, and make a statement doubtful rather than false
RELATIVE_MARGINS = {
    1: Fraction(1, 10),
    2: Fraction(1, 20),
    3: Fraction(1, 50),
}  # of "about", by digits that count
PRECISE_MARGIN = Fraction(1, 200)


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text.

    value    Fraction; `last` of a range such as `47 to 53 per cent` is its upper end
    written  place of the last digit written: 1 for `262 103`, 1/10 for `4,7`, 100 000 for `1,5 million`
    unit     place of the last digit that is not zero: 1 000 for `15 000`
    kind     count, percent, points (percentage points), money or measure (ages, durations, distances)
    hedge    about, above, below or nothing
    other    a second possible reading (`44.084`: forty-four thousand, or forty-four and a bit), else None
    scale    the word or letter it is multiplied by: 1 000 000 in `1,5 million`
    weak     `one`, `un`, `une`: often an article
    """

    text: str
    value: Fraction
    written: Fraction = Fraction(1)
    kind: str = COUNT
    hedge: str = ""
    last: Fraction | None = None
    other: Fraction | None = None
    weak: bool = False
    scale: int = 1
    start: int = 0
    end: int = 0
    noun: str = ""

    @property
    def scaled(self):
        """Written in tenths, thousands or millions: then the last written digit is the last known one."""
        return self.scale > 1 or self.written < 1

    @property
    def signed(self):
        """Written with + or −: a change, not a share."""
        return self.text[:1] in ("+", "-", "−", "–")

    @property
    def plain(self):
        """A whole number without words of caution."""
        return not self.hedge and not self.weak and self.last is None and self.value.denominator == 1

    @property
    def unit(self):
        return _last_place(self.value, self.written)

    @property
    def digits(self):
        """How many digits count, from the first to the last that is not zero."""
        return len(str(int(self.value / self.unit))) if self.value else 1

    def counted(self, wide=False):
        """What a count may stand for. `wide`: rounded more boldly than careful authors do."""
        if self.last is not None:
            return Interval(self.value, self.last)
        if self.hedge:
            return self._hedged(wide)
        if self.scaled:
            return self._around(self.written / 2)
        return self._around(self._rounding(wide) / 2)

    def computed(self, wide=False):
        """What a share, an average or a rate may stand for: rounded at its last written digit.

        `wide`: cut off instead of rounded, or rounded at its final zeros.
        """
        if self.last is not None:
            return Interval(self.value - self.written / 2, self.last + self.written / 2)
        if self.hedge:
            return self._hedged(wide)
        near = self._around(self.written / 2)
        if not wide:
            return near
        zeros = self._rounding(wide) / 2 if self.kind != PERCENT else 0
        return near.hull(Interval(self.value - zeros, self.value + max(self.written * CUT_OFF, zeros)))

    def _around(self, margin):
        return Interval(max(self.value - margin, 0), self.value + margin)

    def _rounding(self, wide):
        if self.value < EXACT_BELOW or self.unit < 10:
            return Fraction(0)
        kept = POSSIBLE_DIGITS if wide else SURE_DIGITS
        place = Fraction(10) ** (len(str(int(self.value))) - kept)
        return min(self.unit, place) if place >= 10 else Fraction(0)

    def _hedged(self, wide):
        relative = RELATIVE_MARGINS.get(self.digits, PRECISE_MARGIN)
        margin = max(self.unit / 2, self.written / 2, self.value * relative)
        slack = margin / 2 if wide else 0
        if self.hedge == "above":
            return Interval(max(self.value - slack, 0), INFINITY)
        if self.hedge == "below":
            return Interval(0, self.value + slack)
        return self._around(margin + slack)


def _last_place(value, written):
    place = written
    if not value:
        return place
    while (value / (place * 10)).denominator == 1:
        place *= 10
    return place


_SPACES = " \u00a0\u202f\u2009\u2007"
_GROUPED = rf"(?!0[.,])\d{{1,3}}(?:(?P<sep>[{_SPACES}.,'’])\d{{3}})(?:(?P=sep)\d{{3}}){{0,4}}(?!\d)(?:[.,]\d{{1,9}})?"
_STRAY = r"\d{1,3}(?:, 000)+(?!\d)"  # `700, 000 $`: no list holds the number 000
_PLAIN = r"\d{1,15}(?!\d)(?:[.,]\d{1,9})?"  # a longer row of digits is no number that anybody counted
_LEFT = r"(?<![\w°#])(?<!\d[.,:'’-])(?<![^\W\d_]-)(?<![^\W\d_]/)"
_RIGHT = r"(?!\d)(?!\s?(?:er|ère|e|è|ème|eme|th|st|nd|rd|h|ᵉ)\b)(?=[kKM]\b|bn\b|[^\W\d_]{0}(?![^\W\d_]))"
_DIGITS = re.compile(
    rf"{_LEFT}(?P<money>(?:US)?[$€£]\s?|(?:USD|EUR|FCFA|XOF)\s)?(?P<sign>(?<![\w\d])[+\-−–])?"
    rf"(?P<digits>{_STRAY}|{_GROUPED}|{_PLAIN}){_RIGHT}"
)
_SCALE = re.compile(
    r"\s*(?:(?P<word>millions?|milliards?|billions?|thousand|mille|milliers?)\b|(?P<letter>[kKM]|bn)\b)", re.I
)
_AFTER = (
    (POINTS, re.compile(r"\s*(?:percentage[\s-]points?|points? de pourcentage|points? de %|pp\b|%-points?)", re.I)),
    (PERCENT, re.compile(r"\s*(?:%|％|per[\s-]?cent(?:age)?\b|pour[\s-]?cent\b|p\. ?100|pct\b)", re.I)),
    (MONEY, re.compile(r"\s*(?:US ?)?[$€£]|\s*(?:d[e'’]\s?)?(?:USD|EUR|F ?CFA|XOF|dollars?|euros?)\b", re.I)),
    (MEASURE, re.compile(
        r"[\s-]*(?:ans?|years?|mois|months?|jours?|days?|semaines?|weeks?|heures?|hours?|h|minutes?|km²?|m²?|mm|cm|kg|g|"
        r"litres?|liters?|kilom[eè]t\w*|tonn?e?s?|hectares?|ha)\b(?![\s-]+(?:old )?(?:workers?|journaliers?))", re.I
    ))
)  # fmt: skip
_OF_NUMBER = re.compile(
    r"\s+(?:[^\W\d]+\s+){0,2}?(?:sur|out of|of the|in|des)\s+(?!\w+ (?:tiers|quarts|\w+ièmes)\b)(?:\d|"
    + wording.RUN.pattern
    + r")|\s*\(\d|\s*(?:%|per cent|pour cent)",
    re.I,
)
_AGED = re.compile(
    r"(?:children|enfants|girls|boys|filles|garçons|aged?|âgée?s?|adult(?:e?s)|personnes|people|women|femmes|men|hommes)"
    r"(?:\s+(?:aged|âgée?s?|de|who are))*\s*$", re.I
)  # fmt: skip
SCALES = {
    "thousand": 10**3,
    "mille": 10**3,
    "millier": 10**3,
    "million": 10**6,
    "milliard": 10**9,
    "billion": 10**9,
}
LETTERS = {"k": 10**3, "M": 10**6, "bn": 10**9}
_NOUN = re.compile(r"[\s“«\"]*((?:[^\W\d_][\w’'/-]*(?:\s+[“«\"]?|[”»\"]\s*|(?=\W)|$)){1,8})")


def read_numbers(text, language="fr"):
    """Every number of a text, in order, with its span, what it counts and how exact it is.

    text      plain text; dates and addresses should be blanked out first (`text.blank`)
    language  `fr` or `en`: decides what a comma and a point mean where both are possible
    Returns   tuple of Number

    >>> [(n.value, n.kind, n.hedge) for n in read_numbers("près de 1,5 million de PDI, soit sept pour cent", "fr")]
    [(Fraction(1500000, 1), 'count', 'about'), (Fraction(7, 1), 'percent', '')]
    """
    found = [*_in_digits(text, language), *_in_words(text, language), *_vague(text)]
    found.sort(key=lambda n: (n.start, -n.end))
    apart = []
    for number in found:
        if not apart or number.start >= apart[-1].end:
            apart.append(number)
    return _ranges(tuple(_with_noun(n, text) for n in _echoes(apart, text)), text)


def read_number(text, language="fr"):
    """The one number of a short text such as `près de 262 103`.

    Raises  MethodError `claims.number_unreadable` when there is none or more than one
    """
    numbers = read_numbers(str(text), language)
    if len(numbers) != 1:
        raise MethodError("claims.number_unreadable", values={"text": str(text)})
    return numbers[0]


def _in_digits(text, language):
    for match in _DIGITS.finditer(text):
        yield _number(match["digits"], match.start(), match.end(), text, language, bool(match["money"]))


def _number(digits, start, end, text, language, money):
    value, written, other = _value(digits, language)
    scale, end = _scale(text, end, language)
    kind, end = _kind(text, end)
    if other is not None and (scale > 1 or kind == PERCENT):
        value, written, other = _decimal(digits)
    number = Number(
        text="", value=value * scale, written=written * scale, kind=MONEY if money and kind == COUNT else kind,
        other=None if other is None else other * scale, scale=scale, start=start, end=end
    )  # fmt: skip
    return _hedged(number, text)


def _value(digits, language):
    """Value, place of the last written digit, and the other reading where there are two."""
    if ", 000" in digits:
        return Fraction(digits.replace(", ", "")), Fraction(1), None
    groups = re.fullmatch(_GROUPED, digits)
    if not groups:
        return _decimal(digits)
    separator = groups["sep"]
    whole, _, decimals = digits.partition("." if separator != "." else ",")
    if separator == ",":
        whole, _, decimals = digits.partition(".")
    if separator not in ".," and "," in digits:
        whole, _, decimals = digits.partition(",")
    value = Fraction(re.sub(r"\D", "", whole) + ("." + decimals if decimals else ""))
    written = Fraction(1, 10 ** len(decimals))
    doubtful = separator in ".," and digits.count(separator) == 1 and not decimals
    if doubtful and not (language == "en" and separator == ","):
        return value, written, _decimal(digits)[0]
    return value, written, None


def _decimal(digits):
    whole, _, decimals = digits.replace(",", ".").partition(".")
    return Fraction(f"{whole}.{decimals or 0}"), Fraction(1, 10 ** len(decimals)), None


def _scale(text, end, language):
    match = _SCALE.match(text, end)
    if not match:
        return 1, end
    if match["letter"]:
        return LETTERS.get(match["letter"], 10**3), match.end()
    word = match["word"].lower().rstrip("s")
    return (10**12 if word == "billion" and language == "fr" else SCALES[word]), match.end()


def _kind(text, end):
    for kind, pattern in _AFTER:
        if match := pattern.match(text, end):
            return kind, end if kind == MEASURE else match.end()
    return COUNT, end


def _hedged(number, text):
    """The number with the words of caution around it, and an age told from a count."""
    hedge, start = wording.hedge_before(text[max(0, number.start - 30) : number.start])
    start += max(0, number.start - 30)
    if not hedge:
        start = number.start
        hedge, length = wording.hedge_after(text[number.end : number.end + 20])
        number = replace(number, end=number.end + length)
    kind = number.kind
    if kind == COUNT and number.value <= 65 and _AGED.search(text, max(0, start - 40), start):
        kind = MEASURE
    return replace(number, hedge=hedge, kind=kind, start=start, text=text[start : number.end].strip())


def _in_words(text, language):
    for run in wording.RUN.finditer(text):
        if re.search(r"(?:per|pour)[\s-]*$", text[max(0, run.start() - 6) : run.start()], re.I):
            continue  # the "cent" of per cent
        for value, first, last in wording.values_of(run[0]):
            words = run[0][first:last].lower()
            start, end = run.start() + first, run.start() + last
            if (words in ("cent", "cents") and language == "en") or _is_article(
                words, run[0][first:last], text[end:]
            ):
                continue
            scale, end = _scale(text, end, language)
            kind, end = _kind(text, end)
            yield _hedged(
                Number(
                    "",
                    Fraction(value * scale),
                    written=Fraction(scale),
                    scale=scale,
                    kind=kind,
                    weak=words in wording.WEAK,
                    start=start,
                    end=end,
                ),
                text,
            )


def _is_article(words, written, following):
    """`un`, `une`, `one` count only where another number says of how many: `un ménage sur cinq`, `one of the 19`."""
    return words in wording.WEAK and (written.isupper() or not _OF_NUMBER.match(following))


def _vague(text):
    """`une centaine`, `half of`, `les deux tiers des`: numbers that are approximate by nature."""
    for match in wording.COLLECTIVE.finditer(text):
        value = Fraction(wording.COLLECTIVES[match["word"].lower()])
        start, end = match.span()
        yield replace(_hedged(Number("", value, start=start, end=end), text), hedge="about")
    for match in wording.FRACTION.finditer(text):
        word = match["word"].lower().rstrip("s") if match["word"].lower() != "tiers" else "tiers"
        many = {None: 1, "two": 2, "deux": 2, "three": 3, "trois": 3}[match["many"] and match["many"].lower()]
        start, end = match.span()
        share = Fraction(100 * many, wording.FRACTIONS[word])
        number = _hedged(Number("", share, written=Fraction(10), kind=PERCENT, start=start, end=end), text)
        yield replace(number, hedge=number.hedge or "about")
    for match in wording.RATE.finditer(text):
        if (share := wording.rate_of(match)) is not None:
            start, end = match.span("rate")
            number = _hedged(
                Number("", share, written=Fraction(10), kind=PERCENT, start=start, end=end), text
            )
            yield replace(number, hedge=number.hedge or "about")


def _echoes(numbers, text):
    """`five (5)` is one number; `five (6)` stays two, for the checker to see."""
    merged = []
    for number in numbers:
        before = merged[-1] if merged else None
        if before and before.value == number.value and is_echo(before, number, text):
            merged[-1] = replace(
                before, end=number.end + 1, weak=False, text=text[before.start : number.end + 1]
            )
        else:
            merged.append(number)
    return merged


def is_echo(first, second, text):
    """Whether the second number repeats the first in brackets, once in words and once in digits."""
    between = text[first.end : second.start]
    closed = text[second.end : second.end + 1] == ")"
    in_words = [not re.search(r"\d", n.text) for n in (first, second)]
    return closed and re.fullmatch(r"\s*\(", between) is not None and in_words[0] != in_words[1]


def _with_noun(number, text):
    match = _NOUN.match(text, number.end)
    return replace(number, noun=" ".join(match[1].split()) if match else "")


_TO = re.compile(r"\s*(?:to|à|-|–|—)\s*$")
_BETWEEN = re.compile(r"\b(?:between|entre)\s*$", re.I)
_FROM = re.compile(r"\b(?:from|de|du|d['’])\s*$", re.I)


def _ranges(numbers, text):
    """`47 to 53 per cent`, `between 10 and 20`: one number with two ends. `from A to B` stays two."""
    result = []
    for number in numbers:
        before = result[-1] if result else None
        if before and _is_range(before, number, text):
            result[-1] = replace(
                number, value=in_scale_of(before, number).value, last=number.value, start=before.start,
                text=text[before.start : number.end], hedge="", kind=MEASURE if before.kind == MEASURE else number.kind
            )  # fmt: skip
        else:
            result.append(number)
    return tuple(result)


def in_scale_of(number, other):
    """`1.5` read with `2 million` in `from 1.5 to 2 million`."""
    if number.scale > 1 or other.scale == 1 or number.value >= 1000:
        return number
    return replace(
        number, value=number.value * other.scale, written=number.written * other.scale, scale=other.scale
    )


def _is_range(before, number, text):
    if (
        before.kind not in (COUNT, MEASURE, number.kind)
        or before.last is not None
        or in_scale_of(before, number).value >= number.value
    ):
        return False
    between, head = text[before.end : number.start], text[max(0, before.start - 12) : before.start]
    if _BETWEEN.search(head):
        return re.fullmatch(r"\s*(?:and|et)\s*", between) is not None
    if not _TO.fullmatch(between):
        return False
    return before.kind == MEASURE or (number.kind in (PERCENT, MEASURE) and not _FROM.search(head))
