"""Distances and outlines on the earth."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from taama.base.errors import MethodError
from taama.places.methods.geo import area_km2, contains, distance_km, simplify_shared

POSITIONS = st.tuples(st.floats(-85, 85), st.floats(-179, 179))


@given(POSITIONS, POSITIONS, POSITIONS)
def test_distance_is_a_distance(a, b, c):
    assert distance_km(*a, *a) == 0
    assert distance_km(*a, *b) == pytest.approx(distance_km(*b, *a))
    assert distance_km(*a, *c) <= distance_km(*a, *b) + distance_km(*b, *c) + 1e-6
    assert distance_km(*a, *b) <= 20_016


def test_known_distances():
    assert distance_km(0, 0, 0, 1) == pytest.approx(111.19, abs=0.02)
    assert distance_km(14.49, -4.19, 14.53, -4.09) == pytest.approx(11.7, abs=0.2)  # Mopti to Sévaré


def test_a_degree_shrinks_towards_the_poles():
    assert area_km2(shapely.box(0, 60, 1, 61)) == pytest.approx(
        area_km2(shapely.box(0, 0, 1, 1)) / 2, rel=0.02
    )


def test_the_border_counts_as_inside():
    square = shapely.box(-8, 12, -7, 13)
    assert contains(square, 12, -8) and contains(square, 12.5, -7.5) and not contains(square, 13.01, -7.5)


def neighbours(seed):
    """A two by two grid whose inner borders are jagged, the same points on both sides."""
    jag = np.random.default_rng(seed).uniform(-0.01, 0.01, 200)
    steps = np.linspace(0, 1, 201)[1:-1]
    up = [(1 + jag[i], y) for i, y in enumerate(steps)]
    low = shapely.Polygon([(0, 0), (1, 0), *up, (1, 1), (0, 1)])
    right = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), *reversed(up)])
    return [low, right, shapely.box(0, 1, 1, 2), shapely.box(1, 1, 2, 2)]


@given(st.integers(0, 50))
def test_simplified_neighbours_still_fit_together(seed):
    before = neighbours(seed)
    after = simplify_shared(before, 0.05)
    assert shapely.coverage_is_valid(after)
    assert shapely.union_all(after).area == pytest.approx(4)
    assert shapely.get_num_coordinates(after).sum() < shapely.get_num_coordinates(before).sum() / 5


def test_what_does_not_fit_together_is_not_simplified():
    with pytest.raises(MethodError) as error:
        simplify_shared([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)], 0.1)
    assert error.value.code == "places.outlines_overlap"
    with pytest.raises(MethodError):
        simplify_shared([shapely.box(0, 0, 1, 1)], -1)
