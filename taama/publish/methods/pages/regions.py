"""Regional snapshots: a map of one, and all of them side by side with their boundary changes."""

from dataclasses import dataclass

from taama.figures.draw.land import outlines_of
from taama.figures.draw.map_symbols import symbol_map
from taama.figures.draw.picture import Spot, responsive

COMPLETE = 0.8  # share of the national figure that the regions named must reach


@dataclass(frozen=True)
class Cell:
    """One area on one date. `text` stands for a missing value; `note` is the number of what breaks the row."""

    shown: object = None
    text: str = ""
    note: int = 0


@dataclass(frozen=True)
class Row:
    name: str
    key: str
    cells: tuple


@dataclass(frozen=True)
class Matrix:
    """Areas by dates."""

    periods: tuple
    rows: tuple
    notes: tuple


def by_period(figures):
    """Period → figures of that period, oldest first."""
    found = {}
    for figure in sorted(figures, key=lambda f: f.as_of):
        found.setdefault(figure.period, []).append(figure)
    return found


def complete_period(regional, national):
    """(The newest period whose regions make up most of the national figure, that share); or (newest, None)."""
    periods = by_period(regional)
    totals = {f.period: f.value for f in national if f.value}
    for period in reversed(periods):
        share = sum(f.value or 0 for f in periods[period]) / totals[period] if period in totals else 0
        if share >= COMPLETE:
            return period, share
    return next(reversed(periods), None), None


def count_map(phrases, figures, outlines, title, heading):
    """Circles at the seats of the areas; None when no outline is known. `outlines`: as `places.outlines` gives them."""
    spots = [
        spot(phrases, figure)
        for figure in figures
        if phrases.places.get(figure.place, {}).get("lat") is not None
    ]
    if not outlines or not spots:
        return None
    features = [
        {"geometry": one["geometry"], "properties": {"code": one["drawn"], "name": one["name"]}}
        for one in outlines
    ]
    options = {"title": title, "unit": figures[0].unit, "language": phrases.language, "heading": heading}
    return responsive(symbol_map, spots, outlines_of({"features": features}), **options)


def spot(phrases, figure):
    place = phrases.places[figure.place]
    return Spot.of(figure, place["name"], place=figure.place, lat=place["lat"], lon=place["lon"])


def matrix(phrases, figures, before):
    """Areas by dates, an area followed through the versions of the division by its name.

    figures   totals of areas of one level
    before    key of an area → keys of the areas that held its ground in the version before
    Returns   Matrix, the largest of the newest date first
    """
    periods = by_period(figures)
    found = {(phrases.place(f.place), f.period): f for f in figures}
    newest = {}
    for figure in sorted(figures, key=lambda f: f.as_of):
        newest[phrases.place(figure.place)] = figure
    names = sorted(newest, key=lambda name: (newest[name].as_of, newest[name].value or 0), reverse=True)
    notes, rows = [], []
    for name in names:
        cells = [
            _cell(phrases, found.get((name, period)), newest[name].place, group[0].version, before, notes)
            for period, group in periods.items()
        ]
        rows.append(Row(name, newest[name].place, tuple(cells)))
    return Matrix(tuple(phrases.short_period(period) for period in periods), tuple(rows), tuple(notes))


def _cell(phrases, figure, key, version, before, notes):
    if figure is None:
        return Cell(text=_within(phrases, key, version, before))
    shown = phrases.of(figure)
    if shown.change is None or not shown.change.interrupts:
        return Cell(shown)
    if shown.change.said() not in notes:
        notes.append(shown.change.said())
    return Cell(shown, note=notes.index(shown.change.said()) + 1)


def _within(phrases, key, version, before):
    """`dans Mopti` where the area did not exist yet; else nothing is known."""
    held = {key}
    while held and not any(k.endswith(f"@{version}") for k in held):
        held = {older for k in held for older in before.get(k, ())}
    names = sorted({phrases.place(k) for k in held} - {phrases.place(key)})
    return phrases.text("publish.within", names=" + ".join(names)) if len(names) == 1 else "–"
