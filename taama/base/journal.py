"""The journal: who changed what, in an order that nobody can alter unseen.

Entries are written in the transaction of the change; sequence and hash chain are given later, in batches,
by the one holder of the sealing lease, so that writers never queue on the chain.
"""

import hashlib
import json
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from taama.base.group_commit import in_turn
from taama.base.models import JournalDetail, JournalEntry
from taama.base.sensitivity import S3

SEAL_BATCH, SEALED_AT_ONCE = 2000, 200
SEALING = """UPDATE base_journalentry SET sequence = given.column2, chain = given.column3
FROM (VALUES {places}) given WHERE base_journalentry.id = given.column1 AND sequence IS NULL"""
GENESIS = "0" * 64


def write(action, by, records, actors=None):
    """Append one entry for each record, with its digest and the fields that changed.

    `actors` holds the Viewer behind each record, when it was not `by` for all of them.
    """
    if not records:
        return
    now = timezone.now()
    entries, details = [], []
    for record, actor in zip(records, actors or [by] * len(records), strict=True):
        changes = changed_fields(record)
        entry = JournalEntry(
            node=settings.TAAMA_NODE,
            at=now,
            actor_kind=actor.kind,
            actor=actor.id,
            action=action,
            object_type=record._meta.label_lower,
            object_id=str(record.pk),
            digest=digest_of(record),
            detail_digest=sha256(canonical(changes)) if changes else "",
        )
        entries.append(entry)
        if changes:
            details.append(JournalDetail(entry=entry, changes=changes))
    JournalEntry.objects.bulk_create(entries, batch_size=500)
    JournalDetail.objects.bulk_create(details, batch_size=500)


def digest_of(record):
    """Hash of the record's content; a record that has its own (raw bytes) says so by `content_digest`."""
    own = getattr(record, "content_digest", None)
    return own or sha256(
        canonical({f.attname: record.__dict__.get(f.attname) for f in record._meta.concrete_fields})
    )


def changed_fields(record):
    """Field → [before, after] against what was loaded; confidential values are named, never copied."""
    before = getattr(record, "_as_loaded", None)
    if before is None or getattr(record, "journal_without_values", False):
        return {}
    changes = {}
    for fld in record._meta.concrete_fields:
        old, new = before.get(fld.attname), record.__dict__.get(fld.attname)
        if old != new:
            confidential = record.sensitivity.get(fld.name, S3) >= S3
            changes[fld.name] = [None, None] if confidential else [_plain(old), _plain(new)]
    return changes


def seal(limit=SEAL_BATCH):
    """Give the next unsealed entries their sequence and chain. Returns how many. Call under the sealing lease.

    All is computed beforehand and written a few at a time, so that no phone waits long for its turn.
    """
    last = JournalEntry.objects.filter(sequence__isnull=False).order_by("-sequence").first()
    sequence, chain = (last.sequence, last.chain) if last else (0, GENESIS)
    rows = []
    for entry in JournalEntry.objects.filter(sequence__isnull=True).order_by("id")[:limit]:
        sequence += 1
        chain = link(chain, entry, sequence)
        rows.append((JournalEntry._meta.pk.get_db_prep_value(entry.pk, connection), sequence, chain))
    for begin in range(0, len(rows), SEALED_AT_ONCE):
        _write_seals(rows[begin : begin + SEALED_AT_ONCE])
    return len(rows)


def _write_seals(rows):
    """(key, sequence, chain) in one plain statement: bulk_update takes twenty times as long."""
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    with in_turn(), connection.cursor() as cursor:
        cursor.execute(SEALING.format(places=places), [value for row in rows for value in row])


def position():
    """Sequence of the last sealed entry, 0 when there is none."""
    return (
        JournalEntry.objects.filter(sequence__isnull=False)
        .order_by("-sequence")
        .values_list("sequence", flat=True)
        .first()
        or 0
    )


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: entries whole, the first broken one, how many wait for their seal."""

    sealed: int
    broken_at: int | None
    unsealed: int
    erased_details: int


def verify(progress=lambda count: None):
    """Walk the chain from its beginning and stop at the first entry that does not fit."""
    chain, sequence, erased, broken = GENESIS, 0, 0, None
    entries = (
        JournalEntry.objects.filter(sequence__isnull=False).order_by("sequence").select_related("detail")
    )
    for entry in entries.iterator(chunk_size=2000):
        sequence += 1
        if (
            entry.sequence != sequence
            or entry.chain != link(chain, entry, sequence)
            or not _detail_fits(entry)
        ):
            broken = sequence
            break
        erased += bool(entry.detail_digest) and not hasattr(entry, "detail")
        chain = entry.chain
        progress(sequence)
    unsealed = JournalEntry.objects.filter(sequence__isnull=True).count()
    return Verdict(sequence if broken is None else broken - 1, broken, unsealed, erased)


def _detail_fits(entry):
    if not hasattr(entry, "detail"):
        return True
    return sha256(canonical(entry.detail.changes)) == entry.detail_digest


def link(previous, entry, sequence):
    fields = [
        previous,
        sequence,
        str(entry.id),
        entry.node,
        entry.at.isoformat(),
        entry.actor_kind,
        entry.actor,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.digest,
        entry.detail_digest,
    ]
    return sha256(canonical(fields))


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value):
    """A JSON value; numbers and booleans stay themselves, bytes become their hash."""
    if isinstance(value, bytes | memoryview):
        return sha256(bytes(value))
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def sha256(content):
    return hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()
