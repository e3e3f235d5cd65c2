"""Settling what was put aside: taken in after all, or seen and not wanted."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import MethodError, TaamaError
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.collect import queries
from taama.collect.actions.desk import EDIT_OF_UNKNOWN, Arrival, Desk, SentFile
from taama.collect.methods.instance import derived_id
from taama.collect.models import Quarantined, Submission
from taama.forms.models import FormVersion

BATCH = 100
OTHER_NAME = ("collect.instance_conflict", "collect.instance_removed")


@action("collect.release_quarantined", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def release_quarantined(*, by, quarantined):
    """Take in what was put aside.

    A closed form is no obstacle; an unknown version is read with the current one; bytes that contradict a known
    submission, or edit one, take the place of the newest version. What was withdrawn or erased stays so.
    """
    queries.require_reach(by, "collect.release_quarantined", quarantined)
    _require_waiting(quarantined)
    arrival = _arrival(quarantined, by)
    desk = Desk([arrival])
    name = derived_id(quarantined.sha256) if quarantined.code in OTHER_NAME else arrival.name
    if Submission.objects.filter(instance_id=name).exists():
        raise TaamaError("collect.already_there", values={"instance": name}, status=409)
    former = queries.replaced_by_release(by, quarantined)
    if former is None and queries.waiting_original(by, quarantined):
        raise TaamaError("collect.original_waits", values={"instance": quarantined.deprecated_id}, status=409)
    queries.require_reach(by, "collect.release_quarantined", *([former] if former else []))
    submission = desk.accept(arrival, name, _version(desk, arrival), former)
    desk.write()
    if quarantined.code in OTHER_NAME:
        desk.settle(quarantined, submission, by)
    return Done(submission, desk.changed, desk.actors)


@action("collect.discard_quarantined", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def discard_quarantined(*, by, quarantined, reason):
    """Settle what was put aside as not wanted. Its bytes stay for a month, in case that was a mistake."""
    queries.require_reach(by, "collect.discard_quarantined", quarantined)
    _require_waiting(quarantined)
    if not reason.strip():
        raise TaamaError("collect.reason_missing")
    quarantined.state, quarantined.reason = Quarantined.State.DISCARDED, reason.strip()[:300]
    quarantined.settled_at = timezone.now()
    quarantined.save(update_fields=["state", "reason", "settled_at"])
    return quarantined


@action("collect.join_edits", allow=(SYSTEM,))
def join_edits(*, by):
    """Put edits after what they edit where both came at one moment to two processes. Returns how many were looked at."""
    known = Submission.objects.values("instance_id")
    waiting = Quarantined.objects.filter(code=EDIT_OF_UNKNOWN, state=Quarantined.State.WAITING)
    waiting = waiting.filter(deprecated_id__in=known).select_related("device").order_by("received_at", "id")
    waiting = list(waiting[:BATCH])
    desk = Desk([Arrival.of(aside, by) for aside in waiting])
    desk.aside = True
    same_form = Q(instance_id=OuterRef("deprecated_id"), form_version__form=OuterRef("form_version__form"))
    original = Submission.objects.filter(same_form, replaced_by=None)
    for edit in queries.loose_edits(by).filter(Exists(original))[:BATCH]:
        _join(desk, edit, by)
    desk.bring_edits_home({aside.deprecated_id: by for aside in waiting})
    desk.write()
    return Done(len(waiting), desk.changed, desk.actors)


def _join(desk, edit, by):
    known, name = desk.known, edit.deprecated_id
    if name not in known:
        known[name] = Submission.objects.select_related("form_version").get(instance_id=name)
    original = known[name]
    if original.state != Submission.State.REPLACED:
        files = tuple(SentFile(f.filename, f.sha256, f.bytes) for f in original.attachments.all())
        desk.join(original, edit, Arrival(by, b"", "", None, files))


def _require_waiting(quarantined):
    if quarantined.state != Quarantined.State.WAITING:
        raise TaamaError("collect.settled_already", status=409)


def _arrival(quarantined, by):
    try:
        return Arrival.of(quarantined, by)
    except MethodError as error:
        raise TaamaError("collect.cannot_release", values={"why": error.code}, status=409) from error


def _version(desk, arrival):
    """The version that was filled, or the current one of its form."""
    instance = arrival.instance
    found = desk.versions.get((instance.form_id, instance.version))
    found = found or FormVersion.objects.filter(form__form_id=instance.form_id, current=True).first()
    if found is None:
        raise TaamaError("collect.form_unknown", values={"form": instance.form_id}, status=409)
    return found
