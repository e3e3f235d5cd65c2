"""How well collection goes: for those who supervise it, and for nobody else. Of persons it tells how they work."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, OuterRef, Subquery

from taama.base.doors import query
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.collect import queries as collect
from taama.collect.models import Device, Submission
from taama.forms.methods.outline import read_outline
from taama.forms.models import Form
from taama.forms.queries import confidential
from taama.places import queries as places
from taama.review.methods.quality import Seen
from taama.review.methods.roles import roles_of
from taama.review.models import Interview
from taama.review.queries import reviewing
from taama.review.queries.reviewing import GONE, in_area

SUPERVISORS = (SYSTEM, Role.DATA_MANAGER)
MEASURES = ("minutes", "late_hours", "away_km", "answered", "declined", "numbers", "rounded", "clock_wrong",
            "outside_hours", "doubts", "alike_percent", "refused")  # fmt: skip
FIELDS = {"minutes": "asked_minutes"}


@dataclass(frozen=True)
class Span:
    """Which interviews are looked at together. `round` "" where the form has no rounds, or all are meant."""

    form: Form
    first: date
    last: date
    round: str = ""
    area: str = ""


@query("review.collected_forms", allow=SUPERVISORS)
def collected_forms(viewer):
    """Forms with interviews within reach, the one that was used last first."""
    mine = _reached(viewer, Interview.objects.filter(form=OuterRef("pk"))).order_by("-day")
    found = Form.objects.annotate(used=Subquery(mine.values("day")[:1])).filter(used__isnull=False)
    return list(found.order_by("-used", "title"))


def _reached(viewer, interviews):
    """Those within reach; where that is everything nothing is asked."""
    reach = collect.within_reach(viewer, SUPERVISORS)
    return interviews.filter(submission__in=reach) if reach.query.where else interviews


@query("review.rounds", allow=SUPERVISORS)
def rounds(viewer, form):
    """Rounds of a form, the latest first: rows {round, first, last, count}."""
    found = _reached(viewer, Interview.objects.filter(form=form)).exclude(round="")
    found = found.values("round").annotate(first=Min("day"), last=Max("day"), count=Count("id"))
    return sorted(found, key=lambda row: row["last"], reverse=True)[:50]


@query("review.last_day", allow=SUPERVISORS)
def last_day(viewer, form):
    """The day of the latest interview with a form, or None."""
    return _reached(viewer, Interview.objects.filter(form=form)).aggregate(Max("day"))["day__max"]


@query("review.interviews", allow=SUPERVISORS)
def interviews(viewer, span):
    """The present interviews of a span, each with who asked, and the team or else the area of the phone that sent it."""
    fields = [FIELDS.get(name, name) for name in MEASURES]
    found = _within(viewer, span).order_by("day")
    sent = ("submission", "enumerator", "submission__device", "submission__team__name", "day")
    rows = list(found.values_list(*sent, *fields))
    phones, missing = _phones(viewer, {row[2] for row in rows}), _files_missing(viewer, found)
    return [
        Seen(
            who,
            _team(team, phones.get(phone)),
            day,
            *measured,
            phones.get(phone, ("",))[0],
            missing.get(key, 0),
        )
        for key, who, phone, team, day, *measured in rows
    ]


def _phones(viewer, keys):
    """Key of a phone → (its account, its organisation, the name of its area)."""
    told = Device.objects.filter(pk__in=keys).values_list("pk", "username", "organisation__name", "area")
    names = places.area_names(viewer, {area for *_, area in told})
    return {key: (name, who, names.get(area, "")) for key, name, who, area in told}


def _team(name, phone):
    """What a team is called; those without one are taken together by the organisation and area of their phones."""
    if phone is None:
        return name or "–"
    _account, organisation, area = phone
    if name:
        return f"{organisation} · {name}"
    return f"{organisation} ({area})" if area else organisation


def _files_missing(viewer, found):
    """Key of a submission → number of the files that it names and that have not come."""
    missing = collect.missing_named(viewer).filter(submission__in=found.order_by().values("submission"))
    return dict(missing.order_by().values_list("submission").annotate(count=Count("id")))


def _within(viewer, span):
    found = _reached(viewer, Interview.objects.filter(form=span.form))
    gone = Submission.objects.filter(state__in=GONE).values("pk")
    found = found.exclude(submission__in=gone).filter(day__gte=span.first, day__lte=span.last)
    if span.round:
        found = found.filter(round=span.round)
    if span.area:
        found = found.filter(in_area(viewer, span.area, "submission__"))
    return found


@query("review.any_simulated", allow=SUPERVISORS)
def any_simulated(viewer, span):
    """Whether any interview of a span is invented: the page must say so."""
    return _within(viewer, span).filter(submission__simulated=True).exists()


@query("review.consent_question", allow=SUPERVISORS)
def consent_question(viewer, form):
    """Path of the question on consent in the form's current version; "" where none is found, or none may be read."""
    version = reviewing.current_version(viewer, form)
    if version is None:
        return ""
    roles = roles_of(
        read_outline(bytes(version.xform)), consent=reviewing.rule_of(viewer, form).consent_question
    )
    return roles.without(confidential(viewer, form.form_id)).consent


@query("review.spots", allow=SUPERVISORS)
def spots(viewer, span):
    """Where interviews took place: (lat, lon, km to the place named or None)."""
    found = _within(viewer, span).filter(lat__isnull=False)
    return list(found.order_by().values_list("lat", "lon", "away_km"))


@query("review.places_of_round", allow=SUPERVISORS)
def places_of_round(viewer, span, former):
    """Codes of places: (those of the round `former`: what was planned, those of the round of the span)."""
    before = Span(span.form, date.min, date.max, former, span.area)
    return _codes(viewer, before), _codes(viewer, Span(span.form, date.min, date.max, span.round))


def _codes(viewer, span):
    found = _within(viewer, span).exclude(place="").order_by()
    return set(found.values_list("place", flat=True).distinct())
