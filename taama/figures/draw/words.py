"""Widths of words in Noto Sans, so that labels can be placed without a browser; wrapping; short dates."""

from taama.base.messages import number, percent

# Advance widths in hundredths of an em, rounded up to the next five, of Noto Sans Regular.
CLASSES = {
    15: "\u202f",
    20: "'’",
    25: " !,.:;Jijlîï·\u00a0",
    30: "()-`",
    35: "/I[\\]ftÎ¹²³⁴⁵⁶⁷⁸⁹⁰",
    40: '"r{}',
    45: "?_z°",
    50: "FLcsvyçÿɔɛ«»–†",
    55: "$*+<=>ESTYZ^aekx|~àâäéèêëÉÈÊ−±×",
    60: "0123456789KPRVXbdghnopquôöùûüŋɲ",
    65: "#ABCÀÂ",
    75: "&DGHNUÛ",
    80: "OQwÔ…",
    95: "%@MWmœŒ",
}
WIDTHS = {character: hundredths / 100 for hundredths, text in CLASSES.items() for character in text}
HEAVIER = 1.06
OTHER_FONTS = 1.04  # a page may fall back on a wider font

SHORT_MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def width(text, size=12, strong=False):
    """Width of a line of text, in the unit of `size`, on the safe side.

    >>> 70 < width("Tombouctou") < 90
    True
    """
    ems = sum(WIDTHS.get(character, 0.65) for character in str(text))
    return ems * size * OTHER_FONTS * (HEAVIER if strong else 1)


def wrapped(text, room, size=12, strong=False):
    """The text in lines of at most `room`; a single word that is too long is shortened.

    >>> wrapped("Insécurité liée aux conflits", 100)
    ['Insécurité liée', 'aux conflits']
    """
    lines = []
    for word in str(text).split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size, strong) <= room:
            lines[-1] = joined
        else:
            lines.append(shortened(word, room, size, strong))
    return lines


def shortened(text, room, size=12, strong=False):
    """The text, or as much of it as fits with an ellipsis; the table beside the picture holds all of it."""
    text = str(text)
    if width(text, size, strong) <= room:
        return text
    while text and width(text + "…", size, strong) > room:
        text = text[:-1]
    return text.rstrip() + "…"


WHOLE = frozenset({"people", "households", "localities", "days"})


def amount(value, unit, language, decimals=None):
    """A value as it is written in pictures and tables; only shares carry their sign, people have no decimals.

    >>> amount(41.2, "percent", "en"), amount(91274, "people", "en")
    ('41%', '91,274')
    """
    if unit == "percent":
        return percent(value, language, decimals or 0)
    if decimals is None and unit in WHOLE:
        decimals = 0
    return number(value, language, decimals)


def interval(low, high, unit, language, decimals=None):
    return f"{amount(low, unit, language, decimals)} – {amount(high, unit, language, decimals)}"


def short_day(when, language):
    first = "1er" if language == "fr" and when.day == 1 else str(when.day)
    return f"{first} {SHORT_MONTHS[language][when.month - 1]}"


def short_month(when, language):
    return f"{SHORT_MONTHS[language][when.month - 1]} {when.year}"


def superscript(position):
    return str(position).translate(SUPERSCRIPTS)
