"""Bars that lie: one row each, the name above its bar where names are long, the value in words at its end."""

from taama.base.errors import MethodError
from taama.figures.draw.marks import (
    definitions,
    fill_of,
    flowing_legend,
    mark_entries,
    marks_in,
    stand_in,
    watermarked,
)
from taama.figures.draw.picture import Picture, Wording, identity, is_simulated, notes_of, table_of
from taama.figures.draw.style import BLUE, COLUMN, INK, MUTED, NARROW, PAPER, SMALL, STRONG
from taama.figures.draw.svg import Xml, element, frame, group, joined, line, text
from taama.figures.draw.words import shortened, superscript, width
from taama.figures.figure import STALE

BAR = 13
ROW = 24
NAME_ROW = 36
TRACK = "#edebe6"
LEAST_BASE = 30


def bars(data, *, title, unit, language, measure="", heading="", decimals=None, narrow=False):
    """Horizontal bars from zero in the order given, with a whisker for the range.

    data      sequence of Datum
    measure   what the values are called; without it the unit
    heading   what a row of the table is
    Returns   Picture, drawn for a column
    """
    wording = Wording(unit, language, decimals, measure)
    highest = max((v for d in data for v in (d.value, d.high) if v is not None), default=0) or 1
    rows = Rows(data, wording, highest, NARROW if narrow else COLUMN)
    ids = identity("bars", title, data, narrow)
    drawn = joined(_bar(ids, rows, position, datum) for position, datum in enumerate(data))
    remarks = (wording.word("whisker"),) if any(datum.has_range for datum in data) else ()
    return _picture(ids, rows, drawn, title, heading, remarks)


def share_bars(
    data, *, title, language, measure="", heading="", decimals=0, least_base=LEAST_BASE, narrow=False
):
    """Shares of 0 to 100 per cent, each with its denominator; a share of few answers is drawn open.

    data        sequence of Datum, value in per cent, base the denominator
    least_base  denominators below it are drawn open
    Returns     Picture, drawn for a column
    Raises      MethodError for a share above 100 or without a denominator
    """
    wording = Wording("percent", language, decimals, measure)
    for datum in data:
        if datum.value is not None and (datum.value > 100 or not datum.base):
            raise MethodError("figures.drawing_share", values={"label": datum.label, "value": datum.value})
    rows = Rows(data, wording, 100, NARROW if narrow else COLUMN)
    ids = identity("shares", title, data, narrow)
    drawn = joined(_share(ids, rows, position, datum, least_base) for position, datum in enumerate(data))
    remarks = [wording.word("whisker")] if any(datum.has_range for datum in data) else []
    if any(datum.base and datum.base < least_base for datum in data):
        remarks.append(wording.word("small_base", least=least_base))
    return _picture(ids, rows, drawn, title, heading, tuple(remarks))


class Rows:
    """Where names, bars and values stand."""

    def __init__(self, data, wording, highest, width_):
        self.data, self.wording, self.highest, self.width = data, wording, highest, width_
        self.notes, self.numbers = notes_of(data)
        self.is_share = wording.unit == "percent"
        names = max((width(self.name(datum)) for datum in data), default=0)
        self.above = names > 0.36 * width_
        self.left = 0 if self.above else names + 10
        endings = max((self._ending_width(datum) for datum in data), default=0)
        self.right = width_ - endings - 10
        self.high = NAME_ROW if self.above else ROW
        self.top = 20 if wording.measure else 4

    def name(self, datum):
        return datum.label + (superscript(self.numbers[datum.note]) if datum.note else "")

    def ending(self, datum):
        """The value in words and its denominator."""
        out_of = datum.base is not None and self.is_share
        return self.wording.value(datum), self.wording.word("out_of", base=datum.base) if out_of else ""

    def _ending_width(self, datum):
        value, out_of = self.ending(datum)
        return width(value, strong=True) + (width(out_of, SMALL) + 6 if out_of else 0)

    def x(self, value):
        return self.left + (self.right - self.left) * value / self.highest

    def y(self, position):
        """Middle of the bar."""
        return self.top + self.high * position + (self.high - BAR / 2 - 3 if self.above else ROW / 2)

    @property
    def height(self):
        return self.top + self.high * len(self.data) + 4

    def words(self, position, datum):
        """Name and value of a row."""
        y = self.y(position)
        name = shortened(self.name(datum), self.width - 4 if self.above else self.left - 8)
        value, out_of = self.ending(datum)
        known = datum.value is not None
        if self.is_share:
            at = self.right + 8
        else:
            at = max(self.x(value_end(datum)), self.left) + 8 if known else self.left + 20
        end = at + width(value, strong=known) + 6
        return joined(
            [
                text(0, y - BAR / 2 - 5, name) if self.above else text(0, y + 4, name),
                text(at, y + 4, value, font_weight=STRONG) if known else text(at, y + 4, value, fill=MUTED),
                text(end, y + 4, out_of, font_size=SMALL, fill=MUTED) if out_of else "",
            ]
        )


def value_end(datum):
    return datum.high if datum.has_range else datum.value


def _bar(ids, rows, position, datum):
    y = rows.y(position)
    if datum.value is None:
        return joined([stand_in(datum, rows.left + 8, y), rows.words(position, datum)])
    return joined([_body(ids, rows, y, datum), _whisker(rows, y, datum), rows.words(position, datum)])


def _body(ids, rows, y, datum, is_open=False):
    box = {
        "x": rows.left,
        "y": y - BAR / 2,
        "width": max(rows.x(datum.value) - rows.left, 0.8),
        "height": BAR,
    }
    if is_open:
        return element("rect", **box, fill=PAPER, stroke=BLUE, stroke_width=1.4)
    edge = {"stroke": BLUE, "stroke_width": 1} if datum.shown == STALE else {}
    return element("rect", **box, fill=fill_of(ids, datum), **edge)


def _whisker(rows, y, datum):
    if not datum.has_range:
        return Xml("")
    low, high = rows.x(datum.low), rows.x(datum.high)
    around = line(low, y, high, y, stroke=PAPER, stroke_width=3.2)
    ends = f"M{low:.1f} {y - 3:.1f}v6M{low:.1f} {y:.1f}H{high:.1f}M{high:.1f} {y - 3:.1f}v6"
    return joined([around, element("path", d=ends, stroke=INK, stroke_width=1.2, fill="none")])


def _share(ids, rows, position, datum, least_base):
    y = rows.y(position)
    track = element("rect", x=rows.left, y=y - BAR / 2, width=rows.right - rows.left, height=BAR, fill=TRACK)
    if datum.value is None:
        return joined([track, stand_in(datum, rows.left + 10, y), rows.words(position, datum)])
    body = _body(ids, rows, y, datum, is_open=datum.base < least_base)
    return joined([track, body, _whisker(rows, y, datum), rows.words(position, datum)])


def _picture(ids, rows, drawn, title, heading, remarks):
    data, wording = rows.data, rows.wording
    head = text(0, 11, wording.measure, font_size=SMALL, font_weight=STRONG) if wording.measure else ""
    axis = line(rows.left, rows.top, rows.left, rows.height - 4, stroke=INK)
    entries = mark_entries(ids, marks_in(data), wording)
    legend, below = flowing_legend(entries, 0, rows.height + 4, rows.width)
    body = [definitions(ids, data), head, drawn, "" if rows.above else axis, legend]
    columns, table = table_of(data, heading or wording.word("group"), wording, rows.numbers)
    simulated = is_simulated(data)
    svg = frame(
        ids,
        rows.width,
        rows.height + (below + 4 if below else 0),
        group(watermarked(rows.width, rows.height, body, simulated, wording)),
        title=title,
        description=wording.word(
            "bars_described", count=len(data), unit=wording.heading, leading=wording.leading(data)
        ),
    )
    return Picture(svg, title, columns, table, rows.notes, remarks, simulated, column=True)
