"""What is erased, too old or confidential since goes from the tables and from the files that people asked for."""

import hashlib
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
from taama.desk.tasks.chunks import LEASE, Store
from taama.forms import queries as forms
from taama.forms.models import FormVersion

ERASING = ("collect.erase_submission", "collect.erase_expired")
KEPT = (Export.State.DONE, Export.State.WAITING)
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
    for export in Export.objects.filter(state__in=KEPT):
        if exporting.holds(export, keys):
            _drop(export, "desk.export_erased")


def _drop(export, code):
    """Delete the file of an export; one that is not finished is begun again."""
    shutil.rmtree(queries.export_folder(WORKER, export), ignore_errors=True)
    if export.state == Export.State.DONE:
        drop_export(by=WORKER, export=export, code=code)


def forget_confidential():
    """What another version of a form protects since leaves the tables, and the files that were made of them.

    Returns how many forms that concerned
    """
    protected = FormVersion.objects.exclude(classes={}).values_list("form__form_id", flat=True).distinct()
    secret = {form: forms.confidential(WORKER, form) for form in protected}
    told = hashlib.sha256(repr(sorted((form, sorted(paths)) for form, paths in secret.items())).encode())
    if told.hexdigest() == filling.mark("confidential"):
        return 0
    with lease(LEASE) as held:
        if not held:
            return 0
        exporting.abandon()
        gone = sum(_forget(form, paths) for form, paths in secret.items())
        filling.set_mark("confidential", told.hexdigest())
    return gone


def _forget(form, paths):
    """The files go first: killed in between, the tables still tell that there were some."""
    versions = FormVersion.objects.filter(form__form_id=form).values_list("pk", flat=True)
    holding = [store for store in map(Store, versions) if store.holding(paths)]
    for export in Export.objects.filter(form__form_id=form, state__in=KEPT) if holding else ():
        _drop(export, "desk.export_protected")
    for store in holding:
        store.forget(paths)
    return bool(holding)


def drop_old():
    """Delete files after their days, and those that people deleted. Returns how many."""
    old = Export.objects.filter(state=Export.State.DONE, expires_at__lt=timezone.now())
    for export in old:
        drop_export(by=WORKER, export=export, code="desk.export_expired")
    folder = queries.export_folder(WORKER, Export()).parent
    kept = Export.objects.filter(state__in=KEPT)
    named = {str(key) for key in kept.values_list("pk", flat=True)}
    left = [place for place in folder.iterdir() if place.name not in named] if folder.exists() else []
    for place in left:
        shutil.rmtree(place, ignore_errors=True)
    return len(left)


def _a_little_before(key):
    """A UUIDv7 older than this one: its first 48 bits are milliseconds."""
    milliseconds = max((key.int >> 80) - int(MARGIN.total_seconds() * 1000), 0)
    return uuid.UUID(int=milliseconds << 80)
