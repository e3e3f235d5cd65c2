"""Asking for a snapshot, and settling what was asked."""

import json

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.policy import SYSTEM
from taama.figures.actions import publish_snapshot
from taama.publish.models import Publication
from taama.publish.queries.publications import ASKERS


@action("publish.ask_publication", allow=ASKERS, everywhere=True)
def ask_publication(*, by, key, title, note=""):
    """Ask for a snapshot; the worker makes it. `key` is the request's own: sent twice, it asks once."""
    wanted = {"title": title, "note": note, "asked_by_id": by.id, "asked_at": timezone.now()}
    found, is_new = Publication.objects.get_or_create(pk=key, defaults=wanted)
    return Done(found, [found] if is_new else [])


@action("publish.begin_publication", allow=(SYSTEM,))
def begin_publication(*, by, publication):
    """Note that the worker begins, so that people see it and a fatal one is not begun for ever."""
    publication.attempts += 1
    publication.begun_at = timezone.now()
    publication.save(update_fields=["attempts", "begun_at"])
    return publication


@action("publish.fulfil_publication", allow=ASKERS, everywhere=True)
def fulfil_publication(*, by, publication, figures, basis):
    """Publish the snapshot and settle its request at the same moment: a kill leaves both or neither."""
    asked = _unsettled(publication).get()
    asked.snapshot = publish_snapshot(by=by, title=asked.title, figures=figures, basis=basis)
    return _settled(asked, Publication.State.DONE)


@action("publish.fail_publication", allow=(SYSTEM,))
def fail_publication(*, by, publication, code, values):
    """Settle a request that could not be met, with the reason."""
    asked = _unsettled(publication).first()
    if asked is None:
        return Done()
    asked.code, asked.values = code, json.loads(json.dumps(values, default=str))
    return _settled(asked, Publication.State.FAILED)


def _unsettled(publication):
    return Publication.objects.select_for_update().filter(pk=publication.pk, state=Publication.State.WAITING)


def _settled(asked, state):
    asked.state, asked.settled_at = state, timezone.now()
    asked.save(update_fields=["state", "settled_at", "snapshot", "code", "values"])
    return asked
