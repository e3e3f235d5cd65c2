"""The list of snapshots."""

from django.db.models import Count

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.policy import ANYONE
from taama.figures import queries as figure_queries
from taama.figures.actions import PUBLISHERS


@query("publish.snapshots", allow=(ANYONE,))
def snapshots_page(viewer):
    """Published snapshots with their number of figures and what changed; the working one for those who may see it."""
    counted = figure_queries.every_snapshot(viewer).annotate(figure_count=Count("figures"))
    working = figure_queries.working(viewer) if viewer.may("figures.working") else None
    return {
        "published": list(counted.select_related("publication", "replaced_by")),
        "working": working,
        "may_withdraw": viewer.may("figures.withdraw_snapshot"),
    }


@query("publish.withdrawal", allow=PUBLISHERS, everywhere=True)
def withdrawal(viewer, number):
    """A published snapshot that may be withdrawn or is, and the numbers and titles of those that may replace it."""
    found = figure_queries.every_snapshot(viewer).filter(number=number).first()
    if found is None:
        raise TaamaError("figures.no_snapshot", values={"number": number}, status=404)
    others = figure_queries.snapshots(viewer).exclude(number=number)
    return {"snapshot": found, "others": [(one.number, f"{one.code} · {one.title}") for one in others]}
