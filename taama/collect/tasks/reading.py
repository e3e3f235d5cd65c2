"""Reading a batch of submissions with their tool: facts, findings, and what could not be read. Writes nothing."""

import json
import logging
from dataclasses import dataclass, field

import polars as pl

from taama.base.errors import TaamaError
from taama.base.policy import WORKER
from taama.collect.methods import repeat_paths, sent_from_instances
from taama.collect.models import Submission
from taama.facts import registry
from taama.facts.tools import ERROR, FINDING_COLUMNS, Sent

log = logging.getLogger("taama.collect")


@dataclass
class Reading:
    """What a batch says. `facts`: Table → conforming frame; `held`: submissions that an error holds back;
    `areas`: submission → key of the smallest area that it speaks of, where the tool can tell."""

    facts: dict = field(default_factory=dict)
    findings: list = field(default_factory=list)  # dicts of FINDING_COLUMNS, `values` as a dict
    held: set = field(default_factory=set)
    failed: set = field(default_factory=set)
    areas: dict = field(default_factory=dict)


def context(tool):
    """The frames of context that the tool asks for."""
    return {name: registry.known(name, WORKER) for name in tool.known}


def read(tool, submissions, known):
    """Read a batch; when one submission breaks it, read one by one so that it alone fails."""
    try:
        return _read_together(tool, submissions, known)
    except Exception as error:
        if len(submissions) == 1:
            return _failed(submissions[0], error)
        log.warning("batch read one by one", extra={"tool": tool.code, "count": len(submissions)})
    return _join(tool, [read(tool, [submission], known) for submission in submissions])


def _read_together(tool, submissions, known):
    reading = Reading()
    sent = open_all(tool, submissions, known)
    reading.areas = _areas(tool, sent, known)
    found = [frame for check in tool.checks if (frame := check(sent, known)).height]
    rows = [row for frame in found for row in frame.select(FINDING_COLUMNS).to_dicts()]
    reading.findings = [row | {"values": json.loads(row["values"] or "{}")} for row in rows]
    errors = (row for row in reading.findings if row["level"] == ERROR)
    reading.held = {row["submission"] for row in errors if not _of_one_line(tool, row)}
    kept = _without(sent, reading.held)
    for table, mapping in tool.facts.items():
        reading.facts[table] = table.conform(_with_source(mapping(kept, known), tool, submissions))
    return reading


def _areas(tool, sent, known):
    """Also of what an error holds back: somebody of that area must mend it."""
    if tool.area is None:
        return {}
    return dict(tool.area(sent, known).select("submission", "area").drop_nulls().iter_rows())


def _of_one_line(tool, finding):
    """An error on a line of a file holds back that line, not the file: the tool's mapping leaves it out."""
    return tool.open is not None and finding["row"] is not None


def open_all(tool, submissions, known):
    """The batch as the tool wants to see it."""
    if tool.open is None:
        return sent_from_instances([(_meta(s), bytes(s.raw)) for s in submissions], _repeats(submissions))
    mains = []
    for submission in submissions:
        opened = tool.open(bytes(submission.raw), submission.filename, known).main
        mains.append(opened.with_columns(pl.lit(str(submission.pk)).alias("submission")))
    return Sent(main=pl.concat(mains, how="diagonal_relaxed"))


def _repeats(submissions):
    """A repeat that was filled in once looks like a group: the form tells them apart."""
    versions = {s.form_version_id: s.form_version for s in submissions if s.form_version_id}
    return frozenset().union(*(repeat_paths(bytes(version.xform)) for version in versions.values()))


def _meta(submission):
    return {
        "submission": str(submission.pk),
        "form_version": submission.form_version.version if submission.form_version_id else "",
        "received_at": submission.received_at,
        "simulated": submission.simulated,
    }


def _without(sent, held):
    if not held:
        return sent
    return Sent(
        main=sent.main.filter(~pl.col("submission").is_in(list(held))),
        repeats={n: f.filter(~pl.col("submission").is_in(list(held))) for n, f in sent.repeats.items()},
    )


def _with_source(frame, tool, submissions):
    simulated = [str(s.pk) for s in submissions if s.simulated]
    return frame.with_columns(
        pl.lit(tool.code).alias("tool"),
        pl.lit(tool.version).alias("tool_version"),
        pl.col("submission").is_in(simulated).alias("simulated"),
    )


def _failed(submission, error):
    """Nothing is lost: the raw bytes stand, and the finding says why they could not be read."""
    code = error.code if isinstance(error, TaamaError) else "collect.unreadable"
    values = error.values if isinstance(error, TaamaError) else {"kind": type(error).__name__}
    where = error.where if isinstance(error, TaamaError) else None
    log.warning("submission not read", extra={"code": code, "tool": submission.tool})
    finding = {
        "submission": str(submission.pk),
        "row": where.row if where else None,
        "field": (where.column or where.field or where.sheet) if where else "",
        "level": ERROR,
        "code": code,
        "values": values,
    }
    return Reading(findings=[finding], failed={str(submission.pk)})


def _join(tool, readings):
    joined = Reading()
    for reading in readings:
        joined.findings += reading.findings
        joined.held |= reading.held
        joined.failed |= reading.failed
        joined.areas |= reading.areas
    for table in tool.facts:
        frames = [r.facts[table] for r in readings if table in r.facts]
        joined.facts[table] = pl.concat(frames) if frames else table.empty()
    return joined


def state_of(submission, reading):
    key = str(submission.pk)
    if key in reading.failed:
        return Submission.State.FAILED
    return Submission.State.HELD if key in reading.held else Submission.State.DERIVED
