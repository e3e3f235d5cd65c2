"""Pages for the accounts of phones."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taama.base.requests import or_404
from taama.collect.queries import KEEPERS, full_phones
from taama.collect.views.shown import page
from taama.forms.methods.settings_code import settings_code
from taama.forms.views.drawing import code_svg
from taama.phones import queries
from taama.phones.actions import change_device, create_device, revoke_device
from taama.places import queries as places

SAID = {"label": 120, "area": 80, "team": 60}  # with the most characters of each


@login_required
def phones(request):
    """The phones' accounts, and a form for another one."""
    made = None
    if request.method == "POST":
        owners = queries.organisations(request.viewer)
        organisation = or_404(owners.filter(pk=request.POST.get("organisation")).first())
        asked = {"username": request.POST.get("name", "").strip(), "organisation": organisation}
        made = create_device(by=request.viewer, **asked, **_said(request))
    devices = list(queries.devices(request.viewer))
    names = places.area_names(request.viewer, (device.area for device in devices))
    shown = [(device, names.get(device.area, device.area)) for device in devices]
    return page(request, "phones/accounts.html", _choices(request) | {"devices": shown, "made": made})


@login_required
def phone(request, key):
    """One phone: its code, and what can be said of it anew."""
    device = or_404(queries.devices(request.viewer).filter(pk=key).first())
    if request.method == "POST":
        change_device(by=request.viewer, device=device, **_said(request))
        messages.success(request, _("Saved. The phone follows when it next looks for forms."))
        return redirect("phones-phone", key=key)
    choices = _choices(request)
    context = {"device": device, "present": device.area not in {"", *(area.key for area in choices["areas"])}}
    context["place"] = places.area_names(request.viewer, [device.area]).get(device.area, device.area)
    context["full"] = full_phones(request.viewer, device)
    return page(request, "phones/account.html", choices | context)


def _said(request):
    """What people say of a phone: its label, its area, its team."""
    return {name: request.POST.get(name, "").strip()[:most] for name, most in SAID.items()}


def _choices(request):
    """What the forms for phones offer, and the address of the server."""
    return {
        "teams": queries.teams(request.viewer),
        "organisations": queries.organisations(request.viewer),
        "areas": places.choices(request.viewer, roles=KEEPERS),
        "everywhere": "" in request.viewer.areas(*KEEPERS),
        "server": request.build_absolute_uri("/openrosa"),
    }


@require_GET
@login_required
def phone_code(request, key):
    """The settings code of a phone as a picture."""
    device = or_404(queries.devices(request.viewer).filter(pk=key, revoked_at=None).first())
    path = f"/key/{queries.device_token(request.viewer, device)}"
    drawn = code_svg(settings_code(request.build_absolute_uri(path), f"taama {device.username}"))
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def revoke(request, key):
    """End a phone's account."""
    device = or_404(queries.devices(request.viewer).filter(pk=key).first())
    revoke_device(by=request.viewer, device=device)
    messages.success(request, _("%(name)s may no longer send.") % {"name": device.username})
    return redirect("phones")
