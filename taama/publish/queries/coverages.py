"""How much of the country the figures of a snapshot speak of: what one must know before publishing them."""

from dataclasses import dataclass

from taama.base.doors import query
from taama.base.policy import ANYONE
from taama.figures.figure import SUPPRESSED
from taama.places.queries import areas
from taama.publish.methods.pages import reasons
from taama.publish.methods.pages.trend import latest
from taama.publish.queries.reading import SERIES, country_keys, page_figures, phrases

STOCK, FLOW = "mobility.idp_present", "mobility.flow_daily_average"


@dataclass(frozen=True)
class Reach:
    """The newest figures of a series: how many places or points they cover of how many, and in how many areas.

    `thin`: less than should be was covered, or nobody knows how much should have been.
    """

    series: str
    shown: object
    covered: str
    areas: str
    thin: bool


@query("publish.reaches", allow=(ANYONE,))
def reaches(viewer, snapshot, language):
    """A Reach for the newest round, published figure and month of flows of each series."""
    keys = country_keys(viewer)
    definitions = (STOCK, FLOW, reasons.ASSESSED)
    found = page_figures(viewer, snapshot, definition__in=definitions, place__in=keys, category={})
    words = phrases(viewer, snapshot, language, found)
    named = {name: [f for f in found if f.definition == name] for name in definitions}
    stocks = [
        _reach(words, figure, _areas(viewer, words, figure, named[reasons.ASSESSED]))
        for series in SERIES
        if (figure := latest([f for f in named[STOCK] if f.series == series]))
    ]
    flows = [
        _reach(words, figure, _days(viewer, words, figure))
        for series in SERIES
        if (figure := latest([f for f in named[FLOW] if f.series == series]))
    ]
    return stocks + flows


def _reach(words, figure, inside):
    shown = words.of(figure, words.named(figure.definition))
    covered = f"{shown.coverage} ({shown.share})" if shown.share else shown.coverage
    return Reach(
        series=words.named(f"publish.series_{figure.series}"),
        shown=shown,
        covered=covered or words.text("publish.coverage_not_known"),
        areas=inside,
        thin=shown.thin or figure.coverage is None or figure.coverage.planned is None,
    )


def _areas(viewer, words, figure, assessed):
    """Cercles in which a round assessed places; of a publication, the regions that it divides its figure into."""
    for one in assessed:
        if (one.series, one.place, one.period) == (figure.series, figure.place, figure.period):
            return reasons.reached(words, one)
    regions = areas(viewer, level=1).filter(version__code=figure.version).values_list("key", flat=True)
    told = page_figures(
        viewer, figure.snapshot, series=figure.series, definition=STOCK, as_of=figure.as_of, category={}
    )
    divided = {one.place for one in told if one.place in set(regions)}
    return words.text("publish.reached_regions", told=len(divided), regions=len(regions))


def _days(viewer, words, figure):
    """Days that the points were observed, of all the days of their month."""
    points = page_figures(
        viewer, figure.snapshot, series=figure.series, definition=FLOW, period=figure.period, category={}
    )
    known = [
        p.coverage for p in points if p.coverage and p.coverage.what == "days" and SUPPRESSED not in p.marks
    ]
    done, planned = sum(one.done for one in known), sum(one.planned for one in known)
    return words.text("publish.reached_days", done=done, planned=planned) if planned else ""
