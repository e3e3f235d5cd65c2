"""Figures that others published: each as it stands, its change only where nothing broke in between."""

from dataclasses import replace
from itertools import pairwise, product

from taama.base.messages import LANGUAGES, message
from taama.figures.comparable import NO, YES, comparable
from taama.figures.figure import SIMULATED, STALE, Figure
from taama.figures.made import Made, difference, plain, withheld
from taama.mobility.methods.definitions import DEFINITIONS, HOUSEHOLDS
from taama.places.methods.lineage import common_area
from taama.series.methods.breaks import DeclaredBreak, SeriesPoint, series_breaks
from taama.series.methods.merging import merged

BOUNDARY = "boundary"
EVERYWHERE = ("series.break_declared", "series.break_household_size")  # what breaks the regions too


def published_figures(rows, *, chain, breaks, links, names, limits):
    """Every published stock as a figure.

    rows     dicts as `mobility.stock` with status `published`
    chain    key of an area → dict of the country, region and cercle it lies in
    breaks   dicts of declared breaks: since, topic, kind, place, fr, en, source
    links    lineage between areas, as `places.methods.lineage` wants it
    names    key of an area → its name
    limits   household_size_percent, coverage_points, change_percent_per_month: see `series_breaks`
    Returns  list of Made
    """
    by_group = {}
    for row in merged(rows, chain):
        by_group.setdefault((row["series"], row["group"]), []).append(row)
    made = []
    for (_, group), found in sorted(by_group.items()):
        country = [row for row in found if row["place_kind"] == "country"]
        parts = [row for row in found if row["place_kind"] != "country"]
        found = _breaks(country, group, breaks, limits)
        made += _national(country, group, found)
        made += _regional(parts, links, names, [one for one in found if one.code in EVERYWHERE])
    return made


def _breaks(rows, group, declared, limits):
    points = [_point(row) for row in rows if row["people"] is not None]
    return series_breaks(points, declared=_declared(declared, group), **limits)


def _national(rows, group, found):
    """The national series: what breaks it stands with the figure that comes after."""
    ordered = sorted(rows, key=lambda row: (row["date"], row["people"] or 0))
    made = []
    for before, row in pairwise([None, *ordered]):
        own = [b for b in found if b.until == row["date"] and (before is None or b.after >= before["date"])]
        change = None if before is None else _national_change(before, row, own)
        extra = {"breaks": [_told(one) for one in own]} if own else {}
        made += _figures_of(row, group, change, extra)
    return made


def _point(row):
    return SeriesPoint(row["date"], row["people"], row["households"], source=row["source"] or "")


def _declared(breaks, group):
    """Breaks of the national stock; those of one region are told on that region's page."""
    return [
        DeclaredBreak(one["since"], one["fr"], one["en"], one["source"])
        for one in breaks
        if one["topic"] == "stock" and one["kind"] != BOUNDARY and group == "idp"
    ]


def _told(one):
    """A break as pages show it: its day, kind and sentence in both languages."""
    return {
        "on": one.until.isoformat(), "after": one.after.isoformat(), "kind": one.code.rpartition("_")[2],
        "code": one.code, "values": plain(one.values), **{language: message(one.code, language, one.values).cause for language in LANGUAGES},
    }  # fmt: skip


def _national_change(before, row, breaks):
    if before["people"] is None or row["people"] is None:
        return None
    if breaks:
        return withheld(period_of(before), breaks[0].code, breaks[0].values)
    return difference(period_of(before), before["people"], row["people"])


def period_of(row):
    """`2013-11` where only the month is known, else the day."""
    return row["date"].isoformat()[:7] if row.get("precision") == "month" else row["date"].isoformat()


def _figures_of(row, group, change=None, extra=None):
    alone = not row["summed"] and (row.get("lines") or 1) == 1
    told = {
        name: row[name] for name in ("line", "lines") if row.get(name) and not (alone and name == "lines")
    }
    told |= {"doubted": True} if row.get("doubted") else {}
    extra = (extra or {}) | {name: row[name] for name in ("round", "contradicts") if row[name]} | told
    common = {
        "place": row["place"], "version": row["geography"], "period": period_of(row), "as_of": row["date"],
        "series": row["series"], "sources": (*(row["source"] or "").split(" ; "), *row["submissions"]),
        "marks": frozenset(([SIMULATED] if row["simulated"] else []) + ([STALE] if row["status"] == "carried" else [])),
    }  # fmt: skip
    made = []
    if row["people"] is not None:
        made.append(
            Made(
                Figure(definition=DEFINITIONS[group], unit="people", value=row["people"], **common),
                change,
                extra,
            )
        )
    if group == "idp" and row["households"] is not None:
        made.append(
            Made(
                Figure(definition=HOUSEHOLDS, unit="households", value=row["households"], **common),
                extra=told,
            )
        )
    return made


def _regional(rows, links, names, breaks):
    """Snapshots of regions: each against the newest earlier one on common ground, or why that can't be."""
    made = [one for row in rows for one in _figures_of(row, row["group"])]
    totals = [one.figure for one in made if one.figure.unit == "people"]
    ground = {pair: common_area(*pair, links) for pair in product({f.place for f in totals}, repeat=2)}
    return [
        replace(one, change=_regional_change(one.figure, totals, ground, links, names, breaks))
        if one.figure.unit == "people" else one
        for one in made
    ]  # fmt: skip


def _regional_change(figure, others, ground, links, names, breaks):
    """Against the latest earlier figure of the same ground or of ground that overlaps it."""
    earlier = [o for o in others if o.as_of < figure.as_of and ground[o.place, figure.place]]
    if not earlier:
        return None
    before = max(earlier, key=lambda o: (o.as_of, o.place == figure.place))
    verdict = comparable(before, figure, links, breaks=breaks)
    if verdict.answer == YES:
        return difference(before.period, before.value, figure.value)
    if verdict.answer == NO:
        values = _named(verdict.values, names) | {"from_value": before.value}
        return withheld(before.period, verdict.code, values)
    return _on_common_ground(before, figure, others, verdict, names)


def _on_common_ground(before, figure, others, verdict, names):
    """The change of the union of areas, when every one of them has a figure on both days; else the reason."""
    then = {o.place: o.value for o in others if o.as_of == before.as_of and o.value is not None}
    now = {o.place: o.value for o in others if o.as_of == figure.as_of and o.value is not None}
    ground = verdict.ground
    missing = sorted((ground.of_a - set(then)) | (ground.of_b - set(now)))
    if missing:
        values = {
            "missing": [names.get(key, key) for key in missing],
            "ground": names.get(before.place, before.place),
        }
        return withheld(
            before.period, "series.change_common_ground_incomplete", values | {"from_value": before.value}
        )
    earlier, later = sum(then[key] for key in ground.of_a), sum(now[key] for key in ground.of_b)
    areas = sorted(names.get(key, key) for key in ground.of_b)
    return difference(before.period, earlier, later, ground=areas)


def _named(values, names):
    return {k: names.get(v, v) if isinstance(v, str) else v for k, v in values.items()}
