"""One area: what it was, what it became, and its figures one after the other."""

from dataclasses import dataclass

from taama.figures.draw.picture import Datum, responsive
from taama.figures.draw.pyramid import AgeGroup, sex_age
from taama.places.methods.lineage import version_of
from taama.publish.methods.pages.trend import between, breaks_of

CONTINUES = ("same", "rename", "recode")
AGES = ("0_4", "5_17", "18_59", "60_plus")


def same_ground(key, links):
    """Keys of the area in every version in which it holds the same ground: unchanged, renamed or recoded.

    links   [places.methods.lineage.Link]
    """
    return _reached(key, links, lambda link: link.kind in CONTINUES)


def same_name(key, links, names):
    """Keys of the areas that follow one another under one name, whatever became of their ground."""
    return _reached(key, links, lambda link: names.get(link.before) == names.get(link.after))


def _reached(key, links, goes_on):
    reached, waiting = {key}, [key]
    while waiting:
        here = waiting.pop()
        for link in links:
            if link.levels[0] == link.levels[1] and here in (link.before, link.after) and goes_on(link):
                others = {link.before, link.after} - reached
                reached |= others
                waiting += others
    return reached


@dataclass(frozen=True)
class Turn:
    """What happened to the ground of an area between two versions, in words, with the other areas concerned."""

    text: str
    others: tuple  # (key, name)
    version: str
    source: str = ""


def turns(phrases, rows, side, versions):
    """What the area was before, or what became of it.

    rows      [(kind, key of the other area, source)], all on one side
    side      before or after
    versions  code of a version → its label
    """
    groups = {}
    for kind, other, source in rows:
        groups.setdefault((kind, version_of(other)), []).append((other, source))
    found = []
    for (kind, version), others in groups.items():
        named = tuple((other, phrases.place(other)) for other, _ in others)
        text = phrases.text(f"publish.lineage_{side}_{kind}")
        found.append(Turn(text, named, versions.get(version, version), others[0][1]))
    return found


@dataclass(frozen=True)
class Line:
    """A figure in the history of an area. `breaks`: what lies between it and the figure before."""

    shown: object
    version: str  # label of the division, where it is another one than before
    breaks: tuple


def history(phrases, figures, versions):
    """Newest first, each figure with what must be known before it is compared with the one before it."""
    breaks, lines, before = breaks_of(figures), [], None
    for figure in figures:
        shown = phrases.of(figure)
        moved = before is not None and before.version != figure.version
        version = versions.get(figure.version, figure.version) if moved else ""
        lines.append(Line(shown, version, _passed(phrases, breaks, before, shown)))
        before = figure
    return lines[::-1]


def _passed(phrases, breaks, before, shown):
    """The breaks since the figure before, but for the one that its change already names."""
    if before is None:
        return ()
    said = shown.change.text if shown.change else ""
    texts = [phrases.typeset(b[phrases.language]) for b in between(breaks, before.as_of, shown.figure.as_of)]
    return tuple(text for text in texts if text != said)


def pyramid(phrases, breakdown, title):
    """The pyramid by sex and age; None where a group is missing."""
    found = {f.category["sex_age"]: f for f in breakdown.figures}
    groups = []
    for age in reversed(AGES):
        women, men = found.get(f"female_{age}"), found.get(f"male_{age}")
        if women is None or men is None:
            return None
        groups.append(AgeGroup(phrases.text(f"publish.age_{age}"), _datum(women), _datum(men)))
    return responsive(sex_age, groups, title=title, unit=breakdown.figures[0].unit, language=phrases.language)


def _datum(figure):
    return Datum.of(figure, "")
