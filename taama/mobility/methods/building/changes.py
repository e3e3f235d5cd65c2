"""Changes give numbers away too: the figure before, the few people of a panel, or those outside it."""

from dataclasses import replace

import numpy as np

from taama.figures.figure import SUPPRESSED
from taama.figures.made import withheld

REASON = "figures.suppressed_before"
UNITS = ("people", "households")
ENDS = ("from_value", "to_value")
ZERO_LIMIT = 1e-9


def safe_changes(made, parents, *, smallest):
    """The same figures; a change that would give a small or suppressed number away is withheld with the reason.

    Panels of areas add up to that of the area above, so that one that is not shown may follow from the others:
    changes are withheld until none does.

    made      list of Made, suppressed ones without their number
    parents   key of an area → key of the area above it
    smallest  smallest number of people that is published
    Returns   list of Made in the same order
    """
    by_key = {one.figure.key: one for one in made}
    hidden = {
        key for key, one in by_key.items() if _tells(one) and _alone_tells_too_much(one, by_key, smallest)
    }
    for keys, sums in _tables(by_key, parents):
        while (more := _one_too_many(by_key, keys, sums, hidden, smallest)) is not None:
            hidden.add(more)
    return [replace(one, change=_reason(one)) if one.figure.key in hidden else one for one in made]


def _reason(one):
    return withheld(one.change["from"], REASON)


def _tells(one):
    return one.figure.unit in UNITS and "from_value" in (one.change or {})


def _alone_tells_too_much(one, by_key, smallest):
    """The panel is few people, or those outside it are, or the figure before is suppressed."""
    before = _before(one, by_key)
    if before is not None and SUPPRESSED in before.figure.marks:
        return True
    return any(0 < number < smallest for number in _told(one, by_key))


def _before(one, by_key):
    return by_key.get(replace(one.figure, period=one.change["from"]).key)


def _told(one, by_key):
    """People of the panel then and now, and people outside it then and now: what a change tells beside its figure."""
    before, panel = _before(one, by_key), [one.change[end] for end in ENDS]
    then = panel[0] if before is None or before.figure.value is None else before.figure.value
    return [*panel, then - panel[0], one.figure.value - panel[1]]


def _tables(by_key, parents):
    """Totals of one definition and period that tell changes: their keys, and [(key of an area, keys of its areas)]."""
    groups = {}
    for key, one in by_key.items():
        figure = one.figure
        if figure.unit in UNITS and not figure.category:
            groups.setdefault((figure.series, figure.definition, figure.period), {})[figure.place] = key
    for places in groups.values():
        below = {}
        for place, key in places.items():
            if parents.get(place) in places:
                below.setdefault(places[parents[place]], []).append(key)
        if any(_tells(by_key[key]) for key in places.values()):
            yield list(places.values()), list(below.items())


def _one_too_many(by_key, keys, sums, hidden, smallest):
    """A shown change to withhold, because one that is not shown follows from the others and must not."""
    known = {key: _told(by_key[key], by_key) for key in keys if _tells(by_key[key]) and key not in hidden}
    for key, numbers in _solved([key for key in keys if key not in known], known, sums):
        kept_back = key in hidden or SUPPRESSED in by_key[key].figure.marks
        if known and (kept_back or any(0 < number < smallest for number in numbers)):
            return _near(key, sums, known)
    return None


def _solved(unknown, known, sums):
    """Pairs (key, its four numbers) of what is not shown and yet follows from the sums."""
    at = {key: n for n, key in enumerate(unknown)}
    rows, right = np.zeros((len(sums), len(unknown))), np.zeros((len(sums), 4))
    for n, (total, parts) in enumerate(sums):
        for key, sign in [(total, -1), *((part, 1) for part in parts)]:
            if key in at:
                rows[n, at[key]] = sign
            else:
                right[n] -= sign * np.array(known[key])
    if not unknown or not rows.any():
        return []
    _, sizes, directions = np.linalg.svd(rows)
    free = directions[int((sizes > ZERO_LIMIT).sum()) :]
    numbers = np.linalg.lstsq(rows, right, rcond=None)[0]
    fixed = [key for key in unknown if not (np.abs(free[:, at[key]]) > ZERO_LIMIT).any()]
    return [(key, [round(number) for number in numbers[at[key]]]) for key in fixed]


def _near(key, sums, known):
    """The area above, else the smallest panel in a sum with the key, else the smallest of all."""
    for total, parts in sums:
        if key in parts and total in known:
            return total
    beside = {each for total, parts in sums if key in (total, *parts) for each in (total, *parts)}
    return min(beside & set(known) or known, key=lambda each: (known[each][0], each))
