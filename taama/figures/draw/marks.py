"""The marks of doubt, drawn so that none is mistaken for another, for a small value or for zero.

Stale is hatched with a closed outline, suppressed a dotted ring without a number, no data a small cross.
"""

from functools import partial

from taama.figures.draw.style import BLUE, INK, MUTED, PAPER, SMALL, STRONG
from taama.figures.draw.svg import Xml, element, group, joined, text
from taama.figures.draw.words import width, wrapped
from taama.figures.figure import NO_DATA, STALE, SUPPRESSED

ORDER = (STALE, SUPPRESSED, NO_DATA)
GLYPH = 6  # radius of a mark that stands in the place of a value
DOTTED = {"stroke_dasharray": "0.1 3.1", "stroke_linecap": "round", "stroke_width": 1.7}


def hatching(ids, colour=BLUE):
    """The pattern of what is carried forward from an older round."""
    return element(
        "defs",
        element(
            "pattern",
            element("path", d="M0 0H5V5H0Z", fill=PAPER),
            element("path", d="M-1 1L1 -1M0 5L5 0M4 6L6 4", stroke=colour, stroke_width=1.4),
            id=f"{ids}-stale",
            width=5,
            height=5,
            patternUnits="userSpaceOnUse",
        ),
    )


def definitions(ids, data):
    return hatching(ids) if any(STALE in datum.marks for datum in data) else Xml("")


def fill_of(ids, datum, colour=BLUE):
    return f"url(#{ids}-stale)" if datum.shown == STALE else colour


def cross(x, y, size=4):
    return element(
        "path",
        d=f"M{x - size:.1f} {y - size:.1f}l{2 * size} {2 * size}m0 {-2 * size}l{-2 * size} {2 * size}",
        stroke=MUTED,
        stroke_width=1.6,
        fill="none",
    )


def dotted_ring(x, y, size=GLYPH):
    return element("circle", cx=x, cy=y, r=size, fill=PAPER, fill_opacity="0.7", stroke=INK, **DOTTED)


def stand_in(datum, x, y):
    """The mark in the place of a value that is not there."""
    return dotted_ring(x, y) if datum.shown == SUPPRESSED else cross(x, y)


def swatch(ids, mark, x, y):
    """A mark as the legend shows it, around the point x, y."""
    if mark == STALE:
        return element("circle", cx=x, cy=y, r=6, fill=f"url(#{ids}-stale)", stroke=BLUE, stroke_width=1.2)
    return dotted_ring(x, y, 5) if mark == SUPPRESSED else cross(x, y, 3.5)


def marks_in(data):
    return [mark for mark in ORDER if any(datum.shown == mark for datum in data)]


def mark_entries(ids, marks, wording):
    """Legend entries (how to draw it around a point, what it means) of marks."""
    return [(partial(swatch, ids, mark), wording.mark(mark)) for mark in marks]


def stacked_legend(entries, x, y, room):
    """The entries one below the other. Returns (drawing, height)."""
    drawn, top = [], y
    for glyph, label in entries:
        lines = wrapped(label, room - 20, SMALL)
        drawn.append(glyph(x + 7, top + 7))
        drawn += [text(x + 20, top + 11 + 13 * row, line) for row, line in enumerate(lines)]
        top += 13 * len(lines) + 6
    return group(*drawn, font_size=SMALL), top - y


def flowing_legend(entries, x, y, room):
    """The entries side by side as far as they fit. Returns (drawing, height)."""
    drawn, left, top = [], x, y
    for glyph, label in entries:
        needed = 20 + width(label, SMALL)
        if left > x and left + needed > x + room:
            left, top = x, top + 19
        drawn += [glyph(left + 7, top + 7), text(left + 20, top + 11, label)]
        left += needed + 18
    return group(*drawn, font_size=SMALL), (top - y + 19 if entries else 0)


def watermark(width_, height, wording):
    """Across the picture what must not be cropped away: these people do not exist."""
    label = wording.word("simulated")
    size = min(96, 0.82 * width_ / max(1.0, width(label, 1, strong=True)), 0.6 * height)
    x, y = width_ / 2, height / 2
    return text(
        x,
        y + size / 3,
        label,
        font_size=size,
        font_weight=STRONG,
        text_anchor="middle",
        fill_opacity="0.075",
        transform=f"rotate(-18 {x:.0f} {y:.0f})",
    )


def watermarked(width_, height, body, simulated, wording):
    """The parts of a picture in their order, over all of them the watermark if they are simulated."""
    return joined([*body, watermark(width_, height, wording)] if simulated else body)
