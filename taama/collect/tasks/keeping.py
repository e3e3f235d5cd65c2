"""Keeping only what may be kept, and the lake in few files."""

from taama.base.policy import WORKER
from taama.collect.actions import removal
from taama.collect.tasks.rebuilding import tables
from taama.facts import lake

VACUUM_HOURS = 7 * 24


def erase_expired():
    """Erase some of what its form keeps no longer. Returns how many."""
    return removal.erase_expired(by=WORKER)


def tidy_lake():
    """Join small files and drop those that no recent version needs. Returns 0: there is nothing to repeat."""
    with lake.writing() as held:
        if held:
            for table in tables().values():
                lake.compact(table)
                lake.vacuum(table, VACUUM_HOURS)
    return 0
