"""Making lists and saying how they are kept."""

import uuid
from itertools import groupby
from operator import itemgetter

from django.db.models import F

from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.sensitivity import S2, Class
from taama.entities.methods.names import is_list_name, is_property_name
from taama.entities.methods.rows import NOTHING, moved
from taama.entities.models import Entity, EntityList, EntityProperty, ListPart
from taama.entities.queries.areas import KEEPERS, placed

PLACED_AT_ONCE = 1000
BEGINNING = uuid.UUID(int=0)


@action("entities.create_list", allow=KEEPERS, everywhere=True)
def create_list(*, by, name, title="", properties=(), sensitivity=S2):
    """Make a list before a form does."""
    if not is_list_name(name):
        raise TaamaError("entities.list_name_invalid", values={"name": name})
    if EntityList.objects.filter(name=name).exists():
        raise TaamaError("entities.list_exists", values={"name": name}, status=409)
    if sensitivity > S2:
        raise TaamaError("entities.list_needs_sealing", values={"asked": Class(sensitivity).name})
    for one in properties:
        if not is_property_name(one):
            raise TaamaError("entities.column_invalid", Where(), {"column": one})
    made = EntityList.objects.create(name=name, title=title[:200], sensitivity_class=sensitivity)
    rows = [
        EntityProperty(list=made, name=one, position=n) for n, one in enumerate(dict.fromkeys(properties))
    ]
    return Done(made, [made, *EntityProperty.objects.bulk_create(rows)])


@action("entities.change_list", allow=KEEPERS, everywhere=True)
def change_list(*, by, entity_list, title, area_property, filtered, needs_approval):
    """Say what a list is called, which property places its entries, who gets them, and whether new ones are approved."""
    known = EntityList.objects.select_for_update().get(pk=entity_list.pk)
    if area_property and not known.properties.filter(name=area_property).exists():
        raise TaamaError("entities.property_unknown", values={"name": area_property})
    if filtered and not area_property:
        raise TaamaError("entities.filter_needs_property")
    if not known.placing or area_property != known.next_property:
        known.placing_after = None if area_property == known.area_property else BEGINNING
    known.title, known.needs_approval = title.strip()[:200], needs_approval
    known.next_property, known.next_filtered = area_property, filtered
    known.filtered = known.filtered and filtered
    if not known.placing or not Entity.objects.filter(list=known).exists():
        _take_effect(known)
    known.save()
    return known


@action("entities.place_again", allow=KEEPERS, everywhere=True)
def place_again(*, by, entity_list):
    """Work out anew where the entries of a list lie: places were added, or a new division is in force."""
    known = EntityList.objects.select_for_update().get(pk=entity_list.pk)
    if not known.placing:
        known.next_property, known.next_filtered = known.area_property, known.filtered
        known.placing_after = BEGINNING
        known.save()
    return known


@action("entities.place_entries", allow=("system",))
def place_entries(*, by, entity_list):
    """Work out where some entries of a list will lie; once all are placed, the new rule is in force at once.

    Until then phones keep the list as it was. Returns how many were placed.
    """
    known = EntityList.objects.select_for_update().get(pk=entity_list.pk)
    if not known.placing:
        return Done(0)
    rest = Entity.objects.filter(list=known, id__gt=known.placing_after).order_by("id")
    some = list(rest.only("values", "home", "next_area")[:PLACED_AT_ONCE])
    areas = placed(by, some, known.next_property)
    for area in set(areas.values()):
        keys = [one.pk for one in some if areas[one.pk] == area != one.next_area]
        Entity.objects.filter(pk__in=keys).update(next_area=area)
    whole = len(some) < PLACED_AT_ONCE
    known.placing_after = None if whole else some[-1].pk
    if whole:
        Entity.objects.filter(list=known).exclude(area=F("next_area")).update(area=F("next_area"))
        _part_anew(known)
        _take_effect(known)
    known.save()
    return Done(len(some), [known] if whole else [])


def _take_effect(known):
    known.area_property, known.filtered, known.placing_after = known.next_property, known.next_filtered, None


def _part_anew(known):
    """Count and digest of the lines of each area, from the entries themselves."""
    rows = Entity.objects.filter(list=known, deleted_at__isnull=True).order_by("area")
    parts = []
    for area, some in groupby(rows.values_list("area", "row").iterator(), key=itemgetter(0)):
        lines = [line for _, line in some]
        parts.append(ListPart(list=known, area=area, count=len(lines), digest=moved(NOTHING, come=lines)))
    ListPart.objects.filter(list=known).delete()
    ListPart.objects.bulk_create(parts)
