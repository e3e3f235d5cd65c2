"""The report as one tree of texts and drawings, as the template reads it."""

import html
import re

from taama.base.messages import catalogue, day, message, percent
from taama.figures.figure import SIMULATED
from taama.publish.methods.phrases import citations
from taama.publish.methods.situation import tables

TEXTS = "publish.report_t_"
ESTIMATED = ("people", "households")
NUMBER_AT_END = re.compile(r"(.*?)(?:(?<![0-9])([1-9][0-9]{0,2}))?", re.DOTALL)
DESCRIPTION = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)


def document(phrases, *, about, cards, highlights, pictures, listings, flows, limits, revisions, figures):
    """Plain data: strings, numbers, lists and dicts.

    about      country, code, id, title, made (local time), series, period, methods, replaces
    cards      Shown figures
    pictures   map, caption, trend, grades, and `area`, `flow`: sections of the pages of the area and of flows, or None
    """
    invented = [SIMULATED in figure.marks for figure in figures]
    partly = any(invented) and not all(invented)
    area, flow = pictures["area"] or {"breakdowns": []}, pictures["flow"] or {}
    return {
        "lang": phrases.language,
        "simulated": any(invented),
        **_names(phrases, about),
        "texts": _texts(phrases.language, partly),
        "cards": [card(phrases, shown, partly) for shown in cards],
        "highlights": [{"text": point.text, "doubt": point.doubt} for point in highlights],
        "map": picture(pictures["map"], narrow=True),
        "map_caption": pictures["caption"],
        "tables": listings,
        "trend": picture(pictures["trend"]),
        "pyramid": _pyramid(phrases, area["breakdowns"]),
        "parts": _parts(phrases, area["breakdowns"]),
        "grades": picture(pictures["grades"]),
        "flows": flows,
        "calendar": picture(flow.get("calendar")),
        "limits": [
            {"title": one.title.rstrip("."), "text": one.text}
            for one in limits
            if one.kind != "break" or pictures["trend"] is None
        ],
        "revisions": _revisions(phrases, revisions, about["replaces"]),
        "sources": sources(phrases, about, figures),
    }


def _names(phrases, about):
    title = phrases.text("publish.report_title", country=about["country"], number=str(about["number"]))
    published = day(about["made"].date(), phrases.language)
    return {
        "title": title,
        "description": f"{about['series']}, {about['period']}",
        "keywords": [about["country"], about["code"], about["series"]],
        "deck": phrases.text("publish.report_deck", period=about["period"], series=about["series"]),
        "as_of": about["period"],
        "stamp": [phrases.text("publish.report_snapshot", code=about["code"]), published],
        "footer": phrases.text(
            "publish.report_footer", code=about["code"], id=about["id"], published=published
        ),
        "made": {
            name: getattr(about["made"], name)
            for name in ("year", "month", "day", "hour", "minute", "second")
        },
    }


def _texts(language, partly):
    """Every fixed word of the template, by the end of its code. `partly`: only some of the figures are invented."""
    codes = [code.removeprefix(TEXTS) for code in catalogue() if code.startswith(TEXTS)]
    chosen = {code: f"{code}_partly" if partly and f"{code}_partly" in codes else code for code in codes}
    return {code: message(TEXTS + told, language).cause for code, told in chosen.items()}


def card(phrases, shown, partly=False):
    """A headline figure: value, day, range or that there is none, coverage, grades, change or why there is none.

    partly    some figures of the report are invented and others are not: then each invented one says so
    """
    interval = shown.range
    if shown.known and not interval and shown.figure.unit in ESTIMATED:
        interval = phrases.text("publish.report_no_range")
    covered = phrases.text("publish.report_card_coverage", share=shown.share) if shown.share else ""
    change, doubt, text = shown.change, not shown.known, ""
    if change is not None:
        text = " ".join(
            filter(None, (change.short, f"({change.percent})" if change.percent else "", change.since))
        )
        doubt = doubt or not change.known
    lines = [shown.when, interval, covered, grade_mix(phrases, shown.figure)]
    return {
        "label": shown.label,
        "simulated": partly and shown.simulated,
        "value": shown.value,
        "lines": [x for x in lines if x],
        "change": text,
        "doubt": doubt,
    }


def grade_mix(phrases, figure):
    """`cotes : A 56 %, B 30 %, C 10 %, reporté 4 %`."""
    named = {"A": "A", "B": "B", "C": "C", "carried": phrases.text("publish.report_carried")}
    found = ((name, figure.grades.get(grade)) for grade, name in named.items())
    mix = [f"{name} {percent(100 * share, phrases.language)}" for name, share in found if share]
    return phrases.text("publish.report_grades", mix=", ".join(mix)) if mix else ""


def picture(drawn, narrow=False):
    """A Picture of the pages for paper: its drawing, and in words what it shows."""
    if drawn is None:
        return None
    svg = drawn.narrow if narrow and drawn.narrow else drawn.svg
    said = DESCRIPTION.search(svg)
    alt = f"{drawn.title}. {html.unescape(said[1])}" if said else drawn.title
    return {
        "svg": svg,
        "alt": alt,
        "title": drawn.title,
        "notes": list(drawn.notes),
        "remarks": list(drawn.remarks),
    }


def _pyramid(phrases, breakdowns):
    drawn = next((d for breakdown, d in breakdowns if breakdown.dimension == "sex_age"), None)
    return picture(drawn)


def _parts(phrases, breakdowns):
    """Breakdowns that say something and have no picture."""
    told = [b for b, drawn in breakdowns if b.dimension != "sex_age" or drawn is None]
    return [tables.part(phrases, b) for b in told if any(figure.value for figure in b.figures)]


def _revisions(phrases, found, replaces):
    """What differs from the snapshot before, and which withdrawn ones this one replaces, with the reason."""
    text, listed = tables.revisions(phrases, found)
    told = [phrases.text("publish.report_replaces", code=code, reason=reason) for code, reason in replaces]
    return {"text": " ".join([text, *told]), "table": listed}


def sources(phrases, about, figures):
    """Citations, each once, rounds of one publication together; of submissions how many; versions of tools and methods."""
    found = gathered({source for figure in figures for source in citations(figure)})
    submissions = {source for figure in figures if not citations(figure) for source in figure.sources}
    if submissions:
        found.append(phrases.text("publish.report_submissions", count=len(submissions)))
    versions = ", ".join(f"{code} {version}" for code, version in sorted(about["methods"].items()))
    return [*found, phrases.text("publish.report_methods", versions=versions)] if versions else found


def gathered(citations):
    """Citations that differ only in the number at their end, on one line.

    >>> gathered(["DTM, cycle 45", "HDX", "DTM, cycle 43", "DTM, cycle 44", "DTM, cycle 42", "DTM, cycle 60"])
    ['DTM, cycle 42–45, 60', 'HDX']
    """
    groups = {}
    for citation in sorted(citations):
        stem, number = NUMBER_AT_END.fullmatch(citation).groups()
        groups.setdefault(stem, []).append(number or "")
    return sorted(stem + _spans(numbers) for stem, numbers in groups.items())


def _spans(numbers):
    found = sorted(int(number) for number in numbers if number)
    if len(found) < 2:
        return "".join(numbers)
    spans = []
    for number in found:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}{'–' if b > a + 1 else ', '}{b}" for a, b in spans)
