"""Counts by day at points: a day without an observer is not a day without people."""

from dataclasses import dataclass
from datetime import date, timedelta

from taama.base.errors import MethodError
from taama.base.messages import day as day_text
from taama.base.messages import number
from taama.figures.draw.marks import dotted_ring, flowing_legend, swatch, watermark
from taama.figures.draw.picture import Column, Picture, Wording, identity
from taama.figures.draw.scales import day_ticks
from taama.figures.draw.style import BLUE, INK, MUTED, NARROW, RULE, SMALL, STRONG, WIDE
from taama.figures.draw.svg import Xml, element, frame, group, joined, line, text
from taama.figures.draw.words import short_day, shortened, width
from taama.figures.figure import SUPPRESSED

ROW = 46
NARROW_ROW = 58
TALL = 30  # the tallest bar


@dataclass(frozen=True)
class PointDays:
    """A point and its days.

    days      {day: people}; 0 is a day on which nobody passed, SUPPRESSED a count too small to publish,
              a day that is absent or None was not observed
    average   mean over the observed days; dropped beside a suppressed day, which it would give away
    """

    label: str
    days: dict
    average: float | None = None

    def __post_init__(self):
        if any(isinstance(count, int | float) and not count >= 0 for count in self.days.values()):
            raise MethodError("figures.drawing_out_of_range", values={"label": self.label, "value": "< 0"})
        if SUPPRESSED in self.days.values():
            object.__setattr__(self, "average", None)


def flow_days(points, *, title, language, first=None, last=None, simulated=False, narrow=False):
    """One row of daily bars for each point on one scale; unobserved days are hatched, never zero.

    points    sequence of PointDays
    first, last  the period; without them the first and last day of the data
    Returns   Picture; its table has a row for each day
    """
    wording = Wording("people", language)
    ids = identity("days", title, points, first, last, narrow)
    calendar = Calendar(points, first, last, narrow)
    rows = [_row(ids, calendar, position, point, wording) for position, point in enumerate(points)]
    legend, below = flowing_legend(
        _legend(ids, points, calendar, wording), 0, calendar.height + 4, calendar.width
    )
    body = [_unobserved_pattern(ids), _axis(calendar, language), *rows, legend]
    if simulated:
        body.append(watermark(calendar.width, calendar.height, wording))
    return Picture(
        frame(
            ids,
            calendar.width,
            calendar.height + below,
            *body,
            title=title,
            description=_described(points, calendar, wording),
        ),
        title,
        *_table(points, calendar, wording),
        remarks=(wording.word("days_scale"),),
        simulated=simulated,
    )


class Calendar:
    """The days of the period, their columns, and the one scale of all points."""

    def __init__(self, points, first, last, narrow):
        seen = [when for point in points for when in point.days] or [date(1970, 1, 1)]
        self.first, self.last = first or min(seen), last or max(seen)
        self.days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        self.narrow = narrow
        self.width = NARROW if narrow else WIDE
        self.left = (
            0 if narrow else min(200, max((width(p.label, strong=True) for p in points), default=0) + 20)
        )
        self.left = self.left if narrow else max(self.left, 150)
        self.step = (self.width - self.left - 44) / len(self.days)
        self.row = NARROW_ROW if narrow else ROW
        self.height = self.row * len(points) + 24
        self.highest = max((n for point in points for n in self.counts(point).values()), default=0) or 1

    def counts(self, point):
        """Days of the period with a count that may be shown."""
        known = ((when, point.days.get(when)) for when in self.days)
        return {when: count for when, count in known if isinstance(count, int | float)}

    def x(self, when):
        return self.left + self.step * (when - self.first).days

    def foot(self, position):
        return self.row * (position + 1) - 4

    def tall(self, count):
        return TALL * count / self.highest


def observed(point, calendar):
    return [when for when in calendar.days if point.days.get(when) is not None]


def _row(ids, calendar, position, point, wording):
    foot = calendar.foot(position)
    counts = calendar.counts(point)
    rings = [when for when in calendar.days if point.days.get(when) == SUPPRESSED]
    return group(
        _head(calendar, point, foot, wording),
        *_unobserved_runs(ids, calendar, point, foot),
        _columns(calendar, counts, foot),
        *(dotted_ring(calendar.x(when) + calendar.step / 2, foot - 5, 3) for when in rings),
        line(calendar.left, foot, calendar.width - 44, foot, stroke=INK, stroke_width=0.8),
        _highest_word(calendar, counts, foot, wording),
    )


def _head(calendar, point, foot, wording):
    seen = wording.word("observed_days", observed=len(observed(point, calendar)), possible=len(calendar.days))
    average = wording.word("average", average=point.average) if point.average is not None else ""
    if calendar.narrow:
        name = shortened(point.label, 0.5 * calendar.width, strong=True)
        words = " · ".join(filter(None, [average, seen]))
        return joined(
            [
                text(0, foot - TALL - 12, name, font_weight=STRONG),
                text(calendar.width, foot - TALL - 12, words, text_anchor="end", font_size=10.5, fill=MUTED),
            ]
        )
    return joined(
        [
            text(0, foot - 26, shortened(point.label, calendar.left - 10, strong=True), font_weight=STRONG),
            group(text(0, foot - 12, average), text(0, foot + 1, seen), font_size=SMALL, fill=MUTED),
        ]
    )


def _columns(calendar, counts, foot):
    """Bars of a row as one path, and a tick through the line for each day on which nobody passed."""
    gap = min(1.2, calendar.step * 0.18)
    bars, zeros = [], []
    for when, count in counts.items():
        x, tall = calendar.x(when), max(calendar.tall(count), 0.6)
        if count:
            bars.append(f"M{x + gap / 2:.1f} {foot}v-{tall:.1f}h{calendar.step - gap:.1f}v{tall:.1f}z")
        else:
            zeros.append(f"M{x + calendar.step / 2:.1f} {foot - 3}v6")
    drawn = [element("path", d="".join(bars), fill=BLUE)] if bars else []
    return joined([*drawn, element("path", d="".join(zeros), stroke=INK)] if zeros else drawn)


def _unobserved_runs(ids, calendar, point, foot):
    """Hatched ground, one piece for each run of days without an observer."""
    drawn, start = [], None
    for when in [*calendar.days, None]:
        missing = when is not None and point.days.get(when) is None
        if missing and start is None:
            start = when
        if not missing and start is not None:
            end = calendar.x(when) if when else calendar.x(calendar.last) + calendar.step
            box = {"x": calendar.x(start), "y": foot - TALL, "width": end - calendar.x(start), "height": TALL}
            drawn.append(element("rect", **box, fill=f"url(#{ids}-unobserved)"))
            start = None
    return drawn


def _highest_word(calendar, counts, foot, wording):
    """The highest day of the row in numbers, at the end of the row."""
    if not counts:
        return Xml("")
    highest = max(counts.values())
    y = foot - calendar.tall(highest)
    x = calendar.width - 44
    rule = line(calendar.left, y, x, y, stroke=RULE, stroke_width=0.8)
    return joined(
        [rule, text(x + 5, max(y + 4, foot - TALL + 4), wording.amount(highest), font_size=SMALL, fill=MUTED)]
    )


def _axis(calendar, language):
    _, days = day_ticks(calendar.first, calendar.last, calendar.width - calendar.left - 44)
    foot = calendar.height - 22
    middle = calendar.step / 2
    words = [
        text(
            calendar.x(when) + middle,
            foot + 17,
            short_day(when, language),
            text_anchor=_anchor(when, calendar),
        )
        for when in days
    ]
    marks = [line(calendar.x(when) + middle, foot + 3, calendar.x(when) + middle, foot + 7) for when in days]
    return joined([group(*marks, stroke=INK), group(*words, font_size=SMALL, fill=MUTED)])


def _anchor(when, calendar):
    return "start" if calendar.narrow and when == calendar.first else "middle"


def _unobserved_pattern(ids):
    hatch = element("path", d="M-1 1L1 -1M0 6L6 0M5 7L7 5", stroke="#a49d8e", stroke_width=1)
    pattern = element(
        "pattern", hatch, id=f"{ids}-unobserved", width=6, height=6, patternUnits="userSpaceOnUse"
    )
    return element("defs", pattern)


def _legend(ids, points, calendar, wording):
    counts = [point.days.get(when) for point in points for when in calendar.days]
    entries = []
    if None in counts:
        entries.append((lambda x, y: _unobserved_swatch(ids, x, y), wording.word("unobserved")))
    if 0 in counts:
        entries.append((_zero_swatch, wording.word("zero")))
    if SUPPRESSED in counts:
        entries.append((lambda x, y: swatch(ids, SUPPRESSED, x, y), wording.mark(SUPPRESSED)))
    return entries


def _unobserved_swatch(ids, x, y):
    return element("rect", x=x - 7, y=y - 6, width=14, height=12, fill=f"url(#{ids}-unobserved)")


def _zero_swatch(x, y):
    return element("path", d=f"M{x - 7:.1f} {y + 2:.1f}h14M{x:.1f} {y - 2:.1f}v8", stroke=INK, fill="none")


def _described(points, calendar, wording):
    return wording.word(
        "days_described",
        points=len(points),
        first=calendar.first,
        last=calendar.last,
        observed=sum(len(observed(point, calendar)) for point in points),
        possible=len(points) * len(calendar.days),
    )


def _table(points, calendar, wording):
    """(columns, rows): a row for each day, then the observed days and their average."""
    columns = (Column(wording.word("day")), *(Column(point.label, numeric=True) for point in points))
    rows = [
        (day_text(when, wording.language), *(_cell(point.days.get(when), wording) for point in points))
        for when in calendar.days
    ]
    rows.append((wording.word("observed_row"), *(wording.count(len(observed(p, calendar))) for p in points)))
    rows.append((wording.word("average_row"), *(_average(point, wording) for point in points)))
    return columns, tuple(rows)


def _average(point, wording):
    if point.average is not None:
        return number(point.average, wording.language)
    return _cell(SUPPRESSED if SUPPRESSED in point.days.values() else None, wording)


def _cell(count, wording):
    if count is None:
        return wording.word("short_unobserved")
    if count == SUPPRESSED:
        return wording.word("short_suppressed")
    return wording.amount(count)
