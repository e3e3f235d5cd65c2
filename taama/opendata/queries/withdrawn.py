"""Sources that left since: what was published from them stands for ever, and says so."""

from functools import lru_cache
from hashlib import blake2s

from django.db import connection
from django.db.models import Q

from taama.base.doors import query
from taama.base.policy import ANYONE
from taama.collect.models import Submission
from taama.figures.figure import WITHDRAWN, is_submission
from taama.figures.models import PublishedFigure
from taama.figures.queries import every_snapshot
from taama.review.queries.reviewing import APPROVAL

# Rejected after publication counts too. What waits for approval does not: it may be an edit, and its first is there.
REJECTED = Q(state=Submission.State.KEPT_OUT) & ~Q(reason=APPROVAL)
REMOVED = Q(state__in=(Submission.State.WITHDRAWN, Submission.State.ERASED)) | REJECTED


@query("opendata.withdrawn_now", allow=(ANYONE,))
def withdrawn_now(viewer):
    """Short name of the set of submissions that left: what is kept of a page holds until this changes; '' for none."""
    gone = Submission.objects.filter(REMOVED).order_by("pk").values_list("pk").query
    with connection.cursor() as cursor:  # as the database keeps them: a UUID made of each takes most of the time
        cursor.execute(*gone.sql_with_params())
        keys = cursor.fetchall()
    return blake2s(repr(keys).encode(), digest_size=8).hexdigest() if keys else ""


@query("opendata.kept_for", allow=(ANYONE,))
def kept_for(viewer):
    """Short name of what has left: submissions, and snapshots with what replaces them. While it stays, so do answers."""
    rows = every_snapshot(viewer).filter(withdrawn_at__isnull=False).values_list("number", "replaced_by__number")
    return withdrawn_now(viewer), *rows


@query("opendata.withdrawn_marks", allow=(ANYONE,))
def withdrawn_marks(viewer, of):
    """Function(figure's id, its marks) → its marks, with `source_withdrawn` where a source of the figure left."""
    gone = _resting_on_removed(of.pk, withdrawn_now(viewer))
    return lambda pk, marks: sorted({*marks, WITHDRAWN}) if pk in gone else marks


@lru_cache(maxsize=16)
def _resting_on_removed(snapshot, gone):
    """Figures of a snapshot with a removed source. Parts and shares list none: they rest on those of their total."""
    if not gone:
        return frozenset()
    figures = PublishedFigure.objects.filter(snapshot=snapshot)
    rows = list(figures.values_list("pk", "series", "place", "period", "sources"))
    removed = _removed({source for *_, sources in rows for source in sources if is_submission(source)})
    own = {row[0] for row in rows if not removed.isdisjoint(row[4])}
    spots = {row[1:4] for row in rows if row[0] in own}
    return frozenset(own | {row[0] for row in rows if not row[4] and row[1:4] in spots})


def _removed(keys):
    """Those of these submissions that left, or of which a later edit left: nothing of them counts any more."""
    every, latest = set(), set(Submission.objects.filter(REMOVED).values_list("pk", flat=True))
    while latest:
        every |= latest
        before = Submission.objects.filter(replaced_by__in=latest).values_list("pk", flat=True)
        latest = set(before) - every
    return {key for key in map(str, every) if key in keys}
