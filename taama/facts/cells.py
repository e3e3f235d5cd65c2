"""Numbers and dates as people write them in cells: read where certain, named as doubtful otherwise."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

NO_VALUE = frozenset({"", "-", "–", "—", "n/a", "na", "n.a.", "nd", "n.d.", "n/d", "null", "#n/a", "..", "…"})
SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
THOUSANDS = re.compile(r"-?\d{1,3}([.,])\d{3}(\1\d{3})*")
COUNT_AT_MOST = 10**9
SERIALS = range(36526, 58000)  # 2000 to 2058, as Excel counts days
UNREADABLE, NEGATIVE, NOT_WHOLE = "not_a_number", "negative", "number_not_whole"
MONTH_WORDS = {
    1: "janvier january jan janv", 2: "fevrier february feb fev fevr", 3: "mars march mar", 4: "avril april apr avr",
    5: "mai may", 6: "juin june jun", 7: "juillet july jul juil", 8: "aout august aug", 9: "septembre september sep sept",
    10: "octobre october oct", 11: "novembre november nov", 12: "decembre december dec",
}  # fmt: skip
MONTHS = {word: number for number, words in MONTH_WORDS.items() for word in words.split()}


@lru_cache(2**16)  # the same names stand on thousands of lines
def plain(text):
    """Lower case, without accents, marks and double spaces.

    >>> plain("Total No# of IDPs\\nHH "), plain("Ménages_PDI"), plain("admin1Pcode")
    ('total no of idps hh', 'menages pdi', 'admin 1 pcode')
    """
    text = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", text)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    text = re.sub(r"%", " % ", text)
    text = re.sub(r"\biso 3\b", "iso3", re.sub(r"[^a-z0-9%<>+]+", " ", text))
    return text.strip()


def read_count(text):
    """A number of people or households: (number, trouble). No value and no trouble where the cell says nothing.

    >>> read_count("1 234"), read_count("1,234"), read_count("12.0"), read_count("-"), read_count("2,5")
    ((1234, None), (1234, None), (12, None), (None, None), (None, 'number_not_whole'))
    """
    if text.isascii() and text.isdigit():
        return (int(text), None) if len(text) < 10 else (None, UNREADABLE)
    if text.strip().lower() in NO_VALUE:
        return None, None
    compact = SPACES.sub("", text).replace("\u2212", "-")
    if THOUSANDS.fullmatch(compact):
        compact = re.sub(r"[.,]", "", compact)
    elif re.fullmatch(r"-?\d{1,3}((,\d{3})+\.|(\.\d{3})+,)\d+", compact):
        whole, decimals = re.split(r"[.,](?=\d+$)", compact)
        compact = f"{re.sub('[.,]', '', whole)}.{decimals}"
    if not re.fullmatch(r"-?\d+([.,]\d+)?", compact) or not compact.isascii():
        return None, UNREADABLE
    whole, _, decimals = compact.replace(",", ".").partition(".")
    if decimals.strip("0"):
        return None, NOT_WHOLE
    number = int(whole)
    if number < 0:
        return None, NEGATIVE
    return (number, None) if number < COUNT_AT_MOST else (None, UNREADABLE)


def month_first(texts):
    """Whether a column writes the month before the day: only when some date can't be read otherwise.

    >>> month_first(["04/30/2020", "05/01/2020"]), month_first(["30/04/2020", "05/01/2020"])
    (True, False)
    """
    pairs = [
        tuple(map(int, m.groups()))
        for t in set(texts)
        if (m := re.match(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{2}", t))
    ]
    return any(second > 12 for _, second in pairs) and not any(first > 12 for first, _ in pairs)


def read_date(text, month_before_day=False):
    """A day or month: (date, precision, serial). The last day stands for a month; all None when it can't be read.

    >>> read_date("31-12-2017"), read_date("sept. 2021")[:2], read_date("43951")
    ((datetime.date(2017, 12, 31), 'day', False), (datetime.date(2021, 9, 30), 'month'), (datetime.date(2020, 4, 30), 'day', True))
    """
    text = SPACES.sub(" ", text).strip()
    if match := re.fullmatch(r"(\d{5})(\.\d+)?", text):
        serial = int(match[1])
        return (
            (date(1899, 12, 30) + timedelta(days=serial), "day", True)
            if serial in SERIALS
            else (None, None, False)
        )
    day = _day(text, month_before_day)
    if day:
        return day, "day", False
    month = _month(text)
    return (month, "month", False) if month else (None, None, False)


def _day(text, month_before_day):
    if match := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ]\d{1,2}:\d{2}.*)?$", text):
        return _date(match[1], match[2], match[3])
    if match := re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})( \d{1,2}:\d{2}.*)?$", text):
        month, day = (match[1], match[2]) if month_before_day else (match[2], match[1])
        return _date(_year(match[3]), month, day)
    words = _words(text)
    if len(words) != 3 or not words[2].isdigit():
        return None
    day, month = (words[0], words[1]) if words[0].isdigit() else (words[1], words[0])
    return _date(_year(words[2]), MONTHS[month], day) if day.isdigit() and month in MONTHS else None


def _month(text):
    if match := re.fullmatch(r"(\d{4})[-/](\d{1,2})", text):
        return _last(match[1], match[2])
    if match := re.fullmatch(r"(\d{1,2})[-/](\d{4})", text):
        return _last(match[2], match[1])
    words = plain(text).split()
    if len(words) == 2 and words[0] in MONTHS and words[1].isdigit() and len(words[1]) in (2, 4):
        return _last(_year(words[1]), MONTHS[words[0]])
    return None


def _words(text):
    return re.sub(r"\b1 er\b", "1", plain(text)).split()


def _year(text):
    return text if len(text) == 4 else f"20{text}"


def _last(year, month):
    try:
        return _date(year, month, monthrange(int(year), int(month))[1])
    except ValueError:
        return None


def _date(year, month, day):
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


def date_within(text):
    """The day or month that a title or a file's name speaks of: (date, precision), or (None, None).

    >>> date_within("Situation des PDI au 30 septembre 2021"), date_within("DTM_Mali_Round_64_April_2020.xlsx")
    ((datetime.date(2021, 9, 30), 'day'), (datetime.date(2020, 4, 30), 'month'))
    """
    words = _words(text)
    for size in (3, 2):
        for start in range(len(words) - size + 1):
            piece = words[start : start + size]
            if any(word in MONTHS for word in piece) and len(piece[-1]) == 4:
                found, precision, _ = read_date(" ".join(piece))
                if found:
                    return found, precision
    match = re.search(r"(?<!\d)(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2})(?!\d)", text)
    found, precision, _ = read_date(match[1]) if match else (None, None, False)
    return found, precision


def read_round(text):
    """A round's code, however it is written; empty where there is none.

    >>> read_round("R72"), read_round("Round 72"), read_round("DTM_Mali_Round_64_April_2020.xlsx"), read_round("2026-1")
    ('72', '72', '64', '2026-1')
    """
    if match := re.fullmatch(r"\s*(\d{1,4}(-\d{1,2})?)(\.0+)?\s*", text):
        return match[1]
    match = re.search(
        r"(?:^|[^a-z])(?:round|cycle|tour|r)[ _.-]*(?:n[o°]?[ _.-]*)?(\d{1,3})(?!\d)", text.lower()
    )
    return match[1].lstrip("0") if match else ""
