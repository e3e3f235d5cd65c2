"""The areas of every version of a country's geography, and which version a file speaks of."""

from dataclasses import dataclass
from functools import cached_property

from taama.places.methods import codes, names

BY_CODES, BY_NAMES, BY_DATE, ONLY_ONE = "codes", "names", "date", "only_one"


@dataclass(frozen=True)
class Area:
    key: str
    code: str
    name: str
    level: int
    parent: str
    geography: str
    names_other: tuple[str, ...] = ()

    @property
    def slug(self):
        """What stands before the version in its key: the code, or the name where there is none."""
        return self.key.partition("@")[0]


@dataclass(frozen=True)
class Version:
    """The geography a file was counted in, why it is thought so, and how well each version fits."""

    geography: str
    reason: str
    agree: int = 0
    contradict: int = 0
    unknown: int = 0


class Atlas:
    """`areas`: Polars frame[key, code, name, level, parent, geography, names_other?] of all versions."""

    def __init__(self, areas):
        self.areas = {}
        for row in areas.to_dicts():
            others = tuple(row.get("names_other") or ())
            self.areas[row["key"]] = Area(
                row["key"],
                row["code"] or "",
                row["name"],
                row["level"],
                row["parent"] or "",
                row["geography"],
                others,
            )
        self.geographies = sorted({area.geography for area in self.areas.values()})

    @cached_property
    def _by_code(self):
        return {(area.geography, area.code): area for area in self.areas.values() if area.code}

    @cached_property
    def _by_name(self):
        found = {}
        for area in self.areas.values():
            for name in (area.name, *area.names_other):
                found.setdefault((area.geography, area.level, names.plain(name)), []).append(area)
        return found

    @cached_property
    def _spelled(self):
        found = {}
        for area in self.areas.values():
            entry = names.Entry(area.key, area.name, area.names_other)
            found.setdefault((area.geography, area.level), []).append(entry)
        return {place: names.Gazetteer(entries) for place, entries in found.items()}

    def coded(self, code, geography):
        return self._by_code.get((geography, code))

    def named(self, name, level, geography):
        """Areas certainly called so; several where a name is used twice."""
        return self._by_name.get((geography, level, names.plain(name)), []) if name.strip() else []

    def near(self, name, level, geography):
        """Areas that the name may mean, best first: [(key, name, score)]."""
        gazetteer = self._spelled.get((geography, level))
        if gazetteer is None or not names.plain(name):
            return []
        return [(found.key, found.name, found.score) for found in names.candidates(name, gazetteer)]

    def ancestor(self, area, level):
        while area is not None and area.level > level:
            area = self.areas.get(area.parent)
        return area if area is not None and area.level == level else None

    def country(self, geography):
        return next((a for a in self.areas.values() if a.geography == geography and a.level == 0), None)

    def code_names(self, geography, levels):
        return {
            area.code: [area.name, *area.names_other]
            for area in self.areas.values()
            if area.geography == geography and area.level in levels and area.code
        }


def version_of_pairs(pairs, atlas, levels=(1, 2)):
    """The versions that give these codes these names best, best first; more than one where they fit equally well.

    pairs     [(code, name)], codes repaired
    Returns   [Version], empty where no version agrees with any pair
    """
    pairs = {(code, name) for code, name in pairs if code and name}
    fits = codes.best_version(pairs, {g: atlas.code_names(g, levels) for g in atlas.geographies}).fits
    best = [f for f in fits if f.agree and _merit(f) == _merit(fits[0])]
    return [Version(f.version, BY_CODES, f.agree, f.contradict, f.unknown) for f in best]


def _merit(fit):
    return fit.agree, fit.contradict, fit.unknown


def version_of_names(named, atlas):
    """The versions that know most of the names, each cercle inside its region. `named`: {(region, cercle)}."""
    known = {geography: _names_known(named, geography, atlas) for geography in atlas.geographies}
    most = max(known.values(), default=0)
    total = len({name for pair in named for name in pair if name.strip()})
    return [
        Version(g, BY_NAMES, agree=most, unknown=max(0, total - most))
        for g in known
        if most and known[g] == most
    ]


def _names_known(named, geography, atlas):
    regions = {region for region, _ in named if atlas.named(region, 1, geography)}
    inside = {
        (region, cercle)
        for region, cercle in named
        for area in atlas.named(cercle, 2, geography)
        if not region.strip() or area.parent in {above.key for above in atlas.named(region, 1, geography)}
    }
    return len(regions) + len(inside)


def version_of(pairs, named, day, atlas):
    """Which version a file uses: by its codes with their names, among those by its names, among those by its date.

    pairs, named   [(code, name)] of regions and cercles; {(region, cercle)} as named
    day            day the file describes, or None; versions are named by the day on which they begin
    """
    left = atlas.geographies
    for best in (version_of_pairs(pairs, atlas), version_of_names(named, atlas)):
        fitting = [version for version in best if version.geography in left]
        if len(fitting) == 1:
            return fitting[0]
        left = [version.geography for version in fitting] or left
    begun = [g for g in left if day is not None and g <= day.isoformat()]
    return Version((begun[-1:] or left[:1])[0], BY_DATE if len(left) > 1 else ONLY_ONE)
