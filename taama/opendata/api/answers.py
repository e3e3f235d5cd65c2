"""What our own interface answers, as dicts ready for JSON; the fields are those of `api.description`."""

from urllib.parse import urlencode

from django.urls import reverse

from taama.base.errors import TaamaError
from taama.figures import queries as kept
from taama.opendata.api.description import AREAS, FIGURES, SCHEMAS, SNAPSHOTS
from taama.opendata.datasets.build import NAMES
from taama.opendata.methods.labels import label
from taama.opendata.queries.public import (
    named_places,
    public_area_count,
    public_areas,
    public_figure,
    public_figure_count,
    public_figures,
    public_revisions,
    require_definition,
)


def snapshots(viewer, asked):
    found = kept.every_snapshot(viewer)
    rows = found.filter(number__lt=asked["after"]) if asked["after"] else found
    rows = list(rows[: asked["limit"] + 1])
    return _page(SNAPSHOTS, asked, found.count(), [_snapshot(row) for row in rows], "number")


def figures(viewer, asked):
    of = kept.snapshot(viewer, asked["snapshot"])
    if asked["definition"] is not None:
        require_definition(viewer, of, asked["definition"])
    names = ("definition", "place", "period", "series", "category")
    where = {name: asked[name] for name in names if asked[name] is not None}
    rows = public_figures(viewer, of, after=asked["after"], limit=asked["limit"] + 1, **where)
    places = named_places(viewer, {row["place"] for row in rows})
    results = [_figure(row, places) for row in rows]
    page = _page(
        FIGURES, asked | {"snapshot": of.number}, public_figure_count(viewer, of, **where), results, "id"
    )
    return {"snapshot": of.code} | page


def figure(viewer, pk):
    row, of = public_figure(viewer, pk)
    revisions = [
        {"snapshot": code, "id": str(other["id"])} | {name: other[name] for name in ("value", "low", "high")}
        for other, code in public_revisions(viewer, row["key"])
    ]
    return _figure(row, named_places(viewer, {row["place"]})) | {"snapshot": of.code, "revisions": revisions}


def areas(viewer, asked):
    where = {name: asked[name] for name in ("geography", "level", "parent") if asked[name] is not None}
    rows = public_areas(viewer, after=asked["after"] or "", limit=asked["limit"] + 1, **where)
    return _page(AREAS, asked, public_area_count(viewer, **where), rows, "key")


def no_address(path):
    return TaamaError("opendata.no_address", values={"path": path}, status=404)


def _page(endpoint, asked, count, results, key):
    """A page of results, one more of which was fetched to know whether anything follows."""
    shown = results[: asked["limit"]]
    follows = len(results) > len(shown)
    said = {name: value for name, value in asked.items() if value is not None}
    said = said | {"category": _category(asked["category"])} if asked.get("category") is not None else said
    address = f"{endpoint.path}?{urlencode(said | {'after': shown[-1][key]})}" if follows else None
    return {"count": count, "next": address, "results": shown}


def _category(category):
    return ";".join(f"{name}={value}" for name, value in category.items()) or "none"


def _snapshot(row):
    gone = row.withdrawn_at
    files = {} if gone else {name: reverse("dataset", args=[row.number, name]) for name in NAMES}
    return {
        "number": row.number, "code": row.code, "title": row.title, "made_at": row.made_at.isoformat(),
        "simulated": row.simulated, "tools": row.tools, "methods": row.methods, "parameters": row.parameters,
        "files": files, "withdrawn_at": gone and gone.isoformat(), "withdrawn_reason": row.withdrawn_reason,
        "replaced_by": row.replaced_by and row.replaced_by.number,
    }  # fmt: skip


def _figure(row, places):
    unknown = {"name": row["place"], "code": None, "level": None, "geography": row["version"]}
    place = {"key": row["place"]} | places.get(row["place"], unknown)
    named = row | {
        "id": str(row["id"]),
        "as_of": row["as_of"].isoformat(),
        "place": {name: place[name] for name in SCHEMAS["Place"]},
        "definition_fr": label(row["definition"], "fr"),
        "definition_en": label(row["definition"], "en"),
    }
    return {name: named[name] for name in SCHEMAS["Figure"]}
