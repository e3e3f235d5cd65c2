"""The page of one area."""

from taama.base.doors import query
from taama.base.policy import ANYONE
from taama.places import queries as place_queries
from taama.publish.methods.pages import areas as page
from taama.publish.methods.pages import parts, rounds
from taama.publish.methods.pages.trend import totals, trend
from taama.publish.methods.phrases import Listing
from taama.publish.queries.reading import SERIES, page_figures, phrases

PRESENT = "mobility.idp_present"


@query("publish.area", allow=(ANYONE,))
def area_page(viewer, snapshot, language, key):
    """An area with its lineage, its figures of each series, their parts and those of its sub-areas."""
    area = place_queries.area(viewer, key)
    ground, named = _followed(viewer, area)
    children = [
        child.key
        for child in place_queries.areas(viewer, level=area.level + 1).filter(parent__key__in=ground)
    ]
    found = page_figures(viewer, snapshot, place__in=[*ground, *named, *children])
    rows = [*area.came_from.select_related("before"), *area.became.select_related("after")]
    more = {k for row in rows for k in (row.before.key, row.after.key)} | ground | named | set(children)
    words = phrases(viewer, snapshot, language, found, more)
    versions = {v.code: _label(v, language).partition(":")[0].strip() for v in place_queries.versions(viewer)}
    sections = [_section(words, found, series, ground, named, children, versions) for series in SERIES]
    return {
        "area": area, "name": area.name, "version": _label(area.version, language),
        "level": place_queries.country(viewer).levels[language][area.level].capitalize(),
        "above": _above(area),
        "was": page.turns(words, _turns(area, rows, "before"), "before", versions),
        "became": page.turns(words, _turns(area, rows, "after"), "after", versions),
        "sections": [section for section in sections if section],
        "children": [(child, words.place(child)) for child in children if child.endswith(f"@{area.version.code}")],
    }  # fmt: skip


def _followed(viewer, area):
    """(Keys of the same ground, keys of the same name) of the area in every version."""
    names = dict(place_queries.areas(viewer, level=area.level).values_list("key", "name"))
    links = place_queries.links(viewer)
    return page.same_ground(area.key, links), page.same_name(area.key, links, names)


def _above(area):
    found = []
    while area.parent is not None:
        area = area.parent
        found.append((area.key, area.name))
    return found[::-1]


def _label(version, language):
    return version.label if language == "fr" else version.label_en


def _turns(area, rows, side):
    """(Kind, key, source) of the lineage on one side of the area; areas of another level are left out."""
    others = [(row, getattr(row, side)) for row in rows]
    return [
        (row.kind, other.key, row.source)
        for row, other in others
        if other != area and other.level == area.level
    ]


def _section(words, found, series, ground, named, children, versions):
    """What one series says of the area; None when it says nothing of its ground or of what lies in it."""
    mine = [figure for figure in found if figure.series == series]
    here = [figure for figure in mine if figure.place in ground]
    inside = _children(words, mine, children)
    if not here and not inside:
        return None
    line = totals(mine, PRESENT, ground | named)
    newest = totals(here, PRESENT, ground)[-1:]
    return {
        "series": series, "name": words.named(f"publish.series_{series}"),
        "simulated": any("simulated" in f.marks for f in mine),
        "cards": [words.of(f, words.named(f.definition)) for f in [*newest, *_others(here)]],
        "trend": trend(words, line, words.text("publish.area_trend_title"), words.named(PRESENT)),
        "history": page.history(words, line, versions),
        "breakdowns": _breakdowns(words, here, newest),
        "grades": rounds.grades(words, newest),
        "parts": inside,
    }  # fmt: skip


def _others(figures):
    """The newest total of every other definition."""
    newest = {}
    for figure in sorted(figures, key=lambda f: f.as_of):
        if not figure.category and figure.definition != PRESENT:
            newest[figure.definition] = figure
    return [newest[definition] for definition in sorted(newest)]


def _breakdowns(words, figures, newest):
    if not newest:
        return []
    now = [f for f in figures if f.definition == PRESENT and f.category and f.period == newest[0].period]
    found = parts.breakdowns(words, now)
    return [
        (each, page.pyramid(words, each, each.title) if each.dimension == "sex_age" else None)
        for each in found
    ]


def _children(words, figures, children):
    """A row for each area inside, in the newest period that has any."""
    inside = totals(figures, PRESENT, children)
    if not inside:
        return None
    period = inside[-1].period
    now = sorted((f for f in inside if f.period == period), key=lambda f: -(f.value or -1))
    return {"period": words.period(period), "table": Listing.of(words.of(figure) for figure in now)}
