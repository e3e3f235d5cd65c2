"""A series of figures in time, with what breaks it and what contradicts it."""

from datetime import date

from taama.figures.draw.picture import Moment, responsive
from taama.figures.draw.series import time_series

LEAST = 3


def totals(figures, definition, places):
    """Figures of a definition for these places, parts left out, oldest first."""
    found = [f for f in figures if f.definition == definition and f.place in places and not f.category]
    return sorted(found, key=lambda f: (f.as_of, f.period))


def latest(figures):
    """The newest figure that has a value, or None."""
    known = [f for f in figures if f.value is not None]
    return max(known, key=lambda f: (f.as_of, f.period), default=None)


def breaks_of(figures):
    """Every break that the figures name, once, oldest first."""
    found = {(b["on"], b.get("code", "")): b for f in figures for b in f.extra.get("breaks", ())}
    return [found[key] for key in sorted(found)]


def between(breaks, first, last):
    """Breaks after the day `first`, up to the day `last`."""
    return [b for b in breaks if first < date.fromisoformat(b["on"]) <= last]


def moments(phrases, figures):
    """The figures of one place as moments of a drawing, each with the reason why it can't follow the one before."""
    breaks, found, before = breaks_of(figures), [], None
    for figure in figures:
        note = "" if before is None else break_note(phrases, breaks, before, figure)
        found.append(Moment.of(figure, phrases.source(figure), break_note=note))
        found += [
            Moment(label=other.get("source", ""), value=other["value"], as_of=figure.as_of, marks=frozenset(figure.marks))
            for other in figure.extra.get("contradicts", ())
        ]  # fmt: skip
        before = figure
    return found


def break_note(phrases, breaks, before, figure):
    """Why a figure does not continue the one before: breaks between the two, else the reason that it carries."""
    passed = between(breaks, before.as_of, figure.as_of)
    if passed:
        return " ".join(sourced(b, phrases.language) for b in passed)
    change = phrases.change(figure)
    return change.said() if change is not None and change.interrupts else ""


def sourced(found, language):
    """The sentence of a break, with who says so."""
    text, source = found[language], found.get("source", "")
    return f"{text} ({source})" if source and source not in text else text


def trend(phrases, figures, title, measure):
    """The picture of a series, and its narrow twin; None when too few figures have a value to make one."""
    if sum(f.value is not None for f in figures) < LEAST:
        return None
    options = {"title": title, "measure": measure, "unit": figures[0].unit, "language": phrases.language}
    return responsive(time_series, moments(phrases, figures), **options)
