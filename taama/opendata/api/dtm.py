"""Answers in the form of version 3 of the DTM interface for displacement, so that its clients read ours.

One round of one place is as many rows as there are origins (or reasons) known; the total is their sum.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from taama.figures import queries as kept
from taama.figures.figure import SUPPRESSED
from taama.opendata.api.dtm_asking import asked_for
from taama.opendata.queries.public import public_areas, public_figures

PRESENT = "mobility.idp_present"
UNKNOWN = "Not available"
ASSESSMENT = "BA"
REASONS = {
    "conflict": "Conflict", "insecurity": "Insecurity", "natural_disaster": "Natural disaster",
    "other": "Other reason", "unknown": "No reason for displacement reported",
}  # fmt: skip
OPERATIONS = Path(__file__).parents[1] / "data" / "dtm_operations.toml"


@cache
def operations():
    """Series → its operation: name, status, only_by_name."""
    listed = tomllib.loads(OPERATIONS.read_text("utf-8"))["operations"]
    return {one["series"]: {"only_by_name": False} | one for one in listed}


def answer(result):
    """The envelope of every answer."""
    return {
        "result": result, "statusCode": 200, "isSuccess": True, "errorMessages": [], "totalRecordsCount": len(result),
    }  # fmt: skip


def refusal(text):
    return {
        "result": None,
        "statusCode": 400,
        "isSuccess": False,
        "errorMessages": [text],
        "totalRecordsCount": 0,
    }


def country_list(viewer):
    return [_country(area) for area in _countries(viewer)[-1:]]


def operation_list(viewer):
    return [
        {"operation": one["name"], "operationStatus": one["status"]} | country
        for country in country_list(viewer)
        for one in operations().values()
    ]


def displacement(viewer, level, query):
    """Rows of one administrative level.

    query    mapping with the parameters of the DTM interface
    Raises   TaamaError for what that interface refuses as well
    """
    asked = asked_for(level, query)
    snapshot = kept.snapshots(viewer).first()
    if snapshot is None:
        return []
    found = public_figures(viewer, snapshot, definition=PRESENT, unit="people", series__in=list(operations()))
    rows = Rows({area["key"]: area for area in public_areas(viewer)}, level).of(found)
    return [row for row in rows if asked.admits(row, operations().values())]


def _countries(viewer):
    return public_areas(viewer, level=0)


def _country(area):
    return {"admin0Name": area["name"], "admin0Pcode": area["code"] or UNKNOWN}


@dataclass(frozen=True)
class Rows:
    """Makes rows of one level from figures. `areas`: key → area as `opendata.public_areas` gives it."""

    areas: dict
    level: int

    def of(self, figures):
        groups = {}
        for figure in figures:
            if self.areas.get(figure["place"], {}).get("level") == self.level:
                groups.setdefault(
                    (figure["series"], figure["place"], figure["as_of"], figure["period"]), []
                ).append(figure)
        parted = [row for key in sorted(groups) for row in self._group(groups[key])]
        if self.level == 0:
            return parted
        return [{"id": position} | row for position, row in enumerate(parted, 1)]

    def _group(self, figures):
        """Rows of one place in one round; none where the total may not be known."""
        total = next((f for f in figures if not f["category"] and f["value"] is not None), None)
        if total is None:
            return []
        people = round(total["value"])
        parts = _finest(figures, people)
        if not parts:
            return [self._row(total, people, **_sexes(figures, people))]
        rest = people - sum(count for _, count in parts)
        if 0 < rest < settings.TAAMA_MINIMUM_CELL:
            return [self._row(total, people, **_sexes(figures, people))]
        rows = [self._row(total, count, **self._part(category)) for category, count in parts]
        return [*rows, self._row(total, rest)] if rest else rows

    def _part(self, category):
        named = {}
        if "reason" in category:
            named["displacementReason"] = REASONS.get(category["reason"], UNKNOWN)
        if (origin := self._above(category.get("origin"), 1)) is not None:
            named |= {
                "idpOriginAdmin1Name": origin["name"],
                "idpOriginAdmin1Pcode": origin["code"] or UNKNOWN,
            }
        return named

    def _row(self, figure, people, **more):
        operation = operations()[figure["series"]]
        when = figure["as_of"]
        row = {"operation": operation["name"]} | self._place(figure["place"])
        row |= {
            "numPresentIdpInd": people,
            "reportingDate": f"{when.isoformat()}T00:00:00",
            "yearReportingDate": when.year,
            "monthReportingDate": when.month,
            "roundNumber": round_number(figure),
            "displacementReason": UNKNOWN,
            "numberMales": None,
            "numberFemales": None,
            "idpOriginAdmin1Name": UNKNOWN,
            "idpOriginAdmin1Pcode": UNKNOWN,
            "assessmentType": ASSESSMENT,
        }
        return row | more

    def _place(self, key):
        named = {}
        for level in range(self.level + 1):
            area = self._above(key, level)
            named[f"admin{level}Name"] = area["name"] if area else UNKNOWN
            named[f"admin{level}Pcode"] = (area["code"] if area else None) or UNKNOWN
        return named

    def _above(self, key, level):
        """The area of a level that contains this one or is it; None when there is none."""
        area = self.areas.get(key)
        while area is not None and area["level"] > level:
            area = self.areas.get(area["parent"])
        return area if area is not None and area["level"] == level else None


def _finest(figures, people):
    """(category, people) of the parts by reason and origin, else by origin, else by reason, that fit the total.

    A breakdown with a suppressed part is left out whole: the rest would give the hidden number away.
    """
    for dimensions in ({"reason", "origin"}, {"origin"}, {"reason"}):
        parts = [f for f in figures if set(f["category"]) == dimensions]
        if not parts or any(SUPPRESSED in f["marks"] for f in parts):
            continue
        counted = [(f["category"], round(f["value"])) for f in parts if f["value"]]
        if counted and sum(count for _, count in counted) <= people:
            return counted
    return []


def _sexes(figures, people):
    """Males and females, where the parts by sex and age are complete and none is hidden."""
    parts = [f for f in figures if set(f["category"]) == {"sex_age"}]
    if not parts or any(f["value"] is None for f in parts):
        return {}
    counted = {
        sex: sum(f["value"] for f in parts if f["category"]["sex_age"].startswith(sex))
        for sex in ("male", "female")
    }
    if round(sum(counted.values())) != people:
        return {}
    return {"numberMales": round(counted["male"]), "numberFemales": round(counted["female"])}


def round_number(figure):
    """The number of a round: 72 of `72`, 202601 of `2026-1`; None where the period is no round.

    >>> round_number({"period": "2026-1", "extra": {}}), round_number({"period": "2023-04-30", "extra": {"round": 72}})
    (202601, 72)
    """
    code = str((figure["extra"] or {}).get("round") or figure["period"])
    first, _, second = code.partition("-")
    if not (first.isdigit() and (not second or (second.isdigit() and not _is_month(code)))):
        return None
    return int(first) * 100 + int(second) if second else int(first)


def _is_month(code):
    return len(code) == 7
