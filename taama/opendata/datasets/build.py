"""Every file of a snapshot, by name. What may leave is decided by the queries alone."""

from taama.opendata.datasets.columns import Sheet
from taama.opendata.datasets.map_file import map_file
from taama.opendata.datasets.package import TYPES, archive, description
from taama.opendata.datasets.text_file import csv_file
from taama.opendata.datasets.workbook import workbook
from taama.opendata.queries.public import named_places, public_figures, public_outlines

NAMES = (*TYPES, "datapackage.json", "taama.zip")
MEDIA_TYPES = TYPES | {"datapackage.json": "application/json", "taama.zip": "application/zip"}


def sheet_of(viewer, snapshot):
    """The Sheet of a published snapshot, of what this viewer and everybody else may know."""
    figures = public_figures(viewer, snapshot)
    keys = {figure["place"] for figure in figures}
    keys |= {value for figure in figures for value in figure["category"].values()}
    keys |= {value for figure in figures for value in _told(figure["change"])}
    return Sheet(snapshot, figures, named_places(viewer, keys))


def _told(change):
    """Every text among the values of a change that is none: some are keys of places."""
    values = ((change or {}).get("values") or {}).values()
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return {item for item in flat if isinstance(item, str)}


def dataset(viewer, snapshot, name, **options):
    """One file as bytes.

    name       one of NAMES
    options    of the CSV: hxl, bom
    """
    sheet = sheet_of(viewer, snapshot)
    if name == "figures.csv":
        return csv_file(sheet, **options)
    if name == "figures.xlsx":
        return workbook(sheet)
    if name == "figures.geojson":
        return _map(viewer, sheet)
    files = {
        "figures.csv": csv_file(sheet),
        "figures.xlsx": workbook(sheet),
        "figures.geojson": _map(viewer, sheet),
    }
    described = description(sheet, files)
    return (
        described
        if name == "datapackage.json"
        else archive(snapshot, files | {"datapackage.json": described})
    )


def _map(viewer, sheet):
    return map_file(sheet, public_outlines(viewer, sheet.places))
