"""Pages on which a value is corrected, and on which an edit that came too late is settled."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from taama.base.errors import NotAllowed
from taama.base.requests import language_now, or_404
from taama.collect import queries as collect
from taama.collect.methods.worded import compared
from taama.forms.methods.outline import read_outline
from taama.logic.methods.filled import read_filled
from taama.review.actions import correcting as actions
from taama.review.methods.sheet import line_at
from taama.review.queries import reviewing
from taama.review.views.opened import outline_and_filled, shown, told_of


@login_required
def correct(request, key):
    """One answer, to be corrected with a reason."""
    found = or_404(collect.submission(request.viewer, key))
    path, rows = _spot(request.GET.get("spot", ""))
    if path in collect.hidden(request.viewer, found):
        raise NotAllowed(rule="forms.see_confidential")
    if request.method == "POST":
        return _correct(request, found, path, rows)
    return render(request, "review/correct.html", _asked(request.viewer, found, path, rows))


def _correct(request, found, path, rows):
    """Correct it; what the form does not allow is shown first, and taken in when it is sent again."""
    told = {"value": " ".join(request.POST.getlist("value")), "reason": request.POST.get("reason", "")}
    despite = request.POST.get("despite") == told["value"]
    spot = {"submission": found, "path": path, "rows": rows}
    try:
        made = actions.correct(by=request.viewer, **spot, **told, despite=despite)
    except actions.RulesBroken as error:
        context = _asked(request.viewer, **spot, value=told["value"])
        context |= {"broken": told_of(request.viewer, found, error.breaches), "reason": told["reason"]}
        return render(request, "review/correct.html", context)
    messages.success(request, _("Corrected. What was sent stays as it came."))
    return redirect("review-submission", key=made.pk)


def _asked(viewer, submission, path, rows, value=None):
    """The question as it is answered; `value`: what somebody wrote instead."""
    outline, filled = outline_and_filled(viewer, submission)
    line = or_404(outline and line_at(outline, filled, path, rows, language_now()))
    return {"submission": submission, "line": line if value is None else replace(line, value=value)}


@login_required
def conflict(request, key, aside):
    """An edit from the phone beside the present version and the one that it edited."""
    found = or_404(collect.submission(request.viewer, key))
    item = or_404(collect.quarantined(request.viewer, aside))
    if request.method == "POST":
        way, reason = request.POST.get("way", ""), request.POST.get("reason", "")
        taken = actions.settle(by=request.viewer, aside=item, way=way, reason=reason)
        messages.success(request, _("Settled."))
        return redirect("review-submission", key=taken.pk if taken else found.pk)
    return render(request, "review/conflict.html", _three(request.viewer, found, item))


def _three(viewer, found, item):
    present = reviewing.line(viewer, found)[-1]
    present = or_404(collect.submission(viewer, present.pk))
    base = or_404(reviewing.edited_by(viewer, item))
    outline = read_outline(bytes(reviewing.version_of(viewer, present).xform))
    versions = [(outline, read_filled(shown(viewer, one), outline)) for one in (base, present, item)]
    return {
        "submission": found,
        "item": item,
        "present": present,
        "lines": [line for line in compared(versions, language_now()) if line.differs],
    }


def _spot(text):
    path, _mark, rows = text.partition("@")
    return path, tuple(int(row) for row in rows.split(".") if row.isdecimal() and len(row) < 10)
