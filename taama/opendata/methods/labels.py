"""Names of the codes that figures carry, as a reader of French or English writes them."""

import re

from taama.base.errors import TaamaError
from taama.base.messages import catalogue, message
from taama.base.periods import parse

ISO_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def label(code, language):
    """The text of a code; the code itself where the catalogue does not know it, so that no table loses a row.

    >>> label("figures.unit_people", "en")
    'People'
    """
    return message(code, language).cause if code in catalogue() else code


def category_code(category):
    """A category in one cell.

    >>> category_code({"sex_age": "female_18_59"})
    'sex_age=female_18_59'
    """
    return ";".join(f"{name}={value}" for name, value in sorted(category.items()))


def category_label(category, language, places):
    """A category in words; a place of origin by its name.

    places    key → dict with `name`, as `opendata.named_places` gives it
    """
    return ", ".join(_value(name, value, language, places) for name, value in sorted(category.items()))


def reason_label(change, language, places):
    """Why there is no change, as a sentence with its values; empty where there is one.

    change    of a figure: `reason` and `values`, or None
    places    as for `category_label`

    >>> reason_label({"reason": "figures.no_value", "values": {"period": "2023-04-30"}}, "en", {})
    'Change not computed: there is no figure for 30 April 2023.'
    """
    code = (change or {}).get("reason", "")
    if code not in catalogue():
        return code
    values = {name: readable(value, language, places) for name, value in (change.get("values") or {}).items()}
    return message(code, language, values).cause


def readable(value, language, places):
    """A value of a sentence: days and places as a reader knows them."""
    if isinstance(value, dict):  # a sentence that travels in both languages
        return value.get(language, "")
    if isinstance(value, list | tuple):
        return [readable(item, language, places) for item in value]
    if not isinstance(value, str):
        return value
    if value in places:
        return places[value]["name"]
    return _day(value, language) if ISO_DAY.fullmatch(value) else value


def _day(code, language):
    """The day or month of a code; a round may be written like a month that does not exist."""
    try:
        return parse(code).text(language)
    except TaamaError:
        return code


def _value(name, value, language, places):
    if value in places:
        return places[value]["name"]
    code = f"mobility.{name}_{value}"
    return label(code, language) if code in catalogue() else str(value)
