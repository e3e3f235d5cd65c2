"""Doubts about a published table: what was noted while reading, and what its figures say against each other."""

import polars as pl

from taama.facts.tools import FINDING_COLUMNS, WARNING, findings
from taama.mobility.tables import GROUPS
from taama.mobility.tools.published_baseline.lines import DATA

PEOPLE_PER_HOUSEHOLD = (2, 10)
SAME_DAY_LINES = 10
SAME_DAY_SHARE = 0.9


def noted(sent, known):
    """What was mended or found doubtful while the lines were read."""
    rows = sent.main.select("submission", "row", "findings").explode("findings").drop_nulls("findings")
    return rows.select("submission", "row", pl.col("findings").struct.unnest()).select(FINDING_COLUMNS)


def persons_per_household(sent, known):
    """People without households, households without people, and households smaller or larger than they can be."""
    data, found = _data(sent), [_none()]
    for group in GROUPS:
        people, households = pl.col(f"read/{group}_people"), pl.col(f"read/{group}_households")
        rows = data.select(
            "submission", "row", people.alias("people"), households.alias("households"),
            (people / households).round(1).alias("ratio"),
        ).drop_nulls(["people", "households"])  # fmt: skip
        one_is_none = (pl.col("people") > 0) != (pl.col("households") > 0)
        outside = (pl.col("households") > 0) & ~pl.col("ratio").is_between(*PEOPLE_PER_HOUSEHOLD)
        for which, code, values in (
            (one_is_none, "mobility.people_without_households", ("people", "households")),
            (outside & ~one_is_none, "mobility.persons_per_household", ("people", "households", "ratio")),
        ):
            found.append(findings(rows.filter(which), level=WARNING, code=code, field=f"{group}_people", values=values))
    return pl.concat(found)


def returnees_add_up(sent, known):
    """All returned people are those from abroad and those from inside the country together."""
    data, found = _data(sent), [_none()]
    for unit in ("people", "households"):
        total, abroad, inside = (f"read/{group}_{unit}" for group in ("returnee", "repatriate", "returned_idp"))
        rows = data.select(
            "submission", "row", pl.col(total).alias("returnees"), pl.col(abroad).alias("from_abroad"),
            pl.col(inside).alias("from_inside"),
        ).drop_nulls()  # fmt: skip
        wrong = rows.filter(pl.col("returnees") != pl.col("from_abroad") + pl.col("from_inside"))
        values = ("returnees", "from_abroad", "from_inside")
        found.append(
            findings(wrong, level=WARNING, code="mobility.returnees_do_not_add_up", field=f"returnee_{unit}", values=values)
        )
    return pl.concat(found)


def one_displacement_date(sent, known):
    """A day on which nearly everybody is said to have left is no observation but a default of the form."""
    day = "read/displacement_start"
    data = _data(sent).drop_nulls(day)
    counted = data.group_by("submission", day).agg(pl.len().alias("lines"), pl.col("row").min())
    rows = counted.join(data.group_by("submission").agg(pl.len().alias("of")), on="submission").filter(
        pl.col("of") >= SAME_DAY_LINES, pl.col("lines") >= pl.col("of") * SAME_DAY_SHARE
    )
    rows = rows.with_columns(pl.col(day).cast(pl.String).alias("date")).sort("submission")
    return findings(
        rows, level=WARNING, code="mobility.one_displacement_date", field="displacement_start", values=("date", "lines", "of")
    )


def displaced_before_counted(sent, known):
    """Nobody is displaced after the day on which they were counted."""
    late = _data(sent).filter(pl.col("read/displacement_start") > pl.col("read/as_of"))
    rows = late.select(
        "submission", "row", pl.col("read/displacement_start").cast(pl.String).alias("displaced"),
        pl.col("read/as_of").cast(pl.String).alias("counted"),
    )  # fmt: skip
    return findings(
        rows, level=WARNING, code="mobility.displaced_after_count", field="displacement_start", values=("displaced", "counted")
    )


def place_once(sent, known):
    """A place that stands on several lines for one day: its counts are added up, and that may count people twice."""
    key = ["submission", "read/place", "read/as_of"]
    data = _data(sent).drop_nulls(key)
    first = data.group_by(key).agg(pl.col("row").min().alias("first"), pl.len().alias("lines"))
    rows = data.join(first.filter(pl.col("lines") > 1), on=key).filter(pl.col("row") != pl.col("first")).sort("submission", "row")
    rows = rows.rename({"read/place": "place"})
    return findings(rows, level=WARNING, code="mobility.place_twice", field="", values=("place", "first"))


def _data(sent):
    return sent.main.filter(pl.col("kind") == DATA)


def _none():
    schema = dict.fromkeys(FINDING_COLUMNS, pl.String) | {"row": pl.Int64}
    return pl.DataFrame(schema=schema)


CHECKS = (
    noted, persons_per_household, returnees_add_up, one_displacement_date, displaced_before_counted, place_once,
)  # fmt: skip
