"""The page of one area."""

from taama.base.doors import query
from taama.base.policy import ANYONE
from taama.places import queries as place_queries
from taama.places.models import Lineage
from taama.publish.methods.pages import areas as page
from taama.publish.methods.pages import parts, rounds
from taama.publish.methods.pages.trend import totals, trend
from taama.publish.queries.reading import PUBLISHED, SIMULATED, page_figures, phrases

PRESENT = "mobility.idp_present"
SECTIONS = (PUBLISHED, SIMULATED)


@query("publish.area", allow=(ANYONE,))
def area_page(viewer, snapshot, language, key):
    """An area with its lineage, its figures of each series, their parts and those of its sub-areas."""
    area = place_queries.area(viewer, key)
    keys = _followed(viewer, area)
    children = list(place_queries.areas(viewer, within=key, level=area.level + 1))
    found = page_figures(viewer, snapshot, place__in=[*keys, *(child.key for child in children)])
    rows = list(Lineage.objects.filter(before=area)) + list(Lineage.objects.filter(after=area))
    words = phrases(viewer, snapshot, language, found, _named(viewer, area, keys))
    sections = [_section(viewer, words, found, series, keys, children) for series in SECTIONS]
    return {
        "area": area, "name": area.name, "level": place_queries.country(viewer).levels[language][area.level].capitalize(),
        "version": _label(area.version, language),
        "above": _above(area),
        "was": _turns(words, rows, area, "before", language),
        "became": _turns(words, rows, area, "after", language),
        "sections": [section for section in sections if section],
        "children": [(child.key, child.name) for child in children],
    }  # fmt: skip


def _followed(viewer, area):
    """Keys of the area in every version in which it goes on."""
    names = dict(place_queries.areas(viewer, level=area.level).values_list("key", "name"))
    return page.chain(area.key, place_queries.links(viewer), names)


def _named(viewer, area, keys):
    links = place_queries.links(viewer)
    return keys | {k for link in links if area.key in (link.before, link.after) for k in (link.before, link.after)}


def _above(area):
    found = []
    while area.parent is not None:
        area = area.parent
        found.append((area.key, area.name))
    return found[::-1]


def _label(version, language):
    return version.label if language == "fr" else version.label_en


def _short(version, language):
    """`découpage de 2021`, without what the label explains behind its colon."""
    return _label(version, language).partition(":")[0].strip().lower()


def _turns(words, rows, area, side, language):
    """Lineage on one side of the area, sub-units of another level left out."""
    near, far = ("after_id", "before") if side == "before" else ("before_id", "after")
    wanted = [row for row in rows if getattr(row, near) == area.pk and getattr(row, far).level == area.level]
    others = [(row.kind, getattr(row, far).key, row.source) for row in wanted]
    versions = {getattr(row, far).key: _short(getattr(row, far).version, language) for row in wanted}
    return page.turns(words, others, side, versions)


def _section(viewer, words, found, series, keys, children):
    """What one series says of the area; None when it says nothing."""
    mine = [figure for figure in found if figure.series == series]
    here = [figure for figure in mine if figure.place in keys]
    if not mine:
        return None
    present = totals(mine, PRESENT, keys)
    newest = present[-1:] or here[-1:]
    return {
        "series": series, "name": words.named(f"publish.series_{series}"),
        "simulated": any("simulated" in f.marks for f in mine),
        "newest": words.of(newest[0], words.named(newest[0].definition)) if newest else None,
        "trend": trend(words, present, words.text("publish.area_trend_title"), words.named(PRESENT)),
        "history": page.history(words, present),
        "others": _others(words, here),
        "breakdowns": _breakdowns(words, here, newest),
        "grades": rounds.grades(words, present[-1:]),
        "parts": _children(viewer, words, mine, children),
    }  # fmt: skip


def _others(words, figures):
    """The newest total of every other definition."""
    newest = {}
    for figure in sorted(figures, key=lambda f: f.as_of):
        if not figure.category and figure.definition != PRESENT:
            newest[figure.definition] = figure
    return [words.of(newest[d], words.named(d)) for d in sorted(newest)]


def _breakdowns(words, figures, newest):
    if not newest:
        return []
    now = [f for f in figures if f.definition == PRESENT and f.category and f.period == newest[0].period]
    found = parts.breakdowns(words, now)
    return [
        (each, page.pyramid(words, each, each.title) if each.dimension == "sex_age" else None) for each in found
    ]


def _children(viewer, words, figures, children):
    """The newest round of the areas inside: a map and a row for each."""
    keys = {child.key for child in children}
    inside = totals(figures, PRESENT, keys)
    if not inside:
        return None
    period = inside[-1].period
    now = sorted((f for f in inside if f.period == period), key=lambda f: -(f.value or -1))
    return {"period": words.period(period), "rows": [words.of(figure) for figure in now]}
