"""Figures of assessed rounds: totals with range, coverage, age and grades, like-for-like change, and their parts."""

from dataclasses import dataclass
from datetime import date

import narwhals as nw

from taama.facts.frames import small
from taama.figures.figure import NO_DATA, SIMULATED, STALE, Coverage, Figure
from taama.figures.made import Made, difference, withheld
from taama.mobility.methods.change import ENDS, SUMS, judged_change, like_for_like_sums
from taama.mobility.methods.definitions import ASSESSED, DEFINITIONS, HOUSEHOLDS
from taama.mobility.methods.quality import coverage, data_age, grade_mix
from taama.mobility.methods.stock import latest_stock, shares, stock_totals

LEVELS = ("country", "region", "cercle")
PART_LEVELS = ("country", "region")
GROUPS = ("idp", "returned_idp", "repatriate", "returnee")
BY = ("area", "group")
STOCK_COLUMNS = (
    "submission", "simulated", "place", "place_kind", "area", "geography", "date", "round", "series", "group",
    "households", "people", "low", "high", "grade", "status", "assessed_on",
)  # fmt: skip
TOTALS = (
    "people", "households", "lowest", "highest", "places", "people_with_range", "people_with_households",
    "people_carried",
)  # fmt: skip
METHOD = "mobility.stock_totals"
SOURCES_LISTED = 10_000  # rows of a round: beyond, figures count their places and list no submission
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
    """Narwhals frames of one engine, as the tables of mobility. `planned`: frame[place, series, area], the places that
    a round should reach. `chain`: key of an area → dict of the country, region and cercle it lies in."""

    stock: object
    parts: object
    assessments: object
    planned: object
    chain: dict


def round_figures(facts, *, panel_floor, carry_days, plan_floor, hold=lambda frame: frame):
    """Every figure of every assessed round.

    Large frames are read once for each smallest area; regions and the country are the sums of their areas.

    facts        Facts
    panel_floor  share of people, 0 to 1, that the places assessed in both rounds must hold for a change
    carry_days   oldest assessment, in days before the round's end, that is carried forward
    plan_floor   share of the cercles of an area, 0 to 1, in which places must be planned for the plan to speak of the
                 area; below it nobody knows how many places there should have been
    hold         keeps an intermediate frame in memory, where the engine gains by it
    Returns      list of Made
    """
    assessed = hold(facts.stock.filter(nw.col("status") == "assessed").select(*STOCK_COLUMNS))
    stock = hold(latest_stock(assessed))
    made, earlier = [], None
    for each in rounds_of(stock):
        before = earlier if earlier is not None and earlier[0].series == each.series else None
        standing = hold(standing_rows(stock, each, carry_days))
        made += _one_round(
            each, _Sums(each, standing, before and before[1], facts, panel_floor, plan_floor), before
        )
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
    before = series.filter(
        (nw.col("round") != each.code) & (nw.col("date") <= each.last) & (nw.col("date") >= since)
    )
    before = before.join(now.select("place").unique(), on="place", how="anti")
    latest = before.filter(nw.col("date") == nw.col("date").max().over("place"))
    carried = latest.with_columns(nw.lit("carried").alias("status"), nw.lit(each.code).alias("round"))
    return nw.concat([now, carried.select(*STOCK_COLUMNS)])


def _one_round(each, sums, before):
    facts, standing = sums.facts, sums.standing
    own = (nw.col("series") == each.series) & (nw.col("round") == each.code)
    made = []
    for level in LEVELS:
        covered = sums.coverage(facts.assessments.filter(own), level)
        made += [_assessed(each, place, row) for place, row in covered.items()]
        for group in GROUPS:
            totals = sums.of(level, group)
            for place, row in totals.items():
                change = _change(before and before[0], row["change"])
                made += _figures_of(each, group, place, row, _coverage(covered.get(place)), change)
            if group == "idp":
                made += [_unknown(each, place, row) for place, row in covered.items() if place not in totals]
    parts = _part_sums(facts.parts.filter(own & (nw.col("group") == "idp")), standing)
    for level in PART_LEVELS:
        made += _parts(each, parts, level, facts.chain)
    return made


class _Sums:
    """What a round adds up to in each smallest area and group: read from the engine once, then added up here."""

    def __init__(self, each, standing, before, facts, panel_floor, plan_floor):
        self.facts, self.standing, self.chain, self.plan_floor = facts, standing, facts.chain, plan_floor
        self.planned = facts.planned.filter(nw.col("series") == each.series)
        self.totals = small(stock_totals(standing, by=BY))
        self.ages = small(data_age(standing, on=each.last, by=BY))
        self.grades = small(grade_mix(standing, by=BY))
        self.floor = panel_floor
        self.panels = [] if before is None else small(like_for_like_sums(before, standing, by=BY))
        many = sum(row["places"] for row in self.totals) > SOURCES_LISTED
        self.sources = [] if many else small(standing.select("area", "group", "submission"))

    def coverage(self, assessments, level):
        """Key of an area → places planned, assessed, tried; cercles in which some were planned, assessed, of all."""
        rows = _spread(small(coverage(assessments, self.planned, by=["area"])), self.chain, level)
        every = _cercles(self.chain, level)
        return {place: self._covered(found, every.get(place, set())) for place, found in rows.items()}

    def _covered(self, rows, every):
        """A plan for too few of the cercles is none for the whole of them: `planned` is then None."""
        found = _added(rows, ("planned", "assessed", "tried"))
        for name in ("planned", "assessed"):
            found[f"cercles_{name}"] = len(
                {self.chain[row["area"]].get("cercle") for row in rows if row[name]} - {None}
            )
        if found["cercles_planned"] < self.plan_floor * len(every):
            found["planned"] = None
        return found | {"cercles": len(every)}

    def of(self, level, group):
        """Key of an area → what all its smallest areas add up to, for one group."""
        picked = [_spread([r for r in rows if r["group"] == group], self.chain, level) for rows in (
            self.totals, self.ages, self.grades, self.panels, self.sources)]  # fmt: skip
        totals, ages, grades, panels, sources = picked
        changes = _judged(panels, self.floor)
        return {
            place: _total(rows) | {
                "age": _age(ages.get(place, [])), "grades": _grades(grades.get(place, [])),
                "change": changes.get(place), "sources": tuple(sorted({r["submission"] for r in sources.get(place, [])})),
            }
            for place, rows in totals.items()
        }  # fmt: skip


def _spread(rows, chain, level):
    """Rows by the area of this level in which their smallest area lies; those above the level are left out."""
    found = {}
    for row in rows:
        place = chain.get(row["area"], {}).get(level)
        if place is not None:
            found.setdefault(place, []).append(row)
    return found


def _cercles(chain, level):
    """Key of each area of a level → the cercles in it, itself if it is one."""
    found = {}
    for above in chain.values():
        if above.get(level) and above.get("cercle"):
            found.setdefault(above[level], set()).add(above["cercle"])
    return found


def _added(rows, names):
    return {name: sum(row[name] or 0 for row in rows) for name in names}


def _total(rows):
    """Totals of areas add; so do the squares of their deviations, since places are independent."""
    total = _added(rows, TOTALS)
    below = sum((row["people"] - row["low"]) ** 2 for row in rows) ** 0.5
    above = sum((row["high"] - row["people"]) ** 2 for row in rows) ** 0.5
    return total | {"low": total["people"] - below, "high": total["people"] + above}


def _age(rows):
    dated = [row for row in rows if row["people_dated"]]
    people = sum(row["people_dated"] for row in dated)
    mean = sum(row["age_days"] * row["people_dated"] for row in dated) / people if people else None
    return {
        "days": None if mean is None else round(mean),
        "oldest": max((r["oldest_days"] for r in dated), default=None),
    }


def _grades(rows):
    people, whole = {}, sum(row["people"] for row in rows)
    for row in rows:
        people[row["grade"]] = people.get(row["grade"], 0) + row["people"]
    return {grade: number / whole for grade, number in sorted(people.items())} if whole else {}


def _judged(panels, panel_floor):
    """Key of an area → the change that the panels of its smallest areas allow together."""
    if not panels:
        return {}
    rows = [{"place": place} | _added(found, SUMS) | _ends(found) for place, found in panels.items()]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    texts = dict.fromkeys(("place", *ENDS), nw.String)
    numbers = {name: nw.Float64 if name.startswith("all_") else nw.Int64 for name in SUMS}
    sums = nw.from_dict(columns, schema=texts | numbers, backend="polars")
    return {row["place"]: row for row in small(judged_change(sums, panel_floor=panel_floor, by=["place"]))}


def _ends(rows):
    """Least and greatest of what must not differ, among the areas that have it."""
    known = {name: [row[name] for row in rows if row[name] is not None] for name in ENDS}
    ends = {True: max, False: min}
    return {name: ends[name.startswith("last_")](found, default=None) for name, found in known.items()}


def _change(before, panel):
    """Like-for-like change against the round before, or why there is none."""
    if before is None or panel is None:
        return None
    share = panel["panel_share"]
    if panel["reason"]:
        names = {"panel": "places_both", "earlier": "places_earlier", "later": "places_later"}
        values = {name: panel[column] for name, column in names.items()}
        return withheld(before.code, panel["reason"], values | {"share": share})
    more = {"to_value": panel["people_later"], "panel": panel["places_both"], "panel_share": share}
    return difference(before.code, panel["people_earlier"], panel["people_later"], **more)


def _common(each, place):
    return {
        "place": place, "version": place.partition("@")[2], "period": each.code, "as_of": each.last,
        "series": each.series,
    }  # fmt: skip


def _marks(each, *more):
    return frozenset({SIMULATED} if each.simulated else ()) | frozenset(more)


def _coverage(row):
    return None if row is None else Coverage(row["assessed"], row["planned"], "localities")


def _assessed(each, place, row):
    figure = Figure(
        definition=ASSESSED, unit="localities", value=row["assessed"], base=row["planned"], coverage=_coverage(row),
        method="mobility.coverage", marks=_marks(each), **_common(each, place),
    )  # fmt: skip
    return Made(
        figure,
        extra={name: row[name] for name in ("tried", "cercles", "cercles_planned", "cercles_assessed")},
    )


def _unknown(each, place, row):
    """An area where places were planned and none has a figure, not even an old one: not zero, unknown."""
    figure = Figure(
        definition=DEFINITIONS["idp"], unit="people", value=None, coverage=_coverage(row), method=METHOD,
        marks=_marks(each, NO_DATA), **_common(each, place),
    )  # fmt: skip
    return Made(figure)


def _figures_of(each, group, place, row, covered, change):
    stale = row["people_carried"] > STALE_SHARE * row["people"] > 0
    marks = _marks(each, *([STALE] if stale else []), *([NO_DATA] if not row["places"] else []))
    extra = {
        name: row[name] for name in ("lowest", "highest", "places", "people_carried", "people_with_range")
    }
    ranged = row["people_with_range"] > 0
    about = {
        "coverage": covered, "age_days": row["age"]["days"], "method": METHOD, "marks": marks,
        "sources": row["sources"], **_common(each, place),
    }  # fmt: skip
    people = Figure(
        definition=DEFINITIONS[group], unit="people", value=row["people"], low=row["low"] if ranged else None,
        high=row["high"] if ranged else None, grades=row["grades"], **about,
    )  # fmt: skip
    made = [Made(people, change, extra | {"oldest_days": row["age"]["oldest"]})]
    if group == "idp" and row["people_with_households"]:
        made.append(Made(Figure(definition=HOUSEHOLDS, unit="households", value=row["households"], **about)))
    return made


def _part_sums(parts, standing):
    """Parts by smallest area, of the visits that stand. Origins are asked as that of the majority of a place: all its
    displaced count there."""
    present = standing.filter((nw.col("group") == "idp") & (nw.col("status") == "assessed"))
    present = present.select("submission", "place", nw.col("people").alias("present")).lazy()
    whole = nw.when(nw.col("dimension") == "origin").then(nw.coalesce(nw.col("people"), nw.col("present")))
    people = whole.otherwise(nw.col("people"))
    told = (
        parts.lazy()
        .join(present, on=["submission", "place"], how="inner")
        .with_columns(people.alias("people"))
    )
    return small(told.group_by("area", "dimension", "category").agg(
        nw.coalesce(nw.col("people"), nw.col("households")).sum().cast(nw.Int64).alias("value"),
        nw.when(nw.col("people").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)).max().alias("of_households"),
    ))  # fmt: skip


def _parts(each, parts, level, chain):
    """Parts of the displaced by each dimension, with what is known of that dimension as their base."""
    made = []
    for place, rows in _spread(parts, chain, level).items():
        for row in sorted(small(shares(_added_up(rows), within=["dimension"], value="value")), key=_spot):
            figure = Figure(
                definition=DEFINITIONS["idp"], unit="households" if row["of_households"] else "people",
                value=row["value"], base=row["base"], category={row["dimension"]: row["category"]},
                method="mobility.shares", marks=_marks(each), **_common(each, place),
            )  # fmt: skip
            made.append(Made(figure))
    return made


def _spot(row):
    return row["dimension"], row["category"]


def _added_up(rows):
    """The parts of all smallest areas together, as a small frame."""
    values, of_households = {}, {}
    for row in rows:
        values[_spot(row)] = values.get(_spot(row), 0) + (row["value"] or 0)
        of_households[row["dimension"]] = of_households.get(row["dimension"], 0) | row["of_households"]
    columns = {
        "dimension": [dimension for dimension, _ in values], "category": [category for _, category in values],
        "value": list(values.values()), "of_households": [of_households[dimension] for dimension, _ in values],
    }  # fmt: skip
    return nw.from_dict(columns, backend="polars")
