"""Letting in what waited for an approval that its form wants no longer, some at a time: phones send meanwhile."""

from taama.base.policy import WORKER
from taama.collect.actions.keeping_out import let_in
from taama.collect.models import Submission
from taama.forms.models import FormVersion
from taama.review.models import FormRule
from taama.review.queries.reviewing import APPROVAL, IN_ONE_TURN


def let_in_unheld():
    """Returns how many were let in."""
    free = FormRule.objects.filter(approval_since__isnull=True).values("form")
    versions = list(FormVersion.objects.filter(form__in=free).values_list("pk", flat=True))
    waiting = Submission.objects.filter(
        form_version__in=versions, state=Submission.State.KEPT_OUT, reason=APPROVAL
    )
    some = list(waiting.order_by("id").defer("raw")[:IN_ONE_TURN]) if versions else []
    return len(let_in(by=WORKER, submissions=some)) if some else 0
