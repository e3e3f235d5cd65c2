"""Which area each line of a published table speaks of: what was mended on the way, and what is doubtful."""

import re
from dataclasses import dataclass, field

from taama.places.methods import codes, names
from taama.places.methods.atlas import Version, version_of, version_of_pairs

WIDE = {2: re.compile(r"0(\d\d)0(\d\d)"), 3: re.compile(r"0(\d\d)0(\d\d)(\d\d)")}
SURE_WITH_CODE = 0.84  # likeness from which a name that its own code confirms is a misspelling of it
LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Doubt:
    """What was mended or is doubtful. `column`: admin1, admin2_code…; `grave`: the line must not be counted."""

    column: str
    what: str
    values: dict = field(default_factory=dict, hash=False)
    grave: bool = False


@dataclass(frozen=True)
class Named:
    """What a line says of its place: name and code of each level from the country down, as they stand in the file."""

    names: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """The smallest known area of a line, and what the line names below it.

    deepest           lowest level that the line names below the area; None when it speaks of the area itself
    below             names from below the area down to there
    code              code of the commune, where it is sure, in the version `code_geography`
    """

    area: str
    level: int
    geography: str
    deepest: int | None = None
    below: tuple[str, ...] = ()
    code: str = ""
    code_geography: str = ""
    doubts: tuple[Doubt, ...] = ()


def repair_code(text, level, iso2="ML", iso3="MLI"):
    """A code as it should have been written, and what was mended: (code or None, doubts).

    >>> repair_code("MLI07   ", 1)[0], repair_code("MLI00100112", 3)[0], repair_code("MLI001006", 2)[0]
    ('ML07', 'ML010112', 'ML0106')
    """
    column = f"admin{level}_code"
    mended = codes.repair(text, iso2, iso3)
    if mended.code is None:
        return None, (Doubt(column, "code_unreadable", {"code_read": text}),)
    found = []
    tidy = text.strip().upper().replace(" ", "")
    if tidy != text:
        found.append(Doubt(column, "code_trimmed", {"old": text, "new": tidy}))
    code = mended.code
    if level in WIDE and (match := WIDE[level].fullmatch(code.removeprefix(iso2))):
        code = iso2 + "".join(match.groups())
        found.append(Doubt(column, "code_narrowed", {"old": tidy, "new": code}))
    elif code != tidy:
        changed = "code_letters" if codes.LETTERS in mended.changes else "code_prefix"
        found.append(Doubt(column, changed, {"old": tidy, "new": code}))
    return code, tuple(found)


class Placing:
    """Places the lines of one file. All lines are seen first, since the version is a matter of the whole file."""

    def __init__(self, lines, day, atlas):
        self.atlas = atlas
        self.known = {}
        country = next((a for a in atlas.areas.values() if a.level == 0), None)
        self.iso3 = country.code if country else ""
        self.iso2 = next((a.code[:2] for a in atlas.areas.values() if a.level == 1 and a.code), "")
        different = set(lines)
        coded = [self._codes(line) for line in different]
        pairs = [
            (c[level], line.names[level])
            for line, c in zip(different, coded, strict=True)
            for level in (1, 2)
        ]
        self.version = version_of(pairs, {line.names[1:3] for line in different}, day, atlas)
        parents = [(c[3][:-2], line.names[2]) for line, c in zip(different, coded, strict=True) if c[3]]
        of_communes = version_of_pairs(parents, atlas, (2,))
        same = Version(self.version.geography, "")
        self.commune_version = of_communes[0] if len(of_communes) == 1 else same

    def origin(self, name, code):
        """Whether the region of origin is called as its code says: [Doubt], empty where they agree or say nothing."""
        read, _ = repair_code(code, 1, self.iso2, self.iso3) if code.strip() else ("", ())
        by_code = self.atlas.coded(read or "", self.version.geography)
        by_name = self.atlas.named(name, 1, self.version.geography)
        if by_code is None or not by_name or by_code in by_name:
            return []
        return [
            Doubt(
                "origin1", "origin_contradicts", {"name": name, "code_read": read, "code_name": by_code.name}
            )
        ]

    def _repaired(self, line, level):
        text = line.codes[level]
        return repair_code(text, level, self.iso2, self.iso3) if text.strip() else ("", ())

    def _codes(self, line):
        return ["", *(self._repaired(line, level)[0] or "" for level in LEVELS)]

    def place(self, line):
        """Placed of a line; lines that say the same are worked out once."""
        if line not in self.known:
            self.known[line] = self._place(line)
        return self.known[line]

    def _place(self, line):
        doubts, read_codes = self._country(line), {}
        for level in LEVELS:
            read_codes[level], mended = self._repaired(line, level)
            doubts += mended
        region = self._area(1, line, read_codes, doubts)
        cercle = self._area(2, line, read_codes, doubts)
        cercle = self._with_commune(cercle, line, read_codes, doubts)
        self._check_region(region, cercle, line, doubts)
        area = cercle or region or self.atlas.country(self.version.geography)
        if self._unplaced(line, region, cercle):
            doubts.append(
                Doubt("admin2", "area_not_found", {"names": [n for n in line.names[1:] if n.strip()]})
            )
        return self._placed(area, line, read_codes, doubts)

    def _country(self, line):
        country = self.atlas.country(self.version.geography)
        name, code = line.names[0], line.codes[0].strip().upper()
        ours = not name.strip() or names.plain(country.name) in names.plain(name).split()
        if ours and code in ("", self.iso2, self.iso3):
            return []
        return [Doubt("admin0", "country_other", {"name": name or code, "country": country.name}, grave=True)]

    def _unplaced(self, line, region, cercle):
        """Whether the line names an area that we can't find: it is then counted in the next larger one."""
        says = {level: bool(line.names[level].strip() or line.codes[level].strip()) for level in (1, 2)}
        has_level_2 = any(
            a.level == 2 for a in self.atlas.areas.values() if a.geography == self.version.geography
        )
        return (says[2] and cercle is None and has_level_2) or (says[1] and region is None and cercle is None)

    def _area(self, level, line, read_codes, doubts):
        """The area of a level: by its name, by its code where the name is a misspelling of it or unknown."""
        name, code, geography = line.names[level], read_codes.get(level), self.version.geography
        by_code = self.atlas.coded(code, geography) if code else None
        called = self.atlas.named(name, level, geography)
        by_name = by_code if by_code in called else called[0] if len(called) == 1 else None
        column = f"admin{level}"
        if by_name is not None:
            doubts += _mended(column, name, by_name)
        if code and by_code is None and any(a.code and a.level == level for a in self._areas(geography)):
            values = {"code_read": code, "geography": geography}
            doubts.append(Doubt(f"{column}_code", "code_unknown", values))
        if by_name and by_code and by_name.key != by_code.key:
            values = {"name": name, "code_read": code, "code_name": by_code.name, "taken": by_name.name}
            doubts.append(Doubt(f"{column}_code", "name_contradicts_code", values))
        if by_name or not name.strip():
            return by_name or by_code
        return self._misspelt(column, level, name, by_code, doubts)

    def _areas(self, geography):
        return (area for area in self.atlas.areas.values() if area.geography == geography)

    def _misspelt(self, column, level, name, by_code, doubts):
        near = self.atlas.near(name, level, self.version.geography)
        score = next((score for key, _, score in near if by_code and key == by_code.key), 0)
        if score >= SURE_WITH_CODE:
            doubts.append(Doubt(column, "name_repaired", {"old": name, "new": by_code.name}))
        elif any(a.level == level for a in self._areas(self.version.geography)):
            values = {"name": name, "candidates": [found for _, found, _ in near[:3]]}
            doubts.append(Doubt(column, "name_unknown", values))
        return by_code

    def _with_commune(self, cercle, line, read_codes, doubts):
        """A commune's code begins with its cercle's: it must agree, and stands in where the cercle is not given."""
        code = read_codes.get(3)
        parent = self._cercle_of(code)
        if parent is None:
            if code:
                values = {"code_read": code, "geography": self.commune_version.geography}
                doubts.append(Doubt("admin3_code", "code_unknown", values))
            return cercle
        if cercle is None:
            same = self.atlas.named(parent.name, 2, self.version.geography)
            return same[0] if len(same) == 1 else None
        if not names.same_name(cercle.name, parent.name, cercle.names_other):
            values = {"code_read": line.codes[3].strip(), "code_name": parent.name, "taken": cercle.name}
            doubts.append(Doubt("admin3_code", "code_not_nested", values))
            read_codes[3] = ""  # it names a commune elsewhere, not this one
        return cercle

    def _cercle_of(self, commune):
        sound = commune and codes.level_of(commune) == 3
        return self.atlas.coded(commune[:-2], self.commune_version.geography) if sound else None

    def _check_region(self, region, cercle, line, doubts):
        above = self.atlas.ancestor(cercle, 1) if cercle else None
        if region and above and region.key != above.key:
            values = {"region": region.name, "cercle": cercle.name, "code_name": above.name}
            doubts.append(Doubt("admin1", "region_contradicts", values))

    def _placed(self, area, line, read_codes, doubts):
        below = range(area.level + 1, len(line.names))
        deepest = max((n for n in below if line.names[n].strip() or line.codes[n].strip()), default=None)
        named = (
            ()
            if deepest is None
            else tuple(line.names[n] for n in below if n <= deepest and line.names[n].strip())
        )
        code = read_codes[3] if deepest == 3 and self._cercle_of(read_codes[3]) else ""
        return Placed(
            area.key, area.level, self.version.geography, deepest, named or (line.codes[deepest or 0],),
            code, self.commune_version.geography, tuple(doubts),
        )  # fmt: skip


def _mended(column, name, area):
    return [Doubt(column, "name_repaired", {"old": name, "new": area.name})] if name != area.name else []
