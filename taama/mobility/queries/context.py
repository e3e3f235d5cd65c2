"""What tools and forms must know before they ask and read: the round before, and the lists of places."""

import csv
import io

from django.conf import settings

from taama.base.doors import query
from taama.base.policy import SYSTEM
from taama.facts import engines
from taama.mobility.tables import STOCK
from taama.places import queries as places


@query("mobility.previous_stock", allow=(SYSTEM,))
def previous_stock(viewer):
    """Every assessed stock of the rounds before, for checks that compare.

    Returns   Polars frame[place, group, people, households, date, round]
    """
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    rows = (
        engines.read(STOCK)
        .to_native()
        .filter((pl.col("status") == "assessed") & pl.col("people").is_not_null())
    )
    return rows.select("place", "group", "people", "households", "date", "round").collect()


@query("mobility.form_media", allow=(SYSTEM, "data_manager", "administrator", "information_officer"))
def form_media(viewer):
    """The lists that our forms need on the phone: name of the file → its bytes.

    A phone with an area gets the rows whose `area_key` lies in it. The areas themselves go whole to every phone:
    people come from everywhere.
    """
    version = places.country(viewer).current
    areas = places.areas(viewer, version=version)
    rows = [(a.key, a.name, a.level, a.parent.key if a.parent else "") for a in areas]
    return {
        "areas.csv": _csv(["name", "label", "level", "parent"], rows),
        "localities.csv": _csv(
            ["name", "label", "cercle", "previous_people", "previous_date", "area_key"], _localities(viewer)
        ),
        "points.csv": _csv(
            ["name", "label", "area_key"],
            [(p.code, p.name, p.area.key) for p in places.points(viewer) if not p.closed],
        ),
    }


def _localities(viewer):
    before = _last_known(viewer)
    known = [*places.localities(viewer), *places.sites(viewer)]
    return [
        (p.code, p.name, _cercle(p.area), *before.get(p.code, ("", "")), p.area.key)
        for p in known
        if not p.closed
    ]


def _cercle(area):
    while area.level > 2:
        area = area.parent
    return area.key


def _last_known(viewer):
    """Place → people and day of its last assessed figure. Small ones stay here: phones get lost."""
    if not viewer.may("mobility.previous_stock"):
        return {}
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    found = previous_stock(viewer).filter(pl.col("group") == "idp").sort("date").unique("place", keep="last")
    found = found.filter(pl.col("people") >= settings.TAAMA_MINIMUM_CELL)
    return {row["place"]: (row["people"], row["date"].isoformat()) for row in found.iter_rows(named=True)}


def _csv(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
