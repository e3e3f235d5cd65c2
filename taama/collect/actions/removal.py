"""Taking submissions out of use, and erasing them for good."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from taama.base import files
from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.base.models import JournalDetail, Role
from taama.base.policy import SYSTEM, WORKER
from taama.collect import queries
from taama.collect.actions.desk import REMOVED
from taama.collect.methods.keeping import DISCARDED_DAYS
from taama.collect.models import Attachment, Finding, NamedFile, Quarantined, Submission
from taama.forms.models import Form

BATCH = 200
UNDECIDED_OR_TAKEN_IN = (
    Quarantined.State.WAITING,
    Quarantined.State.RELEASED,
)  # what is discarded has a month
EXPIRED = "expired"  # the reason where nobody gave one


@action("collect.withdraw_submission", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def withdraw_submission(*, by, submission, reason):
    """Take a submission out of use: its facts go, its bytes stay."""
    queries.require_reach(by, "collect.withdraw_submission", submission)
    _require_reason(reason)
    if submission.state in REMOVED:
        raise TaamaError("collect.removed_already", status=409)
    submission.state, submission.reason = Submission.State.WITHDRAWN, reason.strip()[:300]
    submission.save(update_fields=["state", "reason"])
    return submission


@action("collect.erase_submission", allow=(SYSTEM, Role.ADMINISTRATOR))
def erase_submission(*, by, submission, reason):
    """Erase a submission for good: bytes, files, findings, what the journal knew of its content.

    What was erased before may be named again, for what came later.
    """
    _require_reason(reason)
    everything, aside = queries.erased_with(by, submission)
    queries.require_reach(by, "collect.erase_submission", *everything, *aside)
    left = [one for one in everything if one.state != Submission.State.ERASED]
    return Done(submission, _erase(left, reason.strip()[:300]) + _erase_aside(aside, reason.strip()[:300]))


@action("collect.erase_quarantined", allow=(SYSTEM, Role.ADMINISTRATOR))
def erase_quarantined(*, by, quarantined, reason):
    """Erase what was put aside for good: bytes, files, what the journal knew of it; the same bytes, and what edits it."""
    _require_reason(reason)
    edits, items = queries.erased_with_aside(by, quarantined)
    if quarantined.pk not in {item.pk for item in items}:
        raise TaamaError("collect.settled_already", status=409)
    queries.require_reach(by, "collect.erase_quarantined", *edits, *items)
    left = [one for one in edits if one.state != Submission.State.ERASED]
    return _erase(left, reason.strip()[:300]) + _erase_aside(items, reason.strip()[:300])


@action("collect.erase_expired", allow=(SYSTEM,))
def erase_expired(*, by, now=None):
    """Erase some of what its form keeps no longer, and of what was discarded a month ago. Returns how many.

    What was put aside and never decided is kept as long as its form says; where no form is known, as the setting says.
    """
    now = now or timezone.now()
    month_ago = now - timedelta(days=DISCARDED_DAYS)
    expired, over = [], Q(state=Quarantined.State.DISCARDED, settled_at__lt=month_ago)
    for form in Form.objects.filter(keep_days__isnull=False):
        until = now - timedelta(days=form.keep_days)
        old = Submission.objects.filter(form_version__form=form, received_at__lt=until)
        expired += old.exclude(state=Submission.State.ERASED).defer("raw").order_by("id")[:BATCH]
        over |= Q(form_id=form.form_id, received_at__lt=until, state__in=UNDECIDED_OR_TAKEN_IN)
    over |= _unknown_before(now)
    changed = _erase(expired, EXPIRED)
    changed += _erase_aside(list(Quarantined.objects.filter(over).defer("raw")[:BATCH]), EXPIRED)
    return Done(len(changed), changed)


def _unknown_before(now):
    """What waits of no known form for longer than this office keeps it; nothing where it keeps it without limit."""
    if not settings.TAAMA_KEEP_ASIDE_DAYS:
        return Q(pk__in=[])
    until = now - timedelta(days=settings.TAAMA_KEEP_ASIDE_DAYS)
    waiting = Q(state=Quarantined.State.WAITING, received_at__lt=until)
    return waiting & ~Q(form_id__in=Form.objects.values("form_id"))


@action("collect.forget_files", allow=(SYSTEM,))
def forget_files(*, by, addresses):
    """Remove those of these files that no row needs: left by broken requests or by erasures. Returns how many."""
    needed = set(Attachment.objects.filter(sha256__in=addresses).values_list("sha256", flat=True))
    return Done(sum(files.forget(address) for address in set(addresses) - needed))


def _require_reason(reason):
    if not reason.strip():
        raise TaamaError("collect.reason_missing")


def _erase(submissions, reason):
    for submission in submissions:
        submission.raw, submission.state, submission.reason = None, Submission.State.ERASED, reason
        submission.filename = submission.client_device = ""
        submission.journal_without_values = True  # the journal must not remember what is erased
    fields = ["raw", "state", "reason", "filename", "client_device"]
    Submission.objects.bulk_update(submissions, fields, batch_size=50)
    Finding.objects.filter(submission__in=submissions).delete()
    NamedFile.objects.filter(submission__in=submissions).delete()
    _drop_traces(submissions, Attachment.objects.filter(submission__in=submissions))
    return submissions


def _erase_aside(aside, reason):
    for item in aside:
        item.raw, item.state, item.client_device = None, Quarantined.State.ERASED, ""
        item.reason = reason
        item.journal_without_values = True
    Quarantined.objects.bulk_update(aside, ["raw", "state", "client_device", "reason"], batch_size=50)
    _drop_traces(aside, Attachment.objects.filter(quarantined__in=aside))
    return aside


def _drop_traces(records, attachments):
    """Rows of files, details in the journal, and, once this is committed, files that nobody else needs."""
    rows = list(attachments)
    keys = [str(record.pk) for record in (*records, *rows)]
    JournalDetail.objects.filter(entry__object_id__in=keys).delete()
    addresses = {row.sha256 for row in rows}
    attachments.delete()
    if addresses:
        transaction.on_commit(lambda: forget_files(by=WORKER, addresses=addresses))
