"""Entering an office's own localities, sites and points from a table."""

from taama.base.cells import Fault
from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.policy import SYSTEM
from taama.places import queries
from taama.places.actions.keeping import Comparison
from taama.places.methods.adding import Division, read_places
from taama.places.models import Locality, Point, Site

MODELS = {"locality": Locality, "site": Site, "point": Point}


def _read(*, by, raw, kind, filename="", **_others):
    version = queries.country(by).current
    areas = {area.key: area for area in queries.areas(by, version=version)}
    division = Division(version, {key: area.level for key, area in areas.items()})
    lines, faults = read_places(raw, MODELS[kind].Kind.values, division, kind == "point", filename)
    return {"lines": lines, "faults": faults, "areas": areas}


@action("places.add_places", allow=("administrator", "data_manager", SYSTEM), everywhere=True, prepare=_read)
def add_places(*, by, raw, kind, lines, faults, areas, filename="", source="", simulated=False, check=False):
    """Enter the localities, sites or points of a table; a known code is updated, none is deleted.

    A table with faults is refused whole; `places.file_faulty` carries them all.
    Returns   {"new", "changed", "unchanged"}: how many
    """
    model = MODELS[kind]
    there = {row.code: row for other in MODELS.values() for row in other.objects.all()}
    faults = [*faults, *_contradictions(lines, there, model, simulated)]
    if faults:
        values = {"count": len(faults), "faults": sorted(faults, key=lambda fault: fault.line)}
        raise TaamaError("places.file_faulty", Where(file=filename), values)
    wanted = [_fields(given, there, areas, source, filename) | {"simulated": simulated} for _, given in lines]
    found = Comparison(model, "code", wanted)
    new, changed = len(found.created), len(found.changed)
    counts = {"new": new, "changed": changed, "unchanged": len(lines) - new - changed}
    if check:
        return Done(counts)
    found.write()
    return Done(counts, found.created + found.changed)


def _contradictions(lines, there, model, simulated):
    """What the table says against what is kept."""
    for line, given in lines:
        row = there.get(given["code"])
        if row is None:
            continue
        if not isinstance(row, model):
            yield Fault(line, "places.place_of_other_kind", {"code": row.code, "name": row.name})
        elif row.simulated != simulated:
            yield Fault(
                line, "places.place_invented" if row.simulated else "places.place_real", {"code": row.code}
            )
        opened, closed = given.get("opened", row.opened), given.get("closed", row.closed)
        if not {"opened", "closed"} <= set(given) and opened and closed and closed < opened:
            yield Fault(line, "places.place_closed_before", {"opened": opened, "closed": closed})


def _fields(given, there, areas, source, filename):
    fields = dict(given)
    fields["area_id"] = areas[fields.pop("area")].pk
    known = there.get(given["code"])
    return fields | {"source": (source or (known.source if known else filename))[:300]}
