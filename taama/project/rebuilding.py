"""Deriving everything again: to heal or move a lake, to prove that it says what was sent, or as of a moment past."""

import itertools
import tempfile
from collections import Counter
from dataclasses import dataclass

import polars as pl
from deltalake import DeltaTable, write_deltalake

from taama.base import journal
from taama.base.errors import TaamaError
from taama.base.models import JournalEntry
from taama.collect.models import Submission
from taama.collect.tasks.reading import context, read
from taama.facts import engines, lake, registry

BATCH = 2000
RECEIVED = (
    "collect.receive", "collect.receive_file", "collect.release_quarantined", "collect.join_edits",
    "collect.take_correction", "collect.mend_quarantined",
)  # fmt: skip
LEFT = ("collect.withdraw_submission", "collect.erase_submission")
OUT, IN = "collect.keep_out", "collect.let_in"


@dataclass(frozen=True)
class TableCheck:
    """One table of the lake against what the submissions say."""

    table: str
    rows_in_lake: int
    rows_derived: int
    equal: bool


def require_position(as_of):
    """A position that the journal has reached; raises with the last one otherwise."""
    if not 0 <= as_of <= (last := journal.position()):
        raise TaamaError("project.no_position", values={"position": as_of, "last": last})


def derive_all(as_of=None, progress=lambda done, tool: None):
    """Pairs (table, frame), batch by batch, of what all submissions say, now or at a journal position.

    A tool that compares with earlier rounds sees the context of today: it can warn differently, never hold back
    differently, since only checks of the submission itself hold back.
    """
    done = 0
    for code in registry.tool_codes():
        tool = registry.tool(code)
        known = context(tool)
        for submissions in _batches(code, as_of):
            reading = read(tool, submissions, known)
            yield from reading.facts.items()
            done += len(submissions)
            progress(done, code)


def _batches(code, as_of):
    wanted = (
        Submission.objects.filter(tool=code, raw__isnull=False).select_related("form_version").order_by("id")
    )
    if as_of is None:
        wanted = wanted.filter(state__in=[Submission.State.DERIVED, Submission.State.HELD])
    for batch in _batched(wanted):
        yield batch if as_of is None else _standing_at(batch, as_of)


def _batched(wanted):
    stream = wanted.iterator(chunk_size=BATCH)
    while batch := list(itertools.islice(stream, BATCH)):
        yield batch


def _standing_at(batch, as_of):
    """Those of the batch that were received, and neither replaced, kept out nor withdrawn, at that journal position."""
    keys = {str(s.pk) for s in batch}
    successors = dict(Submission.objects.filter(replaces__in=batch).values_list("replaces_id", "id"))
    entries = JournalEntry.objects.filter(
        object_type="collect.submission",
        sequence__lte=as_of,
        object_id__in=keys | {str(s) for s in successors.values()},
    )
    entries = list(entries.order_by("sequence").values_list("object_id", "action"))
    received = {key for key, action in entries if action in RECEIVED}
    left = {key for key, action in entries if action in LEFT}
    last = {key: action for key, action in entries if action in (OUT, IN)}
    left |= {key for key, action in last.items() if action == OUT}
    left |= {str(old) for old, new in successors.items() if str(new) in received}
    return [s for s in batch if str(s.pk) in received - left]


def erased_since(as_of):
    """Name of a table → how many submissions that stood at that journal position fed it and have been erased since."""
    gone = Counter()
    for tool in filter(None, map(registry.tool, registry.tool_codes())):
        erased = (
            Submission.objects.filter(tool=tool.code, state=Submission.State.ERASED)
            .defer("raw")
            .order_by("id")
        )
        stood = sum(len(_standing_at(batch, as_of)) for batch in _batched(erased))
        for table in tool.facts if stood else ():
            gone[table.name] += stood
    return gone


def rebuild(progress=lambda done, tool: None):
    """Write the whole lake anew: aside first, then each table in one commit. Call with the lake's lease."""
    with tempfile.TemporaryDirectory(prefix="taama-rebuild-") as folder:
        aside = {}
        for table, frame in derive_all(progress=progress):
            aside[table] = f"{folder}/{table.name}"
            write_deltalake(aside[table], frame, mode="append")
        for table in registry.tables().values():
            if table in aside:
                rows = DeltaTable(aside[table]).to_pyarrow_dataset().scanner().to_reader()
                write_deltalake(lake.path_of(table), rows, mode="overwrite")
            else:
                lake.clear(table)


def derived_frames(as_of=None, progress=lambda done, tool: None):
    """Table name → one frame of all its rows, derived from submissions alone."""
    parts = {name: [table.empty()] for name, table in registry.tables().items()}
    for table, frame in derive_all(as_of, progress):
        parts[table.name].append(frame)
    return {name: pl.concat(frames) for name, frames in parts.items()}


def check(progress=lambda done, tool: None):
    """Does the lake say what the submissions say? One TableCheck for each table."""
    derived = derived_frames(progress=progress)
    results = []
    for name, table in registry.tables().items():
        standing = engines.collect(engines.read(table))
        equal = lake.content_hash(standing) == lake.content_hash(derived[name])
        results.append(TableCheck(name, standing.height, derived[name].height, equal))
    return results
