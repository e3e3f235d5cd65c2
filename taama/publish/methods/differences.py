"""What readers would see otherwise, between the newest snapshot and the working figures."""

from collections import Counter
from dataclasses import dataclass

from taama.figures.figure import SIMULATED

SEEN = ("value", "low", "high", "base", "coverage", "marks")


@dataclass(frozen=True)
class Difference:
    """Of one definition, real or simulated: how many figures, and how many of them are new, changed, gone."""

    definition: str = ""
    simulated: bool = False
    figures: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0

    @property
    def is_one(self):
        return bool(self.new or self.changed or self.gone)


def differences(before, after):
    """How two sets of figures differ, by definition.

    before    key → figure as `opendata.public_figures` gives it; numbers as they are published
    after     likewise
    Returns   list of Difference: real ones first, then by definition; figures that are gone count as gone alone

    >>> seen = {"value": 5, "low": 4, "high": 6, "base": None, "coverage": None, "marks": []}
    >>> old = {"k": seen | {"definition": "mobility.idp_present"}}
    >>> new = {"k": old["k"] | {"value": 7}, "m": old["k"]}
    >>> differences(old, new)
    [Difference(definition='mobility.idp_present', simulated=False, figures=2, new=1, changed=1, gone=0)]
    """
    counted = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        figure = old if new is None else new
        group = SIMULATED in figure["marks"], figure["definition"]
        counted.setdefault(group, Counter())[_fate(old, new)] += 1
    return [_difference(*group, counted[group]) for group in sorted(counted)]


def total(found):
    """All differences in one."""
    names = ("figures", "new", "changed", "gone")
    return Difference(**{name: sum(getattr(each, name) for each in found) for name in names})


def _fate(old, new):
    if old is None:
        return "new"
    if new is None:
        return "gone"
    return "same" if all(old[name] == new[name] for name in SEEN) else "changed"


def _difference(simulated, definition, counts):
    figures = counts.total() - counts["gone"]
    return Difference(definition, simulated, figures, counts["new"], counts["changed"], counts["gone"])
