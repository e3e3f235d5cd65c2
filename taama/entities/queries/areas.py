"""Where entries lie."""

from taama.base.doors import query
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.entities.methods.names import place_of
from taama.places import queries as places

READERS = (SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.ADMINISTRATOR)
KEEPERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)


@query("entities.placed", allow=READERS)
def placed(viewer, entities, name):
    """Key of each of these entries → key of the area that its property `name` names, else that of its phone."""
    areas = areas_of(viewer, {place_of(one.values, name) for one in entities})
    return {one.pk: areas.get(place_of(one.values, name), one.home) for one in entities}


@query("entities.areas_of", allow=READERS)
def areas_of(viewer, values):
    """Value → key of the area that it names: a key, a code of the division in force, or the code of a place."""
    wanted = {value for value in values if value}
    if not wanted:
        return {}
    found = {}
    for known in (places.points(viewer), places.sites(viewer), places.localities(viewer)):
        found |= dict(known.filter(code__in=wanted).values_list("code", "area__key"))
    current = places.areas(viewer, version=places.country(viewer).current)
    found |= dict(current.filter(code__in=wanted).values_list("code", "key"))
    return found | {
        key: key for key in places.areas(viewer).filter(key__in=wanted).values_list("key", flat=True)
    }
