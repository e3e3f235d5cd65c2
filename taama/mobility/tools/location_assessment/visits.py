"""The visits of a batch: answers by name, the place as the gazetteer knows it, the informants, the grade."""

import polars as pl

from taama.facts.answers import complete, day, in_force, one_of, position, whole, yes
from taama.mobility.methods.grade import credibility_grade
from taama.mobility.tables import AGREEMENT, REASONS, SEX_AGE, SHELTERS
from taama.mobility.tools.reading import PARAMETERS, placed, with_series

PERIODS = ("before_2023", "2023", "2024", "2025", "2026", "unknown")
AGREEMENTS = ("agrees_observation", "agrees_lists", "agrees_sources")
GRADE_RULE = ("informants_middle", "informants_enough", "agreements_for_better")

SEX_AGE_PARTS = tuple(f"sex_age/{each}" for each in SEX_AGE)
RETURNEE_SEX_AGE_PARTS = tuple(f"returns/returnee_{each}" for each in SEX_AGE)
REASON_PARTS = tuple(f"reasons/reason_{each}" for each in REASONS)
PERIOD_PARTS = tuple(f"arrivals/arrived_{each}" for each in PERIODS)
SHELTER_PARTS = tuple(f"shelters/shelter_{each}" for each in SHELTERS)
RETURNED_PEOPLE = ("returns/returned_idp_people", "returns/repatriate_people")
RETURNED_HOUSEHOLDS = ("returns/returned_idp_households", "returns/repatriate_households")

WHOLE_NUMBERS = (
    "idp/idp_people", "idp/idp_households", "change/arrived", "change/departed", "returns/returnee_people",
    "returns/returnee_households", *RETURNED_PEOPLE, *RETURNED_HOUSEHOLDS, *SEX_AGE_PARTS, *RETURNEE_SEX_AGE_PARTS,
    *REASON_PARTS, *PERIOD_PARTS, *SHELTER_PARTS,
)  # fmt: skip
QUESTIONS = (
    *WHOLE_NUMBERS, "place/date", "place/round", "place/region", "place/cercle", "place/listed", "place/locality",
    "place/new_name", "locality_name", "visit/reached", "visit/reason_not_reached", "visit/mode", "visit/position",
    "change/change_cause", "change/change_comment", "sex_age/sex_age_known", "reasons/origin_region",
    "reasons/origin_cercle", "arrivals/latest_displacement", "returns/returnee_divided", "returns/repatriate_country",
    *(f"agreement/{each}" for each in AGREEMENTS),
)  # fmt: skip
INFORMANT_QUESTIONS = ("role", "sex", "said_people", "said_households", "sureness")


def visits(sent, known):
    """One row per submission."""
    frame = placed(complete(sent.main, QUESTIONS), "place/locality", known["places.localities"])
    lat, lon = position("visit/position")
    frame = frame.with_columns(
        day("place/date").alias("date"),
        pl.col("place/round").alias("round"),
        yes("visit/reached").alias("reached"),
        one_of("visit/mode", ("in_person", "phone")).alias("mode"),
        lat.alias("lat"),
        lon.alias("lon"),
    )
    frame = frame.join(_informants(sent), on="submission", how="left")
    return _graded(with_series(frame.with_columns(pl.col("informants", "women_informants").fill_null(0))))


def informant_rows(sent):
    """One row per informant, with all questions, blank ones null."""
    none = pl.DataFrame(schema={"submission": pl.String, "row": pl.Int64})
    return complete(sent.repeats.get("informants", none), INFORMANT_QUESTIONS)


def _informants(sent):
    """Per submission: how many were asked, how many of them women, the lowest and highest figure they gave."""
    said = whole("said_people")
    return informant_rows(sent).group_by("submission").agg(
        pl.len().cast(pl.Int64).alias("informants"),
        (pl.col("sex") == "female").sum().cast(pl.Int64).alias("women_informants"),
        said.min().alias("lowest_said"),
        said.max().alias("highest_said"),
    )  # fmt: skip


def _graded(frame):
    """The frame with `grade`, by the rule in force on the day of each visit; no rule, no grade."""
    answers = [one_of(f"agreement/{name}", AGREEMENT).alias(name) for name in AGREEMENTS]
    ruled = in_force(frame.with_columns(answers), "date", PARAMETERS, GRADE_RULE)
    graded = []
    for rule, rows in ruled.partition_by(GRADE_RULE, as_dict=True, maintain_order=True).items():
        rows = rows.drop(GRADE_RULE)
        if None in rule:
            graded.append(rows.with_columns(pl.lit(None, pl.String).alias("grade")))
        else:
            graded.append(credibility_grade(rows, **dict(zip(GRADE_RULE, rule, strict=True))))
    return (
        pl.concat(graded)
        if graded
        else ruled.drop(GRADE_RULE).with_columns(pl.lit(None, pl.String).alias("grade"))
    )
