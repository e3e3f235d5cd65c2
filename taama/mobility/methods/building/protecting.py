"""Before a round is published: no number of few people, and none that the sums give away."""

from dataclasses import replace

from taama.figures.figure import SUPPRESSED
from taama.figures.made import Made
from taama.figures.methods import suppressed
from taama.mobility.methods.building.changes import safe_changes
from taama.mobility.methods.definitions import HOUSEHOLDS

COUNTS = ("people", "households")
STEP = 0.05  # in which shares by grade are published


def protected(made, parents, *, smallest):
    """The same figures, those of too few people without their number.

    made      list of Made of assessed rounds and flows: what others published already is not passed here
    parents   key of an area → key of the area above it
    smallest  smallest number of people that is published
    Returns   list of Made in the same order; a suppressed one carries the mark and no number, range, base or change.
              A base that would give a part away is left out; a change that would, is withheld with the reason
    """
    hidden = set()
    for figures in _tables(made).values():
        hidden |= _hidden(figures, parents, smallest)
    above = _above(hidden, made, parents)
    safe = [
        _without_number(one)
        if one.figure.key in hidden
        else _shown(one, hidden, smallest, one.figure.key in above)
        for one in made
    ]
    return safe_changes(safe, parents, smallest=smallest)


def _tables(made):
    """Figures that add up with each other: areas × categories of one definition and period, households with people."""
    tables = {}
    for one in made:
        figure = one.figure
        if figure.unit in COUNTS:
            family = "mobility.idp_present" if figure.definition == HOUSEHOLDS else figure.definition
            tables.setdefault((figure.series, family, figure.period), []).append(figure)
    return tables


def _hidden(figures, parents, smallest):
    """Keys of what must not be shown; where a total of people is hidden, its households are too."""
    people = [f for f in figures if f.unit == "people"]
    households = [f for f in figures if f.unit == "households"]
    hidden = _hidden_of(people, parents, smallest)
    places = {f.place for f in people if f.key in hidden and not f.category}
    also = {f.key for f in households if f.place in places}
    return hidden | _hidden_of(households, parents, smallest, also)


def _hidden_of(figures, parents, smallest, also=frozenset()):
    cells = {f.key: _people_at_least(f, smallest) for f in figures}
    bases = {_base_key(f): round(f.base) for f in figures if f.category and f.base is not None}
    sums = _sums(figures, parents, bases)
    return suppressed(cells | bases, sums, smallest=smallest, also=also)


def _people_at_least(figure, smallest):
    """The number that decides; a few households of a whole area are not few people, of a part of it they are."""
    if figure.value is None:
        return None
    whole = figure.unit == "households" and not figure.category and figure.value > 0
    return max(smallest, round(figure.value)) if whole else round(figure.value)


def _sums(figures, parents, bases):
    """Every sum that a reader can check: parts of a place and of their base, and the areas of an area."""
    by_spot = {(f.place, _category(f)): f.key for f in figures}
    below, parts = {}, {}
    for (place, category), key in by_spot.items():
        below.setdefault((parents.get(place), category), []).append(key)
        if category:
            parts.setdefault((place, category[0]), []).append(key)
    sums = [(key, below[spot]) for spot, key in by_spot.items() if spot in below]
    for (place, dimension), keys in parts.items():
        sums += [(total, keys) for total in (by_spot.get((place, ())), ("base", place, dimension)) if total]
    return [(total, keys) for total, keys in sums if not isinstance(total, tuple) or total in bases]


def _base_key(figure):
    return "base", figure.place, _category(figure)[0]


def _category(figure):
    return next(iter(sorted(figure.category.items())), ())


def _above(hidden, made, parents):
    """Keys of the figures in which a hidden one is contained: what stands beside them could give it away."""
    found = set()
    for figure in (one.figure for one in made if one.figure.key in hidden and not one.figure.category):
        place = parents.get(figure.place)
        while place:
            found.add(replace(figure, place=place).key)
            place = parents.get(place)
    return found


def _without_number(one):
    figure = replace(
        one.figure, value=None, low=None, high=None, base=None, grades={}, age_days=None, sources=(),
        marks=one.figure.marks | {SUPPRESSED},
    )  # fmt: skip
    return Made(figure)


def _shown(one, hidden, smallest, contains_hidden):
    """The figure with its number, without what beside it speaks of few people."""
    figure = one.figure
    if figure.category and _base_key(figure) in hidden:
        figure = replace(figure, base=None)
    figure = replace(figure, grades=coarse(figure.grades, figure.value, smallest))
    extra = {k: v for k, v in one.extra.items() if not _few(k, v, figure, smallest)}
    if contains_hidden:
        extra = {
            k: v for k, v in extra.items() if k not in ("lowest", "highest") and not k.startswith("people_")
        }
    return replace(one, figure=figure, extra=extra)


def coarse(shares, value, smallest):
    """Shares of a number in steps of five per cent, so that none of them counts few people exactly.

    shares    part → share, 0 to 1
    value     number of people they are shares of
    Returns   the same parts with shares that add up to 1; none at all where half a step is fewer than `smallest` people

    >>> coarse({"A": 0.62, "B": 0.35, "C": 0.03}, 1000, 10)
    {'A': 0.6, 'B': 0.35, 'C': 0.05}
    """
    if not shares or value is None or value * STEP / 2 < smallest:
        return {}
    steps = {part: int(share / STEP) for part, share in shares.items()}
    rest = sorted(shares, key=lambda part: (steps[part] - shares[part] / STEP, part))
    for part in rest[: round(1 / STEP) - sum(steps.values())]:
        steps[part] += 1
    return {part: round(number * STEP, 2) for part, number in steps.items() if number}


def _few(name, number, figure, smallest):
    """Whether a number of people beside the figure, or what is left of the figure without it, is small."""
    if not name.startswith("people_") or not number or figure.value is None:
        return False
    return number < smallest or 0 < figure.value - number < smallest
