"""Periods are types: the year's edges are where strings go wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.base import periods
from taama.base.errors import TaamaError

DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


@given(DAYS)
def test_a_day_lies_in_its_week_and_month_and_codes_read_back(when):
    for period in (periods.day(when), periods.week_of(when), periods.month_of(when)):
        assert when in period
        assert periods.parse(period.code) == period


@given(DAYS)
def test_weeks_and_months_follow_each_other_without_gap(when):
    for of in (periods.week_of, periods.month_of):
        period = of(when)
        assert of(period.last + timedelta(days=1)).first == period.last + timedelta(days=1)


def test_the_last_days_of_2021_belong_to_week_52():
    assert periods.week_of(date(2022, 1, 2)).code == "2021-W52"


@pytest.mark.parametrize("code", ["2023-13", "2021-W53", "2023-02-30", "avril", ""])
def test_what_is_no_period_is_refused(code):
    with pytest.raises(TaamaError) as refused:
        periods.parse(code)
    assert refused.value.code == "base.period_unreadable"


def test_the_calendar_gives_the_epidemiological_week_of_each_day():
    calendar = dict(periods.week_calendar(date(2020, 12, 30), date(2021, 1, 5)))
    assert calendar[date(2021, 1, 3)] == "2020-W53"
    assert calendar[date(2021, 1, 4)] == "2021-W01"


def test_periods_are_named_in_both_languages():
    assert periods.parse("2023-04").text("fr") == "avril 2023"
    assert periods.parse("2023-W07").text("en") == "week 7 of 2023"
    assert periods.parse("2023-05-01").text("fr") == "1er mai 2023"
