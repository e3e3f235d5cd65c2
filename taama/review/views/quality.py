"""Pages on the quality of collection: each team in one minute, details one click away."""

import contextlib
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from taama.base.messages import message
from taama.base.periods import local_today
from taama.base.requests import language_now
from taama.places import queries as places
from taama.review.methods.cutoffs import cut, cuts_of
from taama.review.methods.quality import Cuts, summaries
from taama.review.methods.spots import Spot
from taama.review.queries import collecting
from taama.review.views.shown import drawn, outlines_around, places_told

DAYS = 30
GRID = 50  # positions are told apart to a fiftieth of a degree on a map of many
MOST_ADVICE = 3
NAMED_CUTS = (
    "short_percent", "late_hours", "first_hour", "last_hour", "away_km", "alike_percent", "digits_least",
)  # fmt: skip
COLUMNS = ("short", "late", "outside", "away", "alike", "clock", "doubtful", "awaited")
WAYS = {
    "who": (gettext_lazy("Collection by enumerator"), gettext_lazy("Enumerator")), "phone": (gettext_lazy("Collection by phone"), gettext_lazy("Phone")),
    "day": (gettext_lazy("Collection by day"), gettext_lazy("Day")),
}  # fmt: skip


@require_GET
@login_required
def quality(request):
    """Each team: four numbers and what to do."""
    span, context = _asked(request)
    if span is None:
        return render(request, "review/quality.html", context)
    seen = collecting.interviews(request.viewer, span)
    found = summaries(seen, "team", cuts_of(Cuts, span.last))
    context |= {"teams": [(s, _told(s, context["cuts"], MOST_ADVICE)) for s in found], "count": len(seen)}
    context |= {"map": _map(request.viewer, span), **_missing(request.viewer, span, context["rounds"])}
    return render(request, "review/quality.html", context)


@require_GET
@login_required
def by(request, what):
    """Each enumerator, phone or day, with all that is measured; of one team, enumerator or phone where that is asked."""
    if what not in WAYS:
        raise Http404
    span, context = _asked(request)
    only = {name: request.GET[name] for name in ("team", "who", "phone") if request.GET.get(name)}
    seen = collecting.interviews(request.viewer, span) if span else []
    found = summaries(seen, what, cuts_of(Cuts, span.last), only) if span else []
    rows = sorted(found, key=lambda s: s.key) if what == "day" else found
    told = [(row, _told(row, context["cuts"])) for row in rows]
    context |= {"rows": told, "what": what, "title": WAYS[what], "only": only}
    return render(request, "review/quality_by.html", context)


@require_GET
@login_required
def missing(request):
    """Places of the round before that this round has not reached."""
    span, context = _asked(request)
    context |= _missing(request.viewer, span, context["rounds"]) if span else {}
    gone = context.get("missing") or set()
    return render(request, "review/missing.html", context | {"places": places_told(request.viewer, gone)})


def _asked(request):
    """(Span or None, what the page offers to choose from)."""
    viewer, given = request.viewer, request.GET
    forms = collecting.collected_forms(viewer)
    form = next((f for f in forms if f.form_id == given.get("form")), forms[0] if forms else None)
    context = {"forms": forms, "areas": places.choices(viewer, deepest=2), "may_supervise": True}
    if form is None:
        return None, context
    known = collecting.rounds(viewer, form)
    span = _span(viewer, form, known, given)
    told = {
        "form": form.form_id,
        "round": span.round,
        "first": span.first,
        "last": span.last,
        "area": span.area,
    }
    address = urlencode({name: value for name, value in told.items() if value})
    return span, context | {
        "span": span,
        "rounds": known,
        "address": address,
        "consent": collecting.consent_question(viewer, form),
        "simulated": collecting.any_simulated(viewer, span),
        "cuts": {name: cut(name, span.last) for name in NAMED_CUTS},
    }


def _span(viewer, form, known, given):
    """The round or the days asked for; else the latest round, else the last thirty days with interviews."""
    area = given.get("area", "")[:80]
    first, last = _day(given.get("first")), _day(given.get("last"))
    asked = (
        given.get("round")
        if "round" in given
        else None
        if first or last
        else (known[0]["round"] if known else "")
    )
    row = next((r for r in known if r["round"] == asked), None)
    if row:
        return collecting.Span(form, row["first"], row["last"], row["round"], area)
    last = last or collecting.last_day(viewer, form) or local_today()
    return collecting.Span(form, first or last - timedelta(days=DAYS - 1), last, "", area)


def _day(text):
    with contextlib.suppress(ValueError, TypeError):
        return date.fromisoformat(text)
    return None


def _told(summary, named, most=None):
    """What stands out, each with what to do; files that are awaited are told besides the `most` that stands out."""
    marks = [mark for at, mark in enumerate(summary.marks) if most is None or at < most or mark == "awaited"]
    values = named | {name: getattr(summary, name) for name in COLUMNS}
    values |= {"count": summary.count, "declined": round(summary.declined_percent)}
    values |= {"digits": round(summary.rounded_percent or 0), "numbers": summary.numbers}
    return [message(f"review.advice_{mark}", language_now(), values) for mark in marks]


def _map(viewer, span):
    """Where the teams have been, positions close together drawn once."""
    far = cut("away_km", span.last)
    found = {}
    for lat, lon, away in collecting.spots(viewer, span):
        spot = (round(lat * GRID) / GRID, round(lon * GRID) / GRID)
        found[spot] = found.get(spot, False) or (away or 0) > far
    spots = [Spot(lat, lon, "doubt" if doubtful else "dot") for (lat, lon), doubtful in found.items()]
    if not spots:
        return ""
    legend = {"dot": _("interviews"), "doubt": _("far from the place that they name")}
    shown = legend if any(s.shape == "doubt" for s in spots) else {"dot": legend["dot"]}
    return drawn(spots, outlines_around(viewer, spots), _("Where the teams have been"), shown)


def _missing(viewer, span, known):
    """What the round before reached and this one did not; the first round of a form has none before it."""
    at = next((n for n, row in enumerate(known) if row["round"] == span.round), len(known))
    if at + 1 >= len(known):
        return {"planned": 0}
    planned, reached = collecting.places_of_round(viewer, span, known[at + 1]["round"])
    return {"planned": len(planned), "reached": len(planned & reached), "missing": planned - reached}
