"""What is doubtful or impossible in a location assessment. Each rule is a function of the visits of a batch.

The rules are numbered as in the README beside this file.
"""

import polars as pl

from taama.facts.answers import day, in_force, whole
from taama.facts.tools import ERROR, WARNING, findings
from taama.mobility.tools.location_assessment.visits import (
    PERIOD_PARTS,
    REASON_PARTS,
    RETURNED_HOUSEHOLDS,
    RETURNED_PEOPLE,
    RETURNEE_SEX_AGE_PARTS,
    SEX_AGE_PARTS,
    SHELTER_PARTS,
    WHOLE_NUMBERS,
    informant_rows,
    visits,
)
from taama.mobility.tools.reading import (
    PARAMETERS,
    day_findings,
    number_findings,
    place_findings,
    sum_findings,
)
from taama.places.methods.geo import distance_km
from taama.places.methods.names import plain

PEOPLE, HOUSEHOLDS = "idp/idp_people", "idp/idp_households"


def check(sent, known):
    """All findings of a batch."""
    frame = visits(sent, known)
    found = [rule(frame, known) for rule in RULES]
    found.append(number_findings(informant_rows(sent), ["said_people", "said_households"]))
    return pl.concat(found)


def _with(frame, *names):
    return in_force(frame, "date", PARAMETERS, names)


def missing_place(frame, known):
    """5a. A place that is missing, unknown, or not yet in the list."""
    new = pl.col("place/new_name").is_not_null() & pl.col("place/locality").is_null()
    unlisted = frame.filter(new).with_columns(pl.col("place/new_name").alias("name"))
    listed = frame.filter(~new)
    return pl.concat([
        findings(unlisted, level=ERROR, code="mobility.place_not_listed", field="place/new_name", values=["name"]),
        place_findings(listed, "place/locality"),
    ])  # fmt: skip


def implausible_day(frame, known):
    return day_findings(frame, "place/date")


def unreadable_round(frame, known):
    readable = pl.col("round").str.contains(r"^\d{1,4}(-\d{1,2})?$").fill_null(False)
    shown = frame.filter(~readable).with_columns(pl.col("round").alias("answer"))
    return findings(
        shown, level=ERROR, code="mobility.round_unreadable", field="place/round", values=["answer"]
    )


def impossible_number(frame, known):
    return number_findings(frame, WHOLE_NUMBERS)


def incomplete(frame, known):
    """Reached or not is not said; reached without a figure; not reached without the reason."""
    unsaid = frame.filter(pl.col("visit/reached").is_null())
    uncounted = frame.filter(pl.col("reached") & pl.col(PEOPLE).is_null())
    unexplained = frame.filter(~pl.col("reached") & pl.col("visit/reason_not_reached").is_null())
    return pl.concat([
        findings(unsaid, level=ERROR, code="mobility.reached_missing", field="visit/reached"),
        findings(uncounted, level=ERROR, code="mobility.people_missing", field=PEOPLE),
        findings(unexplained, level=WARNING, code="mobility.reason_missing", field="visit/reason_not_reached"),
    ])  # fmt: skip


def sex_age_sum(frame, known):
    """1. The cells by sex and age make the total, unless they are said to be partial."""
    complete = frame.filter(pl.col("sex_age/sex_age_known").fill_null("all") != "partial")
    partial = frame.filter(pl.col("sex_age/sex_age_known") == "partial").with_columns(
        whole(PEOPLE).alias("total"), pl.sum_horizontal([whole(part) for part in SEX_AGE_PARTS]).alias("sum")
    )
    too_many = partial.filter(pl.col("sum") > pl.col("total"))
    code, field = "mobility.sex_age_sum", "sex_age"
    return pl.concat([
        sum_findings(complete, PEOPLE, SEX_AGE_PARTS, field=field, code=code),
        findings(too_many, level=WARNING, code=code, field=field, values=["sum", "total"]),
        sum_findings(frame, "returns/returnee_people", RETURNEE_SEX_AGE_PARTS, field="returns", code=code),
    ])  # fmt: skip


def household_size(frame, known):
    """2. Households if and only if people; two to ten people in each."""
    sized = _with(frame, "household_people_low", "household_people_high").with_columns(
        whole(PEOPLE).alias("people"), whole(HOUSEHOLDS).alias("households")
    )
    only_one = (pl.col("people") > 0) != (pl.col("households") > 0)
    impossible = only_one | (pl.col("households") > pl.col("people"))
    sized = sized.with_columns((pl.col("people") / pl.col("households")).alias("size"))
    unusual = ~pl.col("size").is_between("household_people_low", "household_people_high")
    shown = ["people", "households"]
    return pl.concat([
        findings(sized.filter(impossible), level=ERROR, code="mobility.households_impossible", field=HOUSEHOLDS, values=shown),
        findings(
            sized.filter(~impossible & unusual & (pl.col("households") > 0)), level=WARNING,
            code="mobility.household_size", field=HOUSEHOLDS, values=[*shown, "size"],
        ),
    ])  # fmt: skip


def returnee_sum(frame, known):
    """3. Returnees are those from inside the country and those from abroad together."""
    code = "mobility.returnee_sum"
    return pl.concat([
        sum_findings(frame, "returns/returnee_people", RETURNED_PEOPLE, field="returns/returnee_people", code=code),
        sum_findings(
            frame, "returns/returnee_households", RETURNED_HOUSEHOLDS, field="returns/returnee_households", code=code,
        ),
    ])  # fmt: skip


def part_sums(frame, known):
    """4. Reasons, periods and shelters make the total."""
    return pl.concat([
        sum_findings(frame, PEOPLE, REASON_PARTS, field="reasons", code="mobility.reason_sum"),
        sum_findings(frame, PEOPLE, PERIOD_PARTS, field="arrivals", code="mobility.period_sum"),
        sum_findings(frame, HOUSEHOLDS, SHELTER_PARTS, field="shelters", code="mobility.shelter_sum"),
    ])  # fmt: skip


def wrong_area(frame, known):
    """5b. The cercle chosen is known, lies in the region chosen, and holds the place chosen."""
    areas = known["places.areas"].select(
        pl.col("key").alias("place/cercle"), "parent", pl.lit(True).alias("exists")
    )
    said = frame.filter(pl.col("place/cercle").is_not_null()).join(areas, on="place/cercle", how="left")
    said = said.with_columns(pl.col("place/cercle").alias("said"), pl.col("place/region").alias("region"))
    unknown = said.filter(pl.col("exists").is_null())
    elsewhere = said.filter(pl.col("exists") & (pl.col("parent") != pl.col("place/region")))
    other = said.filter(pl.col("exists") & (pl.col("cercle") != pl.col("place/cercle")))
    field = "place/cercle"
    return pl.concat([
        findings(unknown, level=WARNING, code="mobility.cercle_unknown", field=field, values=["said"]),
        findings(elsewhere, level=WARNING, code="mobility.cercle_not_nested", field=field, values=["said", "region"]),
        findings(
            other, level=WARNING, code="mobility.cercle_differs", field=field, values=["said", "cercle", "place_name"],
        ),
    ])  # fmt: skip


def other_name(frame, known):
    """6. The name that the phone had for the place's key is the name it has now."""
    named = frame.filter(pl.col("locality_name").is_not_null() & pl.col("place_name").is_not_null())
    said = named.with_columns(pl.col("locality_name").alias("said"))
    same = [plain(one) == plain(other) for one, other in said.select("said", "place_name").iter_rows()]
    differing = said.filter(~pl.Series(same, dtype=pl.Boolean))
    values = ["said", "place_name"]
    return findings(
        differing, level=WARNING, code="mobility.name_differs", field="place/locality", values=values
    )


def origin_without_reason(frame, known):
    """7a. An origin that is known while all reasons are unknown."""
    unknown = (whole("reasons/reason_unknown") == whole(PEOPLE)) & (whole(PEOPLE) > 0)
    rows = frame.filter(unknown & pl.col("reasons/origin_region").is_not_null())
    return findings(rows, level=WARNING, code="mobility.origin_without_reason", field="reasons/origin_region")


def displacement_date(frame, known):
    """7b. The latest displacement lies after the visit, or is the same day for nearly all places of the batch."""
    field = "arrivals/latest_displacement"
    dated = _with(frame.with_columns(day(field).alias("displaced")), "same_date_rows", "same_date_percent")
    late = dated.filter(pl.col("displaced") > pl.col("date"))
    given = dated.filter(pl.col("displaced").is_not_null())
    share = 100 * pl.len().over("displaced") / pl.len()
    constant = given.filter((pl.len() >= pl.col("same_date_rows")) & (share >= pl.col("same_date_percent")))
    return pl.concat([
        findings(late, level=WARNING, code="mobility.displaced_after_visit", field=field, values=["displaced", "date"]),
        findings(constant, level=WARNING, code="mobility.displaced_one_date", field=field, values=["displaced"]),
    ])  # fmt: skip


def previous(frame, known):
    """The visits with the figure of the latest earlier day: `previous`, `previous_date`, `change`, `people`."""
    earlier = known["mobility.previous_stock"].filter(pl.col("group") == "idp")
    earlier = earlier.select(
        "place", pl.col("people").alias("previous"), pl.col("date").alias("previous_date")
    )
    own = frame.drop("previous_date", strict=False)  # the phone's own idea of it
    pairs = own.join(earlier, on="place", how="inner").filter(pl.col("previous_date") < pl.col("date"))
    latest = pairs.sort("previous_date").unique("submission", keep="last", maintain_order=True)
    return latest.with_columns(
        whole(PEOPLE).alias("people"), (whole(PEOPLE) - pl.col("previous")).alias("change")
    ).filter(pl.col("change").is_not_null())


def unexplained_change(frame, known):
    """8. A large change since the previous round wants its cause and a comment."""
    compared = _with(previous(frame, known), "change_percent", "change_people_least", "change_people")
    size, allowed = pl.col("change").abs(), pl.col("previous") * pl.col("change_percent") / 100
    large = (size > pl.col("change_people")) | ((size >= pl.col("change_people_least")) & (size > allowed))
    unexplained = pl.col("change/change_cause").is_null() | pl.col("change/change_comment").is_null()
    values = ["previous", "previous_date", "people", "change"]
    return findings(
        compared.filter(large & unexplained),
        level=WARNING,
        code="mobility.change_unexplained",
        field=PEOPLE,
        values=values,
    )


def change_sum(frame, known):
    """9. Those who arrived less those who left are the difference of the two rounds."""
    compared = previous(frame, known).with_columns(
        whole("change/arrived").alias("arrived"), whole("change/departed").alias("departed")
    )
    wrong = compared.filter(pl.col("arrived") - pl.col("departed") != pl.col("change"))
    values = ["arrived", "departed", "previous", "people", "change"]
    return findings(wrong, level=WARNING, code="mobility.change_sum", field="change", values=values)


def closed_place(frame, known):
    """12. Nobody lives in a place that is closed."""
    closed = pl.col("closed_on").cast(pl.Date) <= pl.col("date")
    rows = frame.filter(closed & (whole(PEOPLE) > 0)).with_columns(whole(PEOPLE).alias("people"))
    values = ["place_name", "closed_on", "people"]
    return findings(rows, level=WARNING, code="mobility.place_closed", field=PEOPLE, values=values)


def far_away(frame, known):
    """13. The visit took place near the place, or near its cercle's seat where the place has no position."""
    seats = known["places.areas"]
    for name in ("lat", "lon"):
        column = pl.col(name) if name in seats.columns else pl.lit(None)
        seats = seats.with_columns(column.cast(pl.Float64).alias(f"seat_{name}"))
    located = _with(frame, "position_km", "position_seat_km").join(
        seats.select(pl.col("key").alias("cercle"), "seat_lat", "seat_lon"), on="cercle", how="left"
    )
    own = pl.col("place_lat").is_not_null() & pl.col("place_lon").is_not_null()
    positions = located.select(
        "lat", "lon", pl.coalesce("place_lat", "seat_lat"), pl.coalesce("place_lon", "seat_lon")
    )
    km = [None if None in row else distance_km(*row) for row in positions.iter_rows()]
    located = located.with_columns(
        pl.Series("km", km, dtype=pl.Float64),
        pl.when(own).then("position_km").otherwise("position_seat_km").alias("allowed_km"),
    )
    far = located.filter(pl.col("km") > pl.col("allowed_km")).with_columns(pl.col("km").round(0))
    values = ["km", "allowed_km", "place_name"]
    return findings(far, level=WARNING, code="mobility.position_far", field="visit/position", values=values)


def informants(frame, known):
    """14. Three informants or more, one of them a woman, and the mode written down."""
    asked = _with(frame.filter("reached"), "informants_enough")
    few = asked.filter(pl.col("informants") < pl.col("informants_enough"))
    men_only = asked.filter((pl.col("informants") > 0) & (pl.col("women_informants") == 0))
    no_mode = asked.filter(pl.col("mode").is_null())
    return pl.concat([
        findings(
            few, level=WARNING, code="mobility.informants_few", field="informants",
            values=["informants", "informants_enough"],
        ),
        findings(men_only, level=WARNING, code="mobility.informants_no_woman", field="informants", values=["informants"]),
        findings(no_mode, level=WARNING, code="mobility.mode_missing", field="visit/mode"),
    ])  # fmt: skip


def outside_informants(frame, known):
    """The figure retained lies outside what all informants said."""
    said = frame.with_columns(
        whole(PEOPLE).alias("people"),
        pl.col("lowest_said").alias("lowest"),
        pl.col("highest_said").alias("highest"),
    )
    outside = said.filter((pl.col("people") < pl.col("lowest")) | (pl.col("people") > pl.col("highest")))
    values = ["people", "lowest", "highest"]
    return findings(outside, level=WARNING, code="mobility.outside_informants", field=PEOPLE, values=values)


def twice(frame, known):
    """The same place twice in one round within the batch."""
    rows = frame.filter(pl.col("place").is_not_null() & (pl.len().over("place", "round") > 1))
    values = ["place_name", "round"]
    return findings(rows, level=WARNING, code="mobility.place_twice", field="place/locality", values=values)


RULES = (
    missing_place, implausible_day, unreadable_round, impossible_number, incomplete, sex_age_sum, household_size,
    returnee_sum, part_sums, wrong_area, other_name, origin_without_reason, displacement_date, unexplained_change,
    change_sum, closed_place, far_away, informants, outside_informants, twice,
)  # fmt: skip
