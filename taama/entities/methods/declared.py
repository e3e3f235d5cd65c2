"""What a form declares of entities: which lists it fills, from which answers, and which lists it reads."""

from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree

from taama.base.errors import MethodError, Where
from taama.entities.methods.names import is_list_name, is_property_name
from taama.forms.methods.classing import STEP
from taama.forms.methods.xform import FILE
from taama.forms.methods.xml import read_xml

HTML = "{http://www.w3.org/1999/xhtml}"
XFORMS = "{http://www.w3.org/2002/xforms}"
JAVAROSA = "{http://openrosa.org/javarosa}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
FIRST, REPEATS, LAST = (2022, 1), (2025, 1), (2025, 1)
TIMES = ("end", "start")


@dataclass(frozen=True)
class Block:
    """An entity that a form makes or changes. `path` leads, without the root, to what the entity is about."""

    path: str
    list_name: str
    creates: bool
    updates: bool
    properties: tuple = ()  # pairs (path of the answer without the root, name of the property)
    label: str = ""  # XPath of what an entry is called
    nameless: bool = False  # what it is called is confidential


@dataclass(frozen=True)
class Declaration:
    """`reads`: names of the lists that the form needs on the phone; `times`: paths of when it was filled."""

    blocks: tuple = ()
    reads: frozenset = frozenset()
    times: tuple = ()

    @cached_property
    def fills(self):
        """Name of each list that the form fills → its properties in the order of the questions."""
        found = {}
        for block in self.blocks:
            names = found.setdefault(block.list_name, [])
            names += [name for _, name in block.properties if name not in names]
        return found

    def without(self, secret):
        """The same, but for answers to these questions: no entry holds them, and none is called by them."""
        names = {path.rpartition("/")[2] for path in secret}
        blocks = (
            replace(
                block,
                properties=tuple(one for one in block.properties if one[0] not in secret),
                nameless=not names.isdisjoint(STEP.findall(block.label)),
            )
            for block in self.blocks
        )
        return replace(self, blocks=tuple(blocks))


def read_declaration(xform, file=""):
    """What an XForm declares of entities, of versions 2022.1 to 2025.1 of their specification.

    xform    bytes
    file     what to call it in an error
    Returns  Declaration; without blocks when the form fills no list
    Raises   MethodError as `read_xml`; for a version that is missing or newer than 2025.1, a name that may not be
             one, a block without action, several lists or a repeat before 2025.1, several in one group, an answer
             that no entity around it keeps, or none within the same repeat
    Source   ODK XForms specification, entities; pyxform's output for 2024.1 and 2025.1

    >>> read_declaration(b"<h:html xmlns:h='http://www.w3.org/1999/xhtml'/>").fills
    {}
    """
    model = read_xml(xform, file).find(f"{HTML}head/{XFORMS}model")
    if model is None:
        return Declaration()
    instance = model.find(f"{XFORMS}instance")
    primary = None if instance is None else next(iter(instance), None)
    names = set(FILE.findall(etree.tostring(model, encoding="unicode")))
    reads = frozenset(name.removesuffix(".csv") for name in names if name.endswith(".csv"))
    blocks = _blocks(primary, Where(file=file)) if primary is not None else []
    if not blocks:
        return Declaration(reads=reads)
    repeats = {_inner(r.get("nodeset", "")) for r in model.getroottree().iter(f"{XFORMS}repeat")}
    _check_version(model.get(f"{ENTITIES}entities-version"), blocks, repeats, Where(file=file))
    binds = model.findall(f"{XFORMS}bind")
    return Declaration(
        tuple(_with_properties(blocks, binds, repeats, Where(file=file))), reads, _times(binds)
    )


def _inner(nodeset):
    """A path without the name of the root."""
    return nodeset.strip().strip("/").partition("/")[2]


def _blocks(primary, where):
    """The blocks by path. A repeat stands twice in a form, as template and as first row: it counts once."""
    found = {}
    for path, entity in entity_elements(primary):
        attributes = {etree.QName(name).localname: value for name, value in entity.attrib.items()}
        name = attributes.get("dataset", "").strip()
        if not is_list_name(name):
            raise MethodError("entities.list_name_invalid", where, {"name": name})
        if len([one for one in entity.getparent() if etree.QName(one).localname == "entity"]) > 1:
            raise MethodError("entities.several_in_one", where, {"group": path or "–"})
        if not {"create", "update"} & set(attributes):
            raise MethodError("entities.no_action", where, {"name": name})
        found[path, name] = Block(path, name, "create" in attributes, "update" in attributes)
    return list(found.values())


def entity_elements(element, path=""):
    """Pairs (path of what the entity is about, its element), in the order of the document."""
    for child in element:
        name = etree.QName(child).localname
        if name == "meta":
            yield from ((path, one) for one in child if etree.QName(one).localname == "entity")
        elif len(child):
            yield from entity_elements(child, f"{path}/{name}" if path else name)


def _check_version(text, blocks, repeats, where):
    values = {"version": text or "–"}
    try:
        version = tuple(int(part) for part in (text or "").split(".")[:2])
    except ValueError:
        version = ()
    if len(version) != 2 or not FIRST <= version <= LAST:
        raise MethodError("entities.version_unknown", where, values)
    if version < REPEATS and (len(blocks) > 1 or any(_within(b.path, repeats) for b in blocks)):
        raise MethodError("entities.repeat_needs_version", where, values)


def _within(path, repeats):
    """The innermost of these repeats in which a path lies, or None."""
    around = [repeat for repeat in repeats if path == repeat or path.startswith(f"{repeat}/")]
    return max(around, key=len, default=None)


def _with_properties(blocks, binds, repeats, where):
    """Each answer belongs to the nearest block around it, from which no repeat may part it."""
    properties = {block: [] for block in blocks}
    labels = {_inner(bind.get("nodeset", "")): bind.get("calculate", "") for bind in binds}
    by_depth = sorted(blocks, key=lambda block: len(block.path), reverse=True)
    for bind in binds:
        name = bind.get(f"{ENTITIES}saveto")
        if name is None:
            continue
        path = _inner(bind.get("nodeset", ""))
        if not is_property_name(name):
            raise MethodError("entities.property_name_invalid", where, {"name": name, "question": path})
        block = next((b for b in by_depth if not b.path or path.startswith(f"{b.path}/")), None)
        if block is None:
            raise MethodError("entities.question_outside", where, {"name": name, "question": path})
        if _within(path, repeats) != _within(block.path, repeats):
            raise MethodError("entities.repeat_outside", where, {"name": name, "question": path})
        properties[block].append((path, name))
    return [
        replace(
            b, properties=tuple(properties[b]), label=labels.get(f"{b.path}/meta/entity/label".strip("/"), "")
        )
        for b in blocks
    ]


def _times(binds):
    """Paths of the answers that hold when the form was finished and begun, in this order."""
    found = {
        bind.get(f"{JAVAROSA}preloadParams"): _inner(bind.get("nodeset", ""))
        for bind in binds
        if bind.get(f"{JAVAROSA}preload") == "timestamp"
    }
    return tuple(found[name] for name in TIMES if name in found)
