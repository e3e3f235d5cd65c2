"""Pages for data managers: what was sent, what was put aside, and the phones."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taama.base.messages import message
from taama.base.requests import language_now
from taama.collect import queries
from taama.collect.actions.devices import create_device, revoke_device
from taama.collect.actions.quarantine import discard_quarantined, release_quarantined
from taama.collect.actions.removal import withdraw_submission
from taama.collect.methods.settings_code import settings_code
from taama.collect.models import Quarantined, Submission
from taama.collect.views.drawing import code_svg
from taama.forms.methods.xml import shown_xml

PAGE = 50


@require_GET
@login_required
def submissions(request):
    """What was sent, the newest first."""
    forms = list(queries.forms(request.viewer))
    form = next((form for form in forms if form.form_id == request.GET.get("form")), None)
    state = request.GET.get("state") if request.GET.get("state") in Submission.State.values else None
    found = queries.submissions(request.viewer, form=form, state=state)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")), "forms": forms, "form": form,
        "states": Submission.State.choices, "state": state,
    }  # fmt: skip
    return _page(request, "collect/submissions.html", context)


@require_GET
@login_required
def submission(request, key):
    """One submission: what it says, what the checks say of it."""
    found = _found(queries.submission(request.viewer, key))
    shown = queries.findings(request.viewer, found)[:200]
    context = {"submission": found, "xml": shown_xml(bytes(found.raw or b"")), "findings": _told(shown)}
    return _page(request, "collect/submission.html", context)


@require_POST
@login_required
def withdraw(request, key):
    """Take a submission out of use."""
    found = _found(queries.submission(request.viewer, key))
    withdraw_submission(by=request.viewer, submission=found, reason=request.POST.get("reason", ""))
    messages.success(request, _("The submission is withdrawn; its facts are removed within seconds."))
    return redirect("collect-submission", key=key)


@require_GET
@login_required
def quarantine(request):
    """What was put aside and waits for a decision."""
    found = Paginator(queries.quarantine(request.viewer), PAGE).get_page(request.GET.get("page"))
    rows = [(item, _text(item)) for item in found]
    return _page(request, "collect/quarantine.html", {"page": found, "rows": rows})


@require_GET
@login_required
def aside(request, key):
    """One item that was put aside, with its content."""
    item = _found(queries.quarantined(request.viewer, key))
    waiting = item.state == Quarantined.State.WAITING
    context = {
        "item": item,
        "text": _text(item),
        "xml": shown_xml(bytes(item.raw or b"")),
        "waiting": waiting,
    }
    return _page(request, "collect/aside.html", context)


@require_GET
@login_required
def aside_xml(request, key):
    """The bytes as they came, to be mended or compared."""
    item = _found(queries.quarantined(request.viewer, key))
    response = HttpResponse(bytes(item.raw or b""), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{item.sha256[:12]}.xml"'
    return response


@require_POST
@login_required
def release(request, key):
    """Take in what was put aside."""
    item = _found(queries.quarantined(request.viewer, key))
    accepted = release_quarantined(by=request.viewer, quarantined=item)
    messages.success(request, _("The submission is accepted."))
    return redirect("collect-submission", key=accepted.pk)


@require_POST
@login_required
def discard(request, key):
    """Settle what was put aside as not wanted."""
    item = _found(queries.quarantined(request.viewer, key))
    discard_quarantined(by=request.viewer, quarantined=item, reason=request.POST.get("reason", ""))
    messages.success(request, _("The submission is discarded."))
    return redirect("collect-quarantine")


@login_required
def phones(request):
    """The phones' accounts, and a form for another one."""
    made, owners = None, queries.organisations(request.viewer)
    if request.method == "POST":
        organisation = _found(owners.filter(pk=request.POST.get("organisation")).first())
        name, label = request.POST.get("name", "").strip(), request.POST.get("label", "").strip()[:120]
        made = create_device(by=request.viewer, username=name, organisation=organisation, label=label)
    context = {
        "devices": queries.devices(request.viewer), "organisations": owners, "made": made,
        "server": request.build_absolute_uri("/openrosa"),
    }  # fmt: skip
    return _page(request, "collect/phones.html", context)


@require_GET
@login_required
def phone_code(request, key):
    """The settings code of a phone as a picture."""
    device = _found(queries.devices(request.viewer).filter(pk=key, revoked_at=None).first())
    path = f"/key/{queries.device_token(request.viewer, device)}"
    drawn = code_svg(settings_code(request.build_absolute_uri(path), f"taama {device.username}"))
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def revoke(request, key):
    """End a phone's account."""
    device = _found(queries.devices(request.viewer).filter(pk=key).first())
    revoke_device(by=request.viewer, device=device)
    messages.success(request, _("%(name)s may no longer send.") % {"name": device.username})
    return redirect("collect-phones")


def _page(request, template, context):
    """A page with the tabs that this viewer may open."""
    return render(request, template, context | {"keeper": request.viewer.may("collect.quarantine")})


def _found(thing):
    if thing is None:
        raise Http404
    return thing


def _text(item):
    values = {"instance": item.instance_id, "form": item.form_id, "version": item.version}
    return message(item.code, language_now(), values)


def _told(findings):
    """Each finding with its sentence."""
    return [(finding, message(finding.code, language_now(), finding.values)) for finding in findings]
