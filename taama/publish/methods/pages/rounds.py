"""One round: where it went, what it could not reach, how sure its sources are, what the checks said."""

from dataclasses import dataclass

from taama.base.messages import catalogue, message
from taama.figures.draw.picture import responsive
from taama.figures.draw.small import GRADES, grade_strip


@dataclass(frozen=True)
class Reach:
    """How far the round got in one area. `carried`: age of the figure that stands in for a visit."""

    key: str
    name: str
    parent: str
    shown: object
    done: int
    planned: int | None
    carried: str = ""

    @property
    def complete(self):
        return self.planned is not None and self.done >= self.planned and not self.carried


def reaches(phrases, assessed, present):
    """Coverage of each area, the least covered first.

    assessed  figures of localities assessed, one per area
    present   key of an area → its figure of people present
    """
    rows = []
    for figure in assessed:
        if figure.coverage is None:
            continue
        stock = present.get(figure.place)
        stale = stock is not None and "stale" in stock.marks
        rows.append(
            Reach(
                key=figure.place,
                name=phrases.place(figure.place),
                parent=phrases.place(phrases.places.get(figure.place, {}).get("parent") or ""),
                shown=phrases.of(figure),
                done=figure.coverage.done,
                planned=figure.coverage.planned,
                carried=phrases.age(phrases.age_days(stock)) if stale else "",
            )
        )
    return sorted(rows, key=lambda r: (r.done / r.planned if r.planned else 2, -(r.planned or 0), r.name))


def grades(phrases, figures):
    """Picture of the grade mix, one strip for each figure that has one; None without any."""
    rows = [
        (phrases.place(f.place), {g: f.grades[g] for g in GRADES if g in f.grades})
        for f in figures
        if f.grades
    ]
    if not rows:
        return None
    title = phrases.text("publish.grades_title")
    return responsive(grade_strip, rows, title=title, language=phrases.language)


@dataclass(frozen=True)
class Check:
    """What one check said over the round. `people`: those counted in the submissions concerned, where known."""

    code: str
    level: str
    text: str
    count: int
    people: int | None = None


def checks(phrases, counted, effects):
    """Errors first, then by the number of people concerned.

    counted   rows with code, level, count
    effects   code → people in the submissions concerned
    """
    found = [
        Check(
            row["code"],
            row["level"],
            general(row["code"], phrases.language),
            row["count"],
            effects.get(row["code"]),
        )
        for row in counted
    ]
    return sorted(found, key=lambda c: (c.level != "error", -(c.people or 0), -c.count, c.code))


def general(code, language):
    """What a check looks for: its name, or its sentence where that holds no values of a case."""
    if f"{code}_name" in catalogue():
        return message(f"{code}_name", language).cause
    return message(code, language).cause if code in catalogue() else code
