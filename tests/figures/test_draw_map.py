"""Maps: circles by area, rates only on shaded areas, three marks that differ, labels that can be read."""

import math
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from taama.base.errors import MethodError
from taama.figures import draw
from taama.figures.draw import land
from taama.figures.draw.labels import Box, Symbol, placed
from taama.figures.draw.map_rates import checked_breaks, class_of, equal_breaks
from taama.figures.draw.scales import legend_values, radius
from taama.figures.draw.style import STEPS
from taama.figures.figure import NO_DATA, STALE, SUPPRESSED
from tests.figures import drawn_samples
from tests.figures.drawn_samples import square

SVG = "{http://www.w3.org/2000/svg}"
positive = st.floats(1, 1e7)


def circles(picture):
    """Radii of the circles of plain values: they take their colour from their group."""
    nodes = etree.fromstring(picture.svg.encode()).iter(f"{SVG}circle")
    return [float(node.get("r")) for node in nodes if not node.get("fill")]


@settings(deadline=None)  # a busy machine is no fault of the drawing
@given(positive, positive, positive)
def test_areas_of_circles_are_in_proportion(a, b, largest):
    areas = [math.pi * radius(value, largest, 40) ** 2 for value in (a, b)]
    assert math.isclose(areas[0] / areas[1], a / b, rel_tol=1e-9)


def test_the_drawn_circles_are_in_proportion_too():
    values = [90000, 40000, 10000]
    spots = [draw.Spot(label=str(v), value=v, lon=-8 + n, lat=14) for n, v in enumerate(values)]
    found = circles(drawn_samples.symbol_map(spots=spots))
    assert len(found) == 3
    for size, value in zip(found, values, strict=True):
        assert math.isclose((size / found[0]) ** 2, value / values[0], rel_tol=0.01)


@settings(deadline=None)  # a busy machine is no fault of the drawing
@given(st.integers(1, 10_000_000))
def test_legend_circles_are_round_and_not_above_the_largest(largest):
    values = legend_values(largest)
    assert values and max(values) <= largest
    assert all(re.fullmatch("[125]0*", str(value)) for value in values)
    assert values == sorted(values, reverse=True)


def test_circles_refuse_rates_and_shades_refuse_counts():
    spot = draw.Spot(label="Kayes", value=20, place="ML01")
    options = {"title": "Carte", "language": "fr"}
    with pytest.raises(MethodError, match="drawing_rate_as_circles"):
        draw.symbol_map([spot], [square("ML01", -8, 12)], unit="percent", **options)
    for unit in ("people", "households", "people_per_day"):
        with pytest.raises(MethodError, match="drawing_count_as_rate"):
            draw.rate_map([spot], [square("ML01", -8, 12)], unit=unit, **options)


def test_a_spot_that_is_nowhere_is_refused():
    spot = draw.Spot(label="Kayes", value=20, place="ML99")
    with pytest.raises(MethodError, match="drawing_nowhere"):
        draw.symbol_map([spot], [square("ML01", -8, 12)], title="Carte", unit="people", language="fr")


def marked_map(make, unit, mark):
    marks = {mark} if mark else set()
    value = None if mark == NO_DATA else 20
    spots = [
        draw.Spot(label="Kayes", value=value, place="A", marks=marks),
        draw.Spot(label="Gao", value=20, place="B"),
    ]
    outlines = [square("A", -8, 12), square("B", -3, 12)]
    return make(spots, outlines, title="Carte", unit=unit, language="fr")


@pytest.mark.parametrize(("make", "unit"), [(draw.symbol_map, "people"), (draw.rate_map, "percent")])
def test_stale_suppressed_and_no_data_are_three_marks_explained_in_the_legend(make, unit):
    drawings = {mark: marked_map(make, unit, mark).svg for mark in (None, STALE, SUPPRESSED, NO_DATA)}
    assert len(set(drawings.values())) == 4
    words = {STALE: "antérieur", SUPPRESSED: "Non publié", NO_DATA: "Pas de donnée"}
    for mark, word in words.items():
        assert word in drawings[mark]
        assert word not in drawings[None]


def test_new_boundaries_are_numbered_notes():
    picture = drawn_samples.symbol_map("fr")
    assert len(picture.notes) == 2 and "issue de Mopti" in picture.notes[0]
    assert "Bandiagara¹" in picture.svg
    assert next(row for row in picture.rows if row[0] == "Bandiagara")[-1] == "note 1"


def test_classes_are_stated_and_hold_every_value():
    picture = drawn_samples.coverage_map("fr")
    assert "80\u00a0% à 100\u00a0%" in picture.svg
    with pytest.raises(MethodError, match="drawing_bad_breaks"):
        checked_breaks([5, 120], (0, 50, 100))
    with pytest.raises(MethodError, match="drawing_bad_breaks"):
        checked_breaks([5], (0, 0, 100))


@settings(deadline=None)  # a busy machine is no fault of the drawing
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
@example([0.0, 1e-05])
def test_equal_classes_hold_every_value(values):
    limits = checked_breaks(values)
    assert limits == equal_breaks(values)
    for value in values:
        position = class_of(value, limits)
        assert limits[position] - 1e-6 * abs(value) <= value <= limits[position + 1] * (1 + 1e-9) + 1e-9


def test_shades_can_be_told_apart_in_grey():
    greys = [sum(w * int(c[i : i + 2], 16) for w, i in ((0.3, 1), (0.59, 3), (0.11, 5))) for c in STEPS]
    assert all(a - b >= 20 for a, b in zip(greys, greys[1:], strict=False))


def test_outlines_are_read_from_geojson_and_keep_common_borders():
    ring = [[-8, 12], [-4, 12], [-4, 16], [-8, 16], [-8, 12]]
    other = [[-4, 12], [0, 12], [0, 16], [-4, 16], [-4, 12]]
    features = [
        {
            "properties": {"code": "A", "name": "Kayes"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        },
        {"properties": {"code": "B"}, "geometry": {"type": "MultiPolygon", "coordinates": [[other]]}},
    ]
    outlines = draw.outlines_of({"features": features})
    assert [outline.name for outline in outlines] == ["Kayes", ""]
    country = land.land_of(outlines, 300)
    shared = set(country.rings["A"][0]) & set(country.rings["B"][0])
    assert len(shared) == 2


@settings(deadline=None)  # a busy machine is no fault of the drawing
@given(st.floats(-12, 4), st.floats(10, 25))
def test_projection_keeps_east_right_and_north_up(lon, lat):
    projection, _ = land.fitted(drawn_samples.outlines(), 640)
    x, y = projection.point(lon, lat)
    assert projection.point(lon + 1, lat)[0] > x and projection.point(lon, lat + 1)[1] < y


def test_the_middle_of_an_area_lies_inside_it():
    horseshoe = [(0, 0), (30, 0), (30, 30), (20, 30), (20, 8), (10, 8), (10, 30), (0, 30)]
    assert land.inside(land.middle([horseshoe]), [horseshoe])


@settings(deadline=None)  # a busy machine is no fault of the drawing
@given(st.lists(st.tuples(st.floats(20, 600), st.floats(20, 500), st.floats(0, 40)), min_size=1, max_size=25))
def test_placed_labels_stay_on_the_paper_and_off_each_other(points):
    symbols = [Symbol(x, y, size, 70, 27, size) for x, y, size in points]
    paper = Box(0, 0, 640, 560)
    boxes = [place.box for place in placed(symbols, paper) if place]
    assert all(box.within(paper) for box in boxes)
    for position, box in enumerate(boxes):
        assert all(box.overlap(other) <= 0.13 * box.width * box.height for other in boxes[:position])


def test_left_out_labels_are_owned_up_to():
    crowd = [draw.Spot(label=f"Localité {n}", value=50, lon=-4 + n / 1000, lat=14) for n in range(60)]
    picture = drawn_samples.symbol_map(spots=crowd)
    assert any("omis" in remark for remark in picture.remarks)
    assert len(picture.rows) == 60


def test_a_crowded_map_names_its_largest_places_and_stays_light():
    crowd = [
        draw.Spot(label=f"Cercle {n}", value=100 * (n + 1), lon=-11 + (n % 9) * 1.5, lat=12 + (n // 9))
        for n in range(54)
    ]
    picture = drawn_samples.symbol_map(spots=crowd)
    assert len(picture.svg.encode()) < 25_000
    assert "Cercle 53" in picture.svg and "Cercle 3<" not in picture.svg
