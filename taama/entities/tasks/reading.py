"""Sweeps: each looks for what is pending in our tables and does some of it. Killed, it goes on; run again, it rests."""

import time
import uuid
from functools import lru_cache

from taama.base.group_commit import in_turn
from taama.base.policy import WORKER
from taama.collect.models import Submission
from taama.entities.actions.importing import take_lines
from taama.entities.actions.lists import place_entries
from taama.entities.actions.reading import apply_overdue, forget_erased, note_forms, read_submissions
from taama.entities.methods.importing import read_import
from taama.entities.models import EntityImport, EntityList, FormUse
from taama.facts import registry
from taama.forms.models import FormVersion

BATCH = 100
CANDIDATES = 2000
HEAVY = ("raw", "form_version__source", "form_version__xform")
RECENT_SECONDS = 3600
LEFT = (Submission.State.REPLACED, Submission.State.WITHDRAWN, Submission.State.ERASED)


def read_recent():
    """Read what arrived within the last hour. Returns how much was done."""
    return _note_forms() or _read(_since(RECENT_SECONDS))


def read_all():
    """Read whatever was not read yet, however old: what a clock or a long pause has hidden from the quick sweep."""
    return _read(None)


def _note_forms():
    versions = FormVersion.objects.filter(entity_use__isnull=True).select_related("form").defer("source")
    found = list(versions.order_by("id")[:20])
    if not found:
        return 0
    with in_turn():
        return note_forms(by=WORKER, versions=found)


def _read(since):
    versions = list(FormUse.objects.exclude(fills=[]).values_list("form_version_id", flat=True))
    if not versions:
        return 0
    waiting = Submission.objects.filter(form_version__in=versions, entity_reading__isnull=True)
    waiting = waiting.exclude(state__in=LEFT)
    waiting = waiting if since is None else waiting.filter(id__gt=since)
    related = waiting.select_related("form_version__form").defer(*HEAVY)
    candidates = list(related.order_by("id")[:CANDIDATES])
    closed = registry.closed_to(candidates, WORKER)  # what waits for approval is read when it has it
    found = [one for one in candidates if one.pk not in closed][:BATCH]
    if found:
        whole = Submission.objects.filter(pk__in=[one.pk for one in found]).select_related(
            "device", "replaces"
        )
        with in_turn():
            read_submissions(by=WORKER, submissions=list(whole.defer("replaces__raw").order_by("id")))
    return len(found)


def _since(seconds):
    """The smallest key that a record made since then can have: keys begin with their time."""
    return uuid.UUID(int=int((time.time() - seconds) * 1000) << 80)


def keep_up():
    """What has waited too long, what was erased. Returns how much was done."""
    with in_turn():
        return apply_overdue(by=WORKER) + forget_erased(by=WORKER)


def place():
    """Place some entries of the lists whose rule changed. Returns how many."""
    waiting = EntityList.objects.filter(placing_after__isnull=False)
    return sum(place_entries(by=WORKER, entity_list=one) for one in waiting)


def take_imports():
    """Take some lines of the oldest file that is not taken yet. Returns how many."""
    imported = EntityImport.objects.filter(file__isnull=False).order_by("id").first()
    if imported is None:
        return 0
    lines = _lines(imported.pk)
    with in_turn():
        return take_lines(by=WORKER, imported=imported, lines=lines)


@lru_cache(maxsize=1)
def _lines(key):
    """The lines of the file at hand, read once."""
    imported = EntityImport.objects.select_related("list", "file").get(pk=key)
    return read_import(bytes(imported.file.raw), imported.list.name, imported.key, imported.filename).lines
