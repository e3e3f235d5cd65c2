"""One area: what it was, what it became, and its figures one after the other."""

from dataclasses import dataclass

from taama.figures.draw.picture import Datum, responsive
from taama.figures.draw.pyramid import AgeGroup, sex_age
from taama.publish.methods.pages.trend import breaks_of, between

CONTINUES = ("same", "rename", "recode")
AGES = ("0_4", "5_17", "18_59", "60_plus")


def chain(key, links, names):
    """Keys under which an area is followed through the versions: unchanged, renamed, recoded, or keeping its name.

    key     of the area
    links   [places.methods.lineage.Link]
    names   key → name
    """
    reached, waiting = {key}, [key]
    while waiting:
        here = waiting.pop()
        for link in links:
            if link.levels[0] == link.levels[1] and here in (link.before, link.after):
                other = link.after if link.before == here else link.before
                continues = link.kind in CONTINUES or names.get(other) == names.get(here)
                if continues and other not in reached:
                    reached.add(other)
                    waiting.append(other)
    return reached


@dataclass(frozen=True)
class Turn:
    """What happened to the ground of an area between two versions, in words, with the other areas concerned."""

    text: str
    others: tuple  # (key, name)
    source: str = ""


def turns(phrases, rows, key, versions):
    """What the area was before, or what became of it.

    rows      [(kind, key of the other area, source)], all in one direction
    versions  key → label of its version
    """
    groups = {}
    for kind, other, source in rows:
        groups.setdefault((kind, versions.get(other, "")), []).append((other, source))
    found = []
    for (kind, version), others in groups.items():
        named = tuple((other, phrases.place(other)) for other, _ in others)
        text = phrases.text(f"publish.lineage_{key}_{kind}", version=version)
        found.append(Turn(text, named, others[0][1]))
    return found


@dataclass(frozen=True)
class Line:
    """A figure in the history of an area. `breaks`: what lies between it and the figure before."""

    shown: object
    version: str
    new_version: bool
    breaks: tuple


def history(phrases, figures):
    """Newest first, each figure with what must be known before it is compared with the one before it."""
    breaks, lines, before = breaks_of(figures), [], None
    for figure in figures:
        passed = () if before is None else tuple(b[phrases.language] for b in between(breaks, before.as_of, figure.as_of))
        moved = before is not None and before.version != figure.version
        lines.append(Line(phrases.of(figure), figure.version, moved, passed))
        before = figure
    return lines[::-1]


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
