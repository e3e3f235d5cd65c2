"""The parts of a series' drawing: axes, band, line, points, breaks, contradictions, last value, legend."""

from datetime import timedelta

from taama.figures.draw.marks import (
    cross,
    definitions,
    dotted_ring,
    fill_of,
    flowing_legend,
    mark_entries,
    marks_in,
    watermarked,
)
from taama.figures.draw.scales import day_ticks, ticks
from taama.figures.draw.style import BLUE, INK, MUTED, NARROW, PALE, PAPER, RULE, SMALL, STRONG, WARM
from taama.figures.draw.svg import Xml, coordinate, element, group, joined, line, pair, polyline, text
from taama.figures.draw.words import SHORT_MONTHS, WHOLE, short_day, short_month, width
from taama.figures.figure import STALE, SUPPRESSED


class Plot:
    """The paper of a series: margins, the two scales."""

    def __init__(self, steps, width_, height, wording):
        self.width, self.height = width_, height
        values = [v for step in steps for m in step.values for v in (m.value, m.high) if v is not None]
        highest = max(values, default=0) or 1
        self.ticks = ticks(highest, 4 if width_ <= NARROW else 6, whole=wording.unit in WHOLE)
        self.highest = max(highest, self.ticks[-1])
        self.dot = 2 if len(steps) * 12 > width_ else 2.7
        self.left = max(width(wording.amount(tick), SMALL) for tick in self.ticks) + 10
        self.right = width_ - self._room_for_last(steps, wording)
        self.top, self.foot = (50 if any(step.number for step in steps) else 34), height - 26
        days = [step.when for step in steps]
        self.first, self.last = (min(days), max(days)) if days else (None, None)
        if days and self.first == self.last:
            self.first -= timedelta(days=15)
            self.last += timedelta(days=15)

    def _room_for_last(self, steps, wording):
        known = [step for step in steps if step.values]
        if not known:
            return 12
        words = [wording.amount(moment.value) for moment in known[-1].values]
        words.append(short_month(known[-1].when, wording.language))
        return max(width(word, SMALL + 1, strong=True) for word in words) + 14

    def x(self, when):
        span = (self.last - self.first).days
        return self.left + 8 + (self.right - self.left - 8) * (when - self.first).days / span

    def y(self, value):
        return self.foot - (self.foot - self.top) * value / self.highest


def drawing(ids, steps, plot, below, simulated, wording):
    """Everything in its order: rules, band, line, marks, words."""
    body = [
        definitions(ids, [moment for step in steps for moment in step.moments]),
        _value_axis(plot, wording),
        _time_axis(plot, wording) if steps else Xml(""),
        _bands(steps, plot),
        _lines(steps, plot),
        group(*(_points(ids, step, plot) for step in steps)),
        _numbers(steps, plot),
        _last(steps, plot, wording),
        below,
    ]
    return watermarked(plot.width, plot.height, body, simulated, wording)


def _value_axis(plot, wording):
    rules = [
        line(plot.left, plot.y(tick), plot.right, plot.y(tick), stroke=INK if tick == 0 else RULE)
        for tick in plot.ticks
    ]
    words = [text(plot.left - 6, plot.y(tick) + 4, wording.amount(tick)) for tick in plot.ticks]
    return joined(
        [
            text(0, 12, wording.heading, font_size=SMALL, font_weight=STRONG),
            group(*rules, stroke_width=1),
            group(*words, text_anchor="end", font_size=SMALL, fill=MUTED),
        ]
    )


def _time_axis(plot, wording):
    """Ticks where days, months or years begin; a year's name stands in the middle of the year."""
    kind, days = day_ticks(plot.first, plot.last, plot.right - plot.left)
    marks = [line(plot.x(when), plot.foot, plot.x(when), plot.foot + 5) for when in days]
    words = [
        text(plot.x(at), plot.foot + 18, _day_word(when, kind, wording.language))
        for when, at in _label_days(days, kind, plot)
    ]
    return joined(
        [
            group(*marks, stroke=INK, stroke_width=1),
            group(*words, text_anchor="middle", font_size=SMALL, fill=MUTED),
        ]
    )


def _label_days(days, kind, plot):
    """(Tick, where its word stands); the last year may be too short for a word."""
    if kind != "year" or len(days) > 1 and (days[1] - days[0]).days > 366:
        return [(when, when) for when in days]
    middles = [(when, when + timedelta(days=182)) for when in days]
    return [(when, middle) for when, middle in middles if middle <= plot.last]


def _day_word(when, kind, language):
    if kind == "year":
        return str(when.year)
    if kind == "day":
        return short_day(when, language)
    return short_month(when, language) if when.month == 1 else SHORT_MONTHS[language][when.month - 1]


def runs(steps):
    """Stretches of steps that a line joins."""
    runs = []
    for step in steps:
        if step.joined:
            runs[-1].append(step)
        elif step.values and not step.contradicting:
            runs.append([step])
    return runs


def _bands(steps, plot):
    """The range: a band along the line, a whisker at a value that stands alone."""
    drawn = []
    for run in runs(steps):
        ranged = [(plot.x(s.when), s.values[0]) for s in run if s.values[0].has_range]
        if len(ranged) > 1:
            edge = [(x, plot.y(m.high)) for x, m in ranged] + [
                (x, plot.y(m.low)) for x, m in reversed(ranged)
            ]
            drawn.append(element("path", d=polyline(edge) + "Z", fill=PALE))
        elif ranged:
            x, moment = ranged[0]
            drawn.append(line(x, plot.y(moment.low), x, plot.y(moment.high), stroke=PALE, stroke_width=5))
    return joined(drawn)


def _lines(steps, plot):
    paths = [
        polyline([(plot.x(step.when), plot.y(step.values[0].value)) for step in run])
        for run in runs(steps)
        if len(run) > 1
    ]
    return element("path", d="".join(paths), fill="none", stroke=BLUE, stroke_width=2) if paths else Xml("")


def _points(ids, step, plot):
    x = plot.x(step.when)
    if not step.values:
        mark = dotted_ring if step.moments[0].shown == SUPPRESSED else cross
        return mark(x, plot.foot - 10, 4)
    if step.contradicting:
        heights = sorted(plot.y(moment.value) for moment in step.values)
        apart = line(x, heights[0], x, heights[-1], stroke=WARM, stroke_dasharray="2 2")
        return joined([apart, *(_diamond(x, y) for y in heights)])
    moment = step.values[0]
    look = {"fill": BLUE, "r": plot.dot}
    if step.is_break:
        return _open_point(x, plot.y(moment.value))
    elif moment.shown == STALE:
        look = {"fill": fill_of(ids, moment), "r": 4.2, "stroke": BLUE, "stroke_width": 1.2}
    return element("circle", cx=x, cy=plot.y(moment.value), **look)


def _diamond(x, y):
    d = f"M{pair(x, y - 5)}l5 5l-5 5l-5 -5z"
    return element("path", d=d, fill=PAPER, stroke=WARM, stroke_width=1.6)


def _numbers(steps, plot):
    """Numbers of the notes in a row above the drawing, each led down to its value."""
    drawn, taken = [], plot.left - 20
    for step in steps:
        if not step.number:
            continue
        x = plot.x(step.when)
        at = max(x, taken + 15)
        taken = at
        reach = min((plot.y(m.high or m.value) for m in step.values), default=plot.foot - 16) - 8
        if reach > plot.top:
            lead = f"M{pair(at, 39)}L{pair(x, min(reach, plot.top))}V{coordinate(reach)}"
            drawn.append(element("path", d=lead, fill="none", stroke=WARM, stroke_width=0.8))
        drawn.append(element("circle", cx=at, cy=32, r=7, fill=PAPER, stroke=WARM))
        drawn.append(
            text(at, 35.6, step.number, text_anchor="middle", font_size=10, font_weight=STRONG, fill=WARM)
        )
    return joined(drawn)


def _last(steps, plot, wording):
    """The last value in words, right of its point."""
    known = [step for step in steps if step.values]
    if not known:
        return Xml("")
    step = known[-1]
    x = plot.x(step.when) + 9
    heights = _apart([plot.y(moment.value) for moment in step.values], 14)
    words = [
        text(x, y + 4, wording.amount(moment.value), font_weight=STRONG)
        for moment, y in zip(step.values, heights, strict=True)
    ]
    month = text(x, max(heights) + 17, short_month(step.when, wording.language), font_size=SMALL, fill=MUTED)
    return joined([*words, month])


def _apart(heights, least):
    """The same heights, moved apart where two words would overlap."""
    moved = list(heights)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for above, below in zip(order, order[1:], strict=False):
        moved[below] = max(moved[below], moved[above] + least)
    return moved


def legend(ids, steps, plot, wording):
    """What the signs mean, only those that occur. Returns (drawing, height below the plot)."""
    moments = [moment for step in steps for moment in step.moments]
    occurring = (
        (any(step.values for step in steps), _published, "published"),
        (any(moment.has_range for moment in moments), _band, "band"),
        (any(step.is_break for step in steps), _open_point, "break"),
        (any(step.contradicting for step in steps), _diamond, "contradictory"),
    )
    entries = [(glyph, wording.word(code)) for occurs, glyph, code in occurring if occurs]
    entries += mark_entries(ids, marks_in(moments), wording)
    if len(entries) < 2:
        return Xml(""), 0
    return flowing_legend(entries, 0, plot.height + 4, plot.width)


def _published(x, y):
    return joined(
        [
            line(x - 7, y, x + 7, y, stroke=BLUE, stroke_width=2),
            element("circle", cx=x, cy=y, r=2.6, fill=BLUE),
        ]
    )


def _band(x, y):
    return element("rect", x=x - 7, y=y - 5, width=14, height=10, fill=PALE)


def _open_point(x, y):
    return element("circle", cx=x, cy=y, r=4.2, fill=PAPER, stroke=WARM, stroke_width=2)
