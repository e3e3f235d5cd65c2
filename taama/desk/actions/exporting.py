"""Asking for a file of submissions, settling what was asked, deleting it; saying which questions are one."""

import json
from datetime import timedelta

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.base.policy import SYSTEM
from taama.desk.methods.export_union import refused_renamings
from taama.desk.models import Export, Renaming
from taama.desk.queries import exports as queries

KEEP_DAYS = 7


@action("desk.ask_export", allow=queries.READERS)
def ask_export(*, by, key, form, format, language, options, filters):
    """Ask for a file of a form's submissions; the worker makes it. `key` is the request's own: sent twice, it asks once."""
    queries.require_exportable(by, form)
    wanted = {
        "form": form, "sensitivity_class": form.sensitivity_class, "format": format, "language": language, "options": options, "filters": filters,
        "asked_by_id": None if by.kind == SYSTEM else by.id, "asked_at": timezone.now(),
    }  # fmt: skip
    found, is_new = Export.objects.get_or_create(pk=key, defaults=wanted)
    return Done(found, [found] if is_new else [])


@action("desk.begin_export", allow=(SYSTEM,))
def begin_export(*, by, export):
    """Note that the worker begins or continues, so that a fatal one is not begun for ever."""
    export.attempts += 1
    export.begun_at = timezone.now()
    export.save(update_fields=["attempts", "begun_at"])
    return export


@action("desk.note_progress", allow=(SYSTEM,))
def note_progress(*, by, export, done, steps):
    """How far the worker is. Not journalled: it changes nothing that anybody decided."""
    Export.objects.filter(pk=export.pk, state=Export.State.WAITING).update(done=done, steps=steps)
    return Done()


@action("desk.fulfil_export", allow=(SYSTEM,))
def fulfil_export(*, by, export, filename, bytes, sha256, rows, simulated):
    """Say that the file is ready, and until when it is kept."""
    asked = _waiting(export)
    if asked is None:
        return Done()
    asked.filename, asked.bytes, asked.sha256 = filename, bytes, sha256
    asked.rows, asked.simulated = rows, simulated
    asked.expires_at = timezone.now() + timedelta(days=KEEP_DAYS)
    return _settled(asked, Export.State.DONE)


@action("desk.fail_export", allow=(SYSTEM,))
def fail_export(*, by, export, code, values):
    """Settle an export that could not be made, with the reason."""
    asked = _waiting(export)
    return Done() if asked is None else _settled(asked, Export.State.FAILED, code, values)


@action("desk.fetch_export", allow=queries.READERS)
def fetch_export(*, by, export):
    """Give out the file of an export: the journal says who took it and when, the export what is in it, of which class.

    Returns the path of the file, or None when there is none (any more). Raises as `queries.export_file`
    """
    path = queries.export_file(by, export)
    if path is None:
        return Done()
    taken = Export.objects.select_for_update().get(pk=export.pk)
    taken.fetches += 1
    taken.fetched_at = timezone.now()
    taken.save(update_fields=["fetches", "fetched_at"])
    return Done(path, [taken])


@action("desk.drop_export", allow=(SYSTEM,))
def drop_export(*, by, export, code):
    """Say that the file of an export is deleted: too old, or something in it was erased or is confidential since."""
    return _settled(export, Export.State.GONE, code)


@action("desk.delete_export", allow=queries.READERS)
def delete_export(*, by, export):
    """Delete a file that one asked for; the worker removes it from the disk within seconds."""
    if by.kind != SYSTEM and str(export.asked_by_id) != by.id:
        raise TaamaError("desk.export_unknown", status=404)
    if export.state == Export.State.GONE:
        return Done(export)
    return _settled(export, Export.State.GONE, "desk.export_deleted")


@action("desk.set_renamings", allow=queries.KEEPERS, everywhere=True)
def set_renamings(*, by, form, pairs):
    """Say which questions of a form are one although their name changed: {former path: present path}."""
    refused = refused_renamings(queries.outlines(by, form), pairs)
    for former, code in refused.items():
        raise TaamaError(code, values={"former": former, "present": pairs[former]})
    found, _ = Renaming.objects.get_or_create(form=form)
    found.pairs = pairs
    found.save(update_fields=["pairs"])
    return found


def _waiting(export):
    return Export.objects.select_for_update().filter(pk=export.pk, state=Export.State.WAITING).first()


def _settled(asked, state, code="", values=None):
    asked.state, asked.settled_at, asked.code = state, timezone.now(), code
    asked.values = json.loads(json.dumps(values or {}, default=str))
    asked.save()
    return asked
