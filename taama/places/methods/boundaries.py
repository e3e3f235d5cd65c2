"""Placing the features of a boundary file among the areas of a version, and what is wrong with them.

Everything that could not be placed, and everything that was mended or is doubtful, becomes a Finding:
nothing is dropped, and nothing is guessed.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

import shapely

from taama.places.methods import codes
from taama.places.methods.geo import area_km2
from taama.places.methods.names import Gazetteer, candidates, certain, plain

NEGLIGIBLE_KM2 = 1.0  # slivers and gaps below this come from rounding
NEGLIGIBLE_SHARE = 0.001
POLYGONAL = ("Polygon", "MultiPolygon")

FAR_DEGREES = 3.0  # some 330 km: catches exchanged or projected coordinates, spares what is only roughly drawn


@dataclass(frozen=True)
class Scheme:
    """How a country writes its codes."""

    iso2: str = "ML"
    iso3: str = "MLI"
    digits: int = 2


@dataclass(frozen=True)
class Feature:
    """One feature of the file, as written. `shape` is a shapely shape or None; `at` is (latitude, longitude)."""

    row: int
    code: str = ""
    name: str = ""
    parent: str = ""
    shape: object = None
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class Finding:
    """What was found about one place. `held`: the feature was not placed."""

    row: int | None
    place: str
    code: str
    values: dict = field(default_factory=dict)
    held: bool = False


@dataclass(frozen=True)
class Placed:
    """A feature with its certain place: an area already `known` by its key, or a new one with `code`."""

    row: int
    code: str
    name: str
    known: str
    parent: str
    shape: object = None
    at: tuple[float, float] | None = None


def place(features, known, level, *, parents, scheme=None, named=False):
    """Give each feature its area, or say why not.

    features  [Feature]
    known     areas of the version on this level: [Entry(key, name, names_other)], key `code@version`;
              empty when the file brings the first ones
    level     administrative level of the features
    parents   codes of the areas one level up that the version has
    named     True for a version without codes: features go by their names
    Returns   ([Placed], [Finding]); every feature is in the one or, held, in the other
    """
    scheme = scheme or Scheme()
    directory = _Directory(known)
    placed, findings = [], []
    for feature in features:
        found, said = _place_one(feature, directory, level, scheme, named)
        findings += said
        if found:
            placed.append(found)
    placed, said = _join_parts(placed)
    findings += said
    adopted, said = _with_parents(placed, parents, level, named)
    return adopted, findings + said


class _Directory:
    """The known areas by code and by name."""

    def __init__(self, known):
        self.gazetteer = Gazetteer(known)
        self.entries = {entry.key: entry for entry in known}
        self.by_code = {entry.key.rpartition("@")[0]: entry for entry in known}
        self.names = {code: [entry.name, *entry.names_other] for code, entry in self.by_code.items()}

    def __bool__(self):
        return bool(self.by_code)

    def near(self, name):
        return candidates(name, self.gazetteer) if plain(name) else []

    def certain(self, name):
        found = certain(self.near(name))
        return self.entries[found.key] if found else None


def _found(feature, code, name, known, parent):
    return Placed(feature.row, code, name, known, parent, feature.shape, feature.at)


def _held(feature, finding, /, **values):
    return None, [Finding(feature.row, feature.name or feature.code, finding, values, held=True)]


def _place_one(feature, directory, level, scheme, named):
    if named or not feature.code.strip():
        return _place_by_name(feature, directory, named)
    repaired = codes.repair(feature.code, scheme.iso2, scheme.iso3, scheme.digits)
    if repaired.code is None:
        return _held(feature, "places.code_unreadable", code=feature.code)
    said = []
    if repaired.changes:
        values = {"written": feature.code, "code": repaired.code}
        said.append(Finding(feature.row, feature.name or repaired.code, "places.code_repaired", values))
    found, more = _place_by_code(replace(feature, code=repaired.code), directory, level, scheme)
    return found, said + more


def _place_by_code(feature, directory, level, scheme):
    code, parent = feature.code, ""
    if codes.level_of(code, scheme.digits) != level:
        return _held(feature, "places.code_of_other_level", code=code, level=level)
    if feature.parent.strip():
        parent = codes.repair(feature.parent, scheme.iso2, scheme.iso3, scheme.digits).code or feature.parent
        if not codes.nests(parent, code):
            return _held(feature, "places.code_not_nested", code=code, parent=parent)
    parent = parent or codes.parent_of(code, scheme.iso3, scheme.digits)
    if not directory:
        if not plain(feature.name):
            return _held(feature, "places.no_name", code=code)
        return _found(feature, code, feature.name.strip(), "", parent), []
    verdict = codes.agreement(code, feature.name, directory.names)
    if verdict == codes.UNKNOWN_CODE:
        return _held(feature, "places.code_not_in_version", code=code)
    if verdict == codes.CONTRADICTS:
        other = directory.certain(feature.name)
        values = {"code": code, "known": directory.by_code[code].name, "other": other.key if other else "?"}
        return _held(feature, "places.name_contradicts_code", **values)
    entry = directory.by_code[code]
    return _found(feature, code, entry.name, entry.key, parent), []


def _place_by_name(feature, directory, named):
    if not plain(feature.name):
        return _held(feature, "places.no_code_no_name")
    if not directory:
        if named:
            return Placed(
                feature.row, "", feature.name.strip(), "", feature.parent.strip(), feature.shape
            ), []
        return _held(feature, "places.no_code")
    entry = directory.certain(feature.name)
    if entry:
        values = {"name": feature.name, "key": entry.key}
        said = [] if named else [Finding(feature.row, feature.name, "places.placed_by_name", values)]
        return Placed(
            feature.row, entry.key.rpartition("@")[0], entry.name, entry.key, "", feature.shape
        ), said
    near = [f"{c.name} ({c.key}, {c.score:.2f})" for c in directory.near(feature.name)[:3]]
    if near:
        return _held(feature, "places.name_uncertain", candidates=near)
    return _held(feature, "places.name_unknown")


def _join_parts(placed):
    """Several features of one place: parts of it when they bear one name, a contradiction otherwise."""
    groups = defaultdict(list)
    for one in placed:
        groups[one.known or one.code or (one.parent, plain(one.name))].append(one)
    joined, findings = [], []
    for group in groups.values():
        first, parts, shapes = group[0], 1, [group[0].shape]
        for other in group[1:]:
            if plain(other.name) != plain(first.name):
                values = {"code": first.code, "row": first.row, "name": first.name}
                findings.append(Finding(other.row, other.name, "places.code_twice", values, held=True))
                continue
            parts, shapes = parts + 1, [*shapes, other.shape]
        if parts > 1:
            findings.append(Finding(first.row, first.name, "places.parts_joined", {"parts": parts}))
            first = replace(first, shape=_union(shapes))
        joined.append(first)
    return joined, findings


def _union(shapes):
    """One shape of all parts; invalid parts stay as they are for `mend` to say so."""
    shapes = [shape for shape in shapes if shape is not None]
    if shapes and all(shapely.is_valid(shapes)):
        return shapely.union_all(shapes)
    return shapely.geometrycollections(shapes) if shapes else None


def _with_parents(placed, parents, level, named):
    if level == 0:
        return placed, []
    adopted, findings = [], []
    only = next(iter(parents)) if len(parents) == 1 else None
    for one in placed:
        parent = one.parent if one.parent in parents else (only if named else None)
        if one.known or parent:
            adopted.append(replace(one, parent=parent or ""))
        else:
            values = {"parent": one.parent or "?", "level": level - 1}
            findings.append(Finding(one.row, one.name, "places.orphan", values, held=True))
    return adopted, findings


def mend(placed):
    """Outlines that can be used: invalid ones are repaired, and said so.

    placed    [Placed] with shapes in degrees, as read
    Returns   ([Placed], [Finding]); an area whose outline can't be used stays, without it
    """
    mended, findings = [], []
    for one in placed:
        shape, code, values = _mend_shape(one.shape)
        mended.append(replace(one, shape=shape))
        if code:
            findings.append(Finding(one.row, one.name, code, values))
    return mended, findings


def near_their_seats(placed, seats):
    """Outlines that lie where their place is known to be: one far from its seat is held back.

    placed    [Placed] with usable shapes in degrees
    seats     key of an area → (latitude, longitude) of its seat
    Returns   ([Placed], [Finding]); a place without a known seat, or without an outline, passes
    """
    kept, findings = [], []
    for one in placed:
        seat = seats.get(one.known)
        far = seat is not None and one.shape is not None and _degrees_away(one.shape, *seat) > FAR_DEGREES
        if far:
            values = _position(seat[1], seat[0])
            findings.append(Finding(one.row, one.name, "places.geometry_far", values, held=True))
        else:
            kept.append(one)
    return kept, findings


def _degrees_away(shape, lat, lon):
    return shapely.distance(shape, shapely.Point(lon, lat))


def _mend_shape(shape):
    if shape is None or shapely.is_empty(shape):
        return None, "places.geometry_missing", {}
    shape = shapely.force_2d(shape)
    west, south, east, north = shapely.bounds(shape)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None, "places.geometry_off_earth", {}
    if shapely.is_valid(shape) and shape.geom_type in POLYGONAL:
        return shape, "", {}
    fault = shapely.is_valid_reason(shape).partition("[")[2].rstrip("]").split()
    repaired = _only_polygons(shapely.make_valid(shape))
    if repaired is None:
        return None, "places.geometry_not_area", {"kind": shape.geom_type}
    where = fault if len(fault) == 2 else (west, south)
    return repaired, "places.geometry_repaired", _position(*map(float, where)) | {"km2": area_km2(repaired)}


def _position(lon, lat):
    """A position as a text shows it: not as numbers, which are rounded to one decimal."""
    return {"lat": f"{lat:.2f}", "lon": f"{lon:.2f}"}


def _only_polygons(shape):
    parts = [part for part in shapely.get_parts(shape, return_index=False) if part.geom_type in POLYGONAL]
    nested = [part for part in shapely.get_parts(shape) if part.geom_type == "GeometryCollection"]
    parts += [found for found in map(_only_polygons, nested) if found is not None]
    return shapely.union_all(parts) if parts else None


def overlaps(placed):
    """Siblings whose outlines share more ground than rounding explains.

    placed    [Placed] with mended shapes
    Returns   [Finding], one for each pair
    """
    drawn = [one for one in placed if one.shape is not None]
    shapes = [one.shape for one in drawn]
    findings = []
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects") if shapes else ([], [])
    for left, right in sorted((a, b) for a, b in zip(*pairs, strict=True) if a < b):
        shared = area_km2(shapely.intersection(shapes[left], shapes[right]))
        smaller = min(area_km2(shapes[left]), area_km2(shapes[right]))
        if shared > max(NEGLIGIBLE_KM2, NEGLIGIBLE_SHARE * smaller):
            values = {"other": drawn[right].name, "km2": shared}
            findings.append(Finding(drawn[left].row, drawn[left].name, "places.overlap", values))
    return findings


def holes(placed):
    """Ground in the middle of the areas that belongs to none of them.

    placed    [Placed] with mended shapes
    Returns   [Finding], one for each hole, naming the areas around it
    """
    drawn = [one for one in placed if one.shape is not None]
    if not drawn:
        return []
    whole = shapely.union_all([one.shape for one in drawn])
    findings = []
    for part in shapely.get_parts(whole):
        for ring in part.interiors:
            hole = shapely.Polygon(ring)
            if area_km2(hole) > NEGLIGIBLE_KM2:
                around = sorted(one.name for one in drawn if shapely.intersects(one.shape, hole))
                middle = hole.representative_point()
                values = _position(middle.x, middle.y) | {"km2": area_km2(hole)}
                findings.append(Finding(None, ", ".join(around), "places.hole", values))
    return findings
