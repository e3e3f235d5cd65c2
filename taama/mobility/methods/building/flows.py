"""Figures of flow monitoring: daily averages over days really observed, directions, nationalities."""

from dataclasses import replace
from datetime import timedelta

import narwhals as nw

from taama.base import periods
from taama.facts.frames import small
from taama.figures.figure import SIMULATED, SUPPRESSED, Coverage, Figure
from taama.figures.made import Made, withheld
from taama.figures.methods import suppressed
from taama.mobility.methods.definitions import FLOW_AVERAGE, FLOW_NATIONALITY, FLOW_PEOPLE
from taama.mobility.methods.flow import daily_average, flow_change, observed_days
from taama.mobility.methods.stock import shares

DIRECTIONS = ("incoming", "outgoing", "internal")


def flow_figures(point_days, passages, *, country, smallest, open_points=None):
    """Figures of each month that points have sent.

    point_days  narwhals frame as `mobility.point_day`
    passages    narwhals frame as `mobility.passage`
    country     key of the country's area
    smallest    smallest number of people of a single day that is published
    open_points key of a point where people should be counted → (first day, last day), None where there is none;
                without it nobody knows how many points there should have been
    Returns     list of Made: per point and for the country, the average per day and people by direction; for the
                country, people described by nationality
    """
    made, earlier = [], None
    for month, series, simulated in months_of(point_days):
        span = _one_a_day(_within(point_days, month).filter(nw.col("series") == series))
        marks = frozenset({SIMULATED} if simulated else ())
        common = {"period": month.code, "as_of": month.last, "series": series, "marks": marks}
        common["version"] = country.partition("@")[2]
        counts, observed = _counts(span), observed_days(span)
        averages = daily_average(counts, observed)
        sources, points = _sources(span), small(averages)
        days_seen = {row["point"]: row["days"] for row in small(observed)}
        by_day = _by_day(counts)
        averages_made = _points(month, points, days_seen, sources, _days(by_day, month, smallest), common)
        before = earlier if earlier and earlier[0] == series else None
        change = None if before is None else _change(before, averages)
        covered = Coverage(len(points), _expected(open_points, month, sources), "points")
        averages_made.append(_country(country, points, covered, sources, change, common))
        hidden = _hidden(by_day, country, smallest)
        kept_back = hidden | (before[3] if before else set())
        made += [_safe(one, hidden, kept_back) for one in averages_made]
        seen = passages.join(span.select("submission"), on="submission", how="semi")
        made += _directions(span, country, covered, common) + _nationalities(seen, country, common)
        earlier = (series, month, averages, hidden)
    return made


def months_of(point_days):
    """(month, series, simulated), in order."""
    days = small(point_days.select("date", "series", "simulated").unique())
    found = {(day["series"], periods.month_of(day["date"]), day["simulated"]) for day in days}
    return [(month, series, simulated) for series, month, simulated in sorted(found)]


def _within(frame, month):
    return frame.filter((nw.col("date") >= nw.lit(month.first)) & (nw.col("date") <= nw.lit(month.last)))


def _one_a_day(span):
    """Where two teams sent the same day of a point, the row that saw more stands, else the later one."""
    left = span.with_columns(nw.coalesce(nw.col("people"), nw.lit(-1)).alias("_people"))
    for column in ("_people", "submission"):
        left = left.with_columns(nw.col(column).max().over("point", "date").alias("_last"))
        left = left.filter(nw.col(column) == nw.col("_last")).drop("_last")
    return left.drop("_people")


def _counts(span):
    """People of each point and day really observed."""
    counts = span.filter((nw.col("status") == "observed") & ~nw.col("people").is_null())
    return counts.select("point", "date", "people")


def _by_day(counts):
    """Point → day → people."""
    found = {}
    for row in small(counts):
        found.setdefault(row["point"], {})[row["date"]] = int(row["people"])
    return found


def _days(by_day, month, smallest):
    """Point → its days of the month: people, `suppressed` where they are few, None where nobody observed."""
    listed = {}
    for point, days in by_day.items():
        hidden = suppressed(days | {"month": sum(days.values())}, [("month", list(days))], smallest=smallest)
        every = [month.first + timedelta(days=n) for n in range(month.days)]
        listed[point] = ["suppressed" if day in hidden else days.get(day) for day in every]
    return listed


def _hidden(by_day, country, smallest):
    """Points, and the country, of which an average times its days is few people, or would give them away."""
    months = {point: sum(days.values()) for point, days in by_day.items()}
    few = {
        point
        for point, days in by_day.items()
        if "month" in suppressed(days | {"month": months[point]}, [("month", list(days))], smallest=smallest)
    }
    table = months | {country: sum(months.values())}
    return suppressed(table, [(country, list(months))], smallest=smallest, also=few)


def _safe(one, hidden, kept_back):
    """The average without its number where it must not be shown; no change where a point of either month is hidden."""
    if one.figure.place in hidden:
        marks = one.figure.marks | {SUPPRESSED}
        return Made(replace(one.figure, value=None, coverage=None, sources=(), marks=marks))
    if one.change and "from_value" in one.change and kept_back:
        return replace(one, change=withheld(one.change["from"], "figures.suppressed_before"))
    return one


def _sources(span):
    """Point → the submissions that speak of it."""
    found = {}
    for row in small(span.select("point", "submission")):
        found.setdefault(row["point"], []).append(row["submission"])
    return {point: tuple(sorted(submissions)) for point, submissions in found.items()}


def _points(month, averages, observed, sources, days, common):
    made = []
    for row in sorted(averages, key=lambda row: row["point"]):
        point = row["point"]
        coverage = Coverage(observed[point], month.days, "days")
        figure = _average(point, row["people_per_day"], coverage, sources[point], common)
        made.append(Made(figure, extra={"days": days[point]} if point in days else {}))
    return made


def _expected(open_points, month, sources):
    """How many points should have been observed: those open in the month and those that sent all the same."""
    if not open_points:
        return None
    open_then = {
        point
        for point, (first, last) in open_points.items()
        if (first is None or first <= month.last) and (last is None or last >= month.first)
    }
    return len(open_then | set(sources))


def _country(country, averages, coverage, sources, change, common):
    """The points together: the sum of their averages, since their days differ."""
    total = sum(row["people_per_day"] for row in averages)
    every = tuple(sorted(key for keys in sources.values() for key in keys))
    return Made(_average(country, total, coverage, every, common), change)


def _average(place, people_per_day, coverage, sources, common):
    return Figure(
        definition=FLOW_AVERAGE, place=place, unit="people_per_day", value=people_per_day, coverage=coverage,
        method="mobility.daily_average", sources=sources, **common,
    )  # fmt: skip


def _change(before, averages):
    """Over the points observed in both months."""
    _, month, earlier, _ = before
    row = small(flow_change(earlier, averages))[0]
    if not row["points_both"]:
        return withheld(month.code, "mobility.change_no_common_point")
    return {
        "from": month.code, "from_value": row["people_per_day_earlier"], "to_value": row["people_per_day_later"],
        "value": row["people_per_day_later"] - row["people_per_day_earlier"], "percent": row["change_percent"],
        "panel": row["points_both"],
    }  # fmt: skip


def _directions(span, country, coverage, common):
    sums = span.filter(nw.col("status") == "observed").select(*[nw.col(name).sum() for name in DIRECTIONS])
    row = small(sums)[0]
    total = sum(int(row[name] or 0) for name in DIRECTIONS)
    whole = Figure(
        definition=FLOW_PEOPLE,
        place=country,
        unit="people",
        value=total,
        coverage=coverage,
        method="mobility.flow_people",
        **common,
    )
    return [Made(whole)] + [
        Made(Figure(
            definition=FLOW_PEOPLE, place=country, unit="people", value=int(row[name] or 0), base=total,
            category={"direction": name}, method="mobility.flow_people", **common,
        ))
        for name in DIRECTIONS
    ]  # fmt: skip


def _nationalities(passages, country, common):
    known = passages.filter(~nw.col("nationality").is_null()).group_by("nationality")
    told = shares(known.agg(nw.col("people").sum().cast(nw.Int64).alias("people")))
    return [
        Made(Figure(
            definition=FLOW_NATIONALITY, place=country, unit="people", value=row["people"], base=row["base"],
            category={"nationality": row["nationality"]}, method="mobility.shares", **common,
        ))
        for row in sorted(small(told), key=lambda row: (-row["people"], row["nationality"]))
    ]  # fmt: skip
