"""Before a round is published: no number of few people, and none that the sums give away."""

from dataclasses import replace

from taama.figures.figure import SUPPRESSED
from taama.figures.made import Made, withheld
from taama.figures.methods import suppressed
from taama.mobility.methods.definitions import HOUSEHOLDS

COUNTS = ("people", "households")


def protected(made, parents, *, smallest):
    """The same figures, those of too few people without their number.

    made      list of Made of assessed rounds and flows: what others published already is not passed here
    parents   key of an area → key of the area above it
    smallest  smallest number of people that is published
    Returns   list of Made in the same order; a suppressed one carries the mark and no number, range, base or change
    """
    tables = {}
    for one in made:
        figure = one.figure
        if figure.unit in COUNTS:
            family = "mobility.idp_present" if figure.definition == HOUSEHOLDS else figure.definition
            tables.setdefault((figure.series, family, figure.period), []).append(figure)
    hidden = set()
    for figures in tables.values():
        hidden |= _hidden(figures, parents, smallest)
    return [
        _without_number(one) if one.figure.key in hidden else _safe_change(one, hidden, smallest)
        for one in made
    ]


def _safe_change(one, hidden, smallest):
    """A change gives away the figure before it, and the few people of its panel."""
    change = one.change
    if not change or "from_value" not in change or one.figure.unit not in COUNTS:
        return one
    before = replace(one.figure, period=change["from"]).key
    few = any(0 < change.get(name, 0) < smallest for name in ("from_value", "to_value"))
    if before not in hidden and not few:
        return one
    return replace(one, change=withheld(change["from"], "figures.suppressed_before"))


def _hidden(figures, parents, smallest):
    """Keys of one additive table, areas × categories, that must not be shown; households go with their people."""
    people = {f.key: f for f in figures if f.unit == "people" and f.definition != HOUSEHOLDS}
    cells = {key: None if f.value is None else round(f.value) for key, f in people.items()}
    hidden = set(suppressed(cells, _sums(people, parents), smallest=smallest))
    places = {people[key].place for key in hidden if not people[key].category}
    for figure in figures:
        few = figure.value is not None and 0 < figure.value < smallest
        if figure.key not in people and (figure.place in places or (figure.category and few)):
            hidden.add(figure.key)
    return hidden


def _sums(people, parents):
    """Every sum that a reader can check: parts of a place, and the areas of an area."""
    by_spot = {(f.place, _category(f)): key for key, f in people.items()}
    below, parts = {}, {}
    for (place, category), key in by_spot.items():
        below.setdefault((parents.get(place), category), []).append(key)
        if category:
            parts.setdefault((place, category[0]), []).append(key)
    sums = [(key, below[spot]) for spot, key in by_spot.items() if spot in below]
    sums += [(by_spot[place, ()], keys) for (place, _), keys in parts.items() if (place, ()) in by_spot]
    return sums


def _category(figure):
    return next(iter(sorted(figure.category.items())), ())


def _without_number(one):
    figure = replace(
        one.figure, value=None, low=None, high=None, base=None, grades={}, sources=(),
        marks=one.figure.marks | {SUPPRESSED},
    )  # fmt: skip
    return Made(figure)
