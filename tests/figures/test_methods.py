"""Small numbers stay hidden: also from a reader with pencil and paper."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.base.errors import MethodError
from taama.figures.methods import rounded, suppressed


def table(rows):
    """A table with both margins as cells and sums: areas down, sexes across."""
    cells, sums = {}, []
    for n, m in product(range(len(rows)), range(len(rows[0]))):
        cells[f"r{n}c{m}"] = rows[n][m]
    for n, row in enumerate(rows):
        cells[f"r{n}"] = sum(row)
        sums.append((f"r{n}", [f"r{n}c{m}" for m in range(len(row))]))
    for m in range(len(rows[0])):
        cells[f"c{m}"] = sum(row[m] for row in rows)
        sums.append((f"c{m}", [f"r{n}c{m}" for n in range(len(rows))]))
    cells["all"] = sum(map(sum, rows))
    sums.append(("all", [f"r{n}" for n in range(len(rows))]))
    sums.append(("all", [f"c{m}" for m in range(len(rows[0]))]))
    return cells, sums


def worked_out(sums, hidden):
    """What a patient reader can compute: exact elimination over the hidden cells."""
    unknown = sorted(hidden)
    lines = []
    for total, parts in sums:
        line = [Fraction(0)] * len(unknown)
        for key, sign in [(total, -1), *((part, 1) for part in parts)]:
            if key in hidden:
                line[unknown.index(key)] += sign
        lines.append(line)
    done = 0
    for column in range(len(unknown)):
        pivot = next((n for n in range(done, len(lines)) if lines[n][column]), None)
        if pivot is None:
            continue
        lines[done], lines[pivot] = lines[pivot], lines[done]
        lines[done] = [x / lines[done][column] for x in lines[done]]
        for n, line in enumerate(lines):
            if n != done and line[column]:
                lines[n] = [x - line[column] * y for x, y in zip(line, lines[done], strict=True)]
        done += 1
    return {unknown[line.index(1)] for line in lines if sum(map(bool, line)) == 1}


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


@settings(max_examples=150, deadline=None)
@given(tables, st.sampled_from([2, 5, 10]))
def test_no_hidden_number_can_be_worked_out(rows, smallest):
    cells, sums = table(rows)
    hidden = suppressed(cells, sums, smallest=smallest)
    assert {key for key, n in cells.items() if 1 <= n < smallest} <= hidden
    assert worked_out(sums, hidden) == set()
    for total, parts in sums:
        together = [cells[part] for part in parts if part in hidden]
        assert total in hidden or not together or sum(together) >= smallest


@given(tables)
def test_large_numbers_and_zeros_are_all_published(rows):
    large = [[n + 10 if n else 0 for n in row] for row in rows]
    assert suppressed(*table(large)) == frozenset()


def test_one_small_number_takes_the_next_smallest_along():
    cells, sums = table([[200, 100, 3], [150, 90, 80]])
    assert suppressed(cells, sums) == {"r0c2", "r0c1", "r1c2", "r1c1"}


def test_two_small_numbers_that_their_sum_gives_away_take_a_third():
    cells = {"total": 102, "a": 1, "b": 1, "c": 40, "d": 60}
    assert suppressed(cells, [("total", ["a", "b", "c", "d"])]) == {"a", "b", "c"}


def test_a_small_total_is_hidden_with_its_parts():
    cells = {"total": 4, "a": 4, "b": 0}
    hidden = suppressed(cells, [("total", ["a", "b"])])
    assert {"total", "a"} <= hidden


def test_a_number_beside_no_sum_is_judged_alone():
    assert suppressed({"a": 3, "b": 30, "c": None}, []) == {"a"}


@pytest.mark.parametrize(
    ("cells", "sums", "code"),
    [({"a": -1}, [], "figures.cell_negative"), ({"a": 1}, [("t", ["a"])], "figures.sum_unknown")],
)
def test_what_makes_no_sense_is_named(cells, sums, code):
    with pytest.raises(MethodError) as raised:
        suppressed(cells, sums)
    assert raised.value.code == code
    assert raised.value.where.field


def test_halves_are_rounded_away_from_zero():
    assert [rounded(n / 2) for n in (-3, -1, 1, 3, 5)] == [-2, -1, 1, 2, 3]
    assert rounded(2.675, 2) == 2.68
    assert rounded(1449, -2) == 1400
    assert rounded(None) is None


@given(st.integers(-(10**9), 10**9), st.integers(-3, 3))
def test_rounding_is_near_and_settled(value, decimals):
    once = rounded(value, decimals)
    assert abs(once - value) <= 0.5 * 10**-decimals
    assert rounded(once, decimals) == once
