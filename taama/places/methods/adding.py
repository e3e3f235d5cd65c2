"""A table of an office's own localities, sites or points: every fault with its line."""

import re
from dataclasses import dataclass
from datetime import date

from taama.base.cells import Fault, read_lines
from taama.base.errors import MethodError, Where

NEEDED = ("code", "name", "area", "lat", "lon")
OPTIONAL = ("kind", "opened_on", "closed_on")
DIRECTIONS = ("incoming", "outgoing", "internal")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LONGEST_NAME, SMALLEST_LEVEL_UP = 120, 2


@dataclass(frozen=True)
class Division:
    """The division in force. `levels`: key of each of its areas → level."""

    version: str
    levels: dict


def read_places(raw, kinds, division, directions=False, file=""):
    """Localities, sites or points from a CSV file.

    raw         bytes in UTF-8; cells parted by comma, semicolon or tab; the first line names the columns
    kinds       codes of the kinds there are
    division    Division; `area` is the key of one of its areas, or their code alone
    directions  whether the places have directions: of people who pass
    Returns     (list of (line, dict of code, name, area and of what else the line says), list of Fault)
    Raises      MethodError: not UTF-8, unreadable as CSV, without lines, a column missing, twice or unknown

    >>> division = Division("2021-12-20", {"ML0501@2021-12-20": 2})
    >>> read_places(b"code,name,area,lat,lon\\nL-1,Soye,ML0501,14.2,-3.9\\n", ["village"], division)
    ([(2, {'code': 'L-1', 'name': 'Soye', 'area': 'ML0501@2021-12-20', 'lat': 14.2, 'lon': -3.9})], [])
    """
    where = Where(file=file)
    (_, header), *lines = read_lines(raw, file) or [(1, [])]
    columns = [cell.strip().lower() for cell in header]
    _check_columns(columns, (*NEEDED, *OPTIONAL, *(("directions",) if directions else ())), where)
    found, faults, seen = [], [], {}
    for line, cells in lines:
        reader = _Line(line, cells, columns)
        found.append((line, reader.read(kinds, division, seen)))
        faults += reader.faults
    if not found:
        raise MethodError("places.no_lines", where)
    return found, faults


def _check_columns(columns, known, where):
    if missing := [name for name in NEEDED if name not in columns]:
        raise MethodError("places.columns_missing", where, {"missing": missing, "known": known})
    for name in columns:
        if name and (name not in known or columns.count(name) > 1):
            raise MethodError("places.column_not_taken", where, {"column": name, "known": known})


class _Line:
    """One line, read cell by cell; faults are gathered."""

    def __init__(self, line, cells, columns):
        self.line, self.faults = line, []
        self.given = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
        if any(cells[len(columns) :]):
            self.faults.append(
                Fault(line, "base.line_too_wide", {"cells": len(cells), "columns": len(columns)})
            )
        if any(ord(letter) < 32 for cell in cells for letter in cell):
            self.fault("line_has_breaks", {})

    def fault(self, code, values):
        self.faults.append(Fault(self.line, f"places.{code}", values))

    def read(self, kinds, division, seen):
        fields = {"code": self.code(seen), "name": self.name(), "area": self.area(division)}
        fields |= self.position() | self.kind(kinds) | self.days()
        return fields | (self.directions() if "directions" in self.given else {})

    def code(self, seen):
        code = self.given.get("code", "")
        if not CODE.fullmatch(code):
            self.fault("place_code_malformed", {"code": code})
        elif code in seen:
            self.fault("place_code_twice", {"code": code, "line": seen[code]})
        seen.setdefault(code, self.line)
        return code

    def name(self):
        name = self.given.get("name", "")
        if not 0 < len(name) <= LONGEST_NAME:
            self.fault("place_name_length", {"most": LONGEST_NAME})
        return name

    def area(self, division):
        given = self.given.get("area", "")
        key = given if "@" in given else f"{given}@{division.version}"
        level = division.levels.get(key)
        if level is None:
            self.fault("place_area_unknown", {"area": given, "version": division.version})
        elif level < SMALLEST_LEVEL_UP:
            self.fault("place_area_too_large", {"area": given})
        return key

    def position(self):
        lat, lon = (self.given.get(name, "") for name in ("lat", "lon"))
        if not (lat or lon):
            return {}
        try:
            numbers = {"lat": float(lat.replace(",", ".")), "lon": float(lon.replace(",", "."))}
        except ValueError:
            numbers = {"lat": None, "lon": None}
        if numbers["lat"] is None or not (abs(numbers["lat"]) <= 90 and abs(numbers["lon"]) <= 180):
            self.fault("place_position_wrong", {"lat": lat, "lon": lon})
        return numbers

    def kind(self, kinds):
        given = self.given.get("kind", "")
        if given and given not in kinds:
            self.fault("place_kind_unknown", {"kind": given, "known": list(kinds)})
        return {"kind": given} if given else {}

    def days(self):
        days = {name.removesuffix("_on"): self.day(name) for name in OPTIONAL[1:] if name in self.given}
        if days.get("opened") and days.get("closed") and days["closed"] < days["opened"]:
            self.fault("place_closed_before", {"opened": days["opened"], "closed": days["closed"]})
        return days

    def day(self, name):
        given = self.given[name]
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            self.fault("place_day_malformed", {"day": given, "column": name})
            return None

    def directions(self):
        words = self.given["directions"].split()
        if unknown := [word for word in words if word not in DIRECTIONS]:
            self.fault("place_direction_unknown", {"given": unknown, "known": DIRECTIONS})
        return {"directions": words}
