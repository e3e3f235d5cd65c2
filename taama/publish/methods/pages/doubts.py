"""What a reader should know before quoting: contradictions, breaks, boundaries, ages, gaps of a set of figures."""

from dataclasses import dataclass

from taama.base.messages import number
from taama.figures.figure import NO_DATA, STALE, SUPPRESSED
from taama.publish.methods.pages.trend import breaks_of, latest
from taama.publish.methods.phrases import THIN

NAMED = 6  # places named before the rest is only counted
SHIFT = 1.25  # people per household: a larger ratio between two dates is worth a word


@dataclass(frozen=True)
class Doubt:
    """A reason to be careful; `kind` gives it its mark."""

    kind: str
    title: str
    text: str


def of_series(phrases, figures, households=(), regional=(), moved=None):
    """Doubts about published figures.

    figures     of one place in time, oldest first; `households` the same place's households
    regional    figures of its parts
    moved       key of an area → keys of the areas before it whose ground is not the same
    """
    found = [
        *_age(phrases, figures),
        *_contradictions(phrases, figures),
        *_breaks(phrases, figures),
        *_boundaries(phrases, regional, moved or {}),
        *_household_size(phrases, figures, households),
    ]
    return tuple(found)


def _age(phrases, figures):
    last = latest(figures)
    if last is not None:
        age = phrases.age(phrases.age_days(last))
        text = phrases.text("publish.doubt_age", age=age, period=phrases.period(last.period))
        yield Doubt("age", phrases.text("publish.doubt_age_title"), text)


def _contradictions(phrases, figures):
    parts = []
    for figure in figures:
        others = [
            other["value"] for other in figure.extra.get("contradicts", ()) if other.get("value") is not None
        ]
        if others and figure.value is not None:
            values = [number(v, phrases.language) for v in sorted({figure.value, *others})]
            parts.append(f"{phrases.period(figure.period)} ({' / '.join(values)})")
    if parts:
        text = phrases.text("publish.doubt_contradictions", count=len(parts), listed=", ".join(parts))
        yield Doubt("contradiction", phrases.text("publish.doubt_contradictions_title"), text)


def _breaks(phrases, figures):
    days = [phrases.short_period(found["on"]) for found in breaks_of(figures)]
    if days:
        text = phrases.text("publish.doubt_breaks", listed=", ".join(days))
        yield Doubt("break", phrases.text("publish.doubt_breaks_title", count=len(days)), text)


def _boundaries(phrases, regional, moved):
    """Areas that kept their name and not their ground: the figures on both sides, the newest first."""
    pairs, before = [], {}
    for figure in sorted(regional, key=lambda f: f.as_of):
        name = phrases.place(figure.place)
        older = before.get(name)
        if older is not None and figure.place != older.place and older.place in moved.get(figure.place, ()):
            pairs.append((older, figure))
        before[name] = figure
    if pairs:
        listed = phrases.joined(_pair(phrases, *pair) for pair in reversed(pairs))
        text = phrases.text("publish.doubt_boundary", listed=listed)
        yield Doubt("boundary", phrases.text("publish.doubt_boundary_title"), text)


def _pair(phrases, older, newer):
    return phrases.text(
        "publish.doubt_boundary_pair", name=phrases.place(newer.place),
        first=phrases.value(older), then=phrases.short_period(older.period),
        second=phrases.value(newer), now=phrases.short_period(newer.period),
    )  # fmt: skip


def _household_size(phrases, figures, households):
    people = {f.period: f.value for f in figures if f.value}
    sizes = [(f, people[f.period] / f.value) for f in households if f.value and f.period in people]
    if len(sizes) < 2:
        return
    (high, most), (low, least) = max(sizes, key=lambda s: s[1]), min(sizes, key=lambda s: s[1])
    if most / least > SHIFT:
        text = phrases.text(
            "publish.doubt_household_size", most=number(most, phrases.language, 1), least=number(least, phrases.language, 1),
            high=phrases.period(high.period), low=phrases.period(low.period),
        )  # fmt: skip
        yield Doubt("method", phrases.text("publish.doubt_household_size_title"), text)


def of_round(phrases, figures):
    """Doubts about one round: what is missing, old, too small or not comparable among the figures of its areas."""
    groups = {
        "no_data": [f for f in figures if NO_DATA in f.marks],
        "thin": [f for f in figures if f.coverage and f.coverage.planned and f.coverage.share < THIN / 100],
        "stale": [f for f in figures if STALE in f.marks],
        "not_comparable": [f for f in figures if f.value is not None and "reason" in (f.change or {})],
        "suppressed": [f for f in figures if SUPPRESSED in f.marks],
    }
    return tuple(
        Doubt(kind, phrases.text(f"publish.doubt_{kind}_title", count=len(group)),
              phrases.text(f"publish.doubt_{kind}", listed=listed(phrases, group)))
        for kind, group in groups.items() if group
    )  # fmt: skip


def listed(phrases, figures):
    """The names of the places, and how many more there are."""
    names = [phrases.place(f.place) for f in figures]
    rest = len(names) - NAMED
    if rest > 1:
        return phrases.text("publish.and_more", listed=", ".join(names[:NAMED]), count=rest)
    if len(names) == 1:
        return names[0]
    return phrases.text("publish.and_one", listed=", ".join(names[:-1]), last=names[-1])
