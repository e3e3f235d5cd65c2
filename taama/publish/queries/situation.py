"""The situation report: what the pages show of one series, put together for paper."""

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.periods import BAMAKO
from taama.base.policy import ANYONE
from taama.figures import queries as kept
from taama.places.queries import country
from taama.publish.methods.pages.trend import latest, totals
from taama.publish.methods.situation import document, highlights, revised, tables
from taama.publish.queries.areas import area_page
from taama.publish.queries.flows import flow_page
from taama.publish.queries.home import home
from taama.publish.queries.reading import PUBLISHED, ancestry, country_keys, page_figures, phrases
from taama.publish.queries.rounds import dashboard

PRESENT = "mobility.idp_present"


@query("publish.report_series", allow=(ANYONE,))
def report_series(viewer, snapshot, series=""):
    """The series of a report: the one asked for, else the published one, else whatever there is."""
    known = sorted(set(kept.figures(viewer, snapshot).order_by().values_list("series", flat=True).distinct()))
    if series and series not in known:
        raise TaamaError("publish.report_no_series", values={"series": series, "known": known}, status=404)
    if not known:
        raise TaamaError("publish.report_empty", values={"snapshot": snapshot.code}, status=404)
    return series or (PUBLISHED if PUBLISHED in known else known[0])


@query("publish.situation", allow=(ANYONE,))
def situation(viewer, snapshot, language, series):
    """Everything that the report of one series says, as plain data for its template."""
    found = page_figures(viewer, snapshot, series=series)
    keys, regions = country_keys(viewer), ancestry(viewer, 1)
    words = phrases(viewer, snapshot, language, found, [*keys, *regions])
    nationals = totals(found, PRESENT, keys)
    national = latest(nationals)
    if national is None:
        raise TaamaError("publish.report_empty", values={"snapshot": snapshot.code}, status=404)
    shown = _pages(viewer, snapshot, language, national, keys)
    regional = totals(found, PRESENT, regions)
    return document.document(
        words,
        about=_about(viewer, snapshot, words, series, national),
        cards=shown["cards"],
        highlights=highlights.highlights(words, nationals, regional, found),
        pictures=shown,
        listings=[_listing(words, shown["matrix"], national, regional)],
        flows=tables.flows(words, shown["flow"]["passages"], shown["flow"]["notes"]) if shown["flow"] else None,
        limits=shown["doubts"],
        revisions=_revisions(viewer, snapshot, words, series),
        figures=found,
    )  # fmt: skip


def _pages(viewer, snapshot, language, national, keys):
    """Contents of the pages that show this figure, under one set of names."""
    series = national.series
    if series == PUBLISHED:
        first = home(viewer, snapshot, language)
        drawn = first["snapshot_map"] or {"picture": None, "caption": ""}
        top = first | {"map": drawn["picture"], "caption": drawn["caption"], "grades": None}
    else:
        top = dashboard(viewer, snapshot, language, series, national.period) | {
            "caption": "",
            "matrix": None,
            "trend": None,
        }
    flows = flow_page(viewer, snapshot, language)["sections"]
    return top | {
        "area": _of_series(area_page(viewer, snapshot, language, keys[-1])["sections"], series),
        "flow": _of_series(flows, series),
    }


def _listing(words, matrix, national, regional):
    return tables.matrix(words, matrix) if matrix else tables.regions(words, national, regional)


def _of_series(sections, series):
    return next((section for section in sections if section["series"] == series), None)


def _about(viewer, snapshot, words, series, national):
    return {
        "country": country(viewer).name[words.language],
        "code": snapshot.code,
        "number": snapshot.number or "–",
        "id": str(snapshot.pk),
        "title": snapshot.title,
        "made": snapshot.made_at.astimezone(BAMAKO),
        "series": words.named(f"publish.series_{series}"),
        "period": words.period(national.period),
        "methods": snapshot.tools | snapshot.methods,
        "replaces": [(one.code, one.withdrawn_reason) for one in snapshot.replaces.order_by("number")],
    }


def _revisions(viewer, snapshot, words, series):
    """What differs from the snapshot before; None for the first."""
    if snapshot.number is None:
        return None
    earlier = kept.snapshots(viewer).filter(number__lt=snapshot.number).first()
    if earlier is None:
        return None
    before = page_figures(viewer, earlier, series=series)
    return earlier.code, revised.compare(before, page_figures(viewer, snapshot, series=series))
