"""What reviewers can know of submissions: lists by what they look for, one submission with all that belongs to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from taama.base import queries as base
from taama.base.doors import query
from taama.base.errors import MethodError
from taama.base.models import JournalEntry, Role, User
from taama.base.periods import BAMAKO
from taama.base.policy import SYSTEM
from taama.collect import queries as collect
from taama.collect.methods.instance import read_instance
from taama.collect.models import Finding, Submission
from taama.forms.models import Form, FormMedia, FormVersion
from taama.forms.queries import CONFIDED
from taama.places import queries as places
from taama.review.models import Comment, Correction, Doubt, FormRule, Interview, Review

READERS = collect.READERS
GONE = (Submission.State.REPLACED, Submission.State.WITHDRAWN, Submission.State.ERASED)
HEAVY = ("raw", "form_version__xform", "form_version__source", "interview__answers")
CONFLICT = "collect.edit_not_current"
MOST_CONFLICTS = 200
APPROVAL = "approval"  # the reason under which a gate keeps out what waits for approval
AT_MOST = 10_000  # counted, and decided on at once
IN_ONE_TURN = 200  # of them in one transaction: phones that send meanwhile must not wait for it


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; what is None, "" or () leaves the choice open.

    state     of the review; `states`: of the submission
    findings  `errors`, `doubts`, `any` or `none`; `files`: a file that it names has not come
    area      key of an area: what lies in it, in every version of the division
    first, last   days of receipt, in the time of the office
    versions  names of versions of the form
    """

    form: Form | None = None
    state: str = ""
    findings: str = ""
    area: str = ""
    device: str = ""
    enumerator: str = ""
    first: date | None = None
    last: date | None = None
    states: tuple = ()
    versions: tuple = ()


@query("review.selected", allow=READERS)
def selected(viewer, wanted):
    """The submissions within reach that fit, however they came and wherever they stand: for lists and for files."""
    return collect.within_reach(viewer).filter(_fits(viewer, wanted))


@query("review.submissions", allow=READERS)
def submissions(viewer, wanted):
    """The present submissions of forms that fit, the newest first. Without their bytes.

    Keys are made at receipt and sort by time, so that one index gives any page of a long list.
    """
    found = selected(viewer, wanted).filter(origin=Submission.Origin.OPENROSA)
    found = found.exclude(state__in=GONE).order_by("-id")
    related = ("form_version__form", "device", "review__reviewer", "interview")
    return found.select_related(*related).defer(*HEAVY)


@query("review.forms", allow=READERS)
def forms(viewer):
    """The forms, by title."""
    return Form.objects.order_by("title", "form_id")


def _fits(viewer, wanted):
    """The condition, by the cheapest tables that can tell."""
    fits = Q()
    if wanted.form is not None:
        versions = FormVersion.objects.filter(form=wanted.form)
        if wanted.versions:
            versions = versions.filter(version__in=wanted.versions)
        fits &= Q(form_version__in=list(versions.values_list("pk", flat=True)))
    if wanted.states:
        fits &= Q(state__in=wanted.states)
    if wanted.state == Review.State.RECEIVED:
        fits &= ~Exists(Review.objects.filter(submission=OuterRef("pk")).exclude(state=wanted.state))
    elif wanted.state:
        fits &= Q(review__state=wanted.state)
    if wanted.area:
        fits &= in_area(viewer, wanted.area)
    if wanted.device:
        fits &= Q(device__username=wanted.device)
    if wanted.enumerator:
        fits &= Q(interview__enumerator=wanted.enumerator)
    if wanted.first:
        fits &= Q(received_at__gte=_midnight(wanted.first))
    if wanted.last and wanted.last < date.max:
        fits &= Q(received_at__lt=_midnight(wanted.last + timedelta(days=1)))
    return fits & _with_findings(viewer, wanted.findings)


@query("review.in_area", allow=READERS)
def in_area(viewer, area, prefix=""):
    """The condition to lie in an area, as for reach: a submission's own area, or its phone's where its own is not known."""
    keys = sorted(places.within(viewer, {area}))
    unknown = {f"{prefix}area": "", f"{prefix}device__area__in": keys}
    return Q(**{f"{prefix}area__in": keys}) | Q(**unknown)


def _with_findings(viewer, kind):
    if kind == "files":
        return Exists(collect.missing_named(viewer).filter(submission=OuterRef("pk")))
    checks = Finding.objects.filter(submission=OuterRef("pk"))
    own = Exists(Doubt.objects.filter(submission=OuterRef("pk")))
    if kind == "errors":
        return Exists(checks.filter(level="error"))
    if kind == "doubts":
        return Exists(checks.filter(level="warning")) | own
    if kind == "any":
        return Exists(checks) | own
    return ~Exists(checks) & ~own if kind == "none" else Q()


def _midnight(day):
    return datetime.combine(day, datetime.min.time(), BAMAKO)


@query("review.finding_counts", allow=READERS)
def finding_counts(viewer, keys):
    """Primary key → (errors, doubts) of these submissions, their form's own rules among the doubts."""
    seen = list(collect.within_reach(viewer).filter(pk__in=keys).values_list("pk", flat=True))
    counts = {}
    for key, level, count in _counted(Finding, seen):
        errors, doubts = counts.get(key, (0, 0))
        counts[key] = (errors + count, doubts) if level == "error" else (errors, doubts + count)
    for key, _level, count in _counted(Doubt, seen):
        errors, doubts = counts.get(key, (0, 0))
        counts[key] = (errors, doubts + count)
    return counts


def _counted(model, seen):
    found = model.objects.filter(submission__in=seen).order_by()
    return found.values_list("submission_id", "level").annotate(count=Count("id"))


@query("review.doubts", allow=READERS)
def doubts(viewer, submission):
    """Where a submission breaks the rules of its own form."""
    found = Doubt.objects.filter(submission=submission, submission__in=collect.within_reach(viewer))
    return found.order_by("path", "rows")


@query("review.may_read_unclassed", allow=READERS)
def may_read_unclassed(viewer, submission):
    """Whether this viewer may read answers that no form gives a class: only those who see what is confidential there."""
    reach = places.reached(viewer, CONFIDED.allow)
    area = submission.area or (submission.device.area if submission.device else "")
    return reach is None or area in reach


@query("review.line", allow=READERS)
def line(viewer, submission):
    """A submission with what it replaced and what replaced it, the oldest first. Without their bytes."""
    found, current = [submission], submission
    while current := Submission.objects.filter(replaced_by=current).defer("raw").first():
        found.insert(0, current)
    current = submission
    while current := Submission.objects.filter(replaces=current).defer("raw").first():
        found.append(current)
    seen = set(collect.within_reach(viewer).filter(pk__in=[s.pk for s in found]).values_list("pk", flat=True))
    return [one for one in found if one.pk in seen]


@query("review.comments", allow=READERS)
def comments(viewer, submissions):
    """What was written beside these submissions, the oldest first."""
    return Comment.objects.filter(submission__in=submissions).select_related("author")


@query("review.corrections", allow=READERS)
def corrections(viewer, submissions):
    """What the desk changed in these submissions, the oldest first."""
    return Correction.objects.filter(submission__in=submissions).select_related("author", "submission")


@query("review.deeds", allow=READERS)
def deeds(viewer, submissions):
    """What the journal says of these submissions and their review: (entry, changed fields, name of who did it)."""
    reviews = Review.objects.filter(submission__in=submissions).values_list("pk", flat=True)
    keys = [str(key) for key in (*(s.pk for s in submissions), *reviews)]
    kinds = ("collect.submission", "review.review")
    found = JournalEntry.objects.filter(object_type__in=kinds, object_id__in=keys).select_related("detail")
    found = list(found.order_by("at", "id"))
    people = base.names_of(viewer, {e.actor for e in found if e.actor_kind == "signed_in"})
    return [(e, e.detail.changes if hasattr(e, "detail") else {}, people.get(e.actor, "")) for e in found]


@query("review.decided_between", allow=collect.KEEPERS)
def decided_between(viewer, begun, ended):
    """What this viewer decided between two moments, told by keys made then, and what stands so still.

    Returns former state → submissions, without their bytes; none that was replaced or decided on again
    """
    mine = JournalEntry.objects.filter(pk__gt=begun, pk__lt=ended, actor=viewer.id, action="review.decide")
    states = {}
    for entry in mine.filter(object_type="review.review").order_by("pk").select_related("detail"):
        before, after = (
            entry.detail.changes.get("state", (None, None)) if hasattr(entry, "detail") else (None, None)
        )
        states[entry.object_id] = (states.get(entry.object_id, (before,))[0], after)
    reach = collect.within_reach(viewer, collect.KEEPERS).exclude(state__in=GONE).defer("raw")
    standing = Review.objects.filter(pk__in=list(states), submission__in=reach).select_related("submission")
    found = {}
    for one in standing.defer("submission__raw"):
        before, after = states[str(one.pk)]
        if before and one.state == after:
            found.setdefault(before, []).append(one.submission)
    return found


@query("review.review", allow=READERS)
def review(viewer, submission):
    """Where a submission stands; one that was not looked at yet is received."""
    return Review.objects.filter(submission=submission).first() or Review(submission=submission)


@query("review.version_of", allow=READERS)
def version_of(viewer, submission):
    """The form version that was filled in, with its XForm, or None."""
    return FormVersion.objects.filter(pk=submission.form_version_id).defer("source").first()


@query("review.current_version", allow=READERS)
def current_version(viewer, form):
    """The version of a form that phones get now, with its XForm, or None."""
    return FormVersion.objects.filter(form=form, current=True).defer("source").first()


@query("review.media_of", allow=READERS)
def media_of(viewer, submission, names):
    """The files of these names that came to the phone with the form, with their content."""
    return list(FormMedia.objects.filter(form_version=submission.form_version_id, filename__in=names))


@query("review.conflicts", allow=collect.KEEPERS)
def conflicts(viewer, submissions):
    """Edits that wait because they name a version of these submissions that is no longer present."""
    names = {one.instance_id for one in submissions}
    forms = {one.form_version.form.form_id for one in submissions if one.form_version_id}
    waiting = collect.quarantine(viewer).filter(code=CONFLICT, form_id__in=forms).defer(None)
    return [one for one in waiting[:MOST_CONFLICTS] if _edits(one) in names]


@query("review.edited_by", allow=collect.KEEPERS)
def edited_by(viewer, aside):
    """The submission that an edit names as the one it changes, with its bytes, or None."""
    return collect.within_reach(viewer).filter(instance_id=_edits(aside)).first()


def _edits(aside):
    try:
        return read_instance(bytes(aside.raw or b"")).deprecated_id
    except MethodError:
        return ""


@query("review.visit_before", allow=READERS)
def visit_before(viewer, submission):
    """The submission of the same form on the same place in the round before, with its bytes, or None."""
    mine = Interview.objects.filter(submission=submission).first()
    if mine is None or not mine.place:
        return None
    former = Interview.objects.filter(form=mine.form_id, place=mine.place, day__lt=mine.day)
    former = former.exclude(submission__state__in=GONE).exclude(submission=submission)
    if mine.round:
        former = former.exclude(round=mine.round)
    found = former.filter(submission__in=collect.within_reach(viewer)).order_by("-day").first()
    return found and collect.submission(viewer, found.submission_id)


@query("review.reviewers", allow=READERS)
def reviewers(viewer):
    """Those who may be asked to review: accounts in force with the role of a data manager."""
    held = User.objects.filter(is_active=True, memberships__role=Role.DATA_MANAGER)
    return held.distinct().order_by("username")


@query("review.enumerators", allow=(SYSTEM, Role.DATA_MANAGER))
def enumerators(viewer, form):
    """Names and codes under which people collected with this form, where this viewer supervises."""
    reach = collect.within_reach(viewer, (SYSTEM, Role.DATA_MANAGER))
    found = Interview.objects.filter(form=form, submission__in=reach)
    return list(
        found.exclude(enumerator="")
        .values_list("enumerator", flat=True)
        .distinct()
        .order_by("enumerator")[:500]
    )


@query("review.rule_of", allow=READERS)
def rule_of(viewer, form):
    """How the submissions of a form are looked through."""
    return FormRule.objects.filter(form=form).first() or FormRule(form=form)


@query("review.unapproved", allow=(SYSTEM,))
def unapproved(viewer, submissions):
    """The gate of the loader: those of forms that want approval, which have none. Primary key → reason."""
    since = dict(
        FormRule.objects.filter(approval_since__isnull=False).values_list("form_id", "approval_since")
    )
    held = [s for s in submissions if s.form_version_id and _must_wait(s, since)]
    approved = Review.objects.filter(submission__in=held, state=Review.State.APPROVED)
    fine = set(approved.values_list("submission_id", flat=True))
    return {s.pk: APPROVAL for s in held if s.pk not in fine}


def _must_wait(submission, since):
    begin = since.get(submission.form_version.form_id)
    return begin is not None and submission.received_at >= begin
