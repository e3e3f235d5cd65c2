"""Time as types: a day, an ISO (epidemiological) week, a month, a round. Weeks come from a calendar table."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from taama.base.errors import TaamaError
from taama.base.messages import MONTHS
from taama.base.messages import day as day_text

BAMAKO = ZoneInfo("Africa/Bamako")


@dataclass(frozen=True, order=True)
class Period:
    """A span of days, both ends included. `code` is how it is stored: `2023-04-30`, `2023-W17`, `2023-04`, `R72`.

    >>> parse("2023-W17").first
    datetime.date(2023, 4, 24)
    >>> parse("2023-04").last
    datetime.date(2023, 4, 30)
    """

    first: date
    last: date
    kind: str
    code: str

    def __contains__(self, when):
        return self.first <= when <= self.last

    @property
    def days(self):
        return (self.last - self.first).days + 1

    def text(self, language):
        if self.kind == "day":
            return day_text(self.first, language)
        if self.kind == "month":
            return f"{MONTHS[language][self.first.month - 1]} {self.first.year}"
        if self.kind == "week":
            year, week = self.code.split("-W")
            return f"semaine {int(week)} de {year}" if language == "fr" else f"week {int(week)} of {year}"
        return self.code


def day(when):
    return Period(when, when, "day", when.isoformat())


def month(year, number):
    first = date(year, number, 1)
    following = date(year + number // 12, number % 12 + 1, 1)
    return Period(first, following - timedelta(days=1), "month", f"{year:04d}-{number:02d}")


def week(year, number):
    """The ISO week; raises ValueError for a week 53 that the year does not have."""
    first = date.fromisocalendar(year, number, 1)
    return Period(first, first + timedelta(days=6), "week", f"{year:04d}-W{number:02d}")


def round_(code, first, last):
    """A round of assessments: a name of its own and the days of its field work."""
    if last < first:
        raise TaamaError("base.period_backwards", values={"first": first, "last": last})
    return Period(first, last, "round", code)


def parse(code):
    """A day, week or month from its code; anything else raises."""
    try:
        if match := re.fullmatch(r"(\d{4})-W(\d{2})", code):
            return week(int(match[1]), int(match[2]))
        if match := re.fullmatch(r"(\d{4})-(\d{2})", code):
            return month(int(match[1]), int(match[2]))
        return day(date.fromisoformat(code))
    except ValueError as error:
        raise TaamaError("base.period_unreadable", values={"code": code}) from error


def week_of(when):
    year, number, _ = when.isocalendar()
    return week(year, number)


def month_of(when):
    return month(when.year, when.month)


def week_calendar(first, last):
    """Rows (date, iso week code) for every day: joined, never computed by an engine, since engines differ."""
    days = (last - first).days + 1
    return [(when, week_of(when).code) for when in (first + timedelta(days=n) for n in range(days))]


def local_today():
    return datetime.now(UTC).astimezone(BAMAKO).date()
