"""Deriving in batches: the one lake writer takes what is pending, reads it, writes facts, then says so.

Safe against a kill at any moment: before facts are written a submission is marked `attempted`; one that was
attempted before is replaced in the lake, never appended twice.
"""

import itertools

import polars as pl

from taama.base.policy import WORKER
from taama.collect.actions.keeping_out import keep_out
from taama.collect.actions.reading import give_to_tool, mark_attempted, record_reading
from taama.collect.models import GONE, Submission
from taama.collect.tasks.reading import Reading, context, read, state_of
from taama.facts import lake, registry
from taama.forms import queries as forms

BATCH = 1000
LEAVING = [Submission.State.KEPT_OUT, *GONE]


def derive_pending():
    """Derive one batch of what is pending. Returns how many submissions were dealt with."""
    if not any(found.exists() for found in (_coming(), _leaving(), forms.to_reread(WORKER))):
        return 0
    with lake.writing() as held:
        return derive_batch() if held else 0


def derive_batch():
    for form in forms.to_reread(WORKER):
        give_to_tool(by=WORKER, form=form)
    batch = [*_some(_leaving()), *admitted(_some(_coming()))]
    for code, group in itertools.groupby(sorted(batch, key=_by_tool), key=lambda s: s.tool):
        derive_group(code, list(group))
    return len(batch)


def _some(submissions):
    return list(submissions.select_related("form_version").order_by("id")[:BATCH])


def admitted(coming):
    """Those that no gate keeps out; the others wait until somebody lets them in."""
    closed = registry.closed_to(coming, WORKER)
    for reason in sorted(set(closed.values())):
        keep_out(by=WORKER, submissions=[s for s in coming if closed.get(s.pk) == reason], reason=reason)
    return [s for s in coming if s.pk not in closed]


def _coming():
    return Submission.objects.filter(state=Submission.State.PENDING)


def _leaving():
    """Those whose facts may still stand although they were replaced, kept out, withdrawn or erased."""
    return Submission.objects.filter(state__in=LEAVING, attempted=True)


def _by_tool(submission):
    return submission.tool, submission.pk


def derive_group(code, submissions):
    """One tool's submissions: those that leave lose their facts, the others get theirs."""
    tool = registry.tool(code) if code else None
    leaving = [s for s in submissions if s.state in LEAVING]
    coming = [s for s in submissions if s.state == Submission.State.PENDING]
    if tool is None:
        record_reading(
            by=WORKER, states={s.pk: Submission.State.UNREAD for s in coming}, left=leaving, findings=[]
        )
        return
    leaving = _with_predecessors(coming, leaving)
    again = {str(s.pk) for s in coming if s.attempted or s.replaces_id}
    mark_attempted(by=WORKER, submissions=coming)
    reading = read(tool, coming, context(tool)) if coming else Reading()
    write_facts(tool, reading, again | {str(s.pk) for s in leaving})
    forget_for_good(tool, leaving)
    states = {s.pk: state_of(s, reading) for s in coming}
    record_reading(by=WORKER, states=states, left=leaving, findings=reading.findings, areas=reading.areas)


def _with_predecessors(coming, leaving):
    """What an edit replaces leaves in the same commit in which the edit arrives."""
    known = {s.pk for s in leaving}
    former = [s.replaces_id for s in coming if s.replaces_id and s.replaces_id not in known]
    return leaving + list(Submission.objects.filter(pk__in=former, attempted=True))


def forget_for_good(tool, leaving):
    """What was erased is in no old file of the lake either."""
    if any(s.state == Submission.State.ERASED for s in leaving):
        for table in tool.facts:
            lake.vacuum(table, hours=0)


def write_facts(tool, reading, touched):
    """Fresh rows are appended; rows of submissions that may already stand in the lake are replaced."""
    for table in tool.facts:
        frame = reading.facts.get(table, table.empty())
        if touched:
            known = pl.col("submission").is_in(list(touched))
            lake.replace(table, frame.filter(known), sorted(touched))
            frame = frame.filter(~known)
        lake.append(table, frame)
