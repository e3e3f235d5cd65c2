"""Publications: what would be published now, what was asked for, and how far it is."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from taama.base.doors import query
from taama.base.errors import NotAllowed
from taama.base.messages import message
from taama.base.policy import SYSTEM
from taama.collect import queries as collect
from taama.collect.models import Submission
from taama.figures import queries as figure_queries
from taama.figures.actions import publish_snapshot
from taama.opendata.methods.labels import label
from taama.opendata.queries.public import public_figures
from taama.publish.methods.differences import differences, total
from taama.publish.models import Publication
from taama.publish.queries.coverages import reaches
from taama.review.queries.reviewing import APPROVAL

ASKERS = publish_snapshot.rule.allow - {SYSTEM}
SHOWN = 10
SILENCE = timedelta(seconds=30)  # the worker looks every second: this long without it and something is wrong


@dataclass(frozen=True)
class Arrivals:
    """How many submissions wait or are held back; None is what the viewer may not know."""

    pending: int | None = None
    held: int | None = None
    failed: int | None = None
    aside: int | None = None
    approval: int | None = None


@query("publish.proposal", allow=ASKERS, everywhere=True)
def proposal(viewer, language):
    """What a snapshot made now would hold, against the newest one, and what would be missing from it."""
    working, newest = figure_queries.working(viewer), figure_queries.snapshots(viewer).first()
    found = differences(_by_key(viewer, newest), _by_key(viewer, working)) if working else []
    return {
        "working": working,
        "newest": newest,
        "differences": [(label(each.definition, language), each) for each in found if each.is_one],
        "unchanged": sum(not each.is_one for each in found),
        "total": total(found),
        "reaches": reaches(viewer, working, language) if working else [],
        "arrivals": _arrivals(viewer),
        "asked": list(publications(viewer)[:SHOWN]),
    }


def _by_key(viewer, snapshot):
    return {} if snapshot is None else {row["key"]: row for row in public_figures(viewer, snapshot)}


def _arrivals(viewer):
    states = (Submission.State.PENDING, Submission.State.HELD, Submission.State.FAILED)
    counts = [_count(lambda state=state: collect.submissions(viewer, state=state)) for state in states]
    kept = {"state": Submission.State.KEPT_OUT, "reason": APPROVAL}
    approval = _count(lambda: collect.within_reach(viewer).filter(**kept))
    return Arrivals(*counts, _count(lambda: collect.quarantine(viewer)), approval)


def _count(ask):
    try:
        return ask().count()
    except NotAllowed:
        return None


@query("publish.publications", allow=ASKERS, everywhere=True)
def publications(viewer):
    """What was asked for, newest first."""
    return Publication.objects.select_related("snapshot", "asked_by")


@query("publish.publication", allow=ASKERS, everywhere=True)
def publication(viewer, key, language):
    """One publication and how far it is, or None.

    Returns   dict: publication, ahead (how many are made first), silent (whether the worker seems to be off),
              fault (cause and remedy of a failure)
    """
    found = publications(viewer).filter(pk=key).first()
    if found is None:
        return None
    waiting = found.state == Publication.State.WAITING
    ahead = _waiting().filter(asked_at__lt=found.asked_at).count() if waiting else 0
    return {
        "publication": found,
        "ahead": ahead,
        "silent": waiting and not ahead and not found.begun_at and timezone.now() - found.asked_at > SILENCE,
        "fault": message(found.code, language, found.values) if found.code else None,
    }


@query("publish.next_publication", allow=(SYSTEM,))
def next_publication(viewer):
    """The oldest that is not settled, or None."""
    return _waiting().order_by("asked_at", "id").select_related("asked_by").first()


def _waiting():
    return Publication.objects.filter(state=Publication.State.WAITING)
