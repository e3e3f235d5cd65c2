"""What an instance says of entities: which is made or changed, and the values it gives."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from taama.entities.methods.declared import entity_elements
from taama.entities.methods.names import identity
from taama.forms.methods.xml import read_xml

YES = ("1", "true")
LABEL = "label"


@dataclass(frozen=True)
class Said:
    """One block of an instance. `values` holds the answers by property, and a label under `label`; `fault` is the
    code of why it can't be taken, `given` what stood where the fault is."""

    position: int
    list_name: str
    entity: str
    creates: bool
    updates: bool
    values: dict
    base: int = 0
    trunk: int | None = None
    branch: str = ""
    fault: str = ""
    given: str = ""


@dataclass(frozen=True)
class Reading:
    """`made_at`: when the form was filled by the phone's clock, or None when it does not say."""

    said: tuple = ()
    made_at: datetime | None = None


def read_said(raw, declaration):
    """What an instance says of entities.

    raw          bytes of the instance
    declaration  Declaration of the form version that was filled
    Returns      Reading, blocks in the order of the instance; one that asks for nothing is left out.
                 An answer that was not relevant is absent; one that was left empty is ''
    Raises       MethodError as `read_xml`
    Source       ODK XForms specification, entities. A base version that is no number counts as 0, a trunk version
                 without a branch as none

    >>> from taama.entities.methods.declared import Block, Declaration
    >>> declared = Declaration((Block("", "trees", True, False, (("kind", "species"),)),))
    >>> raw = (b"<d><kind>acacia</kind><meta><entity dataset='trees' create='1' "
    ...        b"id='f73ea0a0-f51f-4d13-a7cb-c2123ba06f34'><label>A</label></entity></meta></d>")
    >>> read_said(raw, declared).said[0].values
    {'species': 'acacia', 'label': 'A'}
    """
    root = read_xml(raw)
    blocks = {(block.path, block.list_name): block for block in declaration.blocks}
    said = []
    for position, (path, entity) in enumerate(entity_elements(root)):
        block = blocks.get((path, _attributes(entity).get("dataset", "").strip()))
        block = block or next((b for b in declaration.blocks if b.path == path), None)
        if block is not None and (one := _said(position, block, entity)):
            said.append(one)
    return Reading(tuple(said), _made_at(root, declaration.times))


def _said(position, block, entity):
    attributes = _attributes(entity)
    creates, updates = (attributes.get(name, "").strip() in YES for name in ("create", "update"))
    if not creates and not updates:
        return None
    values = dict(_values(entity.getparent().getparent(), block))
    name = identity(attributes.get("id"))
    label = "" if block.nameless else _text(_child(entity, LABEL))
    if label.strip() or (block.nameless and creates):
        values[LABEL] = label or name or ""
    branch = identity(attributes.get("branchId")) or ""
    trunk = _number(attributes.get("trunkVersion")) if branch else 0
    fault = _fault(block, creates, updates, name, values)
    return Said(
        position=position, list_name=block.list_name, entity=name or "", creates=creates, updates=updates,
        values=values, base=_number(attributes.get("baseVersion")), trunk=trunk or None, branch=branch,
        fault=fault, given=attributes.get("id", "") if fault == "entities.id_malformed" else "",
    )  # fmt: skip


def _fault(block, creates, updates, name, values):
    if name is None:
        return "entities.id_malformed"
    if creates > block.creates or updates > block.updates:
        return "entities.action_not_declared"
    return "entities.label_missing" if creates and not updates and LABEL not in values else ""


def _values(about, block):
    """The answers of a block; those of the blocks inside it are theirs."""
    start = len(block.path) + 1 if block.path else 0
    for path, name in block.properties:
        found = about
        for step in path[start:].split("/"):
            found = None if found is None else _child(found, step)
        if found is not None:
            yield name, _text(found)


def _attributes(element):
    return {etree.QName(name).localname: value for name, value in element.attrib.items()}


def _child(element, name):
    return next((c for c in element if etree.QName(c).localname == name), None)


def _text(element):
    return "" if element is None else element.text or ""


def _number(text):
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _made_at(root, times):
    for path in times:
        found = root
        for step in path.split("/"):
            found = None if found is None else _child(found, step)
        try:
            moment = datetime.fromisoformat(_text(found).strip())
        except ValueError:
            continue
        if moment.tzinfo:
            return moment.astimezone(UTC)
    return None
