"""Every figure of mobility, computed from the lake."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from taama.base.doors import query
from taama.base.parameters import read_parameters
from taama.base.periods import local_today
from taama.base.policy import SYSTEM
from taama.facts import engines
from taama.mobility.methods import building
from taama.mobility.methods.building.rounds import ASSESSED, Facts
from taama.mobility.queries.doubts import round_doubts
from taama.mobility.tables import ASSESSMENT, PASSAGE, POINT_DAY, STOCK, STOCK_PART
from taama.places import queries as places

FLOW_MONITORING = "flow_monitoring"
FOLDER = Path(__file__).resolve().parent.parent
METHODS = {
    "mobility.stock_totals": "1", "mobility.coverage": "1", "mobility.data_age": "1", "mobility.grade_mix": "1",
    "mobility.like_for_like_change": "1", "mobility.daily_average": "1", "mobility.flow_change": "1",
    "mobility.flow_people": "1", "mobility.shares": "1",
}  # fmt: skip


@query("mobility.all_figures", allow=(SYSTEM,))
def all_figures(viewer, engine="polars"):
    """Every figure that the lake gives, after disclosure control.

    Returns   list of Made (figure, change, extra)
    """
    country = f"{places.country(viewer).iso3}@{places.country(viewer).current}"
    chain = places.chain(viewer)
    smallest = settings.TAAMA_MINIMUM_CELL
    own = _rounds(viewer, engine, chain) + _flows(viewer, engine, country, smallest)
    parents = {area.key: area.parent.key for area in places.areas(viewer) if area.parent}
    safe = building.protected(own, parents, smallest=smallest)
    return _with_doubts(safe, round_doubts(viewer, engine), country)


def _with_doubts(made, doubts, country):
    """What the checks found stands with the national coverage of its round."""
    return [
        replace(one, extra=one.extra | doubts.get((one.figure.series, one.figure.period), {}))
        if one.figure.definition == ASSESSED and one.figure.place == country
        else one
        for one in made
    ]


def _rounds(viewer, engine, chain):
    tables = [engines.read(table, engine) for table in (STOCK, STOCK_PART, ASSESSMENT)]
    planned = engines.from_frame(_planned(viewer), engine)
    floor = _parameter("panel_floor_percent") / 100
    return building.round_figures(
        Facts(*tables, planned, chain),
        panel_floor=floor,
        carry_days=_parameter("carry_days"),
        plan_floor=_parameter("plan_cercles_percent") / 100,
        hold=engines.hold,
    )


def _planned(viewer):
    """Places that a round should reach, with their smallest area: the open localities and sites of the gazetteer."""
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    known = places.known_localities(viewer).filter(pl.col("closed_on").is_null())
    series = pl.when("simulated").then(pl.lit("simulated")).otherwise(pl.lit(_parameter("series")))
    return known.select(pl.col("key").alias("place"), series.alias("series"), "area")


def _flows(viewer, engine, country, smallest):
    days, passages = engines.read(POINT_DAY, engine), engines.read(PASSAGE, engine)
    points = {point.code: (point.opened, point.closed) for point in places.points(viewer, FLOW_MONITORING)}
    return building.flow_figures(days, passages, country=country, smallest=smallest, open_points=points)


def _parameter(name):
    return read_parameters(FOLDER / "parameters.toml").value(name, local_today())
