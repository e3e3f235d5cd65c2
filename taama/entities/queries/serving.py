"""Lists as phones get them: which ones a form needs, under which hash, line by line."""

import functools
from dataclasses import dataclass

from taama.base.doors import query
from taama.base.policy import DEVICE, SYSTEM
from taama.entities.methods.declared import read_declaration
from taama.entities.methods.rows import header, list_hash, together, widened
from taama.entities.models import Entity, EntityList, FormUse
from taama.entities.queries.areas import READERS
from taama.places import queries as places

PLAIN, APPROVED = "entityList", "approvalEntityList"
CHUNK = 4000  # lines read at once: no transaction stays open while a slow phone takes them


@dataclass(frozen=True)
class Served:
    """A list for one phone: `keys` are the areas of its entries, None for all."""

    list: EntityList
    properties: tuple
    hash: str
    keys: frozenset | None


@query("entities.promised", allow=READERS)
def promised(viewer, xform, file):
    """Names of the files that a form will find here: of lists there are, and of those that it makes.

    Raises MethodError where the form declares entities in a way that can't work.
    """
    found = read_declaration(xform, file)
    there = EntityList.objects.filter(name__in=found.reads).values_list("name", flat=True)
    return {f"{name}.csv" for name in found.reads & {*found.fills, *there}}


@query("entities.lists_read", allow=(DEVICE, SYSTEM))
def lists_read(viewer, versions):
    """Keys of those of these form versions that need a list which is there."""
    there = set(EntityList.objects.values_list("name", flat=True))
    uses = FormUse.objects.filter(form_version__in=versions).values_list("form_version_id", "reads")
    return {key for key, reads in uses if there.intersection(reads)} if there else set()


@query("entities.offered", allow=(DEVICE, SYSTEM))
def offered(viewer, version):
    """The lists that a form version needs, as its manifest names them."""
    use = FormUse.objects.filter(form_version=version).first()
    shown = served(viewer, use.reads) if use else {}
    return [
        {"filename": f"{name}.csv", "md5": one.hash, "type": APPROVED if one.list.needs_approval else PLAIN}
        for name, one in sorted(shown.items())
    ]


@query("entities.offered_list", allow=(DEVICE, SYSTEM))
def offered_list(viewer, version, filename):
    """The list under this name for a form version that needs it, or None."""
    name = filename.removesuffix(".csv")
    use = FormUse.objects.filter(form_version=version).first()
    return served(viewer, [name]).get(name) if use and name in use.reads else None


@query("entities.declared", allow=(DEVICE, SYSTEM))
def declared(viewer, version):
    """What a form version declares. Read once in each process."""
    return _declaration(version.pk, bytes(version.xform))


@functools.lru_cache(maxsize=64)
def _declaration(key, xform):
    return read_declaration(xform)


@query("entities.served", allow=(DEVICE, SYSTEM))
def served(viewer, names):
    """Name → Served, for those of these lists that there are."""
    found = EntityList.objects.filter(name__in=names).prefetch_related("properties", "parts")
    return {one.name: _served(viewer, one) for one in found}


def _served(viewer, one):
    keys = places.reached(viewer, (DEVICE,)) if one.filtered else None
    digests = (part.digest for part in one.parts.all() if keys is None or part.area in keys)
    names = tuple(item.name for item in one.properties.all())
    return Served(one, names, list_hash(names, together(digests)), keys)


@query("entities.lines", allow=(DEVICE, SYSTEM))
def lines(viewer, shown):
    """The file of a list, piece by piece, in the order in which its entries were made; of areas, one after the other."""
    yield header(shown.properties) + "\n"
    found = Entity.objects.filter(list=shown.list, deleted_at__isnull=True).order_by("id")
    if shown.keys is None:
        yield from _chunks(found, len(shown.properties))
        return
    areas = shown.list.parts.filter(area__in=sorted(shown.keys), count__gt=0).values_list("area", flat=True)
    for area in sorted(areas):
        yield from _chunks(found.filter(area=area), len(shown.properties))


def _chunks(found, width):
    rest = found
    while True:
        last = rest.values_list("id", flat=True)[CHUNK - 1 : CHUNK].first()
        chunk = rest if last is None else rest.filter(id__lte=last)
        rows = chunk.values_list("row", "width")
        yield "".join(f"{row if has == width else widened(row, has, width)}\n" for row, has in rows)
        if last is None:
            return
        rest = found.filter(id__gt=last)


@query("entities.fates", allow=(DEVICE, SYSTEM))
def fates(viewer, entity_list, names):
    """Pairs (identity, whether a phone must let go of it) of those of these entries that are known here.

    What lies in no area of the phone is gone for it too.
    """
    keys = places.reached(viewer, (DEVICE,)) if entity_list.filtered else None
    found = Entity.objects.filter(list=entity_list, name__in=names).order_by("name")
    rows = found.values_list("name", "deleted_at", "area")
    return [(name, bool(gone) or (keys is not None and area not in keys)) for name, gone, area in rows]
