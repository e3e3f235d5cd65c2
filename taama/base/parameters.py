"""Dated parameters with their source: cut-offs, weights, scores. A missing date raises, never defaults.

A file `parameters.toml` holds tables of entries, newest rule wins from its day on::

    [[children_muac_mm]]
    since = 2006-01-01
    value = 115
    unit = "mm"
    source = "WHO and UNICEF 2009"
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from taama.base.errors import TaamaError


@dataclass(frozen=True)
class Parameter:
    name: str
    since: date
    value: object
    unit: str
    source: str


@dataclass(frozen=True)
class Parameters:
    """The parameters of one file; `at(name, when)` gives the one in force."""

    entries: dict[str, tuple[Parameter, ...]]

    def at(self, name, when):
        in_force = [p for p in self.entries.get(name, ()) if p.since <= when]
        if not in_force:
            raise TaamaError("base.parameter_missing", values={"name": name, "when": when})
        return in_force[-1]

    def value(self, name, when):
        return self.at(name, when).value


def read_parameters(path):
    """Parameters of a TOML file; an entry without date, unit or source raises naming the file and the entry."""
    entries = {}
    for name, rows in tomllib.loads(Path(path).read_text("utf-8")).items():
        try:
            parsed = [Parameter(name, r["since"], r["value"], r["unit"], r["source"]) for r in rows]
        except (KeyError, TypeError) as error:
            raise TaamaError(
                "base.parameter_incomplete", values={"name": name, "file": Path(path).name}
            ) from error
        entries[name] = tuple(sorted(parsed, key=lambda p: p.since))
    return Parameters(entries)
