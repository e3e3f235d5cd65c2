"""P-codes: repair of what is certain, nesting, agreement with names, and which version a set of codes is of.

A p-code is a prefix of two letters and the same number of digits for each level: `ML`, `ML05`, `ML0506`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from taama.places.methods.names import same_name

TRIMMED, CASE, SPACES, ISO3, LETTERS = "trimmed", "case", "spaces", "iso3_prefix", "letters_for_digits"
WARNINGS = (ISO3, LETTERS)  # repairs that a person should hear of
AGREES, CONTRADICTS, UNKNOWN_CODE, NO_NAME = "agrees", "contradicts", "unknown_code", "no_name"
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class Repaired:
    """A code as it should have been written, and what was done to it. `code` is None when it can't be read."""

    code: str | None
    changes: tuple[str, ...] = ()

    @property
    def warnings(self):
        return tuple(change for change in self.changes if change in WARNINGS)


def repair(text, iso2="ML", iso3="MLI", digits=2):
    """A p-code without the slips of typing that can be mended with certainty.

    text      what stands in the file: spaces around or inside, small letters, the three-letter prefix,
              the letters O, I or L in place of digits
    digits    digits per level
    Returns   Repaired(code, changes); the country's own code is `iso3`; code None when it is no code of the country

    >>> repair("MLI07   ")
    Repaired(code='ML07', changes=('trimmed', 'iso3_prefix'))
    >>> repair("ml 05 06").code, repair("ML7").code, repair("MLI").code
    ('ML0506', None, 'MLI')
    """
    raw = unicodedata.normalize("NFKC", str(text))
    steps = (
        (TRIMMED, raw.strip()),
        (SPACES, re.sub(r"\s+", "", raw)),
        (CASE, re.sub(r"\s+", "", raw).upper()),
    )
    changes, code = [], raw
    for change, after in steps:
        if after != code:
            changes.append(change)
        code = after
    if code in (iso2, iso3):
        return Repaired(iso3, tuple(changes))
    changes, body = _without_prefix(code, iso2, iso3, changes)
    if body is None:
        return Repaired(None, tuple(changes))
    if not body.isdigit() and 2 * sum(map(str.isdigit, body)) >= len(body):
        body = body.translate(LOOKALIKES)
        changes = [*changes, LETTERS]
    if not (body.isascii() and body.isdigit()) or len(body) % digits:
        return Repaired(None, tuple(changes))
    return Repaired(iso2 + body, tuple(changes))


def _without_prefix(code, iso2, iso3, changes):
    if code.startswith(iso3):
        return [*changes, ISO3], code[len(iso3) :]
    if code.startswith(iso2):
        return changes, code[len(iso2) :]
    return changes, None


def level_of(code, digits=2):
    """
    >>> level_of("ML"), level_of("MLI"), level_of("ML05"), level_of("ML0506")
    (0, 0, 1, 2)
    """
    return len(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) // digits


def parent_of(code, iso3="MLI", digits=2):
    """The code one level up.

    >>> parent_of("ML0506"), parent_of("ML05")
    ('ML05', 'MLI')
    """
    return iso3 if level_of(code, digits) <= 1 else code[:-digits]


def nests(upper, lower):
    """Whether the area of one code contains, by its code, the area of another.

    >>> nests("ML0102", "ML010614"), nests("ML01", "ML0106"), nests("MLI", "ML01")
    (False, True, True)
    """
    if level_of(upper) == 0:
        return lower[:2] == upper[:2]
    return level_of(lower) > level_of(upper) and lower.startswith(upper)


def broken_nesting(codes):
    """Neighbouring codes of one row that do not nest; a level that is empty is passed over.

    codes     codes from the highest level to the lowest: ("ML01", "ML0102", "ML010614")
    Returns   [(upper, lower)]

    >>> broken_nesting(["MLI", "ML01", "ML0102", None, "ML010614"])
    [('ML0102', 'ML010614')]
    """
    given = [code for code in codes if code]
    return [pair for pair in zip(given, given[1:], strict=False) if not nests(*pair)]


def agreement(code, name, version):
    """Whether a name is the one that a version gives to a code.

    version   code → names (the name itself, then known variants)
    Returns   `agrees`, `contradicts`, `unknown_code` or `no_name`

    >>> mali_2015 = {"ML0501": ["Mopti"], "ML0502": ["Bandiagara"]}
    >>> agreement("ML0501", "MOPTI", mali_2015), agreement("ML0501", "Bandiagara", mali_2015)
    ('agrees', 'contradicts')
    """
    if code not in version:
        return UNKNOWN_CODE
    if not name or not str(name).strip():
        return NO_NAME
    known = version[code]
    known = [known] if isinstance(known, str) else list(known)
    return AGREES if same_name(known[0], name, known[1:]) else CONTRADICTS


@dataclass(frozen=True)
class Fit:
    """How well the pairs of code and name of a file fit one version; each different pair counts once."""

    version: str
    agree: int
    contradict: int
    unknown: int


@dataclass(frozen=True)
class BestVersion:
    """The version that fits best, None when two fit equally well or none does; `fits` from best to worst."""

    version: str | None
    fits: tuple[Fit, ...]


def best_version(pairs: Iterable, versions):
    """Which version of the geography a set of codes and names is of.

    pairs      [(code, name)], codes repaired
    versions   version → {code: names}
    Returns    BestVersion: most agreements, then fewest contradictions, then fewest unknown codes

    >>> versions = {"2015": {"ML0501": ["Mopti"]}, "2021": {"ML0501": ["Bandiagara"], "ML0506": ["Mopti"]}}
    >>> best_version([("ML0501", "Bandiagara"), ("ML0506", "Mopti")], versions).version
    '2021'
    """
    different = set(pairs)
    fits = sorted((_fit(version, different, codes) for version, codes in versions.items()), key=_merit)
    if not fits or not fits[0].agree or (len(fits) > 1 and _merit(fits[0])[:3] == _merit(fits[1])[:3]):
        return BestVersion(None, tuple(fits))
    return BestVersion(fits[0].version, tuple(fits))


def _fit(version, pairs, codes):
    verdicts = [agreement(code, name, codes) for code, name in pairs]
    return Fit(version, verdicts.count(AGREES), verdicts.count(CONTRADICTS), verdicts.count(UNKNOWN_CODE))


def _merit(fit):
    return (-fit.agree, fit.contradict, fit.unknown, fit.version)
