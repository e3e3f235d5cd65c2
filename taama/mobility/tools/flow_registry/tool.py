"""Reads days of the flow registry into passages of groups and days of points."""

import polars as pl

from taama.base.sensitivity import S2
from taama.facts.answers import complete, one_of, whole
from taama.facts.tools import Tool
from taama.mobility.tables import DIRECTIONS, MOTIVES, PASSAGE, POINT_DAY, TRANSPORTS
from taama.mobility.tools.flow_registry.checks import check
from taama.mobility.tools.flow_registry.days import GROUP_NUMBERS, QUESTIONS, days, group_rows
from taama.mobility.tools.reading import placed

SEEN_BY = ("observation", "informant", "interview")


def readable(sent, known):
    """Days at a known point: the others have no facts."""
    needed = pl.col("place", "geography", "date", "series", "status")
    return days(sent, known).filter(pl.all_horizontal(needed.is_not_null()))


def area(sent, known):
    """The area of the point."""
    frame = placed(complete(sent.main, QUESTIONS), "day/point", known["places.points"])
    return frame.select("submission", "area")


def point_day(sent, known):
    """Each day of each point, observed or not. A day not observed has no numbers: it is not zero."""
    observed = pl.col("status") == "observed"
    return readable(sent, known).select(
        "submission",
        pl.col("place").alias("point"),
        *("area", "geography", "date", "series", "status"),
        pl.when(observed).then("hours_observed").alias("hours_observed"),
        pl.when(observed).then(whole("day/staff")).alias("staff"),
        *[pl.when(observed).then(whole(f"totals/{each}")).alias(each) for each in (*DIRECTIONS, "people")],
    )


def passage(sent, known):
    """Each group of travellers that was described."""
    seen_on = readable(sent, known).filter(pl.col("status") == "observed")
    groups = group_rows(sent).join(
        seen_on.select("submission", "place", "date"), on="submission", how="inner"
    )
    frame = groups.filter(pl.col("direction").is_in(DIRECTIONS) & (pl.col("people") > 0))
    return frame.select(
        "submission",
        pl.col("place").alias("point"),
        "date",
        pl.col("row").alias("line"),
        *("direction", "people"),
        *[whole(each).alias(each) for each in GROUP_NUMBERS],
        pl.col("nationality").replace("unknown", None),
        *("came_from", "next_place"),
        pl.col("destination_country").replace("unknown", None),
        one_of("transport", TRANSPORTS),
        one_of("motive", MOTIVES),
        one_of("seen_by", SEEN_BY),
    )


tool = Tool(
    code="flow_registry",
    versions=("2026.1",),
    area=area,
    facts={POINT_DAY: point_day, PASSAGE: passage},
    checks=(check,),
    known=("places.points",),
    fr="Registre des flux",
    en="Flow monitoring registry",
    sensitivity=S2,
)
