"""Pages for data managers: what was sent."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.views.decorators.http import require_GET

from taama.base.messages import message
from taama.base.requests import language_now, or_404
from taama.collect import queries
from taama.collect.models import GONE, Submission
from taama.collect.views.removing import removals_of
from taama.collect.views.shown import page, xml_shown
from taama.places import queries as places

PAGE = 50


@require_GET
@login_required
def submissions(request):
    """What was sent, the newest first."""
    forms = list(queries.forms(request.viewer))
    form = next((form for form in forms if form.form_id == request.GET.get("form")), None)
    state = request.GET.get("state") if request.GET.get("state") in Submission.State.values else None
    missing = request.GET.get("files") == "missing"
    sent = queries.submissions(request.viewer, form=form, state=state, missing_files=missing)
    shown = Paginator(sent, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown, "forms": forms, "form": form, "states": Submission.State.choices, "state": state,
        "missing": missing, "without_files": queries.without_files(request.viewer, [row.pk for row in shown]),
    }  # fmt: skip
    return page(request, "collect/submissions.html", context)


@require_GET
@login_required
def submission(request, key):
    """One submission: what it says, what the checks say of it."""
    found = or_404(queries.submission(request.viewer, key))
    shown = queries.findings(request.viewer, found)[:200]
    context = {
        "submission": found, "xml": xml_shown(request.viewer, found), "findings": _told(shown),
        "files": queries.files(request.viewer, [found]),
        "missing": found.state not in GONE and queries.missing_files(request.viewer, found),
        "former": found.replaces and queries.submission(request.viewer, found.replaces_id),
        "area": places.area_names(request.viewer, [found.area]).get(found.area, found.area),
        "filled": queries.filled_with(request.viewer, [found]),
        "removals": removals_of(request.viewer, found), "mended": queries.mended_from(request.viewer, found),
    }  # fmt: skip
    return page(request, "collect/submission.html", context)


def _told(findings):
    """Each finding with its sentence."""
    return [(finding, message(finding.code, language_now(), finding.values)) for finding in findings]
