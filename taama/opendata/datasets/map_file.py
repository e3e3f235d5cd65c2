"""GeoJSON: one feature per place and series, with its latest totals as properties and all its figures in a list."""

import json

from taama.opendata.datasets.columns import COLUMNS, plain
from taama.opendata.datasets.text_file import written
from taama.opendata.methods.labels import label

INSIDE = ("simulated", "series", "place", "place_name", "place_code", "admin_level", "geography")
LISTED = tuple(
    column
    for column in COLUMNS
    if column.name not in (*INSIDE, "snapshot", "definition_fr", "definition_en", "sources")
)


def map_file(sheet, outlines):
    """The figures of a Sheet on their places, as GeoJSON bytes (WGS 84, six decimals at most).

    outlines   key of an area → GeoJSON geometry as text; other places stand at their seat, or nowhere (null)
    """
    features = [_feature(sheet, figures, outlines) for figures in _by_place(sheet).values()]
    collection = {
        "type": "FeatureCollection",
        "name": f"taama {sheet.snapshot.code}",
        "snapshot": sheet.snapshot.code,
        "simulated": sheet.snapshot.simulated,
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _by_place(sheet):
    """(series, place) → its figures, in the order of the places."""
    found = {}
    for figure in sorted(sheet.figures, key=lambda f: (f["series"], f["place"])):
        found.setdefault((figure["series"], figure["place"]), []).append(figure)
    return found


def _feature(sheet, figures, outlines):
    first = figures[0]
    place = sheet.places.get(first["place"], {})
    properties = {
        "place": first["place"], "name": place.get("name"), "code": place.get("code"), "level": place.get("level"),
        "geography": first["version"], "series": first["series"], "simulated": first["simulated"],
        "lon": place.get("lon"), "lat": place.get("lat"),
    }  # fmt: skip
    properties |= _latest_totals(figures)
    properties["figures"] = [_listed(figure, sheet) for figure in figures]
    key = f"{first['series']}|{first['place']}"
    return {
        "type": "Feature",
        "id": key,
        "geometry": _geometry(first["place"], place, outlines),
        "properties": properties,
    }


def _latest_totals(figures):
    """Flat properties for maps: `idp_present`, its range, its day and its marks, of the latest total."""
    totals = sorted((f for f in figures if not f["category"]), key=lambda f: f["as_of"])
    flat = {}
    for figure in totals:
        name = figure["definition"].partition(".")[2]
        flat |= {
            name: plain(figure["value"]), f"{name}_low": plain(figure["low"]), f"{name}_high": plain(figure["high"]),
            f"{name}_as_of": figure["as_of"].isoformat(), f"{name}_marks": ";".join(figure["marks"]),
            f"{name}_fr": label(figure["definition"], "fr"), f"{name}_en": label(figure["definition"], "en"),
        }  # fmt: skip
    return flat


def _listed(figure, sheet):
    """A figure in the list: the columns of the datasets that have something to say."""
    cells = {column.name: column.cell(figure, sheet) for column in LISTED}
    cells["sources"] = figure["citations"]
    kept = {name: value for name, value in cells.items() if value not in (None, "", [])}
    return kept | {"as_of": written(figure["as_of"])}


def _geometry(key, place, outlines):
    if key in outlines:
        return json.loads(outlines[key])
    if place.get("lon") is None:
        return None
    return {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
