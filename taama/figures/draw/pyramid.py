"""The pyramid by sex and age: women left, men right, on one scale."""

from dataclasses import dataclass

from taama.figures.draw.marks import (
    definitions,
    flowing_legend,
    mark_entries,
    marks_in,
    stand_in,
    watermarked,
)
from taama.figures.draw.picture import (
    Column,
    Datum,
    Picture,
    Wording,
    identity,
    is_simulated,
    notes_of,
)
from taama.figures.draw.style import BLUE, COLUMN, MUTED, NARROW, STEPS, STRONG
from taama.figures.draw.svg import element, frame, joined, text
from taama.figures.draw.words import superscript, width
from taama.figures.figure import STALE

MEN = STEPS[2]
BAR = 17
ROW = 22
HEAD = 24


@dataclass(frozen=True)
class AgeGroup:
    """One step of the pyramid; the labels of the two data are not shown."""

    label: str
    women: Datum
    men: Datum


def sex_age(groups, *, title, unit, language, measure="", decimals=None, narrow=False):
    """Pyramid of age groups in the order given, from top to bottom.

    groups    sequence of AgeGroup
    Returns   Picture, drawn for a column
    """
    wording = Wording(unit, language, decimals, measure)
    ids = identity("pyramid", title, groups, narrow)
    everybody = [datum for each in groups for datum in (each.women, each.men)]
    notes, numbers = notes_of(everybody)
    sides = Sides(groups, everybody, wording, NARROW if narrow else COLUMN)
    height = HEAD + ROW * len(groups) + 4
    legend, below = flowing_legend(
        mark_entries(ids, marks_in(everybody), wording), 0, height + 2, sides.width
    )
    body = [
        definitions(ids, everybody),
        sides.heads(wording),
        *(joined([sides.row(ids, position, each, numbers, wording)]) for position, each in enumerate(groups)),
        legend,
    ]
    simulated = is_simulated(everybody)
    columns, rows = _table(groups, wording, numbers)
    return Picture(
        frame(
            ids,
            sides.width,
            height + below,
            watermarked(sides.width, height, body, simulated, wording),
            title=title,
            description=wording.word("pyramid_described", count=len(groups)),
        ),
        title,
        columns,
        rows,
        notes,
        (),
        simulated,
        column=True,
    )


class Sides:
    """The two halves: ages in the middle, bars outward, values at their ends."""

    def __init__(self, groups, everybody, wording, width_):
        self.width = width_
        self.middle = width_ / 2
        self.gutter = max((width(each.label) for each in groups), default=0) / 2 + 8
        ends = max((width(wording.value(d)) for d in everybody if d.value is not None), default=0) + 12
        self.room = self.middle - self.gutter - ends
        self.highest = max((d.value for d in everybody if d.value is not None), default=0) or 1

    def heads(self, wording):
        left, right = self.middle - self.gutter, self.middle + self.gutter
        return joined(
            [
                text(left, 12, wording.word("women"), text_anchor="end", font_weight=STRONG),
                text(right, 12, wording.word("men"), font_weight=STRONG),
                text(self.middle, 12, wording.word("age"), text_anchor="middle", fill=MUTED),
            ]
        )

    def row(self, ids, position, each, numbers, wording):
        y = HEAD + ROW * position
        return joined(
            [
                text(self.middle, y + 13, each.label, text_anchor="middle"),
                self._bar(ids, each.women, y, -1, numbers, wording),
                self._bar(ids, each.men, y, 1, numbers, wording),
            ]
        )

    def _bar(self, ids, datum, y, side, numbers, wording):
        """One bar outward from the middle; side -1 is left."""
        start = self.middle + side * self.gutter
        anchor = "end" if side < 0 else "start"
        note = superscript(numbers[datum.note]) if datum.note else ""
        if datum.value is None:
            words = text(
                start + side * 18, y + 13, wording.value(datum) + note, text_anchor=anchor, fill=MUTED
            )
            return joined([stand_in(datum, start + side * 8, y + BAR / 2), words])
        long = max(self.room * datum.value / self.highest, 0.8)
        colour = BLUE if side < 0 else MEN
        look = {"fill": colour}
        if datum.shown == STALE:
            look = {"fill": f"url(#{ids}-stale)", "stroke": colour, "stroke_width": 1}
        bar = element("rect", x=start if side > 0 else start - long, y=y, width=long, height=BAR, **look)
        end = start + side * (long + 5)
        return joined([bar, text(end, y + 13, wording.value(datum) + note, text_anchor=anchor)])


def _table(groups, wording, numbers):
    columns = [
        Column(wording.word("age")),
        Column(wording.word("women"), numeric=True),
        Column(wording.word("men"), numeric=True),
    ]
    cells = [[each.label, wording.value(each.women), wording.value(each.men)] for each in groups]
    remarks = [_remark(each, wording, numbers) for each in groups]
    if any(remarks):
        columns.append(Column(wording.word("remark")))
        cells = [[*row, remark] for row, remark in zip(cells, remarks, strict=True)]
    return tuple(columns), tuple(map(tuple, cells))


def _remark(each, wording, numbers):
    women, men = wording.remark(each.women, numbers), wording.remark(each.men, numbers)
    if women == men:
        return women
    sides = ((wording.word("women"), women), (wording.word("men"), men))
    gap = "\u00a0: " if wording.language == "fr" else ": "
    return "; ".join(f"{side}{gap}{words}" for side, words in sides if words)
