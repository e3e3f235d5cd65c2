"""Names of the codes that figures carry, as a reader of French or English writes them."""

from taama.base.messages import catalogue, message


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


def _value(name, value, language, places):
    if value in places:
        return places[value]["name"]
    code = f"mobility.{name}_{value}"
    return label(code, language) if code in catalogue() else str(value)
