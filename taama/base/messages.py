"""Texts that belong to codes: errors, checks, reasons, verdicts. `locale/messages*.toml` of each app.

An entry holds `fr` and `en`, each either a sentence or a table with `cause` and `remedy`::

    ["places.no_codes"]
    fr = { cause = "Le fichier {file} n'a pas de colonne de codes.", remedy = "Indiquez-la avec --code." }
    en = { cause = "The file {file} has no column of codes.", remedy = "Name it with --code." }
"""

import re
import string
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

LANGUAGES = ("fr", "en")
ROOT = Path(__file__).resolve().parent.parent
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
CLOSED = r"(?=[\s.,:;!?)»\"'…]|$)"  # `?bom=1`, `!=` and `%(name)s` are no punctuation
NARROW_MARK = re.compile(rf" (?=[;?!]{CLOSED})")
WIDE_MARK = re.compile(rf" (?=[:%]{CLOSED}|%%{CLOSED}|»)|(?<=«) ")
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}


@dataclass(frozen=True)
class Message:
    cause: str
    remedy: str = ""

    def __str__(self):
        return f"{self.cause} {self.remedy}".strip()


@cache
def catalogue():
    """Every code of every app with its two languages."""
    entries = {}
    for path in sorted(ROOT.glob("*/locale/messages*.toml")):
        for code, entry in tomllib.loads(path.read_text("utf-8")).items():
            if code in entries:
                raise ValueError(f"code {code} stands twice, the second time in {path}")
            entries[code] = entry
    return entries


def message(code, language, values=None):
    """The text of a code. An unknown code raises KeyError: a missing text is a fault of ours."""
    entry = catalogue()[code][language]
    if isinstance(entry, str):
        entry = {"cause": entry}
    if language == "fr":
        entry = {part: typeset_french(text) for part, text in entry.items()}
    shown = {name: show(value, language) for name, value in (values or {}).items()}
    fill = _Filler().vformat
    return Message(fill(entry["cause"], (), shown), fill(entry.get("remedy", ""), (), shown))


@lru_cache(maxsize=4096)
def typeset_french(text):
    """A French text with the spaces of its punctuation unbreakable. Only existing spaces change.

    >>> typeset_french("Est-ce « oui » ?") == "Est-ce «\\u00a0oui\\u00a0»\\u202f?"
    True
    """
    text = NARROW_MARK.sub(NARROW_SPACE, text)
    return WIDE_MARK.sub(NO_BREAK_SPACE, text)


class _Filler(string.Formatter):
    """A value that is not given stays visible as its name, so that a text never fails to appear."""

    def get_value(self, key, args, kwargs):
        return kwargs.get(key, "{" + str(key) + "}")


def show(value, language):
    """A value as a reader of this language writes it."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return number(value, language)
    if isinstance(value, dict) and language in value:
        return show(value[language], language)  # a text that travels in both languages
    if isinstance(value, datetime | date):
        return day(value, language)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(show(item, language) for item in value)
    return str(value)


def number(value, language, decimals=None):
    """`12345.6` as `12 345,6` (narrow no-break space) or `12,345.6`."""
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    text = f"{value:,.{decimals}f}"
    if language == "fr":
        text = text.replace(",", NARROW_SPACE).replace(".", ",")
    return text.replace("-", "\u2212")


def percent(value, language, decimals=0):
    """A share given in per cent: `41 %` in French with its no-break space, `41%` in English."""
    gap = NO_BREAK_SPACE if language == "fr" else ""
    return f"{number(value, language, decimals)}{gap}%"


def day(value, language):
    """`30 avril 2023`, `1er mai 2023`, `30 April 2023`."""
    first = "1er" if language == "fr" and value.day == 1 else str(value.day)
    return f"{first} {MONTHS[language][value.month - 1]} {value.year}"
