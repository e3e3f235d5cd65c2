"""The published series of Mali breaks where its makers changed how they count; a steady one does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.base.messages import message
from taama.series.methods import DeclaredBreak, SeriesPoint, series_breaks

LIMITS = {"household_size_percent": 15, "coverage_points": 20, "change_percent_per_month": 30}


def point(day, people, households=None, **more):
    return SeriesPoint(date.fromisoformat(day), people, households, **more)


def codes(*points, **more):
    return [
        (b.until.isoformat(), b.code.removeprefix("series.break_"))
        for b in series_breaks(points, **LIMITS, **more)
    ]


def test_households_shrink_across_figures_that_name_none():
    found = codes(
        point("2023-04-30", 375_539, 78_439), point("2023-12-31", 354_739), point("2024-09-30", 378_363, 105_185)
    )  # fmt: skip
    assert found == [("2024-09-30", "household_size")]


def test_a_third_less_in_a_month_is_no_movement():
    assert codes(point("2019-01-31", 123_574), point("2019-02-28", 84_285)) == [("2019-02-28", "implausible")]
    assert codes(point("2019-01-31", 123_574), point("2019-06-30", 84_285)) == []


def test_what_a_few_days_may_bring_is_as_much_as_a_month():
    assert codes(point("2019-01-01", 100_000), point("2019-01-05", 125_000)) == []


def test_two_values_of_one_day_contradict_each_other():
    found = series_breaks(
        [point("2023-12-31", 354_739, source="a"), point("2023-12-31", 391_961, source="b")], **LIMITS
    )
    assert [b.code for b in found] == ["series.break_contradiction"]
    assert (found[0].values["one"], found[0].values["source_other"]) == (354_739, "b")


def test_boundaries_and_coverage():
    found = codes(
        point("2021-01-01", 100, geography="2015", coverage=0.9), point("2021-06-01", 101, geography="2021"),
        point("2022-01-01", 102, geography="2021", coverage=0.6),
    )  # fmt: skip
    assert found == [("2021-06-01", "geography"), ("2022-01-01", "coverage")]


def test_a_declared_break_stands_between_the_figures_around_its_day():
    declared = DeclaredBreak(date(2021, 10, 1), "Vérification porte à porte", "Door-to-door check", "IOM")
    series = [point("2021-12-31", 350_110), point("2021-09-30", 401_736), point("2022-04-30", 370_548)]
    found = series_breaks(series, declared=[declared], **LIMITS)
    assert [(b.after, b.until) for b in found] == [(date(2021, 9, 30), date(2021, 12, 31))]
    assert "Vérification porte à porte (depuis le 1er octobre 2021" in str(
        message(found[0].code, "fr", found[0].values)
    )
    assert "Door-to-door check (since 1 October 2021" in str(message(found[0].code, "en", found[0].values))


@pytest.mark.parametrize("since", [date(2010, 1, 1), date(2030, 1, 1)])
def test_a_break_before_or_after_the_series_breaks_nothing(since):
    declared = DeclaredBreak(since, "x", "x", "x")
    assert (
        series_breaks([point("2021-09-30", 5), point("2021-10-30", 5)], declared=[declared], **LIMITS) == []
    )


@given(st.lists(st.dates(date(2013, 1, 1), date(2024, 12, 31)), unique=True), st.integers(0, 10**6))
def test_a_steady_series_never_breaks(days, people):
    steady = [SeriesPoint(day, people, people // 5, "2021", 0.9) for day in days]
    assert series_breaks(steady, **LIMITS) == []


points = st.builds(
    SeriesPoint, st.dates(date(2013, 1, 1), date(2024, 12, 31)), st.integers(0, 10**6),
    st.none() | st.integers(1, 10**5), st.sampled_from(["", "2015", "2021"]), st.none() | st.floats(0, 1),
)  # fmt: skip


@given(st.lists(points, max_size=12), st.randoms())
def test_the_order_in_which_figures_come_does_not_matter(series, random):
    shuffled = random.sample(series, len(series))
    found = series_breaks(series, **LIMITS)
    same_day = [p for p in series if sum(q.as_of == p.as_of for q in series) > 1]
    assert same_day or found == series_breaks(shuffled, **LIMITS)
    assert found == sorted(found, key=lambda b: (b.until, b.after, b.code))
