"""Parts of a whole: by sex and age, origin, reason, shelter, arrival."""

from dataclasses import dataclass

from taama.base.messages import percent
from taama.figures.figure import SUPPRESSED

DIMENSIONS = ("sex_age", "origin", "reason", "shelter", "arrival", "period")
IN_TIME = ("arrival", "period")


@dataclass(frozen=True)
class Part:
    shown: object
    share: str


@dataclass(frozen=True)
class Breakdown:
    """One dimension. `base`: the whole that the shares refer to."""

    dimension: str
    title: str
    base: str
    parts: tuple
    figures: tuple


def breakdowns(phrases, figures):
    """Breakdown of each dimension that the figures have, in the order of DIMENSIONS."""
    found = {}
    for figure in figures:
        if len(figure.category) == 1:
            found.setdefault(next(iter(figure.category)), []).append(figure)
    order = [d for d in DIMENSIONS if d in found] + sorted(set(found) - set(DIMENSIONS))
    return tuple(_breakdown(phrases, dimension, found[dimension]) for dimension in order)


def _breakdown(phrases, dimension, figures):
    if dimension in IN_TIME:
        figures = sorted(figures, key=lambda f: _in_time(f.category[dimension]))
    elif dimension != "sex_age":
        figures = sorted(figures, key=lambda f: -1 if f.value is None else f.value, reverse=True)
    base = next((f.base for f in figures if f.base and SUPPRESSED not in f.marks), None)
    return Breakdown(
        dimension=dimension,
        title=phrases.named(f"publish.by_{dimension}"),
        base="" if base is None else phrases.text("publish.out_of", base=base),
        parts=tuple(Part(phrases.of(f, phrases.category(f.category)), share(phrases, f)) for f in figures),
        figures=tuple(figures),
    )


def _in_time(code):
    """`before_2023`, `2023`, `2024`, `unknown`."""
    return code == "unknown", not code.startswith("before"), code


def share(phrases, figure):
    """The share of the whole, where both may be known."""
    if figure.value is None or not figure.base or SUPPRESSED in figure.marks:
        return ""
    return percent(100 * figure.value / figure.base, phrases.language, 0 if figure.base < 1000 else 1)
