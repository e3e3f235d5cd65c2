"""Why this figure: the parts of its page that need figures before, after and elsewhere."""

import re
from dataclasses import dataclass
from datetime import date

from taama.base.messages import catalogue, percent
from taama.figures.figure import NO_DATA, SUPPRESSED
from taama.publish.methods.phrases import citations

OUTSIDE_BRACKETS = re.compile(r",\s+(?![^(]*\))")
TABLES = (".csv", ".xlsx", ".xls", ".ods")
CAPITALS = re.compile(r"\b[A-Z]{3,5}\b")
FLOWS = ("mobility.flow_daily_average", "mobility.flow_people", "mobility.flow_nationality")
ASSESSED, AVERAGE = "mobility.localities_assessed", "mobility.flow_daily_average"
COUNTED_ONCE = {
    ASSESSED: "assessed",
    "mobility.flow_people": "flow_people",
    "mobility.idp_households": "households",
}
SHARES_SOURCES = {
    ASSESSED: "mobility.idp_present",
    "mobility.flow_people": AVERAGE,
    "mobility.flow_nationality": AVERAGE,
}


@dataclass(frozen=True)
class Version:
    """The same figure in another snapshot. `revised`: its value differs from the one shown."""

    snapshot: object
    shown: object
    revised: bool


def revisions(phrases, figure, others):
    """Every published version of a figure, newest first."""
    return tuple(Version(f.snapshot, phrases.of(f), f.value != figure.value) for f in others)


@dataclass(frozen=True)
class Break:
    day: str
    text: str
    source: str
    passed: bool


def breaks(phrases, figure, found):
    """Breaks of the series; those before the day of the figure are passed."""
    return tuple(
        Break(phrases.period(b["on"]), b[phrases.language], b.get("source", ""), date.fromisoformat(b["on"]) <= figure.as_of)
        for b in found
    )  # fmt: skip


def neighbours(phrases, figure, line):
    """(The figure before, the figure after) in time among those of one place, each as shown, or None."""
    ids = [f.id for f in line]
    if figure.id not in ids:
        return None, None
    at = ids.index(figure.id)
    before = phrases.of(line[at - 1]) if at else None
    after = phrases.of(line[at + 1]) if at + 1 < len(line) else None
    return before, after


def no_change(phrases, figure, shown, before):
    """Why nothing is said of the change since the figure before; empty where something is."""
    if not shown.known:
        return phrases.text("publish.why_hidden" if SUPPRESSED in figure.marks else "publish.why_unknown")
    if shown.change is not None:
        return ""
    if before is None:
        return phrases.text("publish.why_first")
    if not before.known:
        return phrases.text("publish.why_before_unknown", period=before.when)
    return phrases.text(f"publish.why_no_change_{_kind(figure)}")


def elsewhere(phrases, figure, before):
    """The figure before where the place had other boundaries; empty where it is of the same place, or not told."""
    change = figure.change or {}
    value = (change.get("values") or change).get("from_value")
    if before is not None or value is None or SUPPRESSED in figure.marks:
        return ""
    return phrases.text("publish.why_elsewhere", value=value, period=phrases.period(change["from"]))


def _kind(figure):
    if figure.category:
        return "part"
    if figure.definition == AVERAGE and "@" not in figure.place:
        return "point"
    return COUNTED_ONCE.get(figure.definition, "other")


def after_said(phrases, after):
    """Whether the figure after continues this one, in words; empty where nothing was computed."""
    change = after.change if after else None
    if change is None:
        return ""
    if not change.known:
        return change.text
    return phrases.text(
        "publish.why_after",
        change=" ".join(filter(None, (change.short, change.percent and f"({change.percent})"))),
    )


def counted_by(phrases, figure):
    """Who counted, and how: the teams of this office, or whoever the publication says."""
    if citations(figure):
        return phrases.text("publish.counted_by_others")
    flows = "flows" if figure.definition in FLOWS else "visits" if figure.definition == ASSESSED else "stocks"
    return phrases.text(f"publish.counted_{flows}")


def method_note(phrases, figure):
    """What the method's own words do not say of this figure: its dimension, or that a table was added up."""
    if lines := figure.extra.get("lines"):
        return phrases.text("publish.computed_of_lines", count=lines)
    if found := citations(figure):
        several = len(found) > 1 or figure.extra.get("contradicts")
        return phrases.text("publish.computed_chosen" if several else "publish.computed_nothing")
    if figure.definition == AVERAGE and "@" in figure.place:
        return phrases.text("publish.computed_of_points")
    code = next((f"publish.parted_{name}" for name in figure.category), "")
    return phrases.text(code) if code in catalogue() else ""


@dataclass(frozen=True)
class Citation:
    """A publication: who, and the title that it goes by; `names` are the abbreviations written out.

    `is_file`: nothing but the name of the table that was imported is known of it.
    """

    who: str
    title: str
    names: tuple
    is_file: bool


def cited(phrases, figure):
    """Publications that a figure is taken from. `OIM, rapport d'avril` says who in front of its first comma."""
    return tuple(_citation(phrases, text) for text in citations(figure))


def _citation(phrases, text):
    who, *rest = OUTSIDE_BRACKETS.split(text, maxsplit=1)
    codes = dict.fromkeys(f"publish.body_{word}" for word in CAPITALS.findall(text))
    names = tuple(phrases.text(code) for code in codes if code in catalogue())
    return Citation(who if rest else "", rest[0] if rest else text, names, text.lower().endswith(TABLES))


def certainty(phrases, figure, shown):
    """What is not known of how sure a figure is, in words."""
    if SUPPRESSED in figure.marks or NO_DATA in figure.marks:
        return ()
    codes = []
    if citations(figure):
        codes.append("publish.sure_as_published")
        codes += ["publish.sure_doubted"] if figure.extra.get("doubted") else []
    elif not shown.range and figure.definition not in (ASSESSED, *FLOWS):
        codes.append("publish.sure_part" if figure.category else "publish.sure_no_range")
    if figure.definition in FLOWS:
        codes.append("publish.sure_flows")
    if figure.coverage and figure.coverage.planned is None:
        codes.append("publish.sure_no_plan")
    return tuple(phrases.text(code) for code in codes)


def known_of(phrases, figure, totals):
    """Of how many people or households of the total a breakdown is known; empty for a total, and where one is hidden."""
    whole = "mobility.idp_households" if figure.unit == "households" else figure.definition
    total = next(
        (f for f in totals if f.definition == whole and f.series == figure.series and f.unit == figure.unit),
        None,
    )
    if not figure.category or total is None or not (total.value and figure.base) or figure.base > total.value:
        return ""
    share = percent(100 * figure.base / total.value, phrases.language)
    return phrases.text(
        "publish.known_of", base=figure.base, total=total.value, unit=phrases.unit(figure.unit), share=share
    )


def reached(phrases, figure):
    """In how many cercles a round assessed places, of how many there are; empty for other figures."""
    names = ("cercles_assessed", "cercles_planned", "cercles")
    if not figure.extra.get("cercles") or figure.extra["cercles"] < 2:
        return ""
    return phrases.text("publish.reached_cercles", **{name: figure.extra.get(name, 0) for name in names})
