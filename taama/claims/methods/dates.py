"""Days, months, years and spans of them, as French and English texts write them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from taama.base import periods
from taama.base.messages import MONTHS

_SHORT = {
    "janv": 1, "jan": 1, "févr": 2, "feb": 2, "mar": 3, "avr": 4, "apr": 4, "jun": 6, "juil": 7, "jul": 7, "aug": 8,
    "sept": 9, "sep": 9, "oct": 10, "nov": 11, "déc": 12, "dec": 12
}  # fmt: skip


def _folded(word):
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in plain if not unicodedata.combining(c)).rstrip(".")


NUMBERS = {_folded(name): n for names in MONTHS.values() for n, name in enumerate(names, 1)}
NUMBERS |= {_folded(name): n for name, n in _SHORT.items()}
# "may" and "march" are verbs when they are not written as names
_MONTH = (
    "(?:(?i:janvier|février|fevrier|avril|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre|january|"
    "february|april|june|july|august|september|october|november|december)|(?:mars|mai|Mars|Mai|MARS|MAI|March|MARCH|May|MAY)|"
    r"(?:[Jj]anv|[Ff]évr|[Aa]vr|[Jj]uil|[Dd]éc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|sept|Oct|oct|Nov|nov|Dec)\b\.?)"
)
_YEAR = r"(?:19|20)\d{2}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:\s?(?:er|st|nd|rd|th)\b)?"
DATE = re.compile(
    rf"(?<![\w/-])(?:(?P<iso>{_YEAR}-\d{{2}}(?:-\d{{2}})?)|(?P<d2>{_DAY})/(?P<m2>\d{{1,2}})/(?P<y2>{_YEAR})"
    rf"|(?P<month3>{_MONTH})\s+(?P<day3>{_DAY}){_TH},\s*(?P<year3>{_YEAR})"
    rf"|(?:(?P<day>{_DAY}){_TH}\s+(?:of\s+)?)?(?P<month>{_MONTH})(?:[\s,]+(?:de\s+)?(?P<year>{_YEAR}))?"
    rf"|(?P<only>{_YEAR})(?!\s*(?:%|per ?cent|pour ?cent)))(?![\w/]|-\d|[.,]\d)"
)
BARE_DAY = re.compile(
    rf"\b(?:from|between|du|entre le|le)\s+(?:the\s+)?(?P<day>{_DAY}){_TH}\s+(?:to|and|au|et(?: le)?|until)\s+(?:the\s+)?$",
    re.I,
)
_LINK = re.compile(
    r"\s*,?\s*(?:to|until|till|through|and|up to|au|à|et|jusqu['’](?:à|au|en|aux)|-|–|—)\s*"
    r"(?:the end of|la fin d[eu]|le|fin|end)?\s*$",
    re.I,
)
_OPENING = re.compile(
    r"\b(?:from|between|since|de|du|entre|depuis|d['’])\s*(?:the|le|la|les|mois d['e’])?\s*$", re.I
)
_SINCE = re.compile(r"\b(?:since|depuis|à partir d[e'’u]|from)\s*(?:le|the|mois d['e’])?\s*$", re.I)


@dataclass(frozen=True)
class Stamp:
    """A date as precise as it is written: its first and last possible day."""

    first: date
    last: date
    start: int = 0
    end: int = 0
    dated: bool = True  # False: the year is not written

    @property
    def is_month(self):
        return self.first.day == 1 and self.last == periods.month_of(self.first).last


@dataclass(frozen=True)
class Span:
    """A stretch of time whose ends are as precise as written. `closing` None: the text gives no end."""

    opening: Stamp
    closing: Stamp | None
    loose: bool = False  # "since": the first month need not be whole

    @property
    def fewest_days(self):
        if self.closing is self.opening:
            return self.most_days
        return max((self.closing.first - self.opening.last).days + 1, 1)

    @property
    def most_days(self):
        return (self.closing.last - self.opening.first).days + 1


def stamps(text):
    """Every date of a text with its place; a month without year takes the year of the date that follows it.

    >>> [(s.first.isoformat(), s.last.isoformat()) for s in stamps("du 12 mars au 30 avril 2020")]
    [('2020-03-12', '2020-03-12'), ('2020-04-30', '2020-04-30')]
    """
    found = [stamp for match in DATE.finditer(text) if (stamp := _stamp(match))]
    for index in range(len(found) - 2, -1, -1):
        here, following = found[index], found[index + 1]
        if not here.dated and following.dated and following.start - here.end < 30:
            found[index] = _in_year_of(here, following)
    return tuple(found)


def _stamp(match):
    try:
        if match["iso"]:
            period = periods.parse(match["iso"])
        elif match["only"]:
            year = int(match["only"])
            return Stamp(date(year, 1, 1), date(year, 12, 31), *match.span())
        elif match["y2"]:
            period = periods.day(date(int(match["y2"]), int(match["m2"]), int(match["d2"])))
        else:
            return _named(match)
    except (ValueError, periods.TaamaError):
        return None
    return Stamp(period.first, period.last, *match.span())


def _named(match):
    """A date with the name of its month; without its year it stands in year 4 until one is found."""
    number = NUMBERS[_folded(match["month3"] or match["month"])]
    year = int(match["year3"] or match["year"] or 4)
    day = match["day3"] or match["day"]
    period = periods.day(date(year, number, int(day))) if day else periods.month(year, number)
    return Stamp(period.first, period.last, *match.span(), dated=year != 4)


def _in_year_of(stamp, following):
    year = following.first.year - (stamp.first.month > following.first.month)
    first = stamp.first.replace(year=year)
    last = periods.month_of(first).last if stamp.first != stamp.last else first
    return Stamp(first, last, stamp.start, stamp.end)


def span(text):
    """The one span of time that a sentence speaks of, or None when there is none or more than one.

    >>> found = span("du 1er au 31 mars 2022")
    >>> (found.fewest_days, found.most_days)
    (31, 31)
    >>> span("since June 2016 until the closure of the borders").closing is None
    True
    """
    dated = [stamp for stamp in stamps(text) if stamp.dated]
    spans = [found for a, b in zip(dated, dated[1:], strict=False) if (found := _joined(text, a, b))]
    if spans:
        return spans[0] if len(spans) == 1 and len(dated) == 2 else None
    if len(dated) != 1:
        return None
    return _of_one(text, dated[0])


def _joined(text, first, second):
    between = text[first.end : second.start]
    opened = _OPENING.search(text[: first.start])
    needs_opening = re.search(r"\b(?:and|et|à)\b", between)
    if not _LINK.fullmatch(between) or (needs_opening and not opened) or second.last < first.first:
        return None
    return Span(
        first,
        second,
        loose=bool(_SINCE.search(text[: first.start]) and "from" not in opened[0].lower())
        if opened
        else False,
    )


def _of_one(text, stamp):
    before = text[: stamp.start]
    if match := BARE_DAY.search(before):
        day = stamp.first.replace(day=int(match["day"]))
        return Span(Stamp(day, day), stamp) if day <= stamp.first else None
    return Span(stamp, None if _SINCE.search(before) else stamp)


def month_before(period):
    return periods.month_of(period.first - timedelta(days=1))


def month_number(word):
    """1 to 12 for the name of a month, else None."""
    return NUMBERS.get(_folded(word))
