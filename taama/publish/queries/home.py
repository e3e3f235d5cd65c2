"""The home page: what is published of the country, first; then what the simulated round shows."""

from taama.base.doors import query
from taama.base.policy import ANYONE
from taama.places.queries import outlines
from taama.publish.methods.pages import doubts, flows, regions
from taama.publish.methods.pages.trend import latest, totals, trend
from taama.publish.methods.phrases import Listing
from taama.publish.queries.reading import (
    COLLECTED,
    PUBLISHED,
    SIMULATED,
    ancestry,
    country_keys,
    moved,
    page_figures,
    phrases,
)

PRESENT, HOUSEHOLDS = "mobility.idp_present", "mobility.idp_households"
HEADLINES = (PRESENT, "mobility.returned_idp", "mobility.repatriate", "mobility.refugee_abroad")


@query("publish.home", allow=(ANYONE,))
def home(viewer, snapshot, language):
    """Everything on the home page: published figures, and how to reach the simulated round."""
    found = page_figures(viewer, snapshot, series=PUBLISHED)
    country, before = country_keys(viewer), ancestry(viewer, 1)
    words = phrases(viewer, snapshot, language, found, [*country, *before])
    national = totals(found, PRESENT, country)
    regional = totals(found, PRESENT, before)
    households = totals(found, HOUSEHOLDS, country)
    return {
        "country": words.place(country[-1]) if country else "",
        "country_key": country[-1] if country else "",
        "lead": _lead(words, national),
        "cards": _cards(words, found, country),
        "trend_heading": _trend_heading(words, national),
        "trend": trend(words, national, words.text("publish.trend_title"), words.named(PRESENT)),
        "snapshot_map": _map(viewer, words, regional, national),
        "matrix": regions.matrix(words, regional, before) if regional else None,
        "flow": _flow(words, [f for f in found if f.place in country]),
        "doubts": doubts.of_series(words, national, households, regional, moved(viewer)),
        "areas": None if national or regional else _areas(viewer, snapshot, language, PUBLISHED),
        "collected": _round_of(COLLECTED, viewer, snapshot, country, words),
        "collected_areas": None if national else _areas(viewer, snapshot, language, COLLECTED),
        "round": _round_of(SIMULATED, viewer, snapshot, country, words),
    }


def _lead(words, national):
    """The one sentence to take away."""
    last = latest(national)
    if last is None:
        return ""
    age = words.age(words.age_days(last))
    return words.text("publish.home_lead", value=words.value(last), period=words.period(last.period), age=age)


def _trend_heading(words, national):
    if not national:
        return ""
    first = str(national[0].as_of.year)
    return words.text("publish.trend_heading", year=first)


def _cards(words, found, country):
    newest = [latest(totals(found, definition, country)) for definition in HEADLINES]
    return [words.of(figure, words.named(figure.definition)) for figure in newest if figure is not None]


def _flow(words, figures):
    """Cards of the newest published month."""
    newest = flows.passages(words, figures)[:1]
    return [] if not newest else newest[0].shown


def _areas(viewer, snapshot, language, series):
    """The newest figure of each region, or of each cercle where there is none of a region; None without any."""
    found = page_figures(viewer, snapshot, series=series, definition=PRESENT, category={})
    words = phrases(viewer, snapshot, language, found)
    for level in (1, 2):
        here = [f for f in found if words.places.get(f.place, {}).get("level") == level]
        newest = {f.place: f for f in sorted(here, key=lambda f: (f.as_of, f.period))}
        if newest:
            shown = sorted((words.of(f) for f in newest.values()), key=lambda s: s.label)
            return {"table": Listing.of(shown), "series": words.named(f"publish.series_{series}")}
    return None


def _map(viewer, words, regional, national):
    """Map of the newest regional snapshot that is complete enough, and what it holds of the national figure."""
    period, share = regions.complete_period(regional, national)
    if period is None:
        return None
    shown = [figure for figure in regional if figure.period == period]
    title = words.text("publish.map_title", period=words.period(period))
    known = outlines(viewer, shown[0].version)
    picture = regions.count_map(words, shown, known, title, words.text("publish.region"))
    caption = "" if share is None else words.text("publish.map_share", share=round(100 * share))
    return {
        "picture": picture,
        "caption": caption,
        "period": words.period(period),
        "borrowed": _borrowed(known),
    }


def _borrowed(known):
    """Whether the land is drawn in an older division than the figures were counted in."""
    return any(one["drawn"] not in one["keys"] for one in known)


def _round_of(series, viewer, snapshot, country, words):
    """The newest total of the country in a series that is assessed here, as a way in; None without one."""
    newest = latest(
        page_figures(viewer, snapshot, series=series, definition=PRESENT, place__in=country, category={})
    )
    return None if newest is None else words.of(newest, words.named(PRESENT))
