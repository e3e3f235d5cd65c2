"""Taking in what was sent: from phones in batches, from files one by one."""

import hashlib

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.group_commit import GroupCommit
from taama.base.models import Role
from taama.base.policy import DEVICE, SYSTEM, WORKER
from taama.collect.actions.desk import REMOVED, Desk
from taama.collect.models import Submission
from taama.facts import registry
from taama.places import queries as places


@action("collect.receive", allow=(DEVICE, SYSTEM))
def receive(*, by, arrivals):
    """Take in what phones sent: each judged, kept and journalled under its own sender, all in one transaction."""
    desk = Desk(arrivals)
    receipts = []
    for arrival in arrivals:
        arrival.by.require("collect.receive")
        receipts.append(desk.take(arrival))
    desk.write()
    return Done(receipts, desk.changed, desk.actors)


intake = GroupCommit(lambda arrivals: receive(by=WORKER, arrivals=arrivals))  # for whoever brings one at a time


WAS = {True: {"fr": "simulé", "en": "simulated"}, False: {"fr": "réel", "en": "real"}}


@action("collect.receive_file", allow=(SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER))
def receive_file(*, by, raw, filename, tool, simulated=False):
    """Take in a file for a tool to read. The same file again is the same submission.

    A file may speak of any area: a role limited to one does not take it in.
    """
    places.require_area(by, "collect.receive_file", "")
    if tool not in registry.tool_codes():
        known = registry.tool_codes()
        raise TaamaError("facts.tool_unknown", Where(file=filename), {"tool": tool, "known": known})
    sha256 = hashlib.sha256(raw).hexdigest()
    earlier = Submission.objects.filter(instance_id=f"file:{sha256}").first()
    if earlier is None:
        return Submission.objects.create(
            instance_id=f"file:{sha256}", tool=tool, origin=Submission.Origin.FILE, filename=filename[:200],
            raw=raw, sha256=sha256, received_at=timezone.now(), simulated=simulated,
        )  # fmt: skip
    if earlier.state in REMOVED:
        raise TaamaError("collect.file_removed", Where(file=filename), status=409)
    if earlier.tool != tool:
        values = {"tool": earlier.tool, "asked": tool}
        raise TaamaError("collect.file_of_other_tool", Where(file=filename), values, status=409)
    if earlier.simulated != simulated:
        values = {"was": WAS[earlier.simulated], "id": earlier.instance_id}
        raise TaamaError("collect.file_is_simulated", Where(file=filename), values, status=409)
    return Done(earlier)
