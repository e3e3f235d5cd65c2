"""What the checks of a round found, and why places were not reached: for the national figure of its coverage."""

import narwhals as nw
from django.conf import settings

from taama.base.doors import query
from taama.base.policy import SYSTEM
from taama.collect.models import Finding
from taama.facts import engines
from taama.facts.frames import small
from taama.mobility.tables import ASSESSMENT, STOCK

FEW_PLACES = 3


@query("mobility.round_doubts", allow=(SYSTEM,))
def round_doubts(viewer, engine="polars"):
    """Doubts of each round, counted for the whole country only: a place alone could be recognised.

    Returns   (series, round) → {"findings": {code: {level, count, people}}, "not_assessed": {reason: places}};
              `people` are those counted where the check found something
    """
    doubts = {}
    for row in _reasons(engine):
        doubts.setdefault((row["series"], row["round"]), _none())["not_assessed"][row["reason"]] = row[
            "places"
        ]
    found = Finding.objects.filter(submission__tool="location_assessment")
    found = [
        (str(key), code, level)
        for key, code, level in found.values_list("submission_id", "code", "level").distinct()
    ]
    visits = _visits(engine, sorted({key for key, _, _ in found}))
    for key, code, level in found:
        visit = visits.get(key)
        if visit is not None:
            spot = doubts.setdefault((visit["series"], visit["round"]), _none())["findings"]
            sums = spot.setdefault(code, {"level": level, "count": 0, "people": 0})
            sums["count"] += 1
            sums["people"] += visit["people"] or 0
    return {spot: {**found, "findings": _safe(found["findings"])} for spot, found in doubts.items()}


def _safe(findings):
    """People are told where several places and not few people are concerned."""
    smallest = settings.TAAMA_MINIMUM_CELL
    for sums in findings.values():
        if sums["count"] < FEW_PLACES or sums["people"] < smallest:
            sums["people"] = None
    return findings


def _none():
    return {"findings": {}, "not_assessed": {}}


def _reasons(engine):
    missed = engines.read(ASSESSMENT, engine).filter(nw.col("status") == "not_assessed")
    counted = missed.group_by("series", "round", "reason_not_assessed").agg(
        nw.col("place").n_unique().alias("places")
    )
    return small(counted.select("series", "round", nw.col("reason_not_assessed").alias("reason"), "places"))


def _visits(engine, keys):
    """Key of a submission → its round and people, of those that a check found something in."""
    if not keys:
        return {}
    stock = engines.read(STOCK, engine).filter((nw.col("group") == "idp") & (nw.col("status") == "assessed"))
    concerned = stock.filter(nw.col("submission").is_in(keys)).select(
        "submission", "series", "round", "people"
    )
    return {row["submission"]: row for row in small(concerned)}
