"""Which area and place each line of a file speaks of, what was mended on the way, and what is doubtful."""

import re
from dataclasses import dataclass

from taama.facts.cells import plain
from taama.facts.tools import ERROR, WARNING
from taama.places.methods import codes, names
from taama.places.methods.atlas import Version, version_of, version_of_pairs

WIDE = {2: re.compile(r"0(\d\d)0(\d\d)"), 3: re.compile(r"0(\d\d)0(\d\d)(\d\d)")}
SURE_WITH_CODE = 0.84  # likeness from which a name that its own code confirms is a misspelling of it
LEVELS = (1, 2, 3, 4, 5)


def finding(field, code, level=WARNING, **values):
    return {"field": field, "level": level, "code": code, "values": values}


@dataclass(frozen=True)
class Named:
    """What a line says of its place: name and code of each level, as they stand in the file."""

    names: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """`slug` names the place below the area, empty where the line speaks of the area itself."""

    area: str
    geography: str
    place_kind: str
    code: str = ""
    code_geography: str = ""
    slug: str = ""
    findings: tuple = ()


def repair_code(text, level, iso2="ML", iso3="MLI"):
    """A code as it should have been written, and what was mended: (code or None, findings).

    >>> repair_code("MLI07   ", 1)[0], repair_code("MLI00100112", 3)[0], repair_code("MLI001006", 2)[0]
    ('ML07', 'ML010112', 'ML0106')
    """
    field = f"admin{level}_code"
    mended = codes.repair(text, iso2, iso3)
    if mended.code is None:
        return None, (finding(field, "mobility.code_unreadable", code_read=text),)
    found = []
    tidy = text.strip().upper().replace(" ", "")
    if tidy != text:
        found.append(finding(field, "mobility.code_trimmed", old=text, new=tidy))
    code = mended.code
    if level in WIDE and (match := WIDE[level].fullmatch(code.removeprefix(iso2))):
        code = iso2 + "".join(match.groups())
        found.append(finding(field, "mobility.code_narrowed", old=tidy, new=code))
    elif code != tidy:
        changed = "mobility.code_letters" if codes.LETTERS in mended.changes else "mobility.code_prefix"
        found.append(finding(field, changed, old=tidy, new=code))
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
        parents = [(c[3][:6], line.names[2]) for line, c in zip(different, coded, strict=True) if c[3]]
        of_communes = version_of_pairs(parents, atlas, (2,))
        same = Version(self.version.geography, "")
        self.commune_version = of_communes[0] if len(of_communes) == 1 else same

    def origin(self, name, code):
        """Whether the region of origin is called as its code says: [finding], empty where they agree or say nothing."""
        read, _ = repair_code(code, 1, self.iso2, self.iso3) if code.strip() else ("", ())
        by_code = self.atlas.coded(read or "", self.version.geography)
        by_name = self.atlas.named(name, 1, self.version.geography)
        if by_code is None or not by_name or by_code in by_name:
            return []
        return [
            finding(
                "origin1", "mobility.origin_contradicts", name=name, code_read=read, code_name=by_code.name
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
        findings, read_codes = self._country(line), {}
        for level in LEVELS:
            read_codes[level], mended = self._repaired(line, level)
            findings += mended
        region = self._area(1, line, read_codes, findings)
        cercle = self._area(2, line, read_codes, findings)
        cercle = self._with_commune(cercle, line, read_codes, findings)
        self._check_region(region, cercle, line, findings)
        area = cercle or region or self.atlas.country(self.version.geography)
        if self._unplaced(line, region, cercle):
            findings.append(
                finding("admin2", "mobility.area_not_found", names=[n for n in line.names[1:] if n.strip()])
            )
        return self._placed(area, line, read_codes, findings)

    def _country(self, line):
        country = self.atlas.country(self.version.geography)
        name, code = line.names[0], line.codes[0].strip().upper()
        ours = not name.strip() or plain(country.name) in plain(name).split()
        if ours and code in ("", self.iso2, self.iso3):
            return []
        return [finding("admin0", "mobility.country_other", ERROR, name=name or code, country=country.name)]

    def _unplaced(self, line, region, cercle):
        """Whether the line names an area that we can't find: it is then counted in the next larger one."""
        says = {level: bool(line.names[level].strip() or line.codes[level].strip()) for level in (1, 2)}
        has_level_2 = any(
            a.level == 2 for a in self.atlas.areas.values() if a.geography == self.version.geography
        )
        return (says[2] and cercle is None and has_level_2) or (says[1] and region is None and cercle is None)

    def _area(self, level, line, read_codes, findings):
        """The area of a level: by its name, by its code where the name is a misspelling of it or unknown."""
        name, code, geography = line.names[level], read_codes.get(level), self.version.geography
        by_code = self.atlas.coded(code, geography) if code else None
        called = self.atlas.named(name, level, geography)
        by_name = by_code if by_code in called else called[0] if len(called) == 1 else None
        field = f"admin{level}"
        if by_name is not None:
            findings += _mended(field, name, by_name)
        if code and by_code is None and any(a.code and a.level == level for a in self._areas(geography)):
            values = {"code_read": code, "geography": geography}
            findings.append(finding(f"{field}_code", "mobility.code_unknown", **values))
        if by_name and by_code and by_name.key != by_code.key:
            values = {"name": name, "code_read": code, "code_name": by_code.name, "taken": by_name.name}
            findings.append(finding(f"{field}_code", "mobility.name_contradicts_code", **values))
        if by_name or not name.strip():
            return by_name or by_code
        return self._misspelt(field, level, name, by_code, findings)

    def _areas(self, geography):
        return (area for area in self.atlas.areas.values() if area.geography == geography)

    def _misspelt(self, field, level, name, by_code, findings):
        near = self.atlas.near(name, level, self.version.geography)
        score = next((score for key, _, score in near if by_code and key == by_code.key), 0)
        if score >= SURE_WITH_CODE:
            findings.append(finding(field, "mobility.name_repaired", old=name, new=by_code.name))
        elif any(a.level == level for a in self._areas(self.version.geography)):
            values = {"name": name, "candidates": [found for _, found, _ in near[:3]]}
            findings.append(finding(field, "mobility.name_unknown", **values))
        return by_code

    def _with_commune(self, cercle, line, read_codes, findings):
        """A commune's code begins with its cercle's: it must agree, and stands in where the cercle is not given."""
        code = read_codes.get(3)
        parent = self.atlas.coded(code[:6], self.commune_version.geography) if code else None
        if parent is None:
            if code:
                values = {"code_read": code, "geography": self.commune_version.geography}
                findings.append(finding("admin3_code", "mobility.code_unknown", **values))
            return cercle
        if cercle is None:
            same = self.atlas.named(parent.name, 2, self.version.geography)
            return same[0] if len(same) == 1 else None
        if not names.same_name(cercle.name, parent.name, cercle.names_other):
            values = {"code_read": line.codes[3].strip(), "code_name": parent.name, "taken": cercle.name}
            findings.append(finding("admin3_code", "mobility.code_not_nested", **values))
            read_codes[3] = ""  # it names a commune elsewhere, not this one
        return cercle

    def _check_region(self, region, cercle, line, findings):
        above = self.atlas.ancestor(cercle, 1) if cercle else None
        if region and above and region.key != above.key:
            values = {"region": region.name, "cercle": cercle.name, "code_name": above.name}
            findings.append(finding("admin1", "mobility.region_contradicts", **values))

    def _placed(self, area, line, read_codes, findings):
        """The place is the area itself, or what the line names below it: by its code where that is sure, else by name."""
        below = range(area.level + 1, 6)
        deepest = max((n for n in below if line.names[n].strip() or line.codes[n].strip()), default=None)
        geography = self.version.geography
        if deepest is None:
            return Placed(area.key, geography, "area" if area.level else "country", findings=tuple(findings))
        code = read_codes[3] if deepest == 3 else ""
        if not self.atlas.coded((code or "")[:6], self.commune_version.geography):
            code = ""
        slug = "-".join(
            slugged(line.names[n]) for n in range(area.level + 1, deepest + 1) if line.names[n].strip()
        )
        return Placed(
            area.key, geography, "area" if deepest <= 3 else "locality", code or "",
            self.commune_version.geography if code else geography, slug or line.codes[deepest].strip().lower(),
            tuple(findings),
        )  # fmt: skip


def _mended(field, name, area):
    return [finding(field, "mobility.name_repaired", old=name, new=area.name)] if name != area.name else []


def slugged(name):
    """
    >>> slugged("Commune de N'Tillit")
    'commune-de-n-tillit'
    """
    return re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")
