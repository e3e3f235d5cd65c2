"""The data package: a Frictionless description of the files, and all of them in one archive."""

import hashlib
import io
import json
import zipfile

from taama.opendata.datasets.columns import COLUMNS
from taama.opendata.datasets.notes import about, citations, rights

TYPES = {
    "figures.csv": "text/csv",
    "figures.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "figures.geojson": "application/geo+json",
}


def description(sheet, files):
    """`datapackage.json` as bytes. It names no licence: nobody granted one. `rights` says in words what may be done.

    files    name → bytes of each file it describes
    """
    snapshot = sheet.snapshot
    package = {
        "profile": "data-package",
        "name": f"taama-{snapshot.number}",
        "id": str(snapshot.pk),
        "title": snapshot.title or snapshot.code,
        "description": "\n\n".join(f"{note.fr}\n{note.en}" for note in about(sheet)),
        "version": str(snapshot.number),
        "created": snapshot.made_at.isoformat(timespec="seconds"),
        "rights": {"fr": " ".join(note.fr for note in rights(sheet)), "en": " ".join(note.en for note in rights(sheet))},
        "sources": [{"title": source} for source in citations(sheet)] or [{"title": "taama"}],
        "simulated": snapshot.simulated,
        "resources": [_resource(name, content) for name, content in files.items()],
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode("utf-8")


def _resource(name, content):
    stem, _, ending = name.rpartition(".")
    resource = {
        "name": f"{stem}-{ending}",
        "path": name,
        "format": ending,
        "mediatype": TYPES[name],
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
    }
    if ending != "csv":
        return resource | {"type": "file"}
    return resource | {"type": "table", "profile": "tabular-data-resource", "schema": schema()}


def schema():
    """Table Schema of the CSV, in both languages."""
    fields = [
        {
            "name": column.name,
            "type": column.type,
            "title": f"{column.fr} / {column.en}",
            "description": f"{column.about_fr}\n{column.about_en}".strip(),
        }
        for column in COLUMNS
    ]
    return {"fields": fields, "missingValues": [""], "primaryKey": ["figure"]}


def archive(snapshot, files):
    """The files in one zip, dated by the snapshot, so that it gives the same bytes each time."""
    target = io.BytesIO()
    when = max(snapshot.made_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, content)
    return target.getvalue()
