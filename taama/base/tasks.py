"""Work of the base: sealing the journal."""

from taama.base import journal
from taama.base.work import lease


def seal_journal():
    """Seal what waits, if no other process is sealing."""
    if not journal.JournalEntry.objects.filter(sequence__isnull=True).exists():
        return 0
    with lease("journal") as held:
        return journal.seal() if held else 0
