"""Deciding on many submissions at once, and taking that back."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from taama.base.errors import TaamaError
from taama.base.models import new_id
from taama.review.actions import reviewing as actions
from taama.review.models import Review
from taama.review.queries import reviewing
from taama.review.views import choosing, undoing
from taama.review.views.pages import rights
from taama.review.views.shown import rows_of


@require_POST
@login_required
def decide_many(request):
    """Decide on those that were chosen, or on all that fit: first how many, then, confirmed, all at once."""
    wanted = choosing.wanted_of(request.viewer, request.GET)
    chosen = _chosen(request, wanted)
    state, comment = request.POST.get("state", ""), request.POST.get("comment", "")
    if request.POST.get("sure") != str(len(chosen)):
        return render(request, "review/confirm.html", _to_confirm(request, wanted, chosen, state, comment))
    if len(chosen) > reviewing.AT_MOST:
        raise TaamaError("review.too_many", values={"most": reviewing.AT_MOST})
    begun = new_id()
    _do(request, chosen, state, comment)
    undo = "" if state == "comment" else undoing.word_of(request.viewer, begun, new_id())
    return redirect(f"{reverse('review-submissions')}?{choosing.address_of(wanted, undo=undo)}")


def _do(request, chosen, state, comment):
    """Some hundred at a time; what is done stays, and is told also where the rest fails."""
    count = 0
    try:
        for some in _turns(chosen):
            count += _do_some(request.viewer, some, state, comment)
    finally:
        told = ngettext("%(count)d submission changed.", "%(count)d submissions changed.", count)
        messages.success(request, told % {"count": count})


def _turns(chosen):
    return [chosen[at : at + reviewing.IN_ONE_TURN] for at in range(0, len(chosen), reviewing.IN_ONE_TURN)]


def _do_some(viewer, some, state, comment):
    if state == "comment":
        return actions.comment(by=viewer, submissions=some, text=comment)
    return actions.decide(by=viewer, submissions=some, state=state, comment=comment)


def _chosen(request, wanted):
    found = reviewing.submissions(request.viewer, wanted)
    if request.POST.get("all"):
        return list(found[: reviewing.AT_MOST + 1])
    return list(found.filter(pk__in=request.POST.getlist("key")[: reviewing.AT_MOST]))


def _to_confirm(request, wanted, chosen, state, comment):
    if not chosen:
        raise Http404
    return {
        "count": len(chosen), "most": reviewing.AT_MOST, "too_many": len(chosen) > reviewing.AT_MOST, "state": state,
        "label": dict(Review.State.choices).get(state, ""), "comment": comment, "now": _states(chosen),
        "address": choosing.address_of(wanted), "all": request.POST.get("all", ""), "wanted": wanted,
        "keys": [] if request.POST.get("all") else [one.pk for one in chosen], "some": rows_of(request.viewer, chosen[:5]),
        **rights(request.viewer),
    }  # fmt: skip


def _states(chosen):
    """[(state, how many)], as the review stands."""
    reviews = (getattr(one, "review", None) or Review() for one in chosen)
    return Counter(review.get_state_display() for review in reviews).most_common()


@require_POST
@login_required
def take_back(request):
    """Give the submissions of one decision the states that they had, where nobody decided otherwise since."""
    former = undoing.decided(request.viewer, request.POST.get("undo", ""))
    comment, count = _("Decision taken back."), 0
    for state, found in former.items():
        count += sum(_do_some(request.viewer, some, state, comment) for some in _turns(found))
    told = ngettext(
        "%(count)d submission is as it was before.", "%(count)d submissions are as they were before.", count
    )
    messages.success(request, told % {"count": count})
    wanted = choosing.wanted_of(request.viewer, request.GET)
    return redirect(f"{reverse('review-submissions')}?{choosing.address_of(wanted)}")
