"""Pages for data managers: what was sent, what was put aside, and what becomes of it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taama.base.errors import NotAllowed
from taama.base.messages import message
from taama.base.requests import language_now, or_404
from taama.collect import queries
from taama.collect.actions.quarantine import release_quarantined
from taama.collect.methods.keeping import kept_until
from taama.collect.models import GONE, Quarantined, Submission
from taama.collect.views.removing import removals_of
from taama.collect.views.shown import page
from taama.forms.methods.xml import shown_xml
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
        "submission": found, "xml": _xml(request.viewer, found), "findings": _told(shown),
        "files": queries.files(request.viewer, [found]),
        "missing": found.state not in GONE and queries.missing_files(request.viewer, found),
        "former": found.replaces and queries.submission(request.viewer, found.replaces_id),
        "area": places.area_names(request.viewer, [found.area]).get(found.area, found.area),
        "removals": removals_of(request.viewer, found),
    }  # fmt: skip
    return page(request, "collect/submission.html", context)


@require_GET
@login_required
def quarantine(request):
    """What was put aside and waits for a decision."""
    found = Paginator(queries.quarantine(request.viewer), PAGE).get_page(request.GET.get("page"))
    rows = [(item, _text(item), _kept_until(item)) for item in found]
    return page(request, "collect/quarantine.html", {"page": found, "rows": rows})


@require_GET
@login_required
def aside(request, key):
    """One item that was put aside, with its content."""
    item = or_404(queries.quarantined(request.viewer, key))
    waiting = item.state == Quarantined.State.WAITING
    context = {
        "item": item, "text": _text(item), "xml": _xml(request.viewer, item), "waiting": waiting,
        "files": queries.files_aside(request.viewer, item),
        "kept_until": _kept_until(item), "removals": removals_of(request.viewer, item),
        "edited": waiting and queries.replaced_by_release(request.viewer, item),
        "may_release": waiting and queries.may_settle(request.viewer, "collect.release_quarantined", item),
    }  # fmt: skip
    return page(request, "collect/aside.html", context)


@require_GET
@login_required
def aside_xml(request, key):
    """The bytes as they came, to be mended or compared."""
    item = or_404(queries.quarantined(request.viewer, key))
    if queries.hidden(request.viewer, item):
        raise NotAllowed(rule="forms.see_confidential")
    response = HttpResponse(bytes(item.raw or b""), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{item.sha256[:12]}.xml"'
    return response


@require_POST
@login_required
def release(request, key):
    """Take in what was put aside."""
    item = or_404(queries.quarantined(request.viewer, key))
    accepted = release_quarantined(by=request.viewer, quarantined=item)
    messages.success(request, _("The submission is accepted."))
    return redirect("collect-submission", key=accepted.pk)


def _kept_until(item):
    return kept_until(
        item.received_at, item.settled_at, item.form_days, item.form_known, settings.TAAMA_KEEP_ASIDE_DAYS
    )


def _xml(viewer, item):
    """What was sent, without the answers that this viewer must not see."""
    return shown_xml(queries.shown(viewer, item, message("forms.answer_hidden", language_now()).cause))


def _text(item):
    values = {"instance": item.instance_id, "form": item.form_id, "version": item.version}
    return message(item.code, language_now(), values)


def _told(findings):
    """Each finding with its sentence."""
    return [(finding, message(finding.code, language_now(), finding.values)) for finding in findings]
