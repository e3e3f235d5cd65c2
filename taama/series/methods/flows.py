"""Figures of flow monitoring that others published: each month as it stands, never joined into one trend."""

from taama.base import periods
from taama.figures.figure import SIMULATED, Coverage, Figure
from taama.figures.made import Made, withheld
from taama.mobility.methods.definitions import FLOW_AVERAGE, FLOW_PEOPLE

DIRECTIONS = ("incoming", "outgoing")


def published_flow_figures(rows, *, country):
    """Figures of published flow reports: as published, never joined into one trend where points are unknown.

    rows     dicts as `series.published_flow`
    country  key of the country's area
    Returns  list of Made
    """
    made, earlier = [], None
    for row in sorted(rows, key=lambda row: (row["month"], row["source"])):
        made += _published_month(row, country, earlier)
        earlier = row
    return made


def _published_month(row, country, earlier):
    first = periods.month_of(row["month"])
    last = _months_later(row["month"], row["months_covered"] - 1)
    common = {
        "place": country, "version": country.partition("@")[2], "period": first.code, "as_of": last.last,
        "series": row["series"], "sources": (row["source"], row["submission"]),
        "marks": frozenset({SIMULATED} if row["simulated"] else ()),
    }  # fmt: skip
    if row["active_points"]:
        common["coverage"] = Coverage(row["active_points"], None, "points")
    extra = {"months_covered": row["months_covered"], "active_points": row["active_points"]}
    if row.get("line"):
        extra["line"] = row["line"]
    if row["change_percent_claimed"] is not None:
        extra["change_percent_claimed"] = row["change_percent_claimed"]
    made = []
    if row["people_per_day"] is not None:
        change = _published_change(earlier, row)
        figure = Figure(definition=FLOW_AVERAGE, unit="people_per_day", value=row["people_per_day"], **common)
        made.append(Made(figure, change, extra))
    if row["people"] is not None:
        made.append(
            Made(Figure(definition=FLOW_PEOPLE, unit="people", value=row["people"], **common), extra=extra)
        )
    for name in DIRECTIONS:
        if row[name] is not None:
            figure = Figure(
                definition=FLOW_PEOPLE, unit="people", value=row[name], base=row["people"], category={"direction": name},
                **common,
            )  # fmt: skip
            made.append(Made(figure, extra=extra))
    return made


def _published_change(earlier, row):
    """Published months say too little of their points to be compared; at most they claim a change themselves."""
    if earlier is None:
        return None
    return withheld(periods.month_of(earlier["month"]).code, "series.change_points_unknown")


def _months_later(first, months):
    index = first.year * 12 + first.month - 1 + months
    return periods.month(index // 12, index % 12 + 1)
