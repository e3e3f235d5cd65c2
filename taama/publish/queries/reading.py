"""What every page begins with: the snapshot that was asked for, its figures, and words for them."""

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.periods import BAMAKO
from taama.base.policy import ANYONE
from taama.figures import queries as figure_queries
from taama.figures.figure import Coverage
from taama.opendata.queries.public import named_places
from taama.opendata.queries.withdrawn import withdrawn_marks
from taama.places.methods.lineage import MERGE, SPLIT, TRANSFER
from taama.places.queries import areas, links
from taama.publish.methods.phrases import Phrases

PUBLISHED, COLLECTED, SIMULATED = "dtm_mali", "collected", "simulated"
SERIES = (PUBLISHED, COLLECTED, SIMULATED)
WORKING = "working"


@query("publish.page_snapshot", allow=(ANYONE,))
def page_snapshot(viewer, code=""):
    """The newest published snapshot, the one of a number, or `working` for those who may see it.

    Returns   Snapshot; None when nothing is published and none was asked for
    Raises    TaamaError: no such snapshot (404), or withdrawn (410)
    """
    if code == WORKING:
        found = figure_queries.working(viewer)
    elif code.isdigit():
        return figure_queries.snapshot(viewer, int(code))
    else:
        found = None if code else figure_queries.snapshots(viewer).first()
    if found is None and code:
        raise TaamaError("figures.no_snapshot", values={"number": code}, status=404)
    return found


@query("publish.page_figures", allow=(ANYONE,))
def page_figures(viewer, of, **where):
    """Figures of a snapshot as a list; coverage as a Coverage, so that pictures can draw them."""
    marks = withdrawn_marks(viewer, of)
    return [_drawable(figure, marks) for figure in figure_queries.figures(viewer, of, **where)]


def _drawable(figure, marks):
    figure.marks = marks(figure.pk, figure.marks)
    if figure.coverage is not None:
        figure.coverage = Coverage(**figure.coverage)
    return figure


@query("publish.phrases", allow=(ANYONE,))
def phrases(viewer, snapshot, language, figures=(), more=()):
    """Words for these figures. `more`: keys of further places that the page names."""
    keys = set(more).union(*map(_places_in, figures))
    return Phrases(language, named_places(viewer, keys), snapshot.made_at.astimezone(BAMAKO).date())


def _places_in(figure):
    """Every key of a place that a figure carries."""
    values = ((figure.change or {}).get("values") or {}).values()
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return {figure.place} | {v for v in [*figure.category.values(), *flat] if isinstance(v, str) and "@" in v}


@query("publish.ancestry", allow=(ANYONE,))
def ancestry(viewer, level):
    """Key of each area of a level → keys of the areas of that level that held its ground in an earlier version."""
    found = {area.key: set() for area in areas(viewer, level=level)}
    for link in links(viewer):
        if link.levels == (level, level) and link.after in found:
            found[link.after].add(link.before)
    return found


@query("publish.moved", allow=(ANYONE,))
def moved(viewer):
    """Key of each area → keys of the areas before it that it shares ground with, and not the whole of it."""
    found = {}
    for link in links(viewer):
        if link.kind in (SPLIT, MERGE, TRANSFER):
            found.setdefault(link.after, set()).add(link.before)
    return found


@query("publish.country_keys", allow=(ANYONE,))
def country_keys(viewer):
    """Keys of the country in every version of its division, oldest first."""
    return list(areas(viewer, level=0).order_by("version__valid_from").values_list("key", flat=True))
