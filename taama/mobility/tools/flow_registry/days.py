"""The days of a batch and the groups seen on them: answers by name, the point as the gazetteer knows it."""

import polars as pl

from taama.facts.answers import complete, day, decimal, one_of, whole
from taama.mobility.tables import DIRECTIONS, POINT_STATUS
from taama.mobility.tools.reading import placed, with_series

SEXES = ("men", "women", "boys", "girls")
AMONG_THEM = {  # who is counted again, and among whom
    "under_5": ("boys", "girls"),
    "elderly": ("men", "women"),
    "pregnant": ("women", "girls"),
    "disabled": SEXES,
    "unaccompanied": ("boys", "girls"),
}
TOTALS = tuple(f"totals/{each}" for each in (*DIRECTIONS, "people"))
QUESTIONS = ("day/date", "day/point", "day/status", "day/hours_observed", "day/staff", *TOTALS)
GROUP_NUMBERS = (*SEXES, *AMONG_THEM)
GROUP_QUESTIONS = (
    *GROUP_NUMBERS, "direction", "nationality", "came_from", "next_place", "destination_country", "transport",
    "motive", "seen_by",
)  # fmt: skip


def days(sent, known):
    """One row per submission, with what its groups add up to in each direction (`described_…`)."""
    frame = placed(complete(sent.main, QUESTIONS), "day/point", known["places.points"])
    frame = frame.with_columns(
        day("day/date").alias("date"),
        one_of("day/status", POINT_STATUS).alias("status"),
        decimal("day/hours_observed").alias("hours_observed"),
    )
    frame = frame.join(_described(sent), on="submission", how="left")
    described = pl.col("groups", *(f"described_{each}" for each in DIRECTIONS))
    return with_series(frame.with_columns(described.fill_null(0)))


def group_rows(sent):
    """One row per group, with all questions and `people`, the sum of men, women, boys and girls."""
    none = pl.DataFrame(schema={"submission": pl.String, "row": pl.Int64})
    frame = complete(sent.repeats.get("groups", none), GROUP_QUESTIONS)
    answered = pl.any_horizontal(pl.col(SEXES).is_not_null())
    people = pl.sum_horizontal([whole(each) for each in SEXES])
    return frame.with_columns(pl.when(answered).then(people).alias("people"))


def _described(sent):
    going = [
        pl.col("people").filter(pl.col("direction") == each).sum().alias(f"described_{each}")
        for each in DIRECTIONS
    ]
    return group_rows(sent).group_by("submission").agg(pl.len().cast(pl.Int64).alias("groups"), *going)
