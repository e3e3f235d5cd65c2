"""Settling what was put aside: taken in after all, or seen and not wanted."""

import hashlib

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import MethodError, NotAllowed, TaamaError
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.collect import queries
from taama.collect.actions.desk import EDIT_OF_UNKNOWN, Arrival, Desk, SentFile
from taama.collect.methods.instance import LARGEST_INSTANCE
from taama.collect.models import Quarantined, Submission

BATCH = 100


@action("collect.release_quarantined", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def release_quarantined(*, by, quarantined, reason=""):
    """Take in what was put aside.

    A closed form is no obstacle; an unknown version is read with the current one; bytes that contradict a known
    submission, or edit one, take the place of the newest version. What was withdrawn or erased stays so.
    """
    queries.require_reach(by, "collect.release_quarantined", quarantined)
    _require_waiting(quarantined)
    _require_free_way(by, quarantined)
    quarantined.reason = reason.strip()[:300]
    arrival = Arrival.of(quarantined, by)
    return _taken_in(by, Desk([arrival]), arrival, quarantined, quarantined)


@action("collect.mend_quarantined", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def mend_quarantined(*, by, quarantined, raw, reason):
    """Take in mended bytes in the place of what was put aside, by the rules for arrivals. What came stays as it came."""
    queries.require_reach(by, "collect.mend_quarantined", quarantined)
    _require_waiting(quarantined)
    _require_reason(reason)
    mended = Mended(by, quarantined, raw)
    _require_free_way(by, mended.judged)
    quarantined.reason = reason.strip()[:300]
    for name in (
        "form_id",
        "version",
    ):  # of what could not be read they were not known: its rules hold from now on
        setattr(quarantined, name, getattr(quarantined, name) or getattr(mended.judged, name))
    return _taken_in(by, mended.desk, mended.arrival, quarantined, mended.judged)


class Mended:
    """Mended bytes of an item put aside, judged as if its phone had sent them: `judged` is what they would wait as.

    Raises MethodError as `read_instance`; TaamaError where it is settled, or where they are too many, the same, or of
    another form; NotAllowed where something in what came, in them, or in what they replace is hidden from the viewer:
    whoever mends decides to which form and area the files belong from then on, and so who sees them.
    """

    def __init__(self, by, quarantined, raw):
        _require_waiting(quarantined)
        if len(raw) > LARGEST_INSTANCE:
            raise MethodError("collect.mended_too_large")
        sha256 = hashlib.sha256(raw).hexdigest()
        if sha256 == quarantined.sha256:
            raise TaamaError("collect.nothing_mended")
        self.arrival = Arrival.of(quarantined, by, raw, sha256)
        self.desk = Desk([self.arrival])
        self.judged = self.arrival.as_aside(self.desk.judged(self.arrival).code)
        former = queries.replaced_by_release(by, self.judged)
        seen = [quarantined, self.judged, *([former] if former else [])]
        if queries.withheld(by, quarantined) or any(queries.hidden(by, one) for one in seen):
            raise NotAllowed(rule="forms.see_confidential")
        if queries.reading_version(by, quarantined) and self.judged.form_id != quarantined.form_id:
            raise TaamaError("collect.mended_other_form", values={"form": quarantined.form_id})


@action("collect.discard_quarantined", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def discard_quarantined(*, by, quarantined, reason):
    """Settle what was put aside as not wanted. Its bytes stay for a month, in case that was a mistake."""
    queries.require_reach(by, "collect.discard_quarantined", quarantined)
    _require_waiting(quarantined)
    _require_reason(reason)
    quarantined.state, quarantined.reason = Quarantined.State.DISCARDED, reason.strip()[:300]
    quarantined.settled_at = timezone.now()
    quarantined.save(update_fields=["state", "reason", "settled_at"])
    return quarantined


@action("collect.take_back_discarded", allow=(SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR))
def take_back_discarded(*, by, quarantined, reason=""):
    """Let what was discarded wait for a decision again, also where no more of its phone would be put aside."""
    queries.require_reach(by, "collect.take_back_discarded", quarantined)
    if quarantined.state != Quarantined.State.DISCARDED:
        raise TaamaError("collect.not_discarded", status=409)
    quarantined.state, quarantined.reason = Quarantined.State.WAITING, reason.strip()[:300]
    quarantined.settled_at = None
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
    if quarantined.state == Quarantined.State.DISCARDED:
        raise TaamaError("collect.discarded_before", status=409)
    if quarantined.state != Quarantined.State.WAITING:
        raise TaamaError("collect.settled_already", status=409)


def _require_free_way(by, quarantined):
    """Raises what stands in the way of accepting it."""
    hurdle = queries.hurdle(by, quarantined)
    if hurdle and hurdle.code in ("places.outside_area", "collect.original_confidential"):
        raise NotAllowed(hurdle.code)
    if hurdle:
        raise TaamaError(hurdle.code, values=hurdle.values, status=409)


def _require_reason(reason):
    if not reason.strip():
        raise TaamaError("collect.reason_missing")


def _taken_in(by, desk, arrival, quarantined, judged):
    """Done: an item put aside has become a submission, as an item like `judged`; mended, it keeps its own bytes."""
    name, version = queries.name_on_release(by, judged), queries.reading_version(by, judged)
    former, mended = queries.replaced_by_release(by, judged), judged is not quarantined
    submission = desk.take_in(quarantined, arrival, name, version, former, keep_bytes=mended)
    return Done(submission, desk.changed, desk.actors)
