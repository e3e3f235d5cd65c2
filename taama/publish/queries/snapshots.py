"""The list of snapshots."""

from django.db.models import Count

from taama.base.doors import query
from taama.base.policy import ANYONE
from taama.figures import queries as figure_queries


@query("publish.snapshots", allow=(ANYONE,))
def snapshots_page(viewer):
    """Published snapshots with their number of figures and what changed; the working one for those who may see it."""
    counted = figure_queries.snapshots(viewer).annotate(figure_count=Count("figures"))
    working = figure_queries.working(viewer) if viewer.may("figures.working") else None
    return {"published": list(counted.select_related("publication")), "working": working}
