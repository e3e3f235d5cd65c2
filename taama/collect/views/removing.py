"""Taking out of use and erasing, in two steps: what will happen is said, then a person with a reason decides."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from taama.base.errors import TaamaError
from taama.base.requests import or_404
from taama.collect import queries
from taama.collect.actions.quarantine import discard_quarantined
from taama.collect.actions.removal import erase_quarantined, erase_submission, withdraw_submission
from taama.collect.models import Quarantined, Submission
from taama.collect.views.shown import page


@dataclass(frozen=True)
class Removal:
    """One way to remove: `name` is its address and chooses the words of its page; `before`, the states it begins in."""

    name: str
    act: Callable
    title: str
    done: str
    before: frozenset
    final: bool = False

    @property
    def rule(self):
        return self.act.rule.code

    @property
    def address(self):
        return f"collect-{self.name}"


UNSETTLED = frozenset({Quarantined.State.WAITING, Quarantined.State.DISCARDED})
KEPT = frozenset(Submission.State.values) - {Submission.State.ERASED}
WITHDRAW = Removal(
    "withdraw", withdraw_submission, _("Withdraw this submission"),
    _("The submission is withdrawn; its facts are removed within seconds."), KEPT - {Submission.State.WITHDRAWN},
)  # fmt: skip
ERASE = Removal(
    "erase", erase_submission, _("Erase this submission for good"),
    _("The submission is erased; its facts are removed within seconds."), KEPT, final=True,
)  # fmt: skip
DISCARD = Removal(
    "discard", discard_quarantined, _("Discard this submission"), _("The submission is discarded."),
    frozenset({Quarantined.State.WAITING}),
)  # fmt: skip
ERASE_ASIDE = Removal(
    "erase-aside", erase_quarantined, _("Erase this submission for good"), _("The submission is erased."), UNSETTLED,
    final=True,
)  # fmt: skip
OF_SUBMISSION, OF_ASIDE = (WITHDRAW, ERASE), (DISCARD, ERASE_ASIDE)


def removals_of(viewer, record):
    """The ways that are open to this viewer for a submission or an item put aside."""
    ways = OF_SUBMISSION if isinstance(record, Submission) else OF_ASIDE
    return [
        way for way in ways if record.state in way.before and queries.may_settle(viewer, way.rule, record)
    ]


def onward(viewer, item):
    """To the next that waits for the same reason; to the list where none does."""
    following = queries.next_aside(viewer, item)
    return redirect("collect-aside", key=following.pk) if following else redirect("collect-quarantine")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def of_submission(request, key, way):
    """What will happen to a submission, and then its happening."""
    submission = or_404(queries.submission(request.viewer, key))
    queries.require_reach(request.viewer, way.rule, submission)
    if request.method == "POST":
        way.act(by=request.viewer, submission=submission, reason=_reason(request, way))
        messages.success(request, way.done)
        return redirect("collect-submission", key=key)
    everything, aside = queries.erased_with(request.viewer, submission) if way.final else ([submission], [])
    context = {"submission": submission, "edits": len(everything) - 1, "aside": _undecided(aside)}
    return _said(request, way, context, [*everything, *aside])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def of_aside(request, key, way):
    """What will happen to what was put aside, and then its happening."""
    item = or_404(queries.quarantined(request.viewer, key))
    queries.require_reach(request.viewer, way.rule, item)
    if request.method == "POST":
        way.act(by=request.viewer, quarantined=item, reason=_reason(request, way))
        messages.success(request, way.done)
        return onward(request.viewer, item)
    edits, same = queries.erased_with_aside(request.viewer, item) if way.final else ([], [item])
    context = {"item": item, "edits": len(edits), "aside": _undecided(same) - 1}
    return _said(request, way, context, [*edits, *same])


def _said(request, way, context, concerned):
    files = sum(one.attachments.count() for one in concerned)
    return page(request, "collect/remove.html", context | {"way": way, "files": files})


def _undecided(aside):
    """How many are not counted already as what they became."""
    return sum(one.state in UNSETTLED for one in aside)


def _reason(request, way):
    if way.final and request.POST.get("sure") != "yes":
        raise TaamaError("collect.not_confirmed")
    return request.POST.get("reason", "")
