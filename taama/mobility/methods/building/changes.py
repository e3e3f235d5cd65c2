"""Changes give numbers away too: the figure before, the few people of a panel, or those outside it."""

from dataclasses import replace

from taama.figures.figure import SUPPRESSED
from taama.figures.made import withheld

REASON = "figures.suppressed_before"
UNITS = ("people", "households")
ENDS = ("from_value", "to_value")


def safe_changes(made, parents, *, smallest):
    """The same figures; a change that would give a small or suppressed number away is withheld with the reason.

    made      list of Made, suppressed ones without their number
    parents   key of an area → key of the area above it
    smallest  smallest number of people that is published
    Returns   list of Made in the same order
    """
    by_key = {one.figure.key: one for one in made}
    hidden = {
        key for key, one in by_key.items() if _tells(one) and _alone_tells_too_much(one, by_key, smallest)
    }
    while more := _told_by_sums(by_key, parents, hidden, smallest):
        hidden |= more
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


def _told_by_sums(by_key, parents, hidden, smallest):
    """Keys of changes of an area that, less those of its parts, leave a small number or a single hidden one."""
    below = {}
    for key, one in by_key.items():
        above = replace(one.figure, place=parents.get(one.figure.place, "")).key
        if not one.figure.category and above in by_key:
            below.setdefault(above, []).append(key)
    return {
        key for key, parts in below.items()
        if _tells(by_key[key]) and key not in hidden and _rest_tells(by_key, key, parts, hidden, smallest)
    }  # fmt: skip


def _rest_tells(by_key, key, parts, hidden, smallest):
    shown = [part for part in parts if _tells(by_key[part]) and part not in hidden]
    rest = [part for part in parts if part not in shown]
    told = [_told(by_key[part], by_key) for part in shown]
    left = [whole - sum(numbers) for whole, *numbers in zip(_told(by_key[key], by_key), *told, strict=True)]
    if rest and any(0 < number < smallest for number in left):
        return True
    return len(rest) == 1 and (rest[0] in hidden or SUPPRESSED in by_key[rest[0]].figure.marks)
