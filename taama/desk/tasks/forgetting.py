"""What is erased, or too old, goes from the tables and from the files that people asked for."""

import shutil
import uuid
from datetime import timedelta

from django.utils import timezone

from taama.base.models import JournalEntry
from taama.base.policy import WORKER
from taama.base.work import lease
from taama.desk.actions.exporting import drop_export
from taama.desk.models import Export
from taama.desk.queries import exports as queries
from taama.desk.tasks import exporting, filling
from taama.desk.tasks.chunks import LEASE

ERASING = ("collect.erase_submission", "collect.erase_expired")
MARGIN = timedelta(minutes=5)  # an entry of the journal may be committed after a younger one


def forget_erased():
    """Take what was erased out of the tables, and delete the files that hold it. Returns how many submissions went."""
    since = filling.mark("erased")
    entries = JournalEntry.objects.filter(action__in=ERASING, object_type="collect.submission")
    newest = entries.order_by("-id").values_list("id", flat=True).first()
    if newest is None or str(newest) == since:
        return 0
    with lease(LEASE) as held:
        if not held:
            return 0
        recent = entries.filter(id__gt=_a_little_before(uuid.UUID(since))) if since else entries
        keys = {uuid.UUID(key).hex for key in recent.values_list("object_id", flat=True)}
        exporting.abandon()
        gone = filling.erase(keys)
        _drop_exports_with(keys)
        filling.set_mark("erased", newest)
    return gone


def _drop_exports_with(keys):
    for export in Export.objects.filter(state__in=(Export.State.DONE, Export.State.WAITING)):
        if exporting.holds(export, keys):
            shutil.rmtree(queries.export_folder(WORKER, export), ignore_errors=True)
            if export.state == Export.State.DONE:
                drop_export(by=WORKER, export=export, code="desk.export_erased")


def drop_old():
    """Delete files after their days, and those that people deleted. Returns how many."""
    old = Export.objects.filter(state=Export.State.DONE, expires_at__lt=timezone.now())
    for export in old:
        drop_export(by=WORKER, export=export, code="desk.export_expired")
    folder = queries.export_folder(WORKER, Export()).parent
    kept = Export.objects.filter(state__in=(Export.State.DONE, Export.State.WAITING))
    named = {str(key) for key in kept.values_list("pk", flat=True)}
    left = [place for place in folder.iterdir() if place.name not in named] if folder.exists() else []
    for place in left:
        shutil.rmtree(place, ignore_errors=True)
    return len(left)


def _a_little_before(key):
    """A UUIDv7 older than this one: its first 48 bits are milliseconds."""
    milliseconds = max((key.int >> 80) - int(MARGIN.total_seconds() * 1000), 0)
    return uuid.UUID(int=milliseconds << 80)
