"""Keeping only what may be kept, and the lake in few files."""

import logging
from datetime import timedelta

from django.utils import timezone

from taama.base.models import JournalEntry
from taama.base.policy import WORKER
from taama.collect.actions import removal
from taama.facts import lake, registry

VACUUM_HOURS = 7 * 24
SETTLED, LONGEST_PAUSE = timedelta(days=7), timedelta(days=90)
log = logging.getLogger("taama.collect")


def erase_expired():
    """Erase some of what its form keeps no longer. Returns how many; nothing as long as the clock may be wrong."""
    if not clock_is_settled(timezone.now()):
        log.warning("nothing is erased before the clock has been right for a week")
        return 0
    return removal.erase_expired(by=WORKER)


def clock_is_settled(now):
    """Whether this office was at work a week ago by this clock. One that leapt ahead by years would say that all may
    be erased; a week is time to see that it is wrong."""
    return JournalEntry.objects.filter(at__gte=now - LONGEST_PAUSE, at__lt=now - SETTLED).exists()


def tidy_lake():
    """Join small files and drop those that no recent version needs. Returns 0: there is nothing to repeat."""
    with lake.writing() as held:
        if held:
            for table in registry.tables().values():
                lake.compact(table)
                lake.vacuum(table, VACUUM_HOURS)
    return 0
