"""Every figure that others published, computed from the lake. They are public already: none is suppressed."""

import csv
from datetime import date
from pathlib import Path

import narwhals as nw
from django.conf import settings

from taama.base.doors import query
from taama.base.parameters import read_parameters
from taama.base.periods import local_today
from taama.base.policy import SYSTEM
from taama.collect.models import Finding
from taama.facts import engines
from taama.facts.frames import small
from taama.facts.tools import WARNING
from taama.figures.figure import SIMULATED
from taama.mobility.tables import STOCK
from taama.places import queries as places
from taama.series.methods.flows import published_flow_figures
from taama.series.methods.published import published_figures
from taama.series.tables import PUBLISHED_FLOW

FOLDER = Path(__file__).resolve().parent.parent
IMPORTED = "published_baseline"  # what a published series notes of itself stands with its breaks
BREAK_LIMITS = ("household_size_percent", "coverage_points", "change_percent_per_month")
METHODS = {"series.series_breaks": "1"}


@query("series.all_figures", allow=(SYSTEM,))
def all_figures(viewer, engine="polars"):
    """Every published figure that the lake gives.

    Returns   list of Made (figure, change, extra)
    """
    known = places.country(viewer)
    flows = _apart(small(engines.read(PUBLISHED_FLOW, engine)))
    stocks = _stocks(viewer, engine)
    return stocks + published_flow_figures(flows, country=f"{known.iso3}@{known.current}")


def _stocks(viewer, engine):
    published = engines.read(STOCK, engine).filter(nw.col("status") == "published")
    rows = _apart(small(published.filter(nw.col("place_kind").is_in(["country", "area"]))))
    doubted = _doubted_lines()
    rows = [row | {"doubted": (row["submission"], row["line"]) in doubted} for row in rows]
    return published_figures(
        rows,
        chain=places.chain(viewer),
        breaks=_declared_breaks(),
        links=places.links(viewer),
        names={area.key: area.name for area in places.areas(viewer)},
        limits=_limits(),
    )


def _doubted_lines():
    """(submission, line) of imported tables on which a check has a doubt; a place on two lines stands on the first."""
    found = Finding.objects.filter(submission__tool=IMPORTED, level=WARNING, row__isnull=False)
    return {
        (str(key), line)
        for key, row, values in found.values_list("submission_id", "row", "values")
        for line in (row, values.get("first"))
    }


def _apart(rows):
    """Invented tables are a series of their own: they never replace, contradict or mark what was published."""
    return [row | {"series": SIMULATED} if row["simulated"] else row for row in rows]


def _limits():
    parameters = read_parameters(FOLDER / "parameters.toml")
    return {name: parameters.value(f"break_{name}", local_today()) for name in BREAK_LIMITS}


def _declared_breaks():
    """Breaks that somebody knows of, from the country's folder."""
    path = FOLDER / "data" / settings.TAAMA_COUNTRY / "breaks.csv"
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [row | {"since": date.fromisoformat(row["since"])} for row in csv.DictReader(file)]
