"""What is doubtful or impossible in a day of the flow registry. Each rule is a function of the days and groups."""

import polars as pl

from taama.facts.answers import decimal, whole
from taama.facts.tools import ERROR, WARNING, findings
from taama.mobility.tables import DIRECTIONS
from taama.mobility.tools.flow_registry.days import (
    AMONG_THEM,
    GROUP_NUMBERS,
    TOTALS,
    days,
    group_rows,
)
from taama.mobility.tools.reading import day_findings, number_findings, place_findings

TOTAL = "totals/people"


def check(sent, known):
    """All findings of a batch."""
    frame, groups = days(sent, known), group_rows(sent)
    return pl.concat([rule(frame, groups) for rule in RULES])


def missing_point(frame, groups):
    """5. The point is known."""
    return place_findings(frame, "day/point")


def implausible_day(frame, groups):
    return day_findings(frame, "day/date")


def impossible_number(frame, groups):
    return pl.concat([
        number_findings(frame, (*TOTALS, "day/staff")),
        number_findings(frame, ("day/hours_observed",), decimal),
        number_findings(groups, GROUP_NUMBERS),
    ])  # fmt: skip


def status(frame, groups):
    """Observed or not is said; an observed day has hours; a day not observed has no people."""
    hours = pl.col("hours_observed")
    observed = pl.col("status") == "observed"
    unsaid = frame.filter(pl.col("status").is_null())
    no_hours = frame.filter(observed & (hours.is_null() | (hours <= 0) | (hours > 24)))
    seen = frame.with_columns(pl.max_horizontal(whole(TOTAL), "groups").alias("people"))
    unseen = seen.filter(~observed & (pl.col("people") > 0))
    return pl.concat([
        findings(unsaid, level=ERROR, code="mobility.status_missing", field="day/status"),
        findings(
            no_hours, level=ERROR, code="mobility.hours_implausible", field="day/hours_observed",
            values=["hours_observed"],
        ),
        findings(unseen, level=ERROR, code="mobility.people_at_closed_point", field="day/status", values=["status"]),
    ])  # fmt: skip


def direction_sum(frame, groups):
    """17a. Incoming, outgoing and internal make the total."""
    parts = [whole(f"totals/{each}").alias(each) for each in DIRECTIONS]
    observed = frame.filter(pl.col("status") == "observed").with_columns(*parts, whole(TOTAL).alias("people"))
    missing = observed.filter(pl.any_horizontal(pl.col(*DIRECTIONS, "people").is_null()))
    wrong = observed.filter(pl.sum_horizontal(pl.col(DIRECTIONS), ignore_nulls=False) != pl.col("people"))
    return pl.concat([
        findings(missing, level=ERROR, code="mobility.total_missing", field=TOTAL),
        findings(
            wrong, level=ERROR, code="mobility.direction_sum", field=TOTAL, values=[*DIRECTIONS, "people"],
        ),
    ])  # fmt: skip


def described_within_total(frame, groups):
    """17b. The groups described are part of the day's total, in each direction."""
    found = []
    for each in DIRECTIONS:
        compared = frame.with_columns(
            pl.col(f"described_{each}").alias("described"), whole(f"totals/{each}").alias("total")
        )
        more = compared.filter(pl.col("described") > pl.col("total"))
        found.append(findings(
            more, level=WARNING, code=f"mobility.described_{each}", field=f"totals/{each}", values=["described", "total"],
        ))  # fmt: skip
    return pl.concat(found)


def empty_group(frame, groups):
    """A group has a direction and at least one person; else it is left out."""
    empty = groups.filter(
        (pl.col("people").fill_null(0) <= 0) | ~pl.col("direction").is_in(DIRECTIONS).fill_null(False)
    )
    return findings(empty, level=WARNING, code="mobility.group_empty", field="groups")


def more_than_there_are(frame, groups):
    """Of whom: never more than those among whom they are counted."""
    found = []
    for name, among in AMONG_THEM.items():
        compared = groups.with_columns(
            whole(name).alias("number"), pl.sum_horizontal([whole(each) for each in among]).alias("among")
        )
        more = compared.filter(pl.col("number") > pl.col("among"))
        found.append(findings(
            more, level=WARNING, code=f"mobility.too_many_{name}", field=f"groups/{name}", values=["number", "among"],
        ))  # fmt: skip
    return pl.concat(found)


def closed_point(frame, groups):
    """12. A point that is closed in the list is not observed."""
    closed = (pl.col("closed_on").cast(pl.Date) <= pl.col("date")) & (pl.col("status") == "observed")
    values = ["place_name", "closed_on"]
    return findings(
        frame.filter(closed), level=WARNING, code="mobility.point_closed", field="day/point", values=values
    )


def twice(frame, groups):
    """The same point twice on one day within the batch."""
    rows = frame.filter(pl.col("place").is_not_null() & (pl.len().over("place", "date") > 1))
    values = ["place_name", "date"]
    return findings(rows, level=WARNING, code="mobility.point_twice", field="day/point", values=values)


RULES = (
    missing_point, implausible_day, impossible_number, status, direction_sum, described_within_total, empty_group,
    more_than_there_are, closed_point, twice,
)  # fmt: skip
