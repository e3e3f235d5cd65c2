"""What a review asks for: keeping submissions out of the figures, letting them in again, taking in a correction."""

import hashlib

from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.collect import queries
from taama.collect.actions.desk import Arrival, Desk
from taama.collect.methods.instance import read_instance
from taama.collect.models import GONE, Submission


@action("collect.keep_out", allow=queries.KEEPERS)
def keep_out(*, by, submissions, reason):
    """Keep submissions out of the figures: their facts leave, the submissions stay."""
    _require_standing(by, "collect.keep_out", submissions)
    for submission in submissions:
        submission.state, submission.reason = Submission.State.KEPT_OUT, reason[:300]
    Submission.objects.bulk_update(submissions, ["state", "reason"], batch_size=200)
    return list(submissions)


@action("collect.let_in", allow=queries.KEEPERS)
def let_in(*, by, submissions):
    """Let submissions that were kept out in again: they are read into facts as if they came now."""
    kept = [one for one in submissions if one.state == Submission.State.KEPT_OUT]
    _require_standing(by, "collect.let_in", kept)
    for submission in kept:
        submission.state = Submission.State.PENDING if submission.tool else Submission.State.UNREAD
        submission.reason = ""
    Submission.objects.bulk_update(kept, ["state", "reason"], batch_size=200)
    return kept


def _require_standing(by, rule, submissions):
    """All within the area of who decides, and none replaced, withdrawn or erased."""
    queries.require_reach(by, rule, *submissions)
    if any(one.state in GONE for one in submissions):
        raise TaamaError("collect.no_longer_current", status=409)


@action("collect.take_correction", allow=queries.KEEPERS)
def take_correction(*, by, submission, raw):
    """Take in an instance that the office made as an edit of a submission: the same rules as for a phone's edit."""
    _require_standing(by, "collect.take_correction", [submission])
    arrival = Arrival(
        by=by, raw=raw, sha256=hashlib.sha256(raw).hexdigest(), instance=read_instance(raw),
        device=submission.device, client_device=submission.client_device, simulated=submission.simulated,
    )  # fmt: skip
    desk = Desk([arrival])
    former = desk.known.get(submission.instance_id)
    if former is None or arrival.instance.deprecated_id != submission.instance_id or former.state in GONE:
        raise TaamaError("collect.no_longer_current", status=409)
    made = desk.accept(arrival, arrival.name, submission.form_version, former)
    desk.write()
    return Done(made, desk.changed, desk.actors)
