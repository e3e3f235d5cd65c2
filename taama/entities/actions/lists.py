"""Making lists and saying how they are kept."""

from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.sensitivity import S2, Class
from taama.entities.actions.book import Book
from taama.entities.methods.names import is_list_name, is_property_name
from taama.entities.models import Entity, EntityList, EntityProperty
from taama.entities.queries.areas import KEEPERS

PLACED_AT_ONCE = 2000


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
    if area_property != known.area_property:
        first = Entity.objects.filter(list=known).order_by("id").values_list("id", flat=True).first()
        known.placing_after = first and type(first)(int=first.int - 1)
    known.title, known.area_property = title.strip()[:200], area_property
    known.filtered, known.needs_approval = filtered, needs_approval
    known.save()
    return known


@action("entities.place_entries", allow=("system",))
def place_entries(*, by, entity_list):
    """Work out anew in which area some of the entries of a list lie. Returns how many."""
    rest = Entity.objects.filter(list=entity_list, id__gt=entity_list.placing_after).order_by("id")
    some = list(rest.values_list("id", "name")[:PLACED_AT_ONCE])
    book = Book(by, [(entity_list.pk, name) for _, name in some])
    for subject in book.entities:
        book.settle(subject)
    book.write()
    entity_list.placing_after = some[-1][0] if len(some) == PLACED_AT_ONCE else None
    entity_list.save(update_fields=["placing_after"])
    return Done(len(some))
