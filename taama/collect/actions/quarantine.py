"""Settling what was put aside: taken in after all, or seen and not wanted."""

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import MethodError, TaamaError
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.collect import queries
from taama.collect.actions.desk import Arrival, Desk
from taama.collect.methods.instance import derived_id, read_instance
from taama.collect.models import Quarantined, Submission
from taama.forms.models import FormVersion

EDITS = ("collect.edit_not_current", "collect.edit_of_unknown")  # the latter when what it edits has come since
REPLACES_CURRENT = ("collect.instance_conflict", *EDITS)
OTHER_NAME = ("collect.instance_conflict", "collect.instance_removed")


@action("collect.release_quarantined", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def release_quarantined(*, by, quarantined):
    """Take in what was put aside.

    A closed form is no obstacle; an unknown version is read with the current one; bytes that contradicted a known
    submission, or edited one that was edited already, take the place of the current one.
    """
    queries.require_reach(by, "collect.release_quarantined", quarantined)
    _require_waiting(quarantined)
    arrival = _arrival(quarantined, by)
    desk = Desk([arrival])
    name = derived_id(quarantined.sha256) if quarantined.code in OTHER_NAME else arrival.name
    if Submission.objects.filter(instance_id=name).exists():
        raise TaamaError("collect.already_there", values={"instance": name}, status=409)
    former = _former(desk, quarantined, arrival)
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


def _require_waiting(quarantined):
    if quarantined.state != Quarantined.State.WAITING:
        raise TaamaError("collect.settled_already", status=409)


def _arrival(quarantined, by):
    try:
        instance = read_instance(bytes(quarantined.raw))
    except MethodError as error:
        raise TaamaError("collect.cannot_release", values={"why": error.code}, status=409) from error
    return Arrival(
        by=by, raw=bytes(quarantined.raw), sha256=quarantined.sha256,
        instance=instance, device=quarantined.device, client_device=quarantined.client_device,
        simulated=bool(quarantined.device and quarantined.device.simulated), received_at=quarantined.received_at,
    )  # fmt: skip


def _version(desk, arrival):
    """The version that was filled, or the current one of its form."""
    instance = arrival.instance
    found = desk.versions.get((instance.form_id, instance.version))
    found = found or FormVersion.objects.filter(form__form_id=instance.form_id, current=True).first()
    if found is None:
        raise TaamaError("collect.form_unknown", values={"form": instance.form_id}, status=409)
    return found


def _former(desk, quarantined, arrival):
    """The submission whose place this one takes: the newest in the line of the one that it contradicts or edits."""
    if quarantined.code not in REPLACES_CURRENT:
        return None
    edits = quarantined.code in EDITS
    former = desk.known.get(arrival.instance.deprecated_id if edits else arrival.name)
    while former is not None and hasattr(former, "replaced_by"):
        former = former.replaced_by
    return former
