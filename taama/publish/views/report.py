"""The situation report."""

from django.views.decorators.http import require_safe

from taama.figures.queries import snapshot
from taama.opendata.views.answering import lasting
from taama.publish.queries.situation import report_series
from taama.publish.report.build import report


@require_safe
def situation_report(request, number, language):
    """The PDF of a published snapshot; `?series=` for another series than the published one."""
    of = snapshot(request.viewer, int(number))
    series = report_series(request.viewer, of, request.GET.get("series", ""))
    name = f"taama-{of.code}-{series}.{language}.pdf"
    parts = ("report", of.pk, language, series)
    return lasting(
        request, parts, lambda: report(request.viewer, of, language, series), "application/pdf", name
    )
