"""The functions of ODK XForms that can be worked out from the answers alone."""

import math
import re
from datetime import datetime, timedelta

from taama.logic.methods.values import Days, equal, to_number, to_text, to_truth

CLOCK = ("now", "today")
CHANCE, LISTS, WORDS = "chance", "lists", "words"
# What only the phone knew: another chance, another list of places, another language.
ELSEWHERE = {
    "random": CHANCE, "uuid": CHANCE, "once": CHANCE, "randomize": CHANCE, "property": CHANCE,
    "pulldata": LISTS, "instance": LISTS, "jr:choice-name": WORDS, "jr:itext": WORDS,
}  # fmt: skip
LONGEST = 2000  # text that a pattern is tried on
DATE_PARTS = {"Y": "%Y", "y": "%y", "m": "%m", "n": "%-m", "d": "%d", "e": "%-d", "H": "%H", "h": "%-H", "M": "%M",
              "S": "%S", "b": "%b", "a": "%a"}  # fmt: skip


def _texts(values):
    """Every text of the arguments: a set of answers gives all of its own."""
    for value in values:
        yield from (cell.text for cell in value) if isinstance(value, list) else (to_text(value),)


def _numbers(values):
    return [number for text in _texts(values) if text != "" and not math.isnan(number := to_number(text))]


def _round(value, digits=0.0):
    number, scale = to_number(value), 10 ** int(to_number(digits))
    if math.isnan(number) or math.isinf(number):
        return number
    return math.floor(number * scale + 0.5) / scale


def _substring(text, start, length=math.inf):
    """XPath counts from 1."""
    text, begin = to_text(text), _round(start)
    end = begin + (_round(length) if length != math.inf else math.inf)
    return "".join(c for at, c in enumerate(text, 1) if begin <= at < end)


def _substr(text, start, end=None):
    """ODK counts from 0."""
    text = to_text(text)
    return text[int(to_number(start)) : len(text) if end is None else int(to_number(end))]


def _before(text, mark):
    head, found, _ = to_text(text).partition(to_text(mark))
    return head if found else ""


def _translate(text, old, new):
    old, new = to_text(old), to_text(new)
    table = {}
    for at, letter in enumerate(old):
        table.setdefault(ord(letter), new[at] if at < len(new) else None)
    return to_text(text).translate(table)


def _selected(answer, code):
    return to_text(code).strip() in to_text(answer).split()


def _selected_at(answer, at):
    chosen, at = to_text(answer).split(), to_number(at)
    return chosen[int(at)] if not math.isnan(at) and 0 <= at < len(chosen) else ""


def _regex(text, pattern):
    return re.fullmatch(to_text(pattern), to_text(text)[:LONGEST]) is not None


def _date(value):
    if isinstance(value, Days):
        return value
    number = to_number(value)
    return Days(number) if not math.isnan(number) else to_text(value)


def _format_date(value, pattern):
    number = to_number(value)
    if math.isnan(number):
        return ""
    moment = datetime(1970, 1, 1) + timedelta(seconds=round(number * 86_400))
    told = re.sub(r"%([A-Za-z])", lambda m: DATE_PARTS.get(m[1], m[0]), to_text(pattern))
    return moment.strftime(told)


def _checklist(least, most, *answers):
    count = sum(to_truth(one) if not isinstance(one, list) else equal(one, "yes") for one in answers)
    low, high = to_number(least), to_number(most)
    return (low < 0 or count >= low) and (high < 0 or count <= high)


def _log(value):
    number = to_number(value)
    return math.log(number) if number > 0 else math.nan


def _power(base, exponent):
    try:
        return float(to_number(base) ** to_number(exponent))
    except (OverflowError, ZeroDivisionError, TypeError):
        return math.nan


def _whole(value, make):
    number = to_number(value)
    return number if math.isnan(number) or math.isinf(number) else float(make(number))


def _root(value):
    number = to_number(value)
    return math.sqrt(number) if number >= 0 else math.nan


FUNCTIONS = {
    "string": lambda value: to_text(value),
    "concat": lambda *values: "".join(_texts(values)),
    "starts-with": lambda text, mark: to_text(text).startswith(to_text(mark)),
    "ends-with": lambda text, mark: to_text(text).endswith(to_text(mark)),
    "contains": lambda text, mark: to_text(mark) in to_text(text),
    "substring": _substring,
    "substr": _substr,
    "substring-before": _before,
    "substring-after": lambda text, mark: to_text(text).partition(to_text(mark))[2],
    "string-length": lambda text: float(len(to_text(text))),
    "normalize-space": lambda text: " ".join(to_text(text).split()),
    "translate": _translate,
    "join": lambda mark, *values: to_text(mark).join(_texts(values)),
    "boolean": to_truth,
    "boolean-from-string": lambda text: to_text(text).strip().lower() in ("true", "1"),
    "not": lambda value: not to_truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "number": to_number,
    "int": lambda value: _whole(value, math.trunc),
    "floor": lambda value: _whole(value, math.floor),
    "ceiling": lambda value: _whole(value, math.ceil),
    "round": _round,
    "abs": lambda value: abs(to_number(value)),
    "pow": _power,
    "sqrt": _root,
    "log": _log,
    "log10": lambda value: _log(value) / math.log(10),
    "exp": lambda value: _power(math.e, value),
    "pi": lambda: math.pi,
    "sum": lambda values: math.fsum(to_number(text) for text in _texts([values])),
    "min": lambda *values: min(_numbers(values), default=math.nan),
    "max": lambda *values: max(_numbers(values), default=math.nan),
    "count": lambda nodes: float(len(nodes)),
    "count-non-empty": lambda nodes: float(sum(cell.text != "" for cell in nodes)),
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": lambda answer: float(len(to_text(answer).split())),
    "coalesce": lambda *values: next((text for text in map(to_text, values) if text), ""),
    "regex": _regex,
    "date": _date,
    "date-time": _date,
    "decimal-date-time": to_number,
    "decimal-time": lambda value: to_number(value) % 1,
    "format-date": _format_date,
    "format-date-time": _format_date,
    "checklist": _checklist,
}
