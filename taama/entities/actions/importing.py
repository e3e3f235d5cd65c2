"""Bringing a table into a list: looked through at once, taken some hundred lines at a time."""

import hashlib

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.messages import message
from taama.base.policy import SYSTEM
from taama.entities.actions.book import Book, State
from taama.entities.methods.importing import read_import
from taama.entities.models import EntityChange, EntityImport, ImportedFile
from taama.entities.queries.areas import KEEPERS

LINES = 400  # in one transaction: phones that send meanwhile must not wait for it


def _looked_through(*, by, entity_list, raw, filename, key="", **_others):
    found = read_import(raw, entity_list.name, key, filename)
    if found.faults:
        raise _faulty(found.faults, filename)
    return {"lines": len(found.lines), "sha256": hashlib.sha256(raw).hexdigest()}


@action("entities.import_entries", allow=KEEPERS, everywhere=True, prepare=_looked_through)
def import_entries(*, by, entity_list, raw, filename, lines, sha256, key="", simulated=False):
    """Take in a table of entries: new ones are made, values that differ are changed, nothing is deleted.

    A file with faults is refused whole; `entities.file_faulty` carries them all. The worker takes the lines.
    """
    imported = EntityImport.objects.create(
        list=entity_list, filename=filename[:200], key=key, sha256=sha256,
        lines=lines, received_at=timezone.now(), simulated=simulated,
    )  # fmt: skip
    ImportedFile.objects.create(imported=imported, raw=raw)
    return imported


def _faulty(faults, filename):
    first = faults[0]
    text = {language: message(first.code, language, first.values).cause for language in ("fr", "en")}
    values = {"count": len(faults), "line": first.line, "first": text, "faults": faults}
    return TaamaError("entities.file_faulty", Where(file=filename, row=first.line), values)


@action("entities.take_lines", allow=(SYSTEM,))
def take_lines(*, by, imported, lines):
    """Take the next lines of a file. Returns how many."""
    imported = EntityImport.objects.select_for_update().get(pk=imported.pk)
    some = lines[imported.done : imported.done + LINES]
    book = Book(by, [(imported.list_id, line.entity) for line in some])
    changes = [change for line in some if (change := _change(imported, line, book))]
    book.say(changes, simulated=imported.simulated)
    book.turn().write()
    imported.done += len(some)
    imported.changed += len(changes)
    imported.save(update_fields=["done", "changed"])
    if imported.done >= len(lines):
        ImportedFile.objects.filter(imported=imported).delete()
    return Done(len(some), [imported])


def _change(imported, line, book):
    """What a line changes, or None. A deleted entry stays deleted."""
    entity = book.entities.get((imported.list_id, line.entity))
    if entity is not None and entity.deleted_at:
        return None
    stands = {"label": entity.label} | entity.values if entity else {}
    values = {name: text for name, text in line.values.items() if stands.get(name, "") != text}
    if entity is not None and not values:
        return None
    return EntityChange(
        list_id=imported.list_id, name=line.entity, imported=imported, key=f"import:{imported.pk}:{line.line}",
        state=State.HELD, creates=entity is None, updates=True, values=values, moment=imported.received_at,
        base=entity.version if entity else 0, made_at=timezone.now(),
    )  # fmt: skip
