"""What people decide about a submission: its state, comments, corrections; and how its form wants to be reviewed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from taama.base.models import Record, User
from taama.base.sensitivity import S0, S1, S2
from taama.collect.models import Submission
from taama.forms.models import Form


class FormRule(Record):
    """How the submissions of a form are looked through. A question left blank is found by its usual names."""

    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="rule")
    approval_since = models.DateTimeField(null=True, blank=True)  # what came later counts once it is approved
    enumerator_question = models.CharField(max_length=200, blank=True)
    round_question = models.CharField(max_length=200, blank=True)
    consent_question = models.CharField(max_length=200, blank=True)
    secret = models.JSONField(default=list)  # paths of what was confidential when its submissions were read

    sensitivity = {
        "form": S0, "approval_since": S1, "enumerator_question": S1, "round_question": S1,
        "consent_question": S1, "secret": S1,
    }  # fmt: skip

    def __str__(self):
        return f"rule of {self.form_id}"


class Review(Record):
    """Where a submission stands. The journal says who changed it, and when."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        ISSUES = "issues", _("Has issues")
        EDITED = "edited", _("Edited")  # an edit or a correction, to be looked at again
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")  # its facts leave; they come back when it is no longer

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="review")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="reviews")

    sensitivity = {"submission": S1, "state": S1, "reviewer": S1}

    class Meta:
        indexes = [models.Index(fields=["state", "submission"], name="review_state")]

    def __str__(self):
        return f"{self.state} {self.submission_id}"


class Comment(Record):
    """What somebody wrote beside a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="comments")
    text = models.CharField(max_length=1000)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="comments")
    at = models.DateTimeField()

    sensitivity = {"submission": S1, "text": S2, "author": S1, "at": S1}
    journal_without_values = True

    class Meta:
        ordering = ["at"]

    def __str__(self):
        return f"comment on {self.submission_id}"


class Correction(Record):
    """One value that the desk changed: the submission is the new one, the bytes of the former stay as they came."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="corrections")
    path = models.CharField(max_length=300)
    rows = models.CharField(max_length=60, blank=True)  # rows of the repeats it lies in: `2` or `2.1`
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True)  # blank: calculated from what was corrected
    despite = models.JSONField(
        default=list
    )  # rules of the form that it breaks, knowingly: {code, path, values}
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="corrections")
    at = models.DateTimeField()

    sensitivity = {
        "submission": S1, "path": S1, "rows": S1, "before": S2, "after": S2, "reason": S2, "despite": S2, "author": S1,
        "at": S1,
    }  # fmt: skip
    journal_without_values = True

    class Meta:
        ordering = ["at"]

    def __str__(self):
        return f"{self.path} of {self.submission_id}"
