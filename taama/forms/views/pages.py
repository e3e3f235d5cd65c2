"""The list of forms, and one form with its versions."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from taama.base.requests import or_404
from taama.forms import queries
from taama.forms.views.shown import levels, tool_name


@never_cache
@login_required
@require_safe
def forms(request):
    """Forms, drafts for those who make them, and a place to bring one."""
    archived = request.GET.get("archived") == "1"
    keeper = request.viewer.may("forms.bring_form")
    context = {
        "forms": list(queries.forms(request.viewer, archived=archived)), "archived": archived, "keeper": keeper,
        "drafts": queries.drafts(request.viewer) if keeper and not archived else (),
    }  # fmt: skip
    for one in context["forms"]:
        one.tool_name = tool_name(one.tool)
    return render(request, "forms/forms.html", context)


@never_cache
@login_required
@require_safe
def form(request, key):
    """One form: its state, its versions, the files that phones get with it."""
    found = or_404(queries.form(request.viewer, key))
    versions = list(queries.versions(request.viewer, found))
    now = next((version for version in versions if version.current), None)
    context = {
        "form": found, "versions": versions, "now": now, "keeper": request.viewer.may("forms.close_form"),
        "files": queries.files_of(request.viewer, now) if now else (),
        "assignments": queries.assignments(request.viewer, found), "tool_name": tool_name(found.tool),
        "level": dict(levels())[f"S{found.sensitivity_class}"],
        "confidential": sorted(queries.confidential(request.viewer, found.form_id)),
    }  # fmt: skip
    return render(request, "forms/form.html", context)
