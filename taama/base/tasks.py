"""Work of the base: sealing the journal, leaving no copy of what was erased."""

from contextlib import suppress

from django.db import OperationalError, connection

from taama.base import journal
from taama.base.work import lease


def seal_journal():
    """Seal what waits, if no other process is sealing."""
    if not journal.JournalEntry.objects.filter(sequence__isnull=True).exists():
        return 0
    with lease("journal") as held:
        return journal.seal() if held else 0


def empty_log():
    """SQLite's log keeps former pages, also of what was erased, until it is emptied. Returns 0: once an hour is enough."""
    if connection.vendor == "sqlite":
        with suppress(OperationalError), connection.cursor() as cursor:  # somebody writes: an hour later, then
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return 0
