"""What people do with an entry: correct, settle a conflict, accept or refuse, delete, restore, erase."""

import uuid

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.entities.actions.book import LABEL, Book, State
from taama.entities.actions.erasing import Erasure
from taama.entities.models import EntityChange
from taama.entities.queries.areas import KEEPERS
from taama.places import queries as places


@action("entities.correct_entry", allow=KEEPERS)
def correct_entry(*, by, entity, values, seen):
    """Correct values of an entry. `seen` is the version that was corrected: a newer one must be read first."""
    places.require_area(by, "entities.correct_entry", entity.area)
    book = _book(by, entity)
    change = _correct(book, entity, values, seen)
    return Done(book.entities[entity.list_id, entity.name], [change] if change else [])


@action("entities.settle_conflict", allow=KEEPERS)
def settle_conflict(*, by, entity, values, seen):
    """Settle the conflicts of an entry: with these values where they differ from what stands, as it is otherwise."""
    places.require_area(by, "entities.settle_conflict", entity.area)
    book = _book(by, entity)
    current = book.entities[entity.list_id, entity.name]
    change = _correct(book, entity, values, seen, settles=True)
    return Done(current, [current, *([change] if change else [])])


def _book(by, entity):
    return Book(by, [(entity.list_id, entity.name)])


def _correct(book, entity, values, seen, settles=False):
    """Write the values that differ. Returns the change, or None."""
    subject = (entity.list_id, entity.name)
    current = book.entities[subject]
    if current.deleted_at:
        raise TaamaError("entities.entity_state", status=409)
    if seen != current.version:
        raise TaamaError(
            "entities.changed_meanwhile", values={"now": current.version, "seen": seen}, status=409
        )
    stands = {LABEL: current.label} | current.values
    differing = {
        name: text.replace("\0", "") for name, text in values.items() if stands.get(name, "") != text
    }
    for name in differing.keys() - {LABEL} - set(book.properties[entity.list_id]):
        raise TaamaError("entities.property_unknown", values={"name": name})
    if not differing.get(LABEL, "x").strip():
        raise TaamaError("entities.label_needed")
    change = _change(entity, differing, seen) if differing else None
    if change:
        book.say([change])
        book.turn()
    if settles:
        current.resolved = max(one.version for one in book.changes[subject] if one.version)
        book.settle(subject)
    book.write()
    return change


def _change(entity, values, seen):
    now = timezone.now()
    return EntityChange(
        list_id=entity.list_id, name=entity.name, key=f"desk:{uuid.uuid4()}", state=State.HELD, updates=True,
        values=values, base=seen, moment=now, made_at=now,
    )  # fmt: skip


@action("entities.accept_change", allow=KEEPERS)
def accept_change(*, by, change):
    """Let in a new entry that waited for approval, and what followed it."""
    _require_waiting(by, "entities.accept_change", change)
    book = _book(by, change)
    (row,) = [one for one in book.changes[change.list_id, change.name] if one.pk == change.pk]
    row.state, row.code = State.HELD, ""
    book.written[row.pk] = row
    return Done(row, book.turn(accepted={row.key}).write())


@action("entities.refuse_change", allow=KEEPERS)
def refuse_change(*, by, change):
    """Refuse a new entry that waited for approval."""
    _require_waiting(by, "entities.refuse_change", change)
    change.state, change.code = State.DROPPED, "entities.refused_by_person"
    change.save(update_fields=["state", "code"])
    return change


def _require_waiting(by, rule, change):
    places.require_area(
        by, rule, change.submission.device.area if change.submission and change.submission.device else ""
    )
    if not EntityChange.objects.filter(pk=change.pk, state=State.APPROVAL).exists():
        raise TaamaError("entities.not_waiting", status=409)


@action("entities.delete_entry", allow=KEEPERS)
def delete_entry(*, by, entity):
    """Take an entry off the list; phones let go of it. It can be restored."""
    places.require_area(by, "entities.delete_entry", entity.area)
    book, current = _current(by, entity, deleted=False)
    current.deleted_at = book.now
    for one in book.changes[entity.list_id, entity.name]:
        if one.state in (State.HELD, State.APPROVAL):
            one.state, one.code = State.FAILED, "entities.deleted"
            book.written[one.pk] = one
    book.touched[entity.list_id, entity.name] = current
    return Done(current, [current, *book.write()])


@action("entities.restore_entry", allow=KEEPERS)
def restore_entry(*, by, entity):
    """Put a deleted entry back on the list, with what was sent about it meanwhile."""
    places.require_area(by, "entities.restore_entry", entity.area)
    book, current = _current(by, entity, deleted=True)
    if not any(one.values for one in book.changes[entity.list_id, entity.name]):
        raise TaamaError("entities.entity_state", status=409)
    current.deleted_at = None
    missed = EntityChange.objects.filter(
        list=entity.list_id, name=entity.name, state=State.FAILED, code="entities.deleted"
    )
    for one in missed:
        one.state, one.code = State.HELD, ""
        book.written[one.pk] = one
        book.changes[entity.list_id, entity.name].append(one)
    book.touched[entity.list_id, entity.name] = current
    return Done(current, [current, *book.turn().write()])


def _current(by, entity, deleted):
    book = _book(by, entity)
    current = book.entities[entity.list_id, entity.name]
    if bool(current.deleted_at) != deleted:
        raise TaamaError("entities.entity_state", status=409)
    return book, current


@action("entities.erase_entry", allow=(SYSTEM, Role.ADMINISTRATOR))
def erase_entry(*, by, entity, reason):
    """Erase all that is known of an entry, for good; its submissions are erased on their own page."""
    places.require_area(by, "entities.erase_entry", entity.area)
    if not reason.strip():
        raise TaamaError("entities.reason_missing")
    rows = list(EntityChange.objects.filter(list=entity.list_id, name=entity.name))
    return Done(None, Erasure(by, rows).changed)
