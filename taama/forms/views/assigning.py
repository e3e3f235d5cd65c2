"""The page on which a form is given to the phones of organisations, teams and areas."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from taama.base.requests import or_404
from taama.forms import queries
from taama.forms.actions.assigning import assign_form, unassign_form
from taama.places import queries as places


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request, key):
    """Who gets a form; POST adds an organisation or a team, an area or both."""
    request.viewer.require("forms.assign_form")
    form = or_404(queries.form(request.viewer, key))
    offered = {
        "organisations": queries.organisations(request.viewer),
        "teams": queries.teams(request.viewer),
        "areas": places.choices(request.viewer),
    }
    if request.method == "POST":
        assign_form(by=request.viewer, form=form, **_asked(request, offered))
        messages.success(request, _("Phones follow when they next look for forms."))
        return redirect("form-assign", key=key)
    context = {"form": form, "assignments": queries.assignments(request.viewer, form)}
    return render(request, "forms/assign.html", context | offered)


def _asked(request, offered):
    """Whose phones the form is to go to."""
    return {
        "organisation": _chosen(offered["organisations"], request.POST.get("organisation")),
        "team": _chosen(offered["teams"], request.POST.get("team")),
        "area": request.POST.get("area", ""),
    }


def _chosen(offered, wanted):
    """The one of this key; None where nothing is chosen."""
    try:
        return or_404(offered.filter(pk=uuid.UUID(wanted)).first()) if wanted else None
    except ValueError:
        return or_404(None)


@login_required
@require_POST
def unassign(request, key, assignment):
    """Take a form from the phones of one assignment."""
    form = or_404(queries.form(request.viewer, key))
    named = [one for one in queries.assignments(request.viewer, form) if one.pk == assignment]
    unassign_form(by=request.viewer, assignments=named)
    messages.success(request, _("Phones follow when they next look for forms."))
    return redirect("form-assign", key=key)
