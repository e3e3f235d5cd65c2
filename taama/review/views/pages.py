"""Pages of review: the list, one submission, deciding on one or many, what a form wants."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.periods import local_today
from taama.base.policy import RULES
from taama.base.requests import language_now, or_404
from taama.collect import queries as collect
from taama.forms import queries as forms
from taama.places import queries as places
from taama.review.actions import reviewing as actions
from taama.review.methods.cutoffs import cut
from taama.review.models import Review
from taama.review.queries import reviewing
from taama.review.views import choosing, undoing
from taama.review.views.opened import history, opened, untested_of
from taama.review.views.shown import map_of, names_of, rows_of

QUESTIONS = ("enumerator_question", "round_question", "consent_question")
COUNTED = reviewing.AT_MOST


@require_GET
@login_required
def submissions(request):
    """What arrived, the newest first, by what the reader looks for."""
    wanted = choosing.wanted_of(request.viewer, request.GET)
    found = reviewing.submissions(request.viewer, wanted)
    page, after = choosing.page_after(found, request.GET.get("after"))
    shown = {
        "rows": rows_of(request.viewer, page),
        "after": after,
        "first_page": not request.GET.get("after"),
    }
    shown |= {"count": found.order_by()[: COUNTED + 1].count(), **undoing.offered(request)}
    return render(request, "review/submissions.html", _choices(request.viewer, wanted) | shown)


def _choices(viewer, wanted):
    """What the reader may choose from, and did."""
    return {
        "wanted": wanted, "more": choosing.is_narrow(wanted), "most": COUNTED, "address": choosing.address_of(wanted), "states": Review.State.choices,
        "forms": reviewing.forms(viewer), "areas": places.choices(viewer, deepest=2), **rights(viewer),
    }  # fmt: skip


@require_GET
@login_required
def submission(request, key):
    """One submission as its form asks it, beside the round before, with what checks say and what was done."""
    found = or_404(collect.submission(request.viewer, key))
    line = reviewing.line(request.viewer, found)
    return render(request, "review/submission.html", _page_of(request, found, line))


def _page_of(request, found, line):
    viewer, everything = request.viewer, bool(request.GET.get("all"))
    before = reviewing.visit_before(viewer, found)
    current, own = (line[-1], line[: line.index(found) + 1]) if line else (found, [found])
    sheet = opened(viewer, found, before, everything, own)
    return {
        "submission": found, "review": reviewing.review(viewer, found), "sheet": sheet,
        "before": before, "everything": everything, "line": line, "current": current, "is_current": current == found,
        "history": history(viewer, own), "map": map_of(viewer, found, sheet.outline, sheet.filled), "conflicts": _conflicts(viewer, line),
        "names": names_of(viewer, found),
        "states": Review.State.choices, "reviewers": reviewing.reviewers(viewer),
        "filters": choosing.address_of(choosing.wanted_of(viewer, request.GET)),
        "next": _next_of(request, found), "alike": cut("alike_percent", local_today()), **rights(viewer, found),
    }  # fmt: skip


def _conflicts(viewer, line):
    return reviewing.conflicts(viewer, line) if viewer.may("review.conflicts") else []


def _next_of(request, found):
    """The next submission of the list from which the reader came, or None."""
    wanted = choosing.wanted_of(request.viewer, request.GET)
    rows, _after = choosing.page_after(reviewing.submissions(request.viewer, wanted), str(found.pk))
    return rows[0] if rows else None


def rights(viewer, *submissions):
    return {
        "may_correct": collect.may_settle(viewer, "review.correct", *submissions),
        "may_decide": collect.may_settle(viewer, "review.decide", *submissions),
        "may_supervise": viewer.may("review.interviews"),
        "may_rule": viewer.may("review.set_rule") and "" in viewer.areas(*RULES["review.set_rule"].allow),
    }


@require_POST
@login_required
def decide(request, key):
    """Give one submission a state, and go on to the next of the list."""
    found = or_404(collect.submission(request.viewer, key))
    state, comment = request.POST.get("state", ""), request.POST.get("comment", "")
    following = _next_of(request, found) if request.POST.get("go_on") else None
    try:
        actions.decide(by=request.viewer, submissions=[found], state=state, comment=comment)
    except TaamaError as error:
        if error.code != "review.comment_missing":
            raise
        return _asked_again(request, found, error)
    messages.success(request, _("Noted: %(state)s.") % {"state": Review.State(state).label})
    return _to(request, following or found)


def _asked_again(request, found, error):
    """The same page with what was chosen, and what is missing beside it."""
    page = _page_of(request, found, reviewing.line(request.viewer, found))
    page |= {"chosen": request.POST["state"], "stays": not request.POST.get("go_on")}
    page["lacking"] = message(error.code, language_now(), error.values)
    return render(request, "review/submission.html", page, status=error.status)


@require_POST
@login_required
def comment(request, key):
    """Write something beside a submission."""
    found = or_404(collect.submission(request.viewer, key))
    actions.comment(by=request.viewer, submissions=[found], text=request.POST.get("text", ""))
    return _to(request, found)


@require_POST
@login_required
def assign(request, key):
    """Ask somebody to review a submission."""
    found = or_404(collect.submission(request.viewer, key))
    asked = reviewing.reviewers(request.viewer).filter(username=request.POST.get("reviewer", "")).first()
    actions.assign(by=request.viewer, submissions=[found], reviewer=asked)
    return _to(request, found)


def _to(request, submission):
    filters = choosing.address_of(choosing.wanted_of(request.viewer, request.GET))
    return redirect(reverse("review-submission", args=[submission.pk]) + (f"?{filters}" if filters else ""))


@login_required
def rule(request, form_id):
    """What a form wants: approval before its facts count, which questions say who asked, the round and consent."""
    form = or_404(forms.form_named(request.viewer, form_id))
    if request.method == "POST":
        told = {name: request.POST.get(name, "") for name in QUESTIONS}
        actions.set_rule(by=request.viewer, form=form, approval=bool(request.POST.get("approval")), **told)
        messages.success(request, _("Noted."))
        return redirect("review-rule", form_id=form_id)
    context = {"form": form, "rule": reviewing.rule_of(request.viewer, form), **rights(request.viewer)}
    context["untested"] = untested_of(request.viewer, form)
    return render(request, "review/rule.html", context)
