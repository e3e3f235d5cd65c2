"""Verdicts as people read them: texts, arithmetic and plain data, in French or English."""

from dataclasses import replace
from fractions import Fraction

from taama.base.messages import NO_BREAK_SPACE, message, number, percent
from taama.base.periods import Period
from taama.claims.methods.intervals import INFINITY, Interval
from taama.claims.methods.kinds import NAMES
from taama.claims.methods.numbers import PERCENT, POINTS, Number

SIGNS = {"about": "≈", "above": "≥", "below": "≤"}
POINT_NAMES = {
    "fr": ("point de pourcentage", "points de pourcentage"),
    "en": ("percentage point", "percentage points"),
}


def text(verdict, language):
    """The sentence that says what was found."""
    values = {name: shown(value, language) for name, value in verdict.values.items()}
    return str(message(verdict.code, language, values))


def arithmetic(verdict, language):
    """`92 833 + 169 270 = 262 103`"""
    pieces = [token if isinstance(token, str) else shown(token, language) for token in verdict.shown]
    gap = NO_BREAK_SPACE if language == "fr" else ""
    return " ".join(pieces).replace("( ", "(").replace(" )", ")").replace(" ;", f"{gap};")


def shown(value, language):
    """A value of a verdict as a reader of this language writes it."""
    if isinstance(value, Number):
        return _number(value, language)
    if isinstance(value, Interval):
        return _interval(value, language)
    if isinstance(value, Period):
        return value.text(language)
    if isinstance(value, tuple):
        return _tuple(value, language)
    if value is None:
        return "?"
    return value if isinstance(value, str) else figure(value, language)


def figure(value, language):
    """A number with the decimals that its size deserves, none when it is whole.

    >>> figure(Fraction(479, 100), "en"), figure(Fraction(34700, 93), "en"), figure(262103, "en")
    ('4.79', '373.1', '262,103')
    """
    if value == INFINITY:
        return "∞"
    if Fraction(value).denominator == 1:
        return number(int(value), language, 0)
    decimals = 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return _trimmed(number(float(value), language, decimals), decimals)


def _trimmed(text, decimals):
    return text.rstrip("0").rstrip(".,") if decimals else text


def _number(n, language):
    if n.last is not None:
        return f"{figure(n.value, language)}–{_number(replace(n, value=n.last, last=None), language)}"
    if n.hedge:
        return f"{SIGNS[n.hedge]}{NO_BREAK_SPACE}{_number(replace(n, hedge=''), language)}"
    if n.kind == PERCENT:
        decimals = 0 if Fraction(n.value).denominator == 1 else 1
        return percent(float(n.value), language, decimals)
    plain = figure(n.value, language)
    if n.kind == POINTS:
        names = POINT_NAMES[language]
        return f"{plain}{NO_BREAK_SPACE}{names[abs(n.value) >= 2 if language == 'fr' else n.value != 1]}"
    return plain


def _interval(interval, language):
    if interval.low == interval.high:
        return figure(interval.low, language)
    if interval.high == INFINITY:
        return f"≥{NO_BREAK_SPACE}{figure(interval.low, language)}"
    low, high = figure(interval.low, language), figure(interval.high, language)
    return low if low == high else f"{low}–{high}"


def _tuple(values, language):
    if values and all(isinstance(v, tuple) for v in values):
        return ", ".join("/".join(shown(n, language) for n in pair) for pair in values)
    if any(isinstance(v, str) and v == "+" for v in values):
        return " ".join(shown(v, language) for v in values)
    return ", ".join(shown(v, language) for v in values)


def as_data(verdict, language):
    """A verdict as plain data for JSON: numbers as numbers, texts in one language."""
    claim, passage = verdict.claim, verdict.claim.passage
    return {
        "status": verdict.status, "kind": NAMES[type(claim)], "code": verdict.code, "text": text(verdict, language),
        "arithmetic": arithmetic(verdict, language), "claimed": _plain(verdict.claimed), "low": _plain(verdict.low),
        "high": _plain(verdict.high), "difference": _plain(verdict.difference), "sentence": passage.sentence,
        "start": passage.start, "end": passage.end, "line": passage.line or None, "row": claim.row, "label": claim.label
    }  # fmt: skip


def _plain(value):
    if value is None or value in (INFINITY, -INFINITY):
        return None
    return int(value) if Fraction(value).denominator == 1 else round(float(value), 6)
