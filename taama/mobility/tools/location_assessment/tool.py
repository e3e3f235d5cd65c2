"""Reads location assessments into stocks, their parts, and the assessments themselves."""

import polars as pl

from taama.base.sensitivity import S2
from taama.facts.answers import complete, one_of, whole, yes
from taama.facts.tools import Tool
from taama.mobility.tables import (
    ASSESSMENT,
    NOT_REACHED,
    REASONS,
    SEX_AGE,
    SHELTERS,
    STOCK,
    STOCK_PART,
)
from taama.mobility.tools.location_assessment.checks import check
from taama.mobility.tools.location_assessment.visits import AGREEMENTS, PERIODS, QUESTIONS, visits
from taama.mobility.tools.reading import place_kind, placed

COMMON = ["submission", "place", "area", "geography", "date", "round", "series"]
NOT_ASKED = pl.lit(None, pl.Int64)


def readable(sent, known):
    """Visits to a known place on a known day: the others have no facts."""
    frame = visits(sent, known)
    return frame.filter(
        pl.all_horizontal(pl.col("place", "geography", "date", "round", "series").is_not_null())
    )


def area(sent, known):
    """The area of the place; of a place that the gazetteer does not know, the cercle or region that was chosen."""
    frame = placed(complete(sent.main, QUESTIONS), "place/locality", known["places.localities"])
    areas = known["places.areas"]["key"]
    chosen = [
        pl.when(pl.col(name).is_in(areas.implode())).then(name) for name in ("place/cercle", "place/region")
    ]
    return frame.select("submission", pl.coalesce("area", *chosen).alias("area"))


def assessment(sent, known):
    """The assessment of each place, reached or not."""
    frame = readable(sent, known).filter(pl.col("reached").is_not_null())
    reached = pl.col("reached")
    reason = one_of("visit/reason_not_reached", NOT_REACHED)
    if_reached = ["mode", "informants", "women_informants", *AGREEMENTS, "grade"]
    return frame.select(
        *COMMON,
        pl.when(reached).then(pl.lit("assessed")).otherwise(pl.lit("not_assessed")).alias("status"),
        pl.when(~reached).then(reason).alias("reason_not_assessed"),
        *[pl.when(reached).then(pl.col(name)).alias(name) for name in if_reached],
    )


def stock(sent, known):
    """People present by group. Only the displaced carry a range: informants are asked for their figure alone."""
    frame = readable(sent, known).filter(pl.col("reached"))
    divided = (yes("returns/returnee_divided") | (whole("returns/returnee_people") == 0)).fill_null(False)
    low, high = pl.min_horizontal("people", "lowest_said"), pl.max_horizontal("people", "highest_said")
    rows = [
        _group(frame, "idp", "idp/idp").with_columns(low.alias("low"), high.alias("high")),
        _group(frame.filter(divided), "returned_idp", "returns/returned_idp"),
        _group(frame.filter(divided), "repatriate", "returns/repatriate"),
        _group(frame.filter(~divided), "returnee", "returns/returnee"),
    ]
    return pl.concat(rows, how="diagonal").drop("lowest_said", "highest_said")


def _group(frame, group, question):
    """Rows of one group. If nobody has returned, nobody of either kind has."""
    nobody = (whole("returns/returnee_people") == 0) & pl.lit(group != "idp")
    people = pl.when(nobody).then(0).otherwise(whole(f"{question}_people"))
    households = pl.when(people == 0).then(0).otherwise(whole(f"{question}_households"))
    return frame.filter(people.is_not_null()).select(
        *COMMON,
        place_kind(),
        pl.lit(group).alias("group"),
        people.cast(pl.Int64).alias("people"),
        households.cast(pl.Int64).alias("households"),
        *("grade", "informants", "lowest_said", "highest_said"),
        pl.lit("assessed").alias("status"),
        pl.col("date").alias("assessed_on"),
    )


def stock_part(sent, known):
    """Parts of the displaced by sex and age, reason, period, shelter and origin; of the returnees by sex and age."""
    frame = readable(sent, known).filter(pl.col("reached"))
    parts = [_people(frame, "idp", "sex_age", each, f"sex_age/{each}") for each in SEX_AGE]
    parts += [_people(frame, "returnee", "sex_age", each, f"returns/returnee_{each}") for each in SEX_AGE]
    parts += [_people(frame, "idp", "reason", each, f"reasons/reason_{each}") for each in REASONS]
    parts += [_people(frame, "idp", "period", each, f"arrivals/arrived_{each}") for each in PERIODS]
    parts += [_households(frame, each, f"shelters/shelter_{each}") for each in SHELTERS]
    parts.append(_majority(frame, "idp", pl.coalesce("reasons/origin_cercle", "reasons/origin_region")))
    parts.append(_majority(frame, "repatriate", pl.col("returns/repatriate_country")))
    return pl.concat(parts)


def _people(frame, group, dimension, category, question):
    return _part(
        frame.filter(whole(question).is_not_null()),
        group,
        dimension,
        pl.lit(category),
        people=whole(question),
    )


def _households(frame, category, question):
    answered = frame.filter(whole(question).is_not_null())
    return _part(answered, "idp", "shelter", pl.lit(category), households=whole(question))


def _majority(frame, group, origin):
    """Where most come from. How many of them is not asked, so the row has no number."""
    return _part(frame.filter(origin.is_not_null()), group, "origin", origin)


def _part(frame, group, dimension, category, people=NOT_ASKED, households=NOT_ASKED):
    return frame.select(
        *COMMON,
        pl.lit(group).alias("group"),
        pl.lit(dimension).alias("dimension"),
        category.alias("category"),
        households.alias("households"),
        people.alias("people"),
    )


tool = Tool(
    code="location_assessment",
    versions=("2026.1",),
    area=area,
    facts={STOCK: stock, STOCK_PART: stock_part, ASSESSMENT: assessment},
    checks=(check,),
    known=("places.localities", "places.areas", "mobility.previous_stock"),
    fr="Évaluation d'un lieu",
    en="Location assessment",
    sensitivity=S2,
)
