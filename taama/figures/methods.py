"""Disclosure control and rounding: what may be published of a number, and how many digits of it. Pure."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from taama.base.errors import MethodError, Where

ZERO_LIMIT = 1e-9


def suppressed(cells, sums, *, smallest=10, also=()):
    """Which numbers of an additive table must not be published.

    First those that are small themselves, 1 to `smallest` - 1; a zero is not. Then as many others, the smallest
    first, as are needed so that no suppressed number can be worked out from the sums, and so that what is suppressed
    within one published sum is not itself fewer than `smallest` people. Numbers are protected from being worked out
    exactly, not from being narrowed to a range; tables that share cells must be given together.

    cells      key → number of people (int >= 0; None where there is none), totals included
    sums       [(key of the total, [keys of its parts])]: every sum that a reader can check. Parts that do not add up
               to their total give nothing away exactly and are treated as if they did
    smallest   smallest number of people that is published, >= 1
    also       keys of cells that are hidden for another reason
    Returns    frozenset of keys
    Raises     MethodError naming the cell: a negative number, a key of `sums` that is no cell
    Source     threshold of 10 as in research data services (default of the tool ACRO); secondary suppression after
               Hundepool et al., Statistical Disclosure Control, 2012

    >>> cells = {"total": 120, "women": 70, "men": 43, "unknown": 7}
    >>> sorted(suppressed(cells, [("total", ["women", "men", "unknown"])]))
    ['men', 'unknown']
    """
    numbers = _checked(cells, sums)
    sums = [(total, [p for p in parts if p in numbers]) for total, parts in sums if total in numbers]
    hidden = {key for key, number in numbers.items() if 1 <= number < smallest or key in also}
    while True:
        more = _too_few_together(numbers, sums, hidden, smallest) or _worked_out(numbers, sums, hidden)
        if more is None:
            return frozenset(hidden)
        hidden.add(more)


def _checked(cells, sums):
    for total, parts in sums:
        for key in (total, *parts):
            if key not in cells:
                raise MethodError("figures.sum_unknown", Where(field=str(key)), {"key": str(key)})
    for key, number in cells.items():
        if number is not None and number < 0:
            raise MethodError(
                "figures.cell_negative", Where(field=str(key)), {"key": str(key), "number": number}
            )
    return {key: number for key, number in cells.items() if number is not None}


def _too_few_together(numbers, sums, hidden, smallest):
    """A cell to hide where the parts hidden within a published total are together fewer than `smallest`."""
    for total, parts in sums:
        mine = [part for part in parts if part in hidden]
        if mine and total not in hidden and sum(numbers[part] for part in mine) < smallest:
            if (more := _smallest_shown(numbers, parts, hidden)) is not None:
                return more
            return total
    return None


def _worked_out(numbers, sums, hidden):
    """A cell to hide where the sums give a hidden one away: in the sum with the fewest unknowns."""
    known = _determined(sums, hidden)
    for near in (known, hidden) if known else ():
        touched = [(total, parts) for total, parts in sums if near & {total, *parts}]
        for total, parts in sorted(touched, key=lambda each: len(hidden & {each[0], *each[1]})):
            more = _smallest_shown(numbers, parts, hidden)
            if more is None:
                more = _smallest_shown(numbers, [total], hidden)
            if more is not None:
                return more
    return None


def _smallest_shown(numbers, keys, hidden):
    """The smallest number still shown; a zero only where nothing else is left."""
    shown = [key for key in keys if key not in hidden]
    return min(shown, key=lambda key: (numbers[key] == 0, numbers[key], str(key)), default=None)


def _determined(sums, hidden):
    """Hidden cells that the sums determine: those that no solution of the homogeneous equations moves."""
    unknown = sorted(hidden, key=str)
    at = {key: n for n, key in enumerate(unknown)}
    rows = []
    for total, parts in sums:
        row = np.zeros(len(unknown))
        for key, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
            if key in at:
                row[at[key]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return set()
    _, sizes, directions = np.linalg.svd(np.array(rows))
    free = directions[int((sizes > ZERO_LIMIT).sum()) :]
    return {key for key in unknown if not (np.abs(free[:, at[key]]) > ZERO_LIMIT).any()}


def rounded(value, decimals=0):
    """A number as it is published: halves away from zero, the same on every engine. None stays None.

    value      int, float or None
    decimals   digits behind the point; negative ones round to tens, hundreds
    Returns    int where decimals <= 0, else float

    >>> rounded(2.5), rounded(-0.5), rounded(0.125, 2), rounded(401_736, -2), rounded(1.005, 2)
    (3, -1, 0.13, 401700, 1.01)
    """
    if value is None:
        return None
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return int(exact) if decimals <= 0 else float(exact)
