"""Figures of assessed rounds: totals with range, coverage, age and grades, like-for-like change, and their parts."""

from dataclasses import dataclass
from datetime import date

import narwhals as nw

from taama.facts.frames import small
from taama.figures.figure import NO_DATA, SIMULATED, STALE, Coverage, Figure
from taama.mobility.methods.building.made import ASSESSED, DEFINITIONS, HOUSEHOLDS, Made
from taama.mobility.methods.change import like_for_like_change
from taama.mobility.methods.quality import coverage, data_age, grade_mix
from taama.mobility.methods.stock import latest_stock, shares, stock_totals

LEVELS = ("country", "region", "cercle")
PART_LEVELS = ("country", "region")
GROUPS = ("idp", "returned_idp", "repatriate", "returnee")
METHOD = "mobility.stock_totals"
STALE_SHARE = 0.5  # of the people carried forward: the whole figure is called stale


@dataclass(frozen=True)
class Round:
    """One round as the facts show it."""

    series: str
    code: str
    last: date
    simulated: bool


@dataclass(frozen=True)
class Facts:
    """Narwhals frames of one engine. `stock`, `parts`, `assessments`: facts with country, region, cercle joined on;
    `planned`: frame[place, series, country, region, cercle], the places a round should reach."""

    stock: object
    parts: object
    assessments: object
    planned: object


def round_figures(facts, *, panel_floor, carry_days, hold=lambda frame: frame):
    """Every figure of every assessed round.

    facts        Facts
    panel_floor  share of people, 0 to 1, that the places assessed in both rounds must hold for a change
    carry_days   oldest assessment, in days before the round's end, that is carried forward
    hold         keeps an intermediate frame in memory, where the engine gains by it
    Returns      list of Made
    """
    stock = hold(latest_stock(facts.stock.filter(nw.col("status") == "assessed")))
    made, earlier = [], None
    for each in rounds_of(stock):
        before = earlier if earlier is not None and earlier[0].series == each.series else None
        standing = hold(standing_rows(stock, each, carry_days))
        own = [f.filter((nw.col("series") == each.series) & (nw.col("round") == each.code))
               for f in (facts.parts, facts.assessments)]  # fmt: skip
        made += _one_round(each, standing, before, *own, facts.planned, panel_floor)
        earlier = (each, standing)
    return made


def rounds_of(stock):
    """Rounds in the order of their series and last day."""
    found = stock.filter(nw.col("round") != "").group_by("series", "round").agg(
        nw.col("date").max().alias("last"),
        nw.when(nw.col("simulated")).then(nw.lit(1)).otherwise(nw.lit(0)).max().alias("simulated"),
    )  # fmt: skip
    listed = [Round(r["series"], r["round"], r["last"], bool(r["simulated"])) for r in small(found)]
    return sorted(listed, key=lambda each: (each.series, each.last))


def standing_rows(stock, each, carry_days):
    """Rows of a round, and for places that it did not assess their latest earlier row, if not too old."""
    series = stock.filter(nw.col("series") == each.series)
    now = series.filter(nw.col("round") == each.code)
    since = date.fromordinal(each.last.toordinal() - carry_days)
    seen = now.select("place").unique()
    before = series.filter(
        (nw.col("round") != each.code) & (nw.col("date") <= each.last) & (nw.col("date") >= since)
    )
    before = before.join(seen, on="place", how="anti")
    latest = before.filter(nw.col("date") == nw.col("date").max().over("place"))
    carried = latest.with_columns(nw.lit("carried").alias("status"), nw.lit(each.code).alias("round"))
    return nw.concat([now, carried.select(*now.collect_schema().names())])


def _one_round(each, standing, before, parts, assessments, planned, panel_floor):
    planned = planned.filter(nw.col("series") == each.series)
    made = []
    for level in LEVELS:
        covered = _by(coverage(assessments, planned, by=[level]), level)
        made += [_assessed(each, place, row, assessments) for place, row in covered.items()]
        for group in GROUPS:
            rows = standing.filter((nw.col("group") == group) & ~nw.col(level).is_null())
            made += _totals(each, rows, group, level, covered, _before(before, group, level), panel_floor)
    parts = _with_origins(parts, standing)
    for level in PART_LEVELS:
        made += _parts(each, parts.filter((nw.col("group") == "idp") & ~nw.col(level).is_null()), level)
    return made


def _before(before, group, level):
    if before is None:
        return None
    each, rows = before
    return each, rows.filter((nw.col("group") == group) & ~nw.col(level).is_null())


def _by(frame, level):
    return {row.pop(level): row for row in small(frame) if row[level] is not None}


def _common(each, place):
    return {
        "place": place, "version": place.partition("@")[2], "period": each.code, "as_of": each.last,
        "series": each.series,
    }  # fmt: skip


def _marks(each, *more):
    return frozenset({SIMULATED} if each.simulated else ()) | frozenset(more)


def _assessed(each, place, row, assessments):
    figure = Figure(
        definition=ASSESSED, unit="localities", value=row["assessed"], base=row["planned"],
        coverage=Coverage(row["assessed"], row["planned"], "localities"), method="mobility.coverage",
        marks=_marks(each), **_common(each, place),
    )  # fmt: skip
    return Made(figure, extra={"tried": row["tried"]})


def _totals(each, rows, group, level, covered, before, panel_floor):
    totals = _by(stock_totals(rows, by=[level]), level)
    ages = _by(data_age(rows, on=each.last, by=[level]), level)
    grades = {}
    for row in small(grade_mix(rows, by=[level])):
        grades.setdefault(row[level], {})[row["grade"]] = row["share"]
    panels = {}
    for row in small(rows.filter(nw.col("status") == "assessed").select(level, "submission").unique()):
        panels.setdefault(row[level], []).append(row["submission"])
    changes = {} if before is None else _by(
        like_for_like_change(before[1], rows, panel_floor=panel_floor, by=[level]), level
    )  # fmt: skip
    made = []
    for place, row in totals.items():
        change = _change(before, changes.get(place))
        about = {
            "coverage": _coverage(covered.get(place)), "age_days": _whole(ages.get(place, {}).get("age_days")),
            "grades": grades.get(place, {}), "sources": tuple(sorted(panels.get(place, ()))),
        }  # fmt: skip
        made += _figures_of(each, group, place, row, about, change, ages.get(place, {}))
    return made


def _figures_of(each, group, place, row, about, change, age):
    carried = row["people_carried"] > STALE_SHARE * row["people"] > 0
    marks = _marks(each, *([STALE] if carried else []), *([NO_DATA] if not row["places"] else []))
    extra = {
        "lowest": row["lowest"], "highest": row["highest"], "places": row["places"],
        "people_carried": row["people_carried"], "people_with_range": row["people_with_range"],
        "oldest_days": age.get("oldest_days"),
    }  # fmt: skip
    ranged = row["people_with_range"] > 0
    people = Figure(
        definition=DEFINITIONS[group], unit="people", value=row["people"], low=row["low"] if ranged else None,
        high=row["high"] if ranged else None, method=METHOD, marks=marks, **about, **_common(each, place),
    )  # fmt: skip
    made = [Made(people, change, extra)]
    if group == "idp" and row["people_with_households"]:
        households = Figure(
            definition=HOUSEHOLDS, unit="households", value=row["households"], method=METHOD, marks=marks,
            coverage=about["coverage"], age_days=about["age_days"], **_common(each, place),
        )  # fmt: skip
        made.append(Made(households))
    return made


def _coverage(row):
    return None if row is None else Coverage(row["assessed"], row["planned"], "localities")


def _whole(value):
    return None if value is None else round(value)


def _change(before, row):
    """Like-for-like change against the round before, or why there is none."""
    if before is None or row is None:
        return None
    if row["reason"]:
        values = {"panel": row["places_both"], "earlier": row["places_earlier"], "later": row["places_later"]}
        return {
            "from": before[0].code,
            "reason": row["reason"],
            "values": values | {"share": row["panel_share"]},
        }
    return {
        "from": before[0].code, "from_value": row["people_earlier"], "to_value": row["people_later"],
        "value": row["change"], "percent": row["change_percent"], "panel": row["places_both"],
        "panel_share": row["panel_share"],
    }  # fmt: skip


def _with_origins(parts, standing):
    """Origins are asked as that of the majority of a place: all its displaced people count there."""
    present = standing.filter((nw.col("group") == "idp") & (nw.col("status") == "assessed"))
    present = present.select("place", nw.col("people").alias("present")).lazy()
    joined = parts.lazy().join(present, on="place", how="left")
    whole = nw.when(nw.col("dimension") == "origin").then(nw.coalesce(nw.col("people"), nw.col("present")))
    people = whole.otherwise(nw.col("people"))
    return joined.with_columns(people.alias("people")).drop("present")


def _parts(each, parts, level):
    """Parts of the displaced by each dimension, with the people of known category as their base."""
    value = nw.coalesce(nw.col("people"), nw.col("households"))
    summed = parts.with_columns(value.alias("value")).group_by(level, "dimension", "category").agg(
        nw.col("value").sum().cast(nw.Int64).alias("value"),
        nw.col("people").is_null().any().alias("of_households"),
    )  # fmt: skip
    made = []
    for row in small(shares(summed, within=[level, "dimension"], value="value")):
        figure = Figure(
            definition=DEFINITIONS["idp"], unit="households" if row["of_households"] else "people",
            value=row["value"], base=row["base"], category={row["dimension"]: row["category"]},
            method="mobility.shares", marks=_marks(each), **_common(each, row[level]),
        )  # fmt: skip
        made.append(Made(figure))
    return made
