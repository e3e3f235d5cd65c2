"""The cut-offs of review and quality, as `parameters.toml` dates them."""

from dataclasses import fields
from pathlib import Path

from taama.base.parameters import read_parameters

PARAMETERS = read_parameters(Path(__file__).parents[1] / "parameters.toml")


def cut(name, day):
    """The cut-off of this name in force on a day.

    >>> from datetime import date
    >>> cut("alike_percent", date(2026, 1, 1))
    85
    """
    return PARAMETERS.value(name, day)


def cuts_of(kind, day):
    """A dataclass whose fields are cut-offs, filled with those in force on a day."""
    return kind(**{each.name: cut(each.name, day) for each in fields(kind)})
