"""From what was sent to entries: which lists forms fill, what submissions say, what has waited long enough."""

from datetime import timedelta

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import MethodError
from taama.base.policy import SYSTEM
from taama.collect.models import Submission
from taama.entities.actions.book import Book, State
from taama.entities.actions.erasing import Erasure
from taama.entities.methods.applying import HELD_DAYS
from taama.entities.methods.declared import read_declaration
from taama.entities.methods.said import read_said
from taama.entities.models import EntityChange, EntityList, EntityProperty, FormUse, ReadSubmission
from taama.entities.queries.serving import declared
from taama.forms.models import FormVersion
from taama.forms.queries import confidential

REMOVED = (Submission.State.WITHDRAWN, Submission.State.ERASED)


@action("entities.note_forms", allow=(SYSTEM,))
def note_forms(*, by, versions):
    """Note which lists form versions fill and read, and make the lists and properties that are new."""
    changed = []
    for version in versions:
        try:
            found = read_declaration(bytes(version.xform))
        except MethodError:  # published before there were lists: it is collected, and fills none
            changed.append(FormUse.objects.create(form_version=version))
            continue
        uses = FormUse(form_version=version, fills=sorted(found.fills), reads=sorted(found.reads))
        uses.save()
        changed.append(uses)
        for name, properties in found.fills.items():
            changed += _list(name, version.form.sensitivity_class, properties)
    return Done(len(versions), changed)


def _list(name, sensitivity_class, properties):
    """The list of this name with these properties; what of it is new. It is never less protected than its forms."""
    found, made = EntityList.objects.get_or_create(
        name=name, defaults={"sensitivity_class": sensitivity_class}
    )
    changed = [found] if made else []
    if found.sensitivity_class < sensitivity_class:
        found.sensitivity_class = sensitivity_class
        found.save(update_fields=["sensitivity_class"])
        changed = [found]
    known = list(found.properties.values_list("name", flat=True))
    new = [one for one in properties if one not in known]
    rows = [EntityProperty(list=found, name=one, position=len(known) + n) for n, one in enumerate(new)]
    return changed + EntityProperty.objects.bulk_create(rows)


@action("entities.read_submissions", allow=(SYSTEM,))
def read_submissions(*, by, submissions):
    """Read what submissions say of entries, and apply it. Returns how many changes that made."""
    spoken, formers = [], []
    lists = dict(EntityList.objects.values_list("name", "pk"))
    versions = FormVersion.objects.select_related("form").defer("source")
    versions = versions.in_bulk({one.form_version_id for one in submissions})
    secret = {key: confidential(by, version.form.form_id) for key, version in versions.items()}
    for submission in submissions:
        key = submission.form_version_id
        declaration = declared(by, versions[key]).without(secret[key])
        changes, former = _changes(submission, declaration, lists)
        spoken.append((submission, changes))
        formers += former
    book = Book(by, [(one.list_id, one.name) for _, changes in spoken for one in changes])
    for submission, changes in spoken:
        area = submission.device.area if submission.device_id else ""
        book.say(changes, home=area, simulated=submission.simulated)
    changed = book.turn().write()
    ReadSubmission.objects.bulk_create([ReadSubmission(submission=one) for one in submissions])
    return Done(len(changed), [*changed, *formers])


def _changes(submission, declaration, lists):
    """(what a submission says, as new rows; rows of the submissions that it edits and that it replaces)."""
    try:
        reading = read_said(bytes(submission.raw), declaration)
    except MethodError:  # quarantine and the desk tell people about it
        return [], []
    moment = min(reading.made_at or submission.received_at, submission.received_at)
    rows = [_row(submission, said, lists[said.list_name], moment) for said in reading.said]
    earlier = _said_by_line(submission) if submission.replaces_id else []
    done = {(one.list_id, one.name) for one in earlier if one.state == State.APPLIED}
    for row in rows:
        if (row.list_id, row.name) in done:
            row.state, row.code = State.DROPPED, "entities.edited_already"
    replaced = [one for one in earlier if one.state in (State.HELD, State.APPROVAL)]
    return rows, _drop(replaced, "entities.submission_replaced")


def _row(submission, said, key, moment):
    return EntityChange(
        list_id=key, name=said.entity, submission=submission, position=said.position, made_at=timezone.now(),
        key=f"{submission.instance_id}#{said.position}", state=State.FAILED if said.fault else State.HELD,
        code=said.fault, given=said.given[:120], creates=said.creates, updates=said.updates, values=said.values,
        moment=moment, base=said.base, trunk=said.trunk, branch=said.branch,
    )  # fmt: skip


def _said_by_line(submission):
    """What the submissions before an edit said."""
    found, former = [], submission.replaces
    while former is not None:
        found += EntityChange.objects.filter(submission=former)
        former = former.replaces
    return found


def _drop(rows, code):
    for row in rows:
        row.state, row.code = State.DROPPED, code
    EntityChange.objects.bulk_update(rows, ["state", "code"])
    return rows


@action("entities.apply_overdue", allow=(SYSTEM,))
def apply_overdue(*, by, now=None, limit=200):
    """Apply what has waited too long for an earlier change, and drop what was withdrawn while it waited."""
    now = now or timezone.now()
    unapplied = EntityChange.objects.exclude(state="applied")  # as its index says it
    waiting = unapplied.filter(state__in=(State.HELD, State.APPROVAL))
    dropped = _drop(
        list(waiting.filter(submission__state__in=REMOVED)[:limit]), "entities.submission_removed"
    )
    late = unapplied.filter(state=State.HELD, made_at__lte=now - timedelta(days=HELD_DAYS))
    subjects = list(late.order_by("made_at").values_list("list_id", "name")[:limit])
    changed = Book(by, subjects, now).turn().write() if subjects else []
    return Done(len(changed) + len(dropped), [*changed, *dropped])


@action("entities.forget_erased", allow=(SYSTEM,))
def forget_erased(*, by, limit=200):
    """Take what erased submissions said out of the entries; an entry of which nothing else is known goes."""
    erased = EntityChange.objects.filter(submission__state=Submission.State.ERASED, erased=False)
    rows = list(erased.exclude(submission__reason="expired").order_by("id")[:limit])
    return Done(len(rows), Erasure(by, rows).changed)
