"""Keeping only what may be kept, and the lake in few files."""

import logging
from datetime import date

from django.conf import settings
from django.utils import timezone

from taama.base.policy import WORKER
from taama.collect.actions import removal
from taama.collect.methods.keeping import clock_is_settled
from taama.facts import lake, registry

VACUUM_HOURS = 7 * 24
DAYS_KEPT = 60
log = logging.getLogger("taama.collect")


def erase_expired():
    """Erase some of what its form keeps no longer. Returns how many; nothing as long as the clock may be wrong."""
    if not clock_is_settled(days_at_work(), timezone.localdate()):
        log.warning("nothing is erased before the clock has been right for a week")
        return 0
    return removal.erase_expired(by=WORKER)


def days_at_work():
    """The last days on which this worker ran, by its clock: kept in a file, so that a quiet office has them too."""
    path, today = settings.TAAMA_DATA_DIR / "days", timezone.localdate()
    known = path.read_text("utf-8").split() if path.exists() else []
    if str(today) not in known:
        known = [*known, str(today)][-DAYS_KEPT:]
        path.with_suffix(".new").write_text("\n".join(known), "utf-8")
        path.with_suffix(".new").rename(path)
    return [date.fromisoformat(day) for day in known]


def tidy_lake():
    """Join small files and drop those that no recent version needs. Returns 0: there is nothing to repeat."""
    with lake.writing() as held:
        if held:
            for table in registry.tables().values():
                lake.compact(table)
                lake.vacuum(table, VACUUM_HOURS)
    return 0
