"""Where labels go: beside their symbol, off other symbols and labels; left out rather than unreadable."""

import math
from dataclasses import dataclass

from taama.figures.draw.land import inside

GAP = 4
LEAD = 13
NEAR = (GAP, GAP + LEAD, GAP + 2 * LEAD)
FAR = (*NEAR, GAP + 4 * LEAD)
BESIDE = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.75, -0.75), (-0.75, -0.75), (0.75, 0.75), (-0.75, 0.75))


OFF_MIDDLE = ((0, 0), (0, -0.6), (0, 0.6), (-0.4, 0), (0.4, 0), (0, -1.2), (0, 1.2), (-0.4, 0.8), (0.4, -0.8))


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self):
        return self.left + self.width / 2, self.top + self.height / 2

    @property
    def corners(self):
        right, bottom = self.left + self.width, self.top + self.height
        return (self.left, self.top), (right, self.top), (self.left, bottom), (right, bottom)

    def wider(self, margin):
        return Box(self.left - margin, self.top, self.width + 2 * margin, self.height)

    def overlap(self, other):
        """Area that two boxes share."""
        wide = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        if wide <= 0:
            return 0.0
        high = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return wide * max(0.0, high)

    def within(self, other):
        return self.overlap(other) >= self.width * self.height - 0.01


@dataclass(frozen=True)
class Symbol:
    """A circle that wants a label of this size; the more important is placed first."""

    x: float
    y: float
    radius: float
    label_width: float
    label_height: float
    importance: float
    solid: bool = True  # a label may stand on it
    home: tuple = ()  # rings of an area, on which its name should stand

    def box(self, extra=0.0):
        reach = 0.88 * self.radius + extra
        return Box(self.x - reach, self.y - reach, 2 * reach, 2 * reach)

    def distance(self, box):
        """From the edge of the symbol to the nearest point of the box."""
        x = min(max(self.x, box.left), box.left + box.width)
        y = min(max(self.y, box.top), box.top + box.height)
        return math.hypot(x - self.x, y - self.y) - self.radius

    def holds_label(self, shift=0.0):
        half = math.hypot(self.label_width / 2 + abs(shift), self.label_height / 2)
        return self.solid and half <= self.radius - 1


@dataclass(frozen=True)
class Place:
    """A label's box, and whether it stands inside its symbol or needs a line to it."""

    box: Box
    inside: bool = False
    led: bool = False


def placed(symbols, paper, taken=(), most=None):
    """A place for each symbol's label.

    symbols   sequence of Symbol
    paper     Box that no label may leave
    taken     boxes of legends
    most      how many labels the drawing bears; the most important get them
    Returns   list of Place or None, in the order of the symbols; None where only an unreadable place was left
    """
    found = [None] * len(symbols)
    occupied = list(taken)
    for position in sorted(range(len(symbols)), key=lambda p: -symbols[p].importance)[:most]:
        symbol = symbols[position]
        others = [other for other in symbols if other is not symbol and not other.home]
        covered, place = _least_bad(symbol, paper, others, [*occupied, *(other.box() for other in others)])
        if covered <= 0.12 * symbol.label_width * symbol.label_height:
            found[position] = place
            occupied.append(place.box.wider(3))
    return found


def _least_bad(symbol, paper, others, obstacles):
    """(area covered, Place); what is already worse than the best is not looked at further."""
    least, best = math.inf, None
    for place, rank in candidates(symbol):
        covered = _covered(place, paper, obstacles)
        badness = 2 * covered + rank
        if badness < least:
            badness += _confusion(place, symbol, others)
        if badness < least:
            least, best = badness, (covered, place)
    return best


def candidates(symbol):
    """(Place, disadvantage): on the symbol, then beside it, then farther away with a line."""
    found = [
        (Place(box, inside=True), rank) for box, rank in (_at_home(symbol) if symbol.home else _on(symbol))
    ]
    for ring, reach in enumerate(FAR if symbol.home else NEAR):
        for rank, (across, down) in enumerate(BESIDE):
            x = symbol.x + across * (symbol.radius + reach) + _side(across) * symbol.label_width / 2
            y = symbol.y + down * (symbol.radius + reach) + _side(down) * symbol.label_height / 2
            led = ring > 0 or bool(symbol.home)
            cost = 8 + 4 * rank + 45 * ring + (60 if symbol.home else 0)
            found.append((Place(_around(symbol, x, y), led=led), cost))
    return found


def _on(symbol):
    """(Box, disadvantage) within the circle."""
    shifts = (0, -0.2 * symbol.radius, 0.2 * symbol.radius)
    return [(_around(symbol, symbol.x + s, symbol.y), abs(s) / 5) for s in shifts if symbol.holds_label(s)]


def _at_home(symbol):
    """(Box, disadvantage) on the middle of the area or a little off it; each corner outside the area costs."""
    found = []
    for rank, (across, down) in enumerate(OFF_MIDDLE):
        box = _around(symbol, symbol.x + across * symbol.label_width, symbol.y + down * symbol.label_height)
        if inside(box.centre, symbol.home):
            outside = sum(not inside(corner, symbol.home) for corner in box.corners)
            if outside < 4:
                found.append((box, 3 * rank + 12 * outside))
    return found


def _around(symbol, x, y):
    wide, high = symbol.label_width, symbol.label_height
    return Box(x - wide / 2, y - high / 2, wide, high)


def _side(direction):
    return (direction > 0) - (direction < 0)


def _covered(place, paper, obstacles):
    if not place.box.within(paper):
        return 1e9
    return sum(map(place.box.overlap, obstacles))


def _confusion(place, symbol, others):
    """A label that is nearer to another symbol than to its own would name the wrong one."""
    if place.inside:
        return 0
    own = symbol.distance(place.box)
    return 40 * sum(other.distance(place.box) < own + 2 for other in others)
