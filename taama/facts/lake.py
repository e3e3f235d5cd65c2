"""The lake: Delta tables of facts, written by one process, read by many. All of it can be rebuilt.

Rows of a submission are replaced whole, in one Delta commit, so that a crash leaves either the old or the new rows
and a repetition changes nothing. Only the holder of the lease `lake` writes.
"""

import hashlib

from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import TableNotFoundError
from django.conf import settings

from taama.base.work import lease

LEASE = "lake"
KEYS_PER_STATEMENT = 2000


def path_of(table):
    """Where a table lives: `…/mobility/stock`."""
    return f"{settings.TAAMA_LAKE.rstrip('/')}/{table.name.replace('.', '/')}"


def writing():
    """The lease that every writer holds; yields False when another process has it."""
    return lease(LEASE)


def opened(table, version=None):
    """The Delta table, or None when nothing was ever written."""
    try:
        return DeltaTable(path_of(table), version=version)
    except TableNotFoundError:
        return None


def append(table, frame):
    """Add rows of submissions that have none yet. `frame` conforms to the table."""
    if frame.height:
        _write(table, frame, mode="append")


def replace(table, frame, submissions):
    """Make `frame` the rows of these submissions, whatever stood there: one commit, safe to repeat."""
    if opened(table) is None:
        append(table, frame)
        return
    for start in range(0, len(submissions), KEYS_PER_STATEMENT):
        some = submissions[start : start + KEYS_PER_STATEMENT]
        rows = frame.filter(frame["submission"].is_in(some))
        if rows.height:
            _write(table, rows, mode="overwrite", predicate=_is_one_of(some))
        else:
            opened(table).delete(_is_one_of(some))


def forget(table, submissions):
    """Remove the rows of these submissions."""
    replace(table, table.empty(), submissions)


def clear(table):
    """Empty a table before it is rebuilt."""
    if opened(table) is not None:
        _write(table, table.empty(), mode="overwrite")


def compact(table):
    """Join small files: nightly."""
    if delta := opened(table):
        delta.optimize.compact()


def vacuum(table, hours):
    """Remove files that no version newer than `hours` needs: after an erasure 0, else a week."""
    if delta := opened(table):
        delta.vacuum(retention_hours=hours, enforce_retention_duration=False, dry_run=False)


def version(table):
    delta = opened(table)
    return None if delta is None else delta.version()


def row_count(table):
    delta = opened(table)
    return 0 if delta is None else delta.count()


def content_hash(frame):
    """A hash of the rows of a frame, whatever their order: equal rows, equal hash.

    >>> import polars as pl
    >>> content_hash(pl.DataFrame({"a": [1, 2]})) == content_hash(pl.DataFrame({"a": [2, 1]}))
    True
    """
    ordered = frame.select(sorted(frame.columns)).sort(sorted(frame.columns), nulls_last=True)
    digest = hashlib.sha256()
    for batch in ordered.iter_slices(50_000):
        digest.update(batch.write_csv(include_header=False, null_value="\\N").encode())
    return digest.hexdigest()


def _write(table, frame, **options):
    write_deltalake(
        path_of(table),
        frame,
        writer_properties=WriterProperties(compression="ZSTD"),
        commit_properties=CommitProperties(max_commit_retries=5),
        **options,
    )


def _is_one_of(submissions):
    listed = ", ".join("'" + key.replace("'", "''") + "'" for key in submissions)
    return f"submission IN ({listed})"
