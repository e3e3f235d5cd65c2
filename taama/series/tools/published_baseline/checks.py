"""Doubts about a published table: what was noted while reading, and what its figures say against each other."""

import polars as pl

from taama.facts.answers import in_force
from taama.facts.tools import FINDING_COLUMNS, WARNING, findings
from taama.mobility.tables import GROUPS
from taama.mobility.tools.reading import PARAMETERS, sum_findings
from taama.series.tools.published_baseline.lines import DATA


def noted(sent, known):
    """What was mended or found doubtful while the lines were read."""
    rows = sent.main.select("submission", "row", "findings").explode("findings").drop_nulls("findings")
    return rows.select("submission", "row", pl.col("findings").struct.unnest()).select(FINDING_COLUMNS)


def household_size(sent, known):
    """Rule 2. Households if and only if people, and no fewer or more people in each than there can be."""
    data = in_force(_data(sent), "read/as_of", PARAMETERS, ["household_people_low", "household_people_high"])
    return pl.concat([found for group in GROUPS for found in _sizes(data, group)])


def _sizes(data, group):
    people, households = pl.col(f"read/{group}_people"), pl.col(f"read/{group}_households")
    rows = data.with_columns(
        people.alias("people"), households.alias("households"), (people / households).round(1).alias("size")
    )
    impossible = (people > 0) != (households > 0)
    unusual = ~pl.col("size").is_between("household_people_low", "household_people_high") & (households > 0)
    field, values = f"{group}_people", ["sheet", "people", "households"]
    yield findings(
        rows.filter(impossible),
        level=WARNING,
        code="mobility.households_impossible",
        field=field,
        values=values,
    )
    yield findings(
        rows.filter(unusual & ~impossible),
        level=WARNING,
        code="mobility.household_size",
        field=field,
        values=[*values, "size"],
    )


def returnee_sum(sent, known):
    """Rule 3. All returned people are those from abroad and those from inside the country together."""
    return pl.concat([
        sum_findings(
            _data(sent), f"read/returnee_{unit}", [f"read/repatriate_{unit}", f"read/returned_idp_{unit}"],
            field=f"returnee_{unit}", code="mobility.returnee_sum",
        )
        for unit in ("people", "households")
    ])  # fmt: skip


def displacement_date(sent, known):
    """Rule 7. A day after the count, or one day for nearly everybody: no observation but a default of the form."""
    field = "displacement_start"
    data = in_force(_data(sent), "read/as_of", PARAMETERS, ["same_date_rows", "same_date_percent"])
    given = data.filter(pl.col(f"read/{field}").is_not_null()).with_columns(
        pl.col(f"read/{field}").cast(pl.String).alias("displaced"),
        pl.col("read/as_of").cast(pl.String).alias("date"),
    )
    lines, of = pl.len().over("submission", "displaced"), pl.len().over("submission")
    constant = given.with_columns(lines.alias("lines"), of.alias("of")).filter(
        (pl.col("of") >= pl.col("same_date_rows"))
        & (100 * pl.col("lines") >= pl.col("of") * pl.col("same_date_percent"))
    )
    once = constant.unique(["submission", "displaced"], keep="first", maintain_order=True)
    late = given.filter(pl.col(f"read/{field}") > pl.col("read/as_of"))
    return pl.concat([
        findings(once, level=WARNING, code="mobility.displaced_one_date", field=field, values=["displaced", "lines", "of"]),
        findings(late, level=WARNING, code="mobility.displaced_after_visit", field=field, values=["sheet", "displaced", "date"]),
    ])  # fmt: skip


def place_once(sent, known):
    """A place that stands on several lines for one day: its counts are added up, and people may be counted twice."""
    key = ["submission", "read/place", "read/as_of"]
    data = _data(sent).drop_nulls(key).with_columns(
        pl.col("row").first().over(key).alias("first"), pl.int_range(pl.len()).over(key).alias("nth"),
        pl.col("read/place").alias("place"),
    )  # fmt: skip
    again = data.filter(pl.col("nth") > 0)
    return findings(
        again, level=WARNING, code="series.place_on_lines", field="", values=["sheet", "place", "first"]
    )


def _data(sent):
    return sent.main.filter(pl.col("kind") == DATA)


CHECKS = (noted, household_size, returnee_sum, displacement_date, place_once)
