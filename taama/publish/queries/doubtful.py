"""What the checks say of the submissions of a round: how often, and of which, with the place and what to do."""

from django.db.models import Count

from taama.base.doors import query
from taama.base.messages import catalogue, message
from taama.base.policy import SIGNED_IN, SYSTEM
from taama.collect import queries as collect
from taama.collect.models import Finding, Submission
from taama.places import queries as places

LISTED = 40  # doubtful submissions on the page
REVIEWERS = ("data_manager", "information_officer", "validator", SYSTEM)


@query("publish.findings_of_round", allow=(SIGNED_IN, SYSTEM))
def findings_of_round(viewer, keys, series):
    """Rows (code, level, count of submissions) of what the checks said of these submissions and of those held back."""
    found = Finding.objects.filter(submission__in=_concerned(keys, series))
    return list(found.values("code", "level").annotate(count=Count("submission", distinct=True)))


def _concerned(keys, series):
    """Submissions that the round's figures stand on, and those that an error keeps out of them."""
    held = Submission.objects.filter(
        state__in=[Submission.State.HELD, Submission.State.FAILED], simulated=series == "simulated"
    )
    return [*keys, *held.values_list("pk", flat=True)]


@query("publish.doubtful_submissions", allow=REVIEWERS)
def doubtful_submissions(viewer, keys, series, language):
    """Submissions with findings, those held back first.

    Returns   list of dicts: id, state, received_at, place (its name, else that of its area), by_phone, and `said`: for
              each finding what is doubtful, with its values, and what to do
    """
    if not viewer.may("collect.within_reach"):
        return []
    seen = collect.within_reach(viewer)
    rows = seen.filter(pk__in=_concerned(keys, series), findings__isnull=False).distinct()
    rows = rows.select_related("interview").prefetch_related("findings").defer("raw")
    rows = list(rows.order_by("-state", "received_at")[:LISTED])
    named, areas = _names(viewer, rows), places.area_names(viewer, {row.area for row in rows})
    return [
        {"id": row.pk, "state": row.get_state_display(), "received_at": row.received_at,
         "place": named.get(_place(row)) or _place(row) or areas.get(row.area, ""),
         "by_phone": row.origin == Submission.Origin.OPENROSA,
         "said": [_said(finding, language) for finding in row.findings.all()]}
        for row in rows
    ]  # fmt: skip


def _place(row):
    """Code of the locality, site or point that a submission names."""
    return row.interview.place if hasattr(row, "interview") else ""


def _names(viewer, rows):
    """Code → `Name (area)` of the places that these submissions name."""
    codes = {_place(row) for row in rows} - {""}
    kinds = (places.localities(viewer), places.sites(viewer), places.points(viewer))
    known = [place for kind in kinds for place in kind.filter(code__in=codes)]
    return {place.code: f"{place.name} ({place.area.name})" for place in known}


def _said(finding, language):
    """(What is doubtful, what to do about it)."""
    if finding.code not in catalogue():
        return finding.code, ""
    text = message(finding.code, language, finding.values)
    general = "publish.do_error" if finding.level == "error" else "publish.do_warning"
    return text.cause, text.remedy or message(general, language).cause
