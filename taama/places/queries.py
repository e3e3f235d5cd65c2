"""What can be known about places. The dataframe library is loaded only by the frames for the worker."""

import json
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from taama.base.doors import query
from taama.base.errors import NotAllowed, TaamaError
from taama.base.policy import ANONYMOUS, ANYONE, RULES, SIGNED_IN, SYSTEM
from taama.places.methods import lineage, reach
from taama.places.methods.names import CODED, Candidate, Entry, candidates, nearest
from taama.places.models import Area, AreaVersion, Facility, Lineage, Locality, Point, PopulationFigure, Site

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Country:
    """What the country's folder says of it. `levels`: language → names of the levels, from the country down."""

    iso3: str
    iso2: str
    digits: int
    current: str
    name: dict
    levels: dict


@query("places.country", allow=(ANYONE,))
def country(viewer):
    """The country that this office serves: how its codes are written, what its levels are called."""
    return _country(settings.TAAMA_COUNTRY)


@cache
def _country(name):
    path = DATA / name / "country.toml"
    if not path.exists():
        raise TaamaError("places.country_unknown", values={"name": name})
    content = tomllib.loads(path.read_text("utf-8"))
    return Country(**{key: content[key] for key in Country.__dataclass_fields__})


@query("places.versions", allow=(ANYONE,))
def versions(viewer):
    """The versions of the administrative division, oldest first."""
    return AreaVersion.objects.order_by("valid_from")


@query("places.areas", allow=(ANYONE,))
def areas(viewer, version=None, level=None, within=None):
    """Areas as a QuerySet; `within` is the key of an area whose direct and indirect parts are wanted."""
    found = Area.objects.select_related("version", "parent").order_by("level", "key")
    if version is not None:
        found = found.filter(version__code=version)
    if level is not None:
        found = found.filter(level=level)
    if within is not None:
        up = [f"{'parent__' * steps}key" for steps in range(1, 5)]
        found = found.filter(Q(*[(path, within) for path in up], _connector=Q.OR))
    return found


@query("places.area", allow=(ANYONE,))
def area(viewer, key):
    """The area of this key; raises when there is none."""
    found = Area.objects.select_related("version", "parent__parent__parent").filter(key=key).first()
    if found is None:
        raise TaamaError("places.area_unknown", values={"key": key}, status=404)
    return found


@query("places.choices", allow=(ANYONE,))
def choices(viewer, deepest=None, roles=()):
    """Areas of the division in force to choose from, by name, each region followed by what lies in it; with its `label`.

    deepest   level where the list ends; None is the smallest there is
    roles     where given: only areas in which the viewer holds one of these roles
    """
    found = areas(viewer, version=country(viewer).current).filter(level__gte=1)
    if deepest is not None:
        found = found.filter(level__lte=deepest)
    keys = reached(viewer, roles) if roles else None
    rows = {row.pk: row for row in found if keys is None or row.key in keys}
    for row in rows.values():
        row.label = _label(row)
    return sorted(rows.values(), key=lambda row: _named_from_above(row, rows))


def _label(row):
    """Below a region with the region's name: a region and its cercle often share one."""
    return f"{row.parent.name} › {row.name}" if row.level > 1 else row.name


def _named_from_above(row, rows):
    above = rows.get(row.parent_id)
    return (*(_named_from_above(above, rows) if above else ()), row.name)


@query("places.area_names", allow=(ANYONE,))
def area_names(viewer, keys):
    """Key of an area → its label, as in `choices`."""
    return {row.key: _label(row) for row in areas(viewer).filter(key__in=set(keys))}


@query("places.search", allow=(ANYONE,))
def search(viewer, name, version=None, level=None, limit=8):
    """Areas that a name may mean, best first: candidates with scores, for a person to choose from."""
    rows = areas(viewer, version or country(viewer).current, level)
    return candidates(name, _entries(rows), limit=limit) if str(name).strip() else []


@query("places.coded", allow=(SIGNED_IN, SYSTEM))
def coded(viewer, code, version=None, level=None):
    """Places with exactly this code, or areas with this key, as candidates.

    Areas of `version`; where it is not given, of the division in force, else of any. `level` is for areas alone.
    """
    code = code.strip()
    if not code:  # as that of an area in a version without codes
        return []
    of_code = areas(viewer, version, level).filter(Q(code__iexact=code) | Q(key__iexact=code))
    current = of_code.filter(version__code=country(viewer).current)
    found = [(row.key, row.name) for row in current or of_code]
    if version is None and level is None:
        for rows in (points(viewer), sites(viewer), localities(viewer)):
            found += rows.filter(code__iexact=code).values_list("code", "name")
    return [Candidate(key, name, 1.0, CODED) for key, name in found]


@query("places.nearest", allow=(ANYONE,))
def nearest_names(viewer, name, version=None, limit=3):
    """Areas of a version, of any level, that a name may mean, else those least unlike; raises when there are none."""
    version = version or country(viewer).current
    rows = areas(viewer, version)
    if not rows:
        known = list(versions(viewer).values_list("code", flat=True))
        code = "places.version_unknown" if known else "places.none_loaded"
        raise TaamaError(code, values={"version": version, "known": known}, status=404)
    return candidates(name, _entries(rows), limit=limit) or nearest(name, _entries(rows), limit)


def _entries(rows):
    """Gazetteer entries of areas, each with the keys of the areas above it."""
    by_id = {row.pk: row for row in rows}
    entries = []
    for row in by_id.values():
        above, up = [], row.parent
        while up is not None:
            above.append(up.key)
            up = by_id.get(up.parent_id)
        entries.append(Entry(row.key, row.name, tuple(row.names_other), tuple(above)))
    return entries


@query("places.points", allow=(ANYONE,))
def points(viewer, kind=None):
    """Points where passing people are observed, open and closed."""
    found = Point.objects.select_related("area").order_by("code")
    return found.filter(kind=kind) if kind else found


@query("places.localities", allow=(SIGNED_IN, SYSTEM))
def localities(viewer, within=None):
    """Localities; `within` is the key of an area."""
    found = Locality.objects.select_related("area").order_by("code")
    return found.filter(area__in=_with_parts(viewer, within)) if within else found


@query("places.sites", allow=(SIGNED_IN, SYSTEM))
def sites(viewer, within=None):
    """Sites of displaced people; `within` is the key of an area."""
    found = Site.objects.select_related("area", "locality").order_by("code")
    return found.filter(area__in=_with_parts(viewer, within)) if within else found


@query("places.facilities", allow=(ANYONE,))
def facilities(viewer, within=None):
    """Health facilities; `within` is the key of an area."""
    found = Facility.objects.select_related("area").order_by("code")
    return found.filter(area__in=_with_parts(viewer, within)) if within else found


def _with_parts(viewer, key):
    return Area.objects.filter(Q(key=key) | Q(pk__in=areas(viewer, within=key).values("pk")))


@query("places.population", allow=(ANYONE,))
def population(viewer, key):
    """Population figures of an area, newest first."""
    return PopulationFigure.objects.filter(area__key=key).order_by("-as_of")


@query("places.links", allow=(ANYONE,))
def links(viewer):
    """Every lineage between areas of different versions, as the method `common_area` wants it."""
    rows = Lineage.objects.values_list("before__key", "after__key", "kind", "before__level", "after__level")
    return [
        lineage.Link(before, after, kind, (low, high))
        for before, after, kind, low, high in rows.order_by("id")
    ]


@query("places.common_area", allow=(ANYONE,))
def common_area(viewer, a, b):
    """The smallest ground that two areas of different versions share, or None when no lineage connects them."""
    names = dict(
        Area.objects.filter(version__code__in=(lineage.version_of(a), lineage.version_of(b))).values_list(
            "key", "name"
        )
    )
    return lineage.common_area(a, b, links(viewer), names)


@query("places.within", allow=(ANYONE,))
def within(viewer, keys):
    """Keys of the areas that lie wholly within these ones, in every version; themselves included.

    Ten thousand phones of some dozens of areas ask for it: it is worked out once for as long as the areas stand.
    """
    return _within(frozenset(keys), Area.objects.count(), Lineage.objects.count())


@lru_cache(maxsize=512)
def _within(keys, areas, links_):
    """`areas` and `links_` only count what the result was made from."""
    return reach.inside(keys, dict(Area.objects.values_list("key", "parent__key")), links(ANONYMOUS))


@query("places.reached", allow=(ANYONE,))
def reached(viewer, roles):
    """Keys of the areas in which a viewer holds one of these roles, with all that lies in them; None is everywhere."""
    held = viewer.areas(*roles)
    return None if "" in held else within(viewer, held)


@query("places.seen", allow=(ANYONE,))
def seen(viewer, roles, *paths):
    """Condition on rows that a viewer may see in one of these roles; empty when that is all.

    paths   of the fields that hold the key of an area: the first that is not '' decides
    """
    keys = reached(viewer, roles)
    wanted, unknown = Q(), Q()
    for path in paths if keys is not None else ():
        wanted |= unknown & Q(**{f"{path}__in": sorted(keys)})
        unknown &= Q(**{path: ""})
    return wanted


@query("places.require_area", allow=(ANYONE,))
def require_area(viewer, rule, area):
    """Raises NotAllowed unless the rule lets this viewer act in this area; '' is the whole country."""
    viewer.require(rule)
    keys = reached(viewer, RULES[rule].allow)
    if keys is not None and area not in keys:
        raise NotAllowed("places.outside_area")


@query("places.outlines", allow=(ANYONE,))
def outlines(viewer, version, level=1):
    """Outlines to draw the areas of a version on a map.

    An area without an outline of its own is drawn by the outlines of another version on the same common ground.
    Returns   [{"keys": areas of the version that share the outline, "drawn": key of the area it is of,
              "name", "geometry": GeoJSON geometry as a dict, "source"}]
    """
    wanted = list(areas(viewer, version, level))
    drawn = [_outline(row, [row.key]) for row in wanted if row.outline]
    missing = sorted(row.key for row in wanted if not row.outline)
    if missing:
        drawn += _borrowed(missing, level, [link for link in links(viewer) if link.levels == (level, level)])
    return sorted(drawn, key=lambda one: one["drawn"])


def _borrowed(missing, level, same_level):
    """Outlines of other versions, newest first, each with the areas in `missing` that lie on its common ground."""
    lenders = defaultdict(dict)
    rows = Area.objects.filter(level=level).exclude(outline="").select_related("version")
    for row in rows.order_by("-version__valid_from", "key"):
        lenders[row.version_id][row.key] = row
    borrowed = {}
    for key in missing:
        for rows_of_version in lenders.values():
            ground = next(
                filter(None, (lineage.common_area(key, k, same_level) for k in rows_of_version)), None
            )
            if ground and ground.of_b <= set(rows_of_version):
                borrowed |= {k: _outline(rows_of_version[k], sorted(ground.of_a)) for k in ground.of_b}
                break
    return list(borrowed.values())


def _outline(row, keys):
    return {
        "keys": keys, "drawn": row.key, "name": row.name, "geometry": json.loads(row.outline), "source": row.outline_source,
    }  # fmt: skip


@query("places.known_areas", allow=(SYSTEM,))
def known_areas(viewer):
    """Every area of every version, for tools that read what was sent.

    Returns   Polars frame[key, code, name, names_other: list, level, parent, geography, country, region, cercle,
              lat, lon]; parent, country, region and cercle are keys, an area being its own region or cercle
    """
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    rows = list(areas(viewer))
    above = _levels(rows)
    text = ("key", "code", "name", "parent", "geography", "country", "region", "cercle")
    schema = dict.fromkeys(text, pl.String) | {"names_other": pl.List(pl.String), "level": pl.Int64}
    schema |= {"lat": pl.Float64, "lon": pl.Float64}
    records = [
        {
            "key": row.key, "code": row.code, "name": row.name, "names_other": row.names_other, "level": row.level,
            "parent": row.parent.key if row.parent else None, "geography": row.version.code, "lat": row.lat,
            "lon": row.lon, **above[row.pk],
        }
        for row in rows
    ]  # fmt: skip
    return pl.DataFrame(records, schema=schema)


@query("places.chain", allow=(SYSTEM,))
def chain(viewer):
    """Key of each area of every version → dict of the keys of the country, region and cercle it lies in or is."""
    rows = list(areas(viewer))
    above = _levels(rows)
    return {row.key: above[row.pk] for row in rows}


@query("places.known_localities", allow=(SYSTEM,))
def known_localities(viewer):
    """Localities and sites, for tools that read what was sent; columns as in `known_points`, without directions."""
    return _frame(viewer, [*localities(viewer), *sites(viewer)]).drop("directions")


@query("places.known_points", allow=(SYSTEM,))
def known_points(viewer):
    """Points where passing people are observed, for tools that read what was sent.

    Returns   Polars frame[key, code, name, names_other: list, kind, directions: list, area, geography, country,
              region, cercle, lat, lon, opened_on, closed_on, simulated]; area, country, region and cercle are keys
    """
    return _frame(viewer, points(viewer))


def _frame(viewer, places):
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    rows = {row.pk: row for row in areas(viewer)}
    above = _levels(rows.values())
    text = ("key", "code", "name", "kind", "area", "geography", "country", "region", "cercle")
    schema = dict.fromkeys(text, pl.String) | dict.fromkeys(("names_other", "directions"), pl.List(pl.String))
    schema |= {
        "lat": pl.Float64,
        "lon": pl.Float64,
        "opened_on": pl.Date,
        "closed_on": pl.Date,
        "simulated": pl.Boolean,
    }
    records = [
        {
            "key": one.code, "code": one.code, "name": one.name, "kind": one.kind, "names_other": one.names_other,
            "directions": getattr(one, "directions", []), "area": rows[one.area_id].key,
            "geography": rows[one.area_id].version.code, "lat": one.lat, "lon": one.lon, "opened_on": one.opened,
            "closed_on": one.closed, "simulated": one.simulated, **above[one.area_id],
        }
        for one in places
    ]  # fmt: skip
    return pl.DataFrame(records, schema=schema)


def _levels(rows):
    """Id of an area → keys of the country, region and cercle that contain it or that it is."""
    by_id = {row.pk: row for row in rows}
    names = ("country", "region", "cercle")
    found = {}
    for row in by_id.values():
        keys, up = dict.fromkeys(names), row
        while up is not None:
            if up.level < len(names):
                keys[names[up.level]] = up.key
            up = by_id.get(up.parent_id)
        found[row.pk] = keys
    return found
