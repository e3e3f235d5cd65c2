"""Deciding on submissions: their state, comments, who looks at them, and what counts only once it is approved."""

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.base.models import Role, User
from taama.base.policy import SYSTEM, WORKER
from taama.collect import queries as collect
from taama.collect.actions.keeping_out import keep_out, let_in
from taama.collect.models import Submission
from taama.places import queries as places
from taama.review.models import Comment, FormRule, Interview, Review
from taama.review.queries.reviewing import APPROVAL, GONE, IN_ONE_TURN, unapproved

DECIDERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)
HEAVY = ("raw", "form_version__xform", "form_version__source")
REJECTED = "rejected"  # the reason under which a rejected submission is kept out


@action("review.decide", allow=DECIDERS)
def decide(*, by, submissions, state, comment=""):
    """Give submissions a state, with a comment that a rejection must have. What is rejected leaves the figures."""
    if state not in Review.State.values:
        raise TaamaError("review.state_unknown", values={"state": state})
    if state == Review.State.REJECTED and not comment.strip():
        raise TaamaError("review.comment_missing")
    submissions = _current(by, "review.decide", submissions)
    changed = _set(submissions, state=state)
    written = _comment(by, submissions, comment)
    _let_count(by, submissions)
    return Done(len(changed), [*changed, *written])


@action("review.comment", allow=collect.READERS)
def comment(*, by, submissions, text):
    """Write the same beside submissions. Returns how many."""
    _require_few(submissions)
    collect.require_reach(by, "review.comment", *submissions)
    if not text.strip():
        raise TaamaError("review.comment_missing")
    written = _comment(by, submissions, text)
    return Done(len(written), written)


@action("review.assign", allow=DECIDERS)
def assign(*, by, submissions, reviewer):
    """Ask somebody to review submissions; nobody in particular where `reviewer` is None."""
    submissions = _current(by, "review.assign", submissions)
    changed = _set(submissions, reviewer=reviewer)
    return Done(len(changed), changed)


@action("review.set_rule", allow=DECIDERS)
def set_rule(*, by, form, approval, enumerator_question="", round_question="", consent_question=""):
    """Say how a form is looked through: whether its submissions count only once they are approved, who asked.

    What counts already goes on counting; when approval is no longer wanted, the worker lets in what waited for it.
    """
    places.require_area(by, "review.set_rule", "")
    rule = FormRule.objects.filter(form=form).first() or FormRule(form=form)
    questions = [told.strip() for told in (enumerator_question, round_question, consent_question)]
    if questions != [rule.enumerator_question, rule.round_question, rule.consent_question]:
        Interview.objects.filter(form=form).delete()  # the worker reads them again
    rule.enumerator_question, rule.round_question, rule.consent_question = questions
    rule.approval_since = (rule.approval_since or timezone.now()) if approval else None
    rule.save()
    return rule


def _require_few(submissions):
    if len(submissions) > IN_ONE_TURN:
        raise TaamaError("review.too_many", values={"most": IN_ONE_TURN})


def _current(by, rule, submissions):
    """These submissions as they are now: among many, an edit may have replaced one since the page was made."""
    _require_few(submissions)
    keys = {one.pk for one in submissions}
    found = Submission.objects.filter(pk__in=keys).select_related("form_version").defer(*HEAVY)
    found = list(found.select_for_update(of=("self",)))
    if len(found) < len(keys) or any(one.state in GONE for one in found):
        raise TaamaError("collect.no_longer_current", status=409)
    collect.require_reach(by, rule, *found)
    return found


def _set(submissions, **values):
    """Write these values into the reviews, made where there are none. Returns those that changed."""
    there = set(Review.objects.filter(submission__in=submissions).values_list("submission_id", flat=True))
    Review.objects.bulk_create(
        [Review(submission=s) for s in submissions if s.pk not in there], batch_size=200
    )
    reviews = Review.objects.filter(
        submission__in=submissions
    )  # read again: the journal tells from what to what
    changed = [r for r in reviews if any(getattr(r, name) != value for name, value in values.items())]
    for one in changed:
        for name, value in values.items():
            setattr(one, name, value)
    Review.objects.bulk_update(changed, list(values), batch_size=200)
    return changed


def _comment(by, submissions, text):
    if not text.strip():
        return []
    author = User.objects.filter(pk=by.id).first() if by.kind == "signed_in" else None
    made = [
        Comment(submission=one, text=text.strip()[:1000], author=author, at=timezone.now())
        for one in submissions
    ]
    return Comment.objects.bulk_create(made, batch_size=200)


def _let_count(by, submissions):
    """Keep out what is rejected or waits for approval; let in what neither holds any longer."""
    rejected = set(
        Review.objects.filter(submission__in=submissions, state=Review.State.REJECTED).values_list(
            "submission_id", flat=True
        )
    )
    waiting = unapproved(WORKER, [s for s in submissions if s.pk not in rejected])
    out = Submission.State.KEPT_OUT
    to_reject = [s for s in submissions if s.pk in rejected and (s.state != out or s.reason != REJECTED)]
    to_wait = [s for s in submissions if s.pk in waiting and s.state != out]
    to_come = [s for s in submissions if s.state == out and s.pk not in rejected and s.pk not in waiting]
    for chosen, reason in ((to_reject, REJECTED), (to_wait, APPROVAL)):
        if chosen:
            keep_out(by=by, submissions=chosen, reason=reason)
    if to_come:
        let_in(by=by, submissions=to_come)
