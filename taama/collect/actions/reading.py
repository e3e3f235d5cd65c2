"""What the loader notes about its reading. Nothing here is journalled: it can all be derived again."""

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.policy import SYSTEM
from taama.collect.models import Finding, Submission


@action("collect.mark_attempted", allow=(SYSTEM,))
def mark_attempted(*, by, submissions):
    """Note, before the lake is written, whose facts may stand there from now on."""
    Submission.objects.filter(pk__in=[s.pk for s in submissions], attempted=False).update(attempted=True)
    return Done()


@action("collect.record_reading", allow=(SYSTEM,))
def record_reading(*, by, states, left, findings):
    """Note what became of each submission and what the checks found, replacing what was found before."""
    now = timezone.now()
    for state in set(states.values()):
        keys = [key for key, its_state in states.items() if its_state == state]
        Submission.objects.filter(pk__in=keys, state=Submission.State.PENDING).update(
            state=state, derived_at=now
        )
    Submission.objects.filter(pk__in=[s.pk for s in left]).update(attempted=False)
    Finding.objects.filter(submission_id__in=list(states)).delete()
    rows = [Finding(submission_id=f.pop("submission"), **f) for f in map(_plain, findings)]
    Finding.objects.bulk_create(rows, batch_size=500)
    return Done()


def _plain(finding):
    """Without nulls where the table wants a text."""
    return finding | {"field": finding["field"] or "", "values": finding["values"] or {}}
