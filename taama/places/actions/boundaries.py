"""Importing an official boundary file into a version: what is certain is placed, the rest is reported."""

from dataclasses import dataclass, replace

import shapely

from taama.base.doors import Done, action
from taama.base.errors import MethodError, TaamaError
from taama.base.messages import message
from taama.base.policy import SYSTEM
from taama.places.actions.reading import BoundaryFile
from taama.places.methods import boundaries, codes
from taama.places.methods.columns import detect
from taama.places.methods.geo import simplify_shared
from taama.places.methods.names import Entry, plain
from taama.places.models import Area, AreaVersion
from taama.places.queries import country

OFFICERS = ("administrator", "information_officer", SYSTEM)
METRE_DEGREES = 1e-5


@dataclass(frozen=True)
class ImportReport:
    """What became of a boundary file. `findings`: what was not placed (held), mended or doubtful."""

    version: str
    level: int
    read: int
    created: int
    changed: int
    unchanged: int
    findings: tuple

    @property
    def held(self):
        return sum(finding.held for finding in self.findings)

    def rows(self, language):
        """Findings as dicts of row, place, cause, remedy, held; what was not placed comes first."""
        shown = []
        for finding in sorted(self.findings, key=lambda one: (not one.held, one.row or 0)):
            text = message(finding.code, language, finding.values)
            shown.append({
                "row": finding.row, "place": finding.place, "cause": text.cause, "remedy": text.remedy,
                "held": finding.held,
            })  # fmt: skip
        return shown


@action("places.begin_version", allow=OFFICERS)
def begin_version(*, by, code, label, label_en, valid_from, source):
    """Begin a version of the administrative division, with its country; the one in force until then ends."""
    nation = country(by)
    if AreaVersion.objects.filter(code=code).exists():
        raise TaamaError("places.version_exists", values={"version": code})
    version = AreaVersion(
        country=nation.iso3, code=code, label=label, label_en=label_en, valid_from=valid_from, source=source
    )
    root = Area(
        version=version, key=f"{nation.iso3}@{code}", code=nation.iso3, level=0, name=nation.name["fr"]
    )
    before = AreaVersion.objects.filter(valid_to__isnull=True, valid_from__lt=valid_from)
    ended = list(before.order_by("-valid_from")[:1])
    for one in ended:
        one.valid_to = valid_from
        one.save()
    version.save()
    root.save()
    return Done(version, [version, root, *ended])


@action("places.import_areas", allow=OFFICERS)
def import_areas(
    *, by, path, version, level=None, layer="", columns=None, named=False, source="", tolerance_degrees=0.002,
    write=True,
):  # fmt: skip
    """Place the features of an official boundary file among the areas of a version, and say what was not placed.

    path               GeoPackage, Shapefile (also zipped), GeoJSON or CSV
    version            code of a version that exists: `2021-12-20`
    level              administrative level, 0 to 4; told by the columns when missing
    layer, columns     layer of the file; {"code" | "name" | "parent": header} where the headers do not tell
    named              True for a version without codes
    source             who published the file, under which licence
    tolerance_degrees  how much borders are simplified, together; 0 keeps every point
    write              False only reports
    Returns            ImportReport
    """
    edition = _version(version)
    file = BoundaryFile(path, layer, level)
    found, features = _features(file, level, columns or {})
    nation = country(by)
    scheme = boundaries.Scheme(nation.iso2, nation.iso3, nation.digits)
    if not named:
        _refuse_other_version(features, edition, found.level, scheme, file.where)
    known = Area.objects.filter(version=edition, level=found.level)
    entries = [Entry(area.key, area.name, tuple(area.names_other)) for area in known]
    above = {
        area.key.rpartition("@")[0]: area
        for area in Area.objects.filter(version=edition, level=found.level - 1)
    }
    placed, said = boundaries.place(
        features, entries, found.level, parents=set(above), scheme=scheme, named=named
    )
    seats = {area.key: (area.lat, area.lon) for area in known if area.lat is not None}
    if any(one.shape is not None for one in features):
        placed, more = _check_shapes(placed, seats)
    else:
        more = [boundaries.Finding(None, file.path.name, "places.no_outlines")]
    created, changed = _areas(
        edition, found.level, _simplified(placed, tolerance_degrees), above, known, source
    )
    if write:
        _store(created, changed)
    report = ImportReport(
        edition.code, found.level, len(features), len(created), len(changed),
        len(placed) - len(created) - len(changed), tuple([*file.notes, *said, *more]),
    )  # fmt: skip
    return Done(report, [*created, *changed] if write else [])


def _version(code):
    known = list(AreaVersion.objects.values_list("code", flat=True))
    if code not in known:
        raise TaamaError("places.version_unknown", values={"version": code, "known": known or ["–"]})
    return AreaVersion.objects.get(code=code)


def _features(file, level, columns):
    """(columns of the level, features)."""
    for header in columns.values():
        if header not in file.headers:
            raise TaamaError("places.column_unknown", file.where, {"column": header, "headers": file.headers})
    found = replace(detect(file.headers, level), **columns)
    if not (found.code or found.name):
        raise TaamaError("places.no_codes", file.where, {"file": file.path.name, "headers": file.headers})
    features = file.features(found)
    if found.level is None:
        levels = {codes.level_of(code) for code in (codes.repair(f.code).code for f in features) if code}
        if len(levels) != 1:
            raise TaamaError("places.level_unknown", file.where)
        found = replace(found, level=levels.pop())
    return found, features


def _refuse_other_version(features, edition, level, scheme, where):
    """Codes were used again with another meaning: a file of another version must not be mixed in."""
    repaired = [
        (codes.repair(f.code, scheme.iso2, scheme.iso3, scheme.digits).code, f.name) for f in features
    ]
    pairs = [(code, name) for code, name in repaired if code and plain(name)]
    versions = {}
    for area in (
        Area.objects.filter(level=level, version__country=edition.country)
        .exclude(code="")
        .select_related("version")
    ):
        versions.setdefault(area.version.code, {})[area.code] = [area.name, *area.names_other]
    best = codes.best_version(pairs, versions)
    ours = next((fit for fit in best.fits if fit.version == edition.code), None)
    if ours and best.version not in (None, edition.code) and ours.contradict:
        values = {
            "version": edition.code, "agree": ours.agree, "contradict": ours.contradict, "best": best.version,
            "best_agree": best.fits[0].agree,
        }  # fmt: skip
        raise TaamaError("places.other_version", where, values)


def _check_shapes(placed, seats):
    """Mended shapes near their seats, and what is wrong with them one by one and together."""
    placed, findings = boundaries.mend(placed)
    placed, far = boundaries.near_their_seats(placed, seats)
    return placed, [*findings, *far, *boundaries.overlaps(placed), *boundaries.holes(placed)]


def _simplified(placed, tolerance_degrees):
    """Areas with outlines of fewer points, rounded to a metre; outlines that overlap keep theirs."""
    drawn = [one for one in placed if one.shape is not None]
    shapes = [one.shape for one in drawn]
    if tolerance_degrees:
        try:
            shapes = simplify_shared(shapes, tolerance_degrees)
        except MethodError:
            shapes = [one.shape for one in drawn]
    rounded = shapely.set_precision(shapes, METRE_DEGREES, mode="pointwise")
    by_row = {one.row: shape for one, shape in zip(drawn, rounded, strict=True)}
    return [replace(one, shape=by_row.get(one.row)) for one in placed]


def _areas(edition, level, placed, above, known, source):
    """(new areas, changed areas) that the placed features ask for."""
    existing = {area.key: area for area in known}
    taken = set(Area.objects.filter(version=edition).values_list("key", flat=True))
    created, changed = [], []
    for one in placed:
        area = existing.get(one.known)
        if area is None:
            created.append(_new_area(edition, level, one, above, taken))
            _draw(created[-1], one, source)
        elif _draw(area, one, source):
            changed.append(area)
    return created, changed


def _new_area(edition, level, one, above, taken):
    stem = one.code or plain(one.name).replace(" ", "-")
    if f"{stem}@{edition.code}" in taken and not one.code:  # `mopti` is a region and a cercle
        stem = f"{one.parent}-{stem}" if one.parent else f"{stem}-{level}"
    key = f"{stem}@{edition.code}"
    if key in taken:
        raise TaamaError("places.key_taken", values={"key": key, "name": one.name})
    taken.add(key)
    return Area(
        version=edition, key=key, code=one.code, level=level, name=one.name, parent=above.get(one.parent)
    )


def _draw(area, one, source):
    """Give an area its outline and, where it has none, a position. Returns whether that changes it."""
    before = (area.outline, area.outline_source, area.lat, area.lon)
    if one.shape is not None:
        area.outline, area.outline_source = shapely.to_geojson(one.shape), source[:300]
    if area.lat is None and (one.at or one.shape is not None):
        inside = one.at or (lambda point: (point.y, point.x))(one.shape.representative_point())
        area.lat, area.lon = (round(value, 4) for value in inside)
    return before != (area.outline, area.outline_source, area.lat, area.lon)


def _store(created, changed):
    Area.objects.bulk_create(created, batch_size=500)
    for area in changed:
        area.save()
