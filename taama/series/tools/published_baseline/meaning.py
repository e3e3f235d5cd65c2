"""From the words of one header, or from its HXL tag, to the field it names."""

from dataclasses import dataclass
from functools import cache

from taama.mobility.tables import GROUPS
from taama.series.tools.published_baseline.words import (
    FILLER,
    GROUP_WORDS,
    MEANINGS,
    UNKNOWN,
    plain,
    sense,
)

UNITS = ("households", "people")
COUNTS = tuple(f"{group}_{unit}" for group in GROUPS for unit in UNITS)
GROUP_OF = {
    "idp": ("idp", "idp internal"),
    "returned_idp": ("idp ret", "idp internal ret", "internal ret"),
    "repatriate": (
        "abroad ret", "rep", "refugee rep", "refugee ret", "abroad rep", "abroad refugee ret", "rep ret",
    ),
    "returnee": ("ret", "idp rep ret", "abroad internal ret", "abroad idp ret"),
    "refugee_abroad": ("abroad refugee",),
    "migrant": ("migrant",),
    "host": ("host",),
    "relocated": ("reloc",),
}  # fmt: skip
GROUP_BY_WORDS = {
    frozenset(words.split()): group for group, all_words in GROUP_OF.items() for words in all_words
}
DATE_WORDS = {"date", "snapshot", "survey", "updated", "start", "displacement", "main", "month", "round"}
LEVELS = {f"level{level}": level for level in range(5)}


@dataclass(frozen=True)
class Meaning:
    """`field` when it is plain; else `group` or `unit` alone, as far as the words go. `weak`: yields to a plainer column."""

    field: str = ""
    group: str = ""
    unit: str = ""
    both_units: bool = False
    bare_code: bool = False
    weak: bool = False

    def __bool__(self):
        return bool(self.field or self.group or self.unit or self.bare_code)

    @property
    def is_count(self):
        return bool(self.group or self.unit)

    @property
    def is_place(self):
        return self.field.startswith("admin")


NOTHING = Meaning()


@cache
def meaning(header):
    """What a header says.

    >>> meaning("Total No# of IDPs HH").field, meaning("Individus retournés de l'étranger").field
    ('idp_households', 'repatriate_people')
    >>> meaning("admin_1_pcode_origin_majority_present_idp").field, meaning("PDI").group, meaning("PDI hommes").field
    ('origin1_code', 'idp', '')
    """
    if plain(header) == "iso3":
        return Meaning("admin0_code")
    return interpret(sense(header))


@cache
def hxl_meaning(tag):
    """What an HXL tag says, read with tolerance for tabs, capitals and slips of the pen.

    >>> hxl_meaning("#affected+ret+abroad +ind").field, hxl_meaning("#adm3+Code\\t").field
    ('repatriate_people', 'admin3_code')
    """
    core, *attributes = "".join(tag.lower().split()).lstrip("#").split("+")
    words = HXL_CORES.get(_nearest(core), UNKNOWN).split()
    for attribute in attributes:
        words.append(HXL_ATTRIBUTES.get(attribute) or MEANINGS.get(attribute, UNKNOWN))
    return interpret(words)


HXL_CORES = {
    "affected": FILLER, "population": FILLER, "country": "level0", "adm1": "admin 1", "adm2": "admin 2",
    "adm3": "admin 3", "adm4": "admin 4", "adm5": "admin 5", "date": "date", "round": "round", "meta": FILLER,
    "cause": "reason", "loc": "level4",
}  # fmt: skip
HXL_ATTRIBUTES = {
    "occurred": "snapshot", "occured": "snapshot", "reported": "date", "code": "code", "pcode": "code", "v_pcode": "code",
    "idps": "idp", "conflict": UNKNOWN, "num": FILLER, "i": UNKNOWN,
}  # fmt: skip


def _nearest(core):
    from rapidfuzz import process  # noqa: PLC0415  heavy: only when a file with tags is read

    best = process.extractOne(core, list(HXL_CORES), score_cutoff=85) if len(core) > 5 else None
    return best[0] if best else core


def interpret(words):
    """The meaning of a list of senses: nothing as soon as one word of it isn't understood."""
    senses = set(words) - {FILLER}
    numbers = [word for word in words if word[0].isdigit()]
    senses -= set(numbers)
    if not senses or UNKNOWN in senses:
        return NOTHING
    if "origin" in senses:
        return _origin(senses, numbers)
    if senses & {"date", "snapshot", "survey", "updated", "start"}:
        return _day(senses, numbers)
    if senses == {"round"} or senses == {"round", "code"}:
        return Meaning("round")
    if "lowest" in senses:
        return Meaning("lowest_level")
    if senses <= {"reason", "type", "displacement", "main"} and (
        "reason" in senses or "displacement" in senses
    ):
        return Meaning("reason") if len(senses - {"main"}) > 1 or "reason" in senses else NOTHING
    if senses == {"code"}:
        return Meaning(bare_code=True)
    if level_words := senses & ({"admin"} | set(LEVELS)):
        return _level(senses - level_words - {"displacement", "level"}, level_words, numbers)
    return _count(senses - {"month"}, numbers)


def _level_of(level_words, numbers):
    levels = {LEVELS[word] for word in level_words if word in LEVELS}
    levels |= {int(number) for number in numbers if "admin" in level_words and number.isdigit()}
    return levels.pop() if len(levels) == 1 else None


def _level(rest, level_words, numbers):
    level = _level_of(level_words, numbers)
    if level is None or level > 5 or not rest <= {"code", "name"}:
        return NOTHING
    return Meaning(f"admin{level}" + ("_code" if "code" in rest else ""))


def _origin(senses, numbers):
    level_words = senses & ({"admin"} | set(LEVELS))
    level = _level_of(level_words, numbers)
    rest = (
        senses
        - level_words
        - {"origin", "majority", "main", "name", "code"}
        - set(GROUP_WORDS)
        - {"displacement"}
    )
    if level is None or rest:
        return NOTHING
    whose = "returnee_origin" if senses & {"ret", "rep"} else "origin"
    return Meaning(f"{whose}{level}" + ("_code" if "code" in senses else ""))


def _day(senses, numbers):
    if [number for number in numbers if len(number) != 4] or senses - DATE_WORDS:
        return NOTHING  # a second date, or a date of something else
    if "updated" in senses:
        return Meaning("updated_on")
    if senses & {"displacement", "start"}:
        return Meaning("displacement_start")
    if "snapshot" in senses:
        return Meaning("as_of")
    return Meaning("surveyed_on") if "survey" in senses else Meaning("as_of", weak=True)


def _count(senses, numbers):
    units = senses & set(UNITS)
    group = GROUP_BY_WORDS.get(frozenset(senses & set(GROUP_WORDS)), "")
    known = senses <= set(GROUP_WORDS) | set(UNITS) | {"population"}
    years = all(len(number) == 4 for number in numbers)
    if not known or not years or (not group and senses & set(GROUP_WORDS)):
        return NOTHING
    if len(units) == 2:
        return Meaning(group=group, both_units=True)
    unit = next(iter(units), "people" if "population" in senses and group else "")
    if group and unit:
        return Meaning(f"{group}_{unit}", group, unit, weak=not units)
    return Meaning(group=group, unit=unit)
