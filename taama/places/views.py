"""A page to enter an office's own places: one by one, or a list."""

import csv
import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.requests import language_now
from taama.places import queries
from taama.places.actions.adding import MODELS, add_places
from taama.places.methods.adding import DIRECTIONS, NEEDED
from taama.places.models import Locality, Point, Site

LARGEST_LIST = 2_000_000  # bytes
ONE = ("code", "name", "area", "lat", "lon", "kind", "opened_on")
MOST_CHOICES, CERCLE = 400, 2


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request):
    """Enter one place or a list; every fault in words."""
    request.viewer.require("places.add_places")
    context = _choices(request) | {"given": request.POST, "one": "name" in request.POST}
    if request.method == "POST":
        told = _enter(request)
        if not told and "check" not in request.POST:
            return redirect("places-add")
        context |= told or {"sound": True}
    return render(
        request, "places/add.html", context, status=400 if {"faults", "known"} & set(context) else 200
    )


def _enter(request):
    """What is wrong with the places sent, for the page; nothing when all is right."""
    kind, raw, filename = _sent(request)
    check, source = "check" in request.POST, request.POST.get("source", "").strip()
    asked = {"by": request.viewer, "raw": raw, "kind": kind, "filename": filename, "source": source}
    try:
        if (
            "name" in request.POST
            and "change" not in request.POST
            and add_places(**asked, check=True)["changed"]
        ):
            return {"known": request.POST["code"].strip()}
        counts = add_places(**asked, check=check)
    except TaamaError as error:
        if error.status == 403:
            raise
        faults = error.values.get("faults", ())
        rows = [(one.line, message(one.code, language_now(), one.values)) for one in faults]
        return {"faults": rows, "fault": None if rows else message(error.code, language_now(), error.values)}
    (messages.info if check else messages.success)(request, _told(counts, check))
    return {}


def _sent(request):
    """(sort of place, table as bytes, its name) of what was filled in."""
    kind, _dot, sub = request.POST.get("kind", "").partition(".")
    if "name" in request.POST:
        given = {name: request.POST.get(name, "").strip() for name in ONE} | {"kind": sub}
        given = {name: value for name, value in given.items() if value or name in NEEDED}
        if kind == "point":
            given["directions"] = " ".join(request.POST.getlist("directions"))
        raw, filename = _as_table(given), _("entered on a page")
    else:
        file = request.FILES.get("file")
        raw, filename = (
            (file.read(LARGEST_LIST + 1), file.name) if file else (_pasted(request), _("pasted list"))
        )
    if len(raw) > LARGEST_LIST:
        raise TaamaError("places.list_too_long", values={"most": LARGEST_LIST // 10**6}, status=413)
    return kind if kind in MODELS else "locality", raw, filename


def _pasted(request):
    return request.POST.get("list", "").encode()


def _as_table(given):
    out = io.StringIO()
    csv.writer(out).writerows([given.keys(), given.values()])
    return out.getvalue().encode()


def _told(counts, check):
    told = _("New: %(new)d, changed: %(changed)d, unchanged: %(unchanged)d.") % counts
    if check:
        return told + " " + _("Nothing was written.")
    if counts["new"] + counts["changed"]:
        return told + " " + _("Publish the forms again, so that phones get the new lists.")
    return told


def _choices(request):
    """What the page offers: areas, sorts of places with their kinds, directions, how many places there are."""
    viewer, areas = request.viewer, queries.choices(request.viewer)
    areas = [area for area in areas if area.level >= CERCLE]
    if len(areas) > MOST_CHOICES:
        areas = [area for area in areas if area.level == CERCLE]
    return {
        "areas": areas,
        "sorts": [
            ("locality", _("Locality"), Locality.Kind.choices),
            ("site", _("Site of displaced people"), Site.Kind.choices),
            ("point", _("Observation point"), Point.Kind.choices),
        ],
        "directions": zip(DIRECTIONS, (_("incoming"), _("outgoing"), _("internal")), strict=True),
        "there": [
            (_("Localities"), queries.localities(viewer).count()),
            (_("Sites"), queries.sites(viewer).count()),
            (_("Points"), queries.points(viewer).count()),
        ],
    }
