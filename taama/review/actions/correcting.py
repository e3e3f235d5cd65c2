"""Correcting a value at the desk, and settling what a phone edited meanwhile."""

import uuid

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import MethodError, NotAllowed, TaamaError
from taama.base.messages import catalogue
from taama.base.models import Role, User
from taama.base.periods import BAMAKO
from taama.base.policy import SYSTEM
from taama.collect import queries as collect
from taama.collect.actions.keeping_out import take_correction
from taama.collect.actions.quarantine import discard_quarantined, release_quarantined
from taama.collect.models import Submission
from taama.forms.methods.outline import read_outline
from taama.logic.methods import followers, logic_of, wrong_answer
from taama.logic.methods.filled import Filled, read_filled
from taama.review.methods.correcting import corrected, newly_broken
from taama.review.methods.sheet import UNCORRECTABLE
from taama.review.models import Correction
from taama.review.queries import reviewing

DECIDERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)
WAYS = ("present", "phone", "both")


class RulesBroken(TaamaError):
    """The form does not allow what a correction would make: [Breach]. It may be made all the same, knowingly."""

    def __init__(self, breaches):
        super().__init__("review.rules_broken", values={"count": len(breaches)}, status=409)
        self.breaches = breaches


@action("review.correct", allow=DECIDERS)
def correct(*, by, submission, path, rows, value, reason, despite=False):
    """Correct one answer with a reason: a new submission takes the place of this one, whose bytes stay as they came.

    What breaks a rule of the form is taken `despite` the rule only, and noted so; else it raises RulesBroken.
    """
    collect.require_reach(by, "review.correct", submission)
    if path in collect.hidden(by, submission):
        raise NotAllowed(rule="forms.see_confidential")
    if not reason.strip():
        raise TaamaError("review.reason_missing")
    outline = read_outline(bytes(reviewing.version_of(by, submission).xform))
    filled, value, spot = read_filled(bytes(submission.raw), outline), value.strip(), (path, rows)
    _require_fitting(outline, path, value, filled.text(path, rows))
    logic, moment = logic_of(outline), _filled_in_at(submission)
    changed = {spot: value} | followers(logic, filled, spot, value, moment)
    raw = corrected(
        bytes(submission.raw), changed, f"uuid:{uuid.uuid4()}", submission.instance_id, logic.repeats
    )
    broken = newly_broken(logic, filled, Filled(filled.answers | changed, filled.counts), spot, moment)
    if broken and not despite:
        raise RulesBroken(broken)
    made = take_correction(by=by, submission=submission, raw=raw)
    return Done(made, _noted(by, made, filled, changed, spot, reason.strip()[:300], broken))


def _filled_in_at(submission):
    read = getattr(submission, "interview", None)
    return (read.moment if read else submission.received_at).astimezone(BAMAKO)


def _noted(by, made, filled, changed, spot, reason, broken):
    """What was changed, value by value; what the form calculates from it has no reason of its own."""
    despite = [{"code": one.code, "path": one.path, "values": one.values} for one in broken]
    author = User.objects.filter(pk=by.id).first() if by.kind == "signed_in" else None
    noted = [
        Correction(
            submission=made, path=at[0], rows=".".join(map(str, at[1])), before=filled.text(*at), after=value,
            reason=reason if at == spot else "", despite=despite if at == spot else [], author=author, at=timezone.now(),
        )
        for at, value in changed.items()
    ]  # fmt: skip
    return Correction.objects.bulk_create(noted)


def _require_fitting(outline, path, value, before):
    node = next((q for q in outline.questions() if q.path == path), None)
    if node is None or not node.asked or node.type in UNCORRECTABLE:
        raise TaamaError("review.no_such_answer", values={"path": path})
    if value == before:
        raise TaamaError("review.nothing_changed")
    if value and (wrong := wrong_answer(node, value)):
        raise TaamaError(
            "review.value_wrong",
            values={"answer": value, "type": catalogue().get(f"forms.type_{wrong}", wrong)},
        )


@action("review.settle", allow=DECIDERS)
def settle(*, by, aside, way, reason):
    """Settle an edit that does not know the present version: keep the present one, take the phone's, or both.

    Both: the phone's version is taken, and corrections of answers that the phone did not touch are made again.
    """
    if way not in WAYS:
        raise TaamaError("review.way_unknown", values={"way": way})
    if not reason.strip():
        raise TaamaError("review.reason_missing")
    if way == "present":
        discard_quarantined(by=by, quarantined=aside, reason=reason)
        return Done()
    base = reviewing.edited_by(by, aside)
    to_make = _to_make_again(by, base, aside) if way == "both" else []
    taken = release_quarantined(by=by, quarantined=aside, reason=reason)
    for one in to_make:
        taken = Submission.objects.get(pk=taken.pk)
        rows = tuple(int(row) for row in one.rows.split(".") if row)
        again = {"path": one.path, "rows": rows, "value": one.after, "reason": one.reason, "despite": True}
        taken = correct(by=by, submission=taken, **again)
    return Done(taken)


def _to_make_again(by, base, aside):
    """Corrections made since the version that the phone edited, of answers that it left as they were."""
    try:
        outline = read_outline(bytes(reviewing.version_of(by, base).xform))
        former, edit = read_filled(bytes(base.raw), outline), read_filled(bytes(aside.raw), outline)
    except MethodError:
        return []
    made = {}
    for one in (
        reviewing.corrections(by, reviewing.line(by, base)).filter(at__gt=base.received_at).exclude(reason="")
    ):
        rows = tuple(int(row) for row in one.rows.split(".") if row)
        if former.text(one.path, rows) == edit.text(one.path, rows) != one.after:
            made[one.path, rows] = one
    return list(made.values())
