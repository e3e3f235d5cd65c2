"""Flow monitoring: what was published by month, and points with the days on which they were really observed."""

from dataclasses import dataclass
from datetime import timedelta

from taama.base.periods import parse
from taama.figures.draw.days import PointDays, flow_days
from taama.figures.draw.picture import responsive
from taama.figures.figure import SIMULATED, SUPPRESSED
from taama.publish.methods.pages.parts import share

PER_DAY, PEOPLE, NATIONALITY = (
    "mobility.flow_daily_average",
    "mobility.flow_people",
    "mobility.flow_nationality",
)
DIRECTIONS = ("incoming", "outgoing", "internal")


@dataclass(frozen=True)
class Passage:
    """One place in one period: people a day, people in all and by direction; any may be missing."""

    place: str
    name: str
    when: str
    per_day: object = None
    total: object = None
    directions: tuple = ()
    points: str = ""
    source: str = ""

    @property
    def reason(self):
        """Why the daily average has no change; empty where it has one, or nothing to compare with."""
        change = self.per_day.change if self.per_day else None
        return change.text if change and not change.known else ""

    @property
    def shown(self):
        """What there is, the total first."""
        return [shown for shown in (self.total, *self.directions, self.per_day) if shown is not None]


def passages(phrases, figures):
    """One Passage for each place and period that has a figure, newest period first."""
    groups = {}
    for figure in figures:
        if figure.definition in (PER_DAY, PEOPLE):
            groups.setdefault((figure.as_of, figure.period, figure.place), []).append(figure)
    order = sorted(groups, key=lambda k: (k[0], k[1]), reverse=True)
    return [_passage(phrases, groups[key]) for key in order]


def _passage(phrases, figures):
    first = figures[0]
    found = {(f.definition, f.category.get("direction", "")): f for f in figures}
    counted = found.get((PEOPLE, ""))
    return Passage(
        place=first.place,
        name=phrases.place(first.place),
        when=phrases.period(first.period),
        per_day=_shown(phrases, found.get((PER_DAY, ""))),
        total=_shown(phrases, counted),
        directions=tuple(_shown(phrases, found.get((PEOPLE, d))) for d in DIRECTIONS),
        points=phrases.of(counted).coverage if counted else "",
        source=phrases.joined(dict.fromkeys(s for f in figures if (s := phrases.source(f)))),
    )


def _shown(phrases, figure):
    if figure is None:
        return None
    return phrases.of(figure, phrases.category(figure.category) or phrases.named(figure.definition))


@dataclass(frozen=True)
class Days:
    """How much of a month a point was really observed."""

    name: str
    when: str
    observed: int
    planned: int
    figure: object

    @property
    def missed(self):
        return self.planned - self.observed


def observed_days(phrases, figures):
    """Days of each point and month, from the coverage of its daily average."""
    found = [f for f in figures if f.definition == PER_DAY and f.coverage and f.coverage.what == "days"]
    return [
        Days(
            phrases.place(f.place),
            phrases.period(f.period),
            f.coverage.done,
            f.coverage.planned,
            phrases.of(f),
        )
        for f in sorted(found, key=lambda f: (f.place, f.as_of))
    ]


@dataclass(frozen=True)
class Shares:
    """Parts of the people who passed at one place in one period, with the count that they refer to."""

    name: str
    when: str
    base: str
    parts: tuple


def nationalities(phrases, figures):
    """Shares by nationality of each place in its newest period; suppressed ones keep their line and no number."""
    groups = {}
    for figure in figures:
        if figure.definition == NATIONALITY:
            groups.setdefault(figure.place, []).append(figure)
    newest = {place: max(f.as_of for f in group) for place, group in groups.items()}
    return [
        _shares(phrases, [f for f in groups[place] if f.as_of == newest[place]]) for place in sorted(groups)
    ]


def _shares(phrases, figures):
    ordered = sorted(figures, key=lambda f: -1 if f.value is None else f.value, reverse=True)
    base = next((f.base for f in figures if f.base and SUPPRESSED not in f.marks), None)
    return Shares(
        name=phrases.place(figures[0].place),
        when=phrases.period(figures[0].period),
        base="" if base is None else phrases.text("publish.out_of", base=base),
        parts=tuple((phrases.of(f, phrases.category(f.category)), share(phrases, f)) for f in ordered),
    )


def calendar(phrases, figures):
    """Picture of people counted by day at each point in the newest month; None where days are not published.

    A figure's extra `days` lists the days of its month: people, `suppressed`, or null where nobody observed.
    """
    found = [f for f in figures if f.definition == PER_DAY and f.extra.get("days")]
    if not found:
        return None
    newest = max(f.period for f in found)
    month = parse(newest)
    shown = [f for f in found if f.period == newest]
    points = [PointDays(phrases.place(f.place), _days(month, f.extra["days"]), f.value) for f in shown]
    return responsive(
        flow_days, points, title=phrases.text("publish.days_title", period=phrases.period(newest)),
        language=phrases.language, first=month.first, last=month.last,
        simulated=any(SIMULATED in f.marks for f in shown),
    )  # fmt: skip


def _days(month, counts):
    return {month.first + timedelta(days=n): count for n, count in enumerate(counts)}
