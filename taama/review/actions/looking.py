"""What the worker notes when it looks through submissions. Of this only the state of a review is journalled."""

from taama.base.doors import Done, action
from taama.base.policy import SYSTEM
from taama.collect.models import Submission
from taama.review.models import Comment, Correction, Doubt, FormRule, Interview, Review


@action("review.note_looks", allow=(SYSTEM,))
def note_looks(*, by, interviews, doubts):
    """Note what was read in submissions; what replaces another is marked as edited, for the same reviewer."""
    submissions = [interview.submission for interview in interviews]
    Doubt.objects.filter(submission__in=submissions).delete()
    Interview.objects.filter(submission__in=submissions).delete()
    Interview.objects.bulk_create(interviews, batch_size=200)
    Doubt.objects.bulk_create(doubts, batch_size=500)
    return Done(len(interviews), _edited([one for one in submissions if one.replaces_id]))


def _edited(submissions):
    there = set(Review.objects.filter(submission__in=submissions).values_list("submission_id", flat=True))
    former = Review.objects.filter(submission__in=[one.replaces_id for one in submissions])
    asked = dict(former.values_list("submission_id", "reviewer_id"))
    made = [
        Review(submission=one, state=Review.State.EDITED, reviewer_id=asked.get(one.replaces_id))
        for one in submissions
        if one.pk not in there
    ]
    return Review.objects.bulk_create(made)


@action("review.read_again", allow=(SYSTEM,))
def read_again(*, by, form, secret):
    """Forget what was read in submissions of a form: other answers are confidential now. The worker reads them again."""
    rule = FormRule.objects.filter(form=form).first() or FormRule(form=form)
    rule.secret = secret
    rule.save()
    Interview.objects.filter(form=form).delete()
    return Done()


@action("review.forget_erased", allow=(SYSTEM,))
def forget_erased(*, by):
    """Forget all that was read in submissions that were erased, and all that was written beside them."""
    for model in (Interview, Doubt, Comment, Correction):
        model.objects.filter(submission__state=Submission.State.ERASED).delete()
    return Done()
