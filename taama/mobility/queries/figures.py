"""Every figure of mobility, computed from the lake."""

import csv
from datetime import date
from pathlib import Path

import narwhals as nw
from django.conf import settings

from taama.base.doors import query
from taama.base.parameters import read_parameters
from taama.base.periods import local_today
from taama.base.policy import SYSTEM
from taama.facts import engines
from taama.facts.frames import small
from taama.mobility.methods import building
from taama.mobility.methods.building.rounds import Facts
from taama.mobility.tables import ASSESSMENT, PASSAGE, POINT_DAY, PUBLISHED_FLOW, STOCK, STOCK_PART
from taama.places import queries as places

FOLDER = Path(__file__).resolve().parent.parent
BREAK_LIMITS = ("household_size_percent", "coverage_points", "change_percent_per_month")
METHODS = {
    "mobility.stock_totals": "1", "mobility.coverage": "1", "mobility.data_age": "1", "mobility.grade_mix": "1",
    "mobility.like_for_like_change": "1", "mobility.daily_average": "1", "mobility.flow_change": "1",
    "mobility.flow_people": "1", "mobility.shares": "1", "mobility.series_breaks": "1",
}  # fmt: skip


@query("mobility.all_figures", allow=(SYSTEM,))
def all_figures(viewer, engine="polars"):
    """Every figure that the lake gives, after disclosure control.

    Returns   list of Made (figure, change, extra)
    """
    country = f"{places.country(viewer).iso3}@{places.country(viewer).current}"
    chain = _chain(viewer)
    published = _published(viewer, engine, chain)
    published += building.published_flow_figures(small(engines.read(PUBLISHED_FLOW, engine)), country=country)
    smallest = settings.TAAMA_MINIMUM_CELL
    own = _rounds(viewer, engine, chain) + _flows(engine, country, smallest)
    parents = {area.key: area.parent.key for area in places.areas(viewer) if area.parent}
    return published + building.protected(own, parents, smallest=smallest)


def _published(viewer, engine, chain):
    stock = engines.read(STOCK, engine).filter(nw.col("status") == "published")
    rows = small(stock.filter(nw.col("place_kind").is_in(["country", "area"])))
    areas = places.areas(viewer)
    limits = {name: _parameter(f"break_{name}") for name in BREAK_LIMITS}
    return building.published_figures(rows, chain=chain, breaks=_declared_breaks(), links=places.links(viewer), names={a.key: a.name for a in areas},
        limits=limits,
    )  # fmt: skip


def _chain(viewer):
    """Key of an area → the country, region and cercle it lies in."""
    known = places.known_areas(viewer).select("key", "country", "region", "cercle")
    return {row.pop("key"): row for row in known.iter_rows(named=True)}


def _rounds(viewer, engine, chain):
    tables = [engines.read(table, engine) for table in (STOCK, STOCK_PART, ASSESSMENT)]
    planned = engines.from_frame(_planned(viewer), engine)
    floor = _parameter("panel_floor_percent") / 100
    return building.round_figures(
        Facts(*tables, planned, chain),
        panel_floor=floor,
        carry_days=_parameter("carry_days"),
        hold=engines.hold,
    )


def _planned(viewer):
    """Places that a round should reach, with their smallest area: the open localities and sites of the gazetteer."""
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    known = places.known_localities(viewer).filter(pl.col("closed_on").is_null())
    series = pl.when("simulated").then(pl.lit("simulated")).otherwise(pl.lit(_parameter("series")))
    return known.select(pl.col("key").alias("place"), series.alias("series"), "area")


def _flows(engine, country, smallest):
    days, passages = engines.read(POINT_DAY, engine), engines.read(PASSAGE, engine)
    return building.flow_figures(days, passages, country=country, smallest=smallest)


def _parameter(name):
    return read_parameters(FOLDER / "parameters.toml").value(name, local_today())


def _declared_breaks():
    """Breaks that somebody knows of, from the country's folder."""
    path = FOLDER / "data" / settings.TAAMA_COUNTRY / "breaks.csv"
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [row | {"since": date.fromisoformat(row["since"])} for row in csv.DictReader(file)]
