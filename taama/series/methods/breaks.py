"""Where a series of published figures breaks: declared by someone, or seen in the figures themselves."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True)
class SeriesPoint:
    """One figure of a series. `households` and `coverage` (0 to 1) where they are known."""

    as_of: date
    people: int
    households: int | None = None
    geography: str = ""
    coverage: float | None = None
    source: str = ""


@dataclass(frozen=True)
class DeclaredBreak:
    """A break that someone knows of: from this day on, something was counted otherwise."""

    since: date
    fr: str
    en: str
    source: str


@dataclass(frozen=True)
class Break:
    """A break between two days (or, for a contradiction, on one). `values` are shown by the text of `code`."""

    after: date
    until: date
    code: str
    values: dict = field(default_factory=dict)


def series_breaks(series, *, declared=(), household_size_percent, coverage_points, change_percent_per_month):
    """Every break of a series, in the order of time.

    series                    [SeriesPoint], in any order, one place and one definition
    declared                  [DeclaredBreak]
    household_size_percent    shift of persons per household, in per cent of the last known one, from which the way of
                              counting has changed rather than the families
    coverage_points           change of coverage, in percentage points, from which two figures do not compare
    change_percent_per_month  fastest plausible change, per cent per month of 30.4 days, compounded; what happens in
                              days may be as large as in a month
    Returns                   [Break], codes series.break_declared, _geography, _household_size, _coverage,
                              _implausible, _contradiction; several may lie between the same two days
    Source                    IOM DTM Mali 2013-2024, whose persons per household move from 4.7 to 3.6 undeclared

    >>> april = SeriesPoint(date(2023, 4, 30), 375_539, 78_439)
    >>> december = SeriesPoint(date(2023, 12, 31), 354_739, None)
    >>> september = SeriesPoint(date(2024, 9, 30), 378_363, 105_185)
    >>> limits = dict(household_size_percent=15, coverage_points=20, change_percent_per_month=30)
    >>> [(found.code, found.until.year) for found in series_breaks([april, december, september], **limits)]
    [('series.break_household_size', 2024)]
    """
    ordered = sorted(series, key=lambda point: (point.as_of, point.people, point.source))
    found = [*_declared(ordered, declared), *_contradictions(ordered), *_geographies(ordered)]
    found += _household_sizes(ordered, household_size_percent)
    found += _coverages(ordered, coverage_points)
    found += _implausible(ordered, change_percent_per_month)
    return sorted(found, key=lambda each: (each.until, each.after, each.code))


def _declared(ordered, declared):
    """Between the last figure before the day and the first one from it on."""
    for each in declared:
        before = [point.as_of for point in ordered if point.as_of < each.since]
        behind = [point.as_of for point in ordered if point.as_of >= each.since]
        if before and behind:
            values = {"note": {"fr": each.fr, "en": each.en}, "source": each.source, "since": each.since}
            yield Break(before[-1], behind[0], "series.break_declared", values)


def _contradictions(ordered):
    """Two values for one day."""
    for one, other in pairwise(ordered):
        if one.as_of == other.as_of and one.people != other.people:
            values = {
                "one": one.people, "other": other.people, "source_one": one.source, "source_other": other.source,
            }  # fmt: skip
            yield Break(one.as_of, other.as_of, "series.break_contradiction", values)


def _geographies(ordered):
    named = [point for point in ordered if point.geography]
    for one, other in pairwise(named):
        if one.geography != other.geography:
            values = {"earlier": one.geography, "later": other.geography}
            yield Break(one.as_of, other.as_of, "series.break_geography", values)


def _household_sizes(ordered, percent):
    """Against the last figure that had households, since many publish none."""
    sized = [(point, point.people / point.households) for point in ordered if point.households]
    for (one, before), (other, after) in pairwise(sized):
        if before and abs(after - before) > before * percent / 100:
            values = {"earlier": before, "later": after}
            yield Break(one.as_of, other.as_of, "series.break_household_size", values)


def _coverages(ordered, points):
    covered = [point for point in ordered if point.coverage is not None]
    for one, other in pairwise(covered):
        if abs(other.coverage - one.coverage) * 100 > points:
            values = {"earlier": one.coverage * 100, "later": other.coverage * 100}
            yield Break(one.as_of, other.as_of, "series.break_coverage", values)


def _implausible(ordered, percent):
    """Faster than people move. On one day it is a contradiction, not a change."""
    for one, other in pairwise(ordered):
        if one.as_of == other.as_of or not one.people:
            continue
        months = max(1, (other.as_of - one.as_of).days / DAYS_PER_MONTH)
        ratio = other.people / one.people
        if ratio > (1 + percent / 100) ** months or ratio < max(0, 1 - percent / 100) ** months:
            values = {"earlier": one.people, "later": other.people, "percent": 100 * (ratio - 1)}
            yield Break(one.as_of, other.as_of, "series.break_implausible", values)
