"""Series: true dates, no line over a break, a gap or a contradiction."""

import math
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from taama.base.errors import MethodError
from taama.figures import draw
from taama.figures.draw.scales import day_ticks, ticks
from taama.figures.figure import SUPPRESSED, Coverage
from tests.figures import drawn_samples

SVG = "{http://www.w3.org/2000/svg}"


def series(*moments, **more):
    return draw.time_series(moments, title="PDI", unit="people", language="fr", **more)


def at(month, value, **more):
    return draw.Moment(label="DTM", as_of=date(2022, month, 1), value=value, **more)


def lines_only(picture):
    """How many points each piece of the line joins; the legend's own line comes later."""
    head = picture.svg.split("Valeur publiée")[0]
    found = re.findall(r'<path d="([^"]+)" fill="none" stroke="#1d5b94"', head)
    return [piece.count("L") + 1 for data in found for piece in data.split("M") if piece]


def test_a_plain_series_is_one_line():
    assert lines_only(series(at(1, 10), at(2, 20), at(3, 30))) == [3]


def test_no_line_crosses_a_break_and_the_note_says_why():
    picture = series(at(1, 10), at(2, 20), at(3, 9, break_note="Méthode nouvelle."), at(4, 11))
    assert lines_only(picture) == [2, 2]
    assert picture.notes == ("Méthode nouvelle.",)
    assert picture.rows[2][-1] == "rupture de série, note 1"
    assert "Rupture de série" in picture.svg


def test_contradicting_values_are_separate_marks_without_a_line():
    picture = series(at(1, 10), at(2, 20), at(3, 30), at(3, 44), at(4, 40), at(5, 41))
    assert lines_only(picture) == [2, 2]
    assert "30 et 44" in picture.notes[0]
    assert [row[1] for row in picture.rows if row[0] == "1er mars 2022"] == ["30", "44"]


def test_the_same_value_from_two_sources_is_no_contradiction():
    picture = series(at(1, 10), at(2, 20), at(2, 20), at(3, 30))
    assert lines_only(picture) == [3] and picture.notes == ()


def test_missing_values_and_long_gaps_interrupt_the_line():
    hidden = at(3, 8, marks={SUPPRESSED})
    assert lines_only(series(at(1, 10), at(2, 20), hidden, at(4, 30), at(5, 30))) == [2, 2]
    later = draw.Moment(label="", as_of=date(2023, 6, 1), value=30)
    picture = series(at(1, 10), at(2, 20), later)
    assert lines_only(picture) == [2]
    assert any("184" in remark for remark in picture.remarks)


def test_a_series_out_of_order_is_put_in_order():
    assert series(at(3, 30), at(1, 10), at(2, 20)).rows[0][0] == "1er janvier 2022"


def test_a_moment_without_a_date_is_refused():
    with pytest.raises(MethodError, match="drawing_undated"):
        series(draw.Moment(label="DTM", value=3))


def test_series_without_values_still_say_so():
    assert "Série sans valeur publiée" in series().svg
    assert "Série sans valeur publiée" in series(at(1, None)).svg
    assert "10" in series(at(1, 10)).svg


def test_last_value_is_labelled_and_coverage_is_told():
    picture = series(at(1, 10), at(2, 12345, coverage=Coverage(41, 52, "localities")))
    assert "12\u202f345" in picture.svg
    assert picture.rows[1][2] == "79\u00a0% (41 / 52)"


def test_the_break_of_the_published_national_series_is_not_drawn_as_a_fall():
    picture = drawn_samples.series("fr")
    assert sum(lines_only(picture)) < len(picture.rows)
    assert any("porte en porte" in note for note in picture.notes)


def test_points_stand_at_their_dates():
    days = [date(2022, 1, 1), date(2022, 1, 11), date(2022, 2, 20)]
    moments = [draw.Moment(label="", as_of=day, value=10 + n) for n, day in enumerate(days)]
    nodes = etree.fromstring(
        series(*moments).svg.split("<g font-size")[0].encode() + b"</svg>", etree.XMLParser(recover=True)
    )
    across = [float(node.get("cx")) for node in nodes.iter(f"{SVG}circle")][:3]
    assert math.isclose((across[1] - across[0]) / (across[2] - across[0]), 10 / 50, abs_tol=0.01)


@given(st.floats(0.5, 1e8), st.integers(2, 6))
def test_ticks_start_at_zero_and_are_few_and_evenly_spaced(highest, parts):
    found = ticks(highest, parts)
    assert found[0] == 0
    assert 2 <= len(found) <= parts + 1
    assert found[-1] <= max(highest, 1) * (1 + 1e-9)
    steps = {round(b - a, 6) for a, b in zip(found, found[1:], strict=False)}
    assert len(steps) == 1


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 9000), st.integers(200, 700))
def test_ticks_of_time_lie_in_the_span_in_order(first, span, length):
    last = first + timedelta(days=span)
    kind, days = day_ticks(first, last, length)
    assert kind in ("day", "month", "year")
    assert days == sorted(days) and all(first <= day <= last for day in days)
