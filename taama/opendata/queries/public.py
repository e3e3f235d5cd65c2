"""What leaves the house: public fields of published figures, and the public names of their places."""

import re

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.policy import ANYONE
from taama.base.sensitivity import S0
from taama.figures.figure import SIMULATED, SUPPRESSED
from taama.figures.models import PublishedFigure
from taama.figures.queries import figure, figures, same_in_other_snapshots, snapshots
from taama.opendata.queries.withdrawn import withdrawn_marks
from taama.places.models import Area, Point

FIELDS = tuple(
    name for name, level in PublishedFigure.sensitivity.items() if level == S0 and name != "snapshot"
)
READ = ("id", "sources", *FIELDS)
NUMBERS = {"value": None, "low": None, "high": None, "base": None, "grades": {}, "change": None, "extra": {}}
WHOLE = ("people", "households", "localities")
SUBMISSION_KEY = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


@query("opendata.public_figures", allow=(ANYONE,))
def public_figures(viewer, of, after=None, limit=None, **where):
    """Figures of a snapshot as dictionaries of what anybody may know, in the order in which they were recorded.

    after     id of the last figure already read
    Returns   list of dicts: id, the public fields, `citations`, `simulated`; a suppressed one has no number
    """
    rows = figures(viewer, of, **where).order_by("id")
    if after:
        rows = rows.filter(id__gt=after)
    marks = withdrawn_marks(viewer, of)
    return [_public(row, marks) for row in rows.values(*READ)[:limit]]


@query("opendata.require_definition", allow=(ANYONE,))
def require_definition(viewer, of, definition):
    """Raises (404) for a definition that no published snapshot that stands knows; says those of this one."""
    if not PublishedFigure.objects.filter(snapshot__in=snapshots(viewer), definition=definition).exists():
        known = figures(viewer, of).order_by("definition").values_list("definition", flat=True).distinct()
        values = {"definition": definition, "known": ", ".join(known) or "–"}
        raise TaamaError("opendata.definition_unknown", values=values, status=404)


@query("opendata.public_figure_count", allow=(ANYONE,))
def public_figure_count(viewer, of, **where):
    """How many figures of a snapshot meet the conditions."""
    return figures(viewer, of, **where).count()


@query("opendata.public_figure", allow=(ANYONE,))
def public_figure(viewer, pk):
    """One figure as `public_figures` gives it, and its snapshot."""
    found = figure(viewer, pk)
    return _public_row(viewer, found), found.snapshot


@query("opendata.public_revisions", allow=(ANYONE,))
def public_revisions(viewer, key):
    """The figure of this key in every published snapshot, newest first: list of (figure, code of the snapshot)."""
    found = same_in_other_snapshots(viewer, key)
    return [(_public_row(viewer, row), row.snapshot.code) for row in found]


def _public_row(viewer, found):
    return _public({name: getattr(found, name) for name in READ}, withdrawn_marks(viewer, found.snapshot))


def _public(row, marks):
    row["marks"] = marks(row["id"], row["marks"])
    row["citations"] = _citations(row.pop("sources"))
    row["simulated"] = SIMULATED in row["marks"]
    decimals = None if row["unit"] in WHOLE else 1
    row |= {name: _rounded(row[name], decimals) for name in ("value", "low", "high", "base")}
    return row | NUMBERS if SUPPRESSED in row["marks"] else row


def _rounded(value, decimals):
    """A number as it is published: people whole, rates and averages with one decimal, as the pages write them."""
    return value if value is None else round(value, decimals)


def _citations(sources):
    """Publications are cited; keys of submissions stay inside."""
    return [source for source in sources if not SUBMISSION_KEY.search(source)]


@query("opendata.named_places", allow=(ANYONE,))
def named_places(viewer, keys):
    """Names, codes and positions of areas and flow monitoring points, by key; unknown keys are absent.

    Returns   dict: key → dict(name, code, level, geography, parent, lat, lon); level is None for a point
    """
    areas = Area.objects.filter(key__in=set(keys)).select_related("version", "parent")
    points = Point.objects.filter(code__in=set(keys)).select_related("area__version")
    found = {area.key: _area(area) for area in areas}
    return found | {point.code: _point(point) for point in points}


@query("opendata.public_areas", allow=(ANYONE,))
def public_areas(viewer, after="", limit=None, **where):
    """Areas as dictionaries of what anybody may know, by key.

    where     geography, level, parent (key)
    after     key of the last area already read
    """
    rows = _areas_where(where).filter(key__gt=after).select_related("version", "parent").order_by("key")
    return [{"key": area.key} | _area(area) for area in rows[:limit]]


@query("opendata.public_area_count", allow=(ANYONE,))
def public_area_count(viewer, **where):
    """How many areas meet the conditions of `public_areas`."""
    return _areas_where(where).count()


def _areas_where(where):
    names = {"geography": "version__code", "parent": "parent__key", "level": "level"}
    return Area.objects.filter(**{names[name]: value for name, value in where.items()})


@query("opendata.public_outlines", allow=(ANYONE,))
def public_outlines(viewer, keys):
    """Outlines of areas as GeoJSON text, by key; areas without one are absent."""
    rows = Area.objects.filter(key__in=set(keys)).exclude(outline="")
    return dict(rows.values_list("key", "outline"))


def _area(area):
    parent = area.parent.key if area.parent else None
    return {
        "name": area.name, "code": area.code or None, "level": area.level, "geography": area.version.code,
        "parent": parent, "lat": area.lat, "lon": area.lon,
    }  # fmt: skip


def _point(point):
    return {
        "name": point.name, "code": point.code, "level": None, "geography": point.area.version.code,
        "parent": point.area.key, "lat": point.lat, "lon": point.lon,
    }  # fmt: skip
