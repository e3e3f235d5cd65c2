"""Rounds of assessments: their dashboard, and the page of one with its checks and doubts."""

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.policy import ANYONE
from taama.figures.figure import is_submission
from taama.places.queries import outlines
from taama.publish.methods.pages import doubts, regions, rounds
from taama.publish.methods.phrases import Listing
from taama.publish.queries.doubtful import doubtful_submissions, findings_of_round
from taama.publish.queries.reading import country_keys, page_figures, phrases

PRESENT, ASSESSED = "mobility.idp_present", "mobility.localities_assessed"
CARDS = (PRESENT, "mobility.idp_households", "mobility.returned_idp", "mobility.repatriate", ASSESSED)


@query("publish.round_codes", allow=(ANYONE,))
def round_codes(viewer, snapshot, series=None):
    """(code, series) of the rounds of a snapshot, newest first."""
    where = {"series": series} if series else {}
    found = page_figures(viewer, snapshot, definition=ASSESSED, place__in=country_keys(viewer), **where)
    ordered = sorted(found, key=lambda f: (f.as_of, f.period), reverse=True)
    return list(dict.fromkeys((f.period, f.series) for f in ordered))


@query("publish.round_totals", allow=(ANYONE,))
def round_totals(viewer, snapshot, code, series):
    """Figures of a round without their parts; raises when there is no such round."""
    totals = page_figures(viewer, snapshot, series=series, period=code, definition__in=CARDS, category={})
    if not totals:
        raise TaamaError("publish.no_round", values={"code": code}, status=404)
    return totals


@query("publish.dashboard", allow=(ANYONE,))
def dashboard(viewer, snapshot, language, series, code=""):
    """The newest round of a series, or one of its rounds: cards, map, table by region, what to look at."""
    codes = [known for known, _ in round_codes(viewer, snapshot, series)]
    code = code or next(iter(codes), "")
    found = round_totals(viewer, snapshot, code, series)
    words = phrases(viewer, snapshot, language, found)
    by_level = _by_level(words, found)
    present = {level: [f for f in group if f.definition == PRESENT] for level, group in by_level.items()}
    finest = present.get(2) or present.get(1) or []
    return {
        "code": code,
        "name": words.period(code),
        "rounds": [(known, words.period(known), known == code) for known in codes],
        "cards": _cards(words, by_level.get(0, [])),
        "doubts": doubts.of_round(words, finest),
        "map": _map(viewer, words, finest),
        "series": series,
        "region_word": words.text("publish.region"),
        "regions": Listing.of(words.of(figure) for figure in _largest(present.get(1, []))),
        "grades": rounds.grades(words, present.get(0, []) + _largest(present.get(1, []))),
        "simulated": any("simulated" in f.marks for f in found),
    }


def _by_level(words, figures):
    groups = {}
    for figure in figures:
        groups.setdefault(words.places.get(figure.place, {}).get("level"), []).append(figure)
    return groups


def _cards(words, figures):
    by_definition = {figure.definition: figure for figure in figures}
    return [words.of(by_definition[d], words.named(d)) for d in CARDS if d in by_definition]


def _map(viewer, words, figures):
    if not figures:
        return None
    title = words.text("publish.map_title", period=words.period(figures[0].period))
    known = outlines(viewer, figures[0].version)
    return regions.count_map(words, figures, known, title, words.text("publish.cercle"))


def _largest(figures):
    return sorted(figures, key=lambda f: -1 if f.value is None else f.value, reverse=True)


@query("publish.round", allow=(ANYONE,))
def round_page(viewer, snapshot, language, code):
    """A round: how far it got, how sure it is, what the checks said; submissions for those who review them."""
    series = next((series for known, series in round_codes(viewer, snapshot) if known == code), "")
    found = round_totals(viewer, snapshot, code, series)
    words = phrases(viewer, snapshot, language, found, _parents(viewer, found))
    by_level = _by_level(words, found)
    present = {f.place: f for f in found if f.definition == PRESENT}
    areas = by_level.get(2) or by_level.get(1) or []
    whole = {f.definition: f for f in by_level.get(0, [])}
    reaches = rounds.reaches(words, [f for f in areas if f.definition == ASSESSED], present)
    keys = [source for f in whole.values() for source in f.sources if is_submission(source)]
    return {
        "code": code, "name": words.period(code), "series": series,
        "cards": _cards(words, by_level.get(0, [])),
        "partial": [reach for reach in reaches if not reach.complete],
        "whole": [reach for reach in reaches if reach.complete],
        "not_assessed": _not_assessed(words, whole.get(ASSESSED)),
        "grades": rounds.grades(words, _largest([f for f in by_level.get(1, []) if f.definition == PRESENT])),
        "checks": _checks(viewer, words, whole.get(ASSESSED), keys, series),
        "submissions": _doubtful(viewer, keys, series, language),
        "simulated": any("simulated" in f.marks for f in found),
    }  # fmt: skip


def _parents(viewer, figures):
    words = phrases(viewer, figures[0].snapshot, "fr", figures)
    return {place["parent"] for place in words.places.values() if place["parent"]}


def _not_assessed(words, figure):
    """(Reason, how many localities), most frequent first."""
    found = (figure.extra.get("not_assessed") if figure else None) or {}
    return [
        (words.named(f"mobility.not_reached_{r}"), n)
        for r, n in sorted(found.items(), key=lambda item: -item[1])
    ]


def _checks(viewer, words, figure, keys, series):
    """Published with the figure, or for those with an account from the findings themselves; None when unknown."""
    effects = (figure.extra.get("findings") if figure else None) or {}
    people = {code: each.get("people") for code, each in effects.items()}
    if viewer.may("publish.findings_of_round"):
        return rounds.checks(words, findings_of_round(viewer, keys, series), people)
    counted = [
        {"code": code, "level": e.get("level", "warning"), "count": e["count"]} for code, e in effects.items()
    ]
    return rounds.checks(words, counted, people) if counted else None


def _doubtful(viewer, keys, series, language):
    if not viewer.may("publish.doubtful_submissions"):
        return None
    return doubtful_submissions(viewer, keys, series, language)
