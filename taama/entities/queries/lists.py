"""Lists, their entries and what was said of each, for the people who keep them."""

from django.db.models import Count

from taama.base import queries as base
from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.models import JournalEntry
from taama.base.policy import SIGNED_IN
from taama.collect.models import Submission
from taama.entities.methods.applying import settle
from taama.entities.methods.names import place_of
from taama.entities.methods.search import wanted
from taama.entities.models import Entity, EntityChange, EntityImport, EntityList, FormUse, ListPart
from taama.entities.queries.areas import KEEPERS, READERS, areas_of
from taama.places import queries as places

OPEN = (EntityChange.State.HELD, EntityChange.State.APPROVAL, EntityChange.State.FAILED)


@query("entities.lists", allow=READERS)
def lists(viewer):
    """The lists, each with `entry_count`, `conflict_count`, `open_count`, `unplaced_count` of what this viewer may see."""
    found = list(EntityList.objects.order_by("name"))
    parts = _by_list(ListPart.objects.filter(_inside(viewer)).values_list("list_id", "count"))
    disputed = Entity.objects.filter(_inside(viewer), deleted_at__isnull=True).exclude(conflict="")
    conflicts = dict(disputed.order_by().values_list("list_id").annotate(Count("id")))
    waiting = dict(_open(viewer).order_by().values_list("list_id").annotate(Count("id")))
    nowhere = ListPart.objects.filter(_inside(viewer), area="").exclude(list__area_property="")
    unplaced = dict(nowhere.values_list("list_id", "count"))
    for one in found:
        one.entry_count, one.unplaced_count = parts.get(one.pk, 0), unplaced.get(one.pk, 0)
        one.conflict_count, one.open_count = conflicts.get(one.pk, 0), waiting.get(one.pk, 0)
    return found


@query("entities.list_named", allow=READERS)
def list_named(viewer, name):
    """The list of this name; raises when there is none."""
    found = EntityList.objects.filter(name=name).first()
    if found is None:
        raise TaamaError("entities.list_unknown", values={"name": name}, status=404)
    return found


@query("entities.properties", allow=READERS)
def properties(viewer, entity_list):
    """Names of the properties in the order of the columns."""
    return list(entity_list.properties.values_list("name", flat=True))


@query("entities.entries", allow=READERS)
def entries(viewer, entity_list, search="", conflict=False, deleted=False, unplaced=False):
    """Entries, the newest change first, without their lines. `unplaced`: only those that lie in no area."""
    found = Entity.objects.filter(_inside(viewer), list=entity_list, deleted_at__isnull=not deleted)
    for word in wanted(search):
        found = found.filter(found_by__contains=word)
    found = found.exclude(conflict="") if conflict else found
    found = found.filter(area="") if unplaced else found
    return found.defer("row", "found_by").order_by("-updated_at", "-id")


@query("entities.entry_count", allow=READERS)
def entry_count(viewer, entity_list):
    """How many entries of a list this viewer may see, without counting them."""
    return sum(ListPart.objects.filter(_inside(viewer), list=entity_list).values_list("count", flat=True))


@query("entities.placing", allow=READERS)
def placing(viewer, entity_list):
    """(how many entries are placed by the rule that is coming, of how many within reach), or None when none is coming."""
    if not entity_list.placing:
        return None
    all_of_it = Entity.objects.filter(_inside(viewer), list=entity_list)
    return all_of_it.filter(id__lte=entity_list.placing_after).count(), all_of_it.count()


@query("entities.not_placed", allow=READERS)
def not_placed(viewer, entity_list, shown):
    """Key of each of these entries that its property does not place → (code of why, values)."""
    name = entity_list.area_property
    told = {one.pk: place_of(one.values, name) for one in shown} if name else {}
    known = areas_of(viewer, told.values())
    return {
        key: (
            "entities.place_unknown" if given else "entities.place_missing",
            {"given": given, "property": name},
        )
        for key, given in told.items()
        if given not in known
    }


@query("entities.entry", allow=READERS)
def entry(viewer, entity_list, name):
    """One entry, deleted or not, or None."""
    return Entity.objects.filter(_inside(viewer), list=entity_list, name=name).first()


@query("entities.labels", allow=READERS)
def labels(viewer, entity_list, names):
    """Identity → label of those of these entries that there are."""
    found = Entity.objects.filter(_inside(viewer), list=entity_list, name__in=names)
    return dict(found.values_list("name", "label"))


@query("entities.changes", allow=READERS)
def changes(viewer, entity):
    """All that was said of an entry: its versions, newest first, after what is not applied."""
    found = EntityChange.objects.filter(list=entity.list_id, name=entity.name)
    found = found.select_related("submission__form_version__form", "submission__device", "imported")
    heavy = (
        "submission__raw",
        "submission__form_version__xform",
        "submission__form_version__source",
    )
    return sorted(found.defer(*heavy), key=lambda c: (c.version is not None, -(c.version or 0)))


@query("entities.makers", allow=READERS)
def makers(viewer, changes):
    """Key of a change that was made here → name of who made it, as the journal has it."""
    made_here = {str(one.pk): one.pk for one in changes if not one.submission_id and not one.imported_id}
    found = JournalEntry.objects.filter(object_type="entities.entitychange", object_id__in=list(made_here))
    told = dict(found.filter(actor_kind=SIGNED_IN).order_by("-id").values_list("object_id", "actor"))
    names = base.names_of(viewer, set(told.values()))
    return {made_here[key]: names.get(actor, "") for key, actor in told.items()}


@query("entities.standing", allow=READERS)
def standing(viewer, entity):
    """The State of an entry, with its conflicts."""
    applied = EntityChange.objects.filter(
        list=entity.list_id, name=entity.name, state=EntityChange.State.APPLIED
    )
    return settle([change.said for change in applied], entity.resolved)


@query("entities.open_changes", allow=KEEPERS)
def open_changes(viewer, entity_list):
    """What was sent about a list and is not applied: waiting or impossible; the newest first."""
    found = _open(viewer).filter(list=entity_list).select_related("submission__form_version__form")
    return found.defer("submission__raw", "submission__form_version__xform").order_by("-made_at")


@query("entities.open_change", allow=KEEPERS)
def open_change(viewer, key):
    """One of them, or None."""
    return _open(viewer).filter(pk=key).select_related("list").first()


@query("entities.imports", allow=KEEPERS, everywhere=True)
def imports(viewer, entity_list):
    """Files brought into a list, the newest first."""
    return EntityImport.objects.filter(list=entity_list).order_by("-id")


@query("entities.form_uses", allow=READERS)
def form_uses(viewer, entity_list):
    """(titles of the forms whose current version fills a list, those that read it)."""
    current = FormUse.objects.filter(form_version__current=True).select_related("form_version__form")
    known = list(current.defer("form_version__xform", "form_version__source"))
    name = entity_list.name
    return tuple(
        sorted(use.form_version.form.title for use in known if name in getattr(use, kind))
        for kind in ("fills", "reads")
    )


def _open(viewer):
    """Not applied, and by a phone or about an entry in the areas for which the viewer keeps lists."""
    found = EntityChange.objects.exclude(state="applied").filter(state__in=OPEN)  # so that its index is used
    gone = (Submission.State.WITHDRAWN, Submission.State.ERASED)
    found = found.exclude(submission__state__in=gone)
    return found.filter(places.seen(viewer, KEEPERS, "submission__device__area"))


def _inside(viewer):
    """Condition on rows that have an area; empty for a viewer who reaches everywhere."""
    return places.seen(viewer, READERS, "area")


def _by_list(pairs):
    counts = {}
    for key, count in pairs:
        counts[key] = counts.get(key, 0) + count
    return counts
