"""How well collection goes: for those who supervise it, and for nobody else. Of persons it tells how they work."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min

from taama.base.doors import query
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.collect import queries as collect
from taama.forms.models import Form
from taama.places import queries as places
from taama.review.methods.quality import Seen
from taama.review.models import Interview
from taama.review.queries.reviewing import GONE, parts_of

SUPERVISORS = (SYSTEM, Role.DATA_MANAGER)
MEASURES = ("minutes", "late_hours", "away_km", "answered", "declined", "numbers", "rounded", "clock_wrong",
            "outside_hours", "doubts", "alike_percent")  # fmt: skip
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
    seen = collect.within_reach(viewer).filter(interview__isnull=False)
    used = dict(seen.order_by().values_list("interview__form").annotate(Max("interview__day")))
    return sorted(
        Form.objects.filter(pk__in=used), key=lambda form: (used[form.pk], form.title), reverse=True
    )


@query("review.rounds", allow=SUPERVISORS)
def rounds(viewer, form):
    """Rounds of a form, the latest first: rows {round, first, last, count}."""
    found = Interview.objects.filter(form=form, submission__in=collect.within_reach(viewer)).exclude(round="")
    found = found.values("round").annotate(first=Min("day"), last=Max("day"), count=Count("id"))
    return sorted(found, key=lambda row: row["last"], reverse=True)[:50]


@query("review.last_day", allow=SUPERVISORS)
def last_day(viewer, form):
    """The day of the latest interview with a form, or None."""
    return Interview.objects.filter(form=form).aggregate(Max("day"))["day__max"]


@query("review.interviews", allow=SUPERVISORS)
def interviews(viewer, span):
    """The present interviews of a span, each with who asked and the team: the phone's organisation and area."""
    fields = [f"interview__{FIELDS.get(name, name)}" for name in MEASURES]
    told = ("pk", "interview__enumerator", "device__organisation__name", "device__area", "interview__day")
    rows = list(_within(viewer, span).order_by("interview__day").values_list(*told, *fields))
    named = dict(
        places.areas(viewer).filter(key__in={row[3] for row in rows if row[3]}).values_list("key", "name")
    )
    return [
        Seen(
            key,
            who,
            _team(organisation, named.get(area, "")),
            day,
            **dict(zip(MEASURES, measured, strict=True)),
        )
        for key, who, organisation, area, day, *measured in rows
    ]


def _team(organisation, area):
    return " · ".join(name for name in (organisation, area) if name) or "–"


def _within(viewer, span):
    found = collect.within_reach(viewer).filter(interview__form=span.form).exclude(state__in=GONE)
    found = found.filter(interview__day__gte=span.first, interview__day__lte=span.last)
    if span.round:
        found = found.filter(interview__round=span.round)
    if span.area:
        found = found.filter(area__in=sorted(parts_of(viewer, span.area)))
    return found


@query("review.spots", allow=SUPERVISORS)
def spots(viewer, span):
    """Where interviews took place: (lat, lon, km to the place named or None)."""
    found = _within(viewer, span).filter(interview__lat__isnull=False)
    return list(found.order_by().values_list("interview__lat", "interview__lon", "interview__away_km"))


@query("review.places_of_round", allow=SUPERVISORS)
def places_of_round(viewer, span):
    """Codes of places: (those of the round before: what was planned, those of this round).

    The first round of a form has nothing before it: then nothing is known to be missing.
    """
    known = rounds(viewer, span.form)
    at = next((n for n, row in enumerate(known) if row["round"] == span.round), None)
    if at is None or at + 1 >= len(known):
        return set(), set()
    before = Span(span.form, date.min, date.max, known[at + 1]["round"], span.area)
    now = Span(span.form, date.min, date.max, span.round, "")
    return _codes(viewer, before), _codes(viewer, now)


def _codes(viewer, span):
    return set(
        _within(viewer, span)
        .exclude(interview__place="")
        .order_by()
        .values_list("interview__place", flat=True)
    )
