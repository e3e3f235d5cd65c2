"""What the loader notes about its reading. Nothing here is journalled: it can all be derived again."""

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.policy import SYSTEM
from taama.collect.models import Finding, NamedFile, Submission
from taama.forms.actions.publishing import note_reread


@action("collect.mark_attempted", allow=(SYSTEM,))
def mark_attempted(*, by, submissions):
    """Note, before the lake is written, whose facts may stand there from now on."""
    Submission.objects.filter(pk__in=[s.pk for s in submissions], attempted=False).update(attempted=True)
    return Done()


@action("collect.record_reading", allow=(SYSTEM,))
def record_reading(*, by, states, left, findings, areas=None):
    """Note what became of each submission, its area and what the checks found, replacing what was found before."""
    now = timezone.now()
    for state in set(states.values()):
        keys = [key for key, its_state in states.items() if its_state == state]
        Submission.objects.filter(pk__in=keys, state=Submission.State.PENDING).update(
            state=state, derived_at=now
        )
    _note_areas(states, areas or {})
    Submission.objects.filter(pk__in=[s.pk for s in left]).update(attempted=False)
    Finding.objects.filter(submission_id__in=list(states)).delete()
    rows = [Finding(submission_id=f.pop("submission"), **f) for f in map(_plain, findings)]
    Finding.objects.bulk_create(rows, batch_size=500)
    return Done()


def _note_areas(keys, areas):
    together = {}
    for key in keys:
        together.setdefault(areas.get(str(key), ""), []).append(key)
    for area, found in together.items():
        Submission.objects.filter(pk__in=found).exclude(area=area).update(area=area)


def _plain(finding):
    """Without nulls where the table wants a text."""
    return finding | {"field": finding["field"] or "", "values": finding["values"] or {}}


@action("collect.note_files", allow=(SYSTEM,))
def note_files(*, by, named):
    """Note which files submissions name: key of the submission → names. Not of what was erased meanwhile."""
    kept = Submission.objects.filter(pk__in=list(named), raw__isnull=False).values_list("pk", flat=True)
    rows = [NamedFile(submission_id=key, filename=name) for key in kept for name in named[key]]
    NamedFile.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    Submission.objects.filter(pk__in=list(named)).update(files_noted=True)
    return Done(len(named))


@action("collect.give_to_tool", allow=(SYSTEM,))
def give_to_tool(*, by, form):
    """What a form only collected waits to be read by the tool that was named since."""
    unread = Submission.objects.filter(form_version__form=form, state=Submission.State.UNREAD, encrypted=False)
    unread.update(tool=form.tool, state=Submission.State.PENDING)
    note_reread(by=by, form=form)
    return Done()
