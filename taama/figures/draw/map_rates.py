"""Map of rates: areas shaded by class. Counts are refused: a large empty area would shout."""

import math

from taama.base.errors import MethodError
from taama.figures.draw import labels, land
from taama.figures.draw.map_parts import RATES, Labelled, map_picture, positions, scale
from taama.figures.draw.picture import Wording, identity, notes_of
from taama.figures.draw.scales import round_step
from taama.figures.draw.style import COAST, INK, MAP_WIDE, MUTED, NARROW, PAPER, SMALL, STEPS, STRONG
from taama.figures.draw.svg import element, group, joined, text
from taama.figures.draw.words import wrapped
from taama.figures.figure import NO_DATA, STALE, SUPPRESSED

PICKED = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 2, 4), 5: (0, 1, 2, 3, 4)}  # shades for so many classes
DARK = STEPS[3:]
ROW = 18


def rate_map(
    spots, outlines, *, title, unit, language, measure="", heading="", breaks=(), decimals=None, narrow=False
):
    """Areas shaded by the class of their rate.

    spots     sequence of Spot, each with the key of an outline
    outlines  sequence of Outline
    unit      code of a rate: percent, percentage_points, per_1000, per_10000, days
    measure   what the values are called: "Localités actualisées"; without it the unit
    breaks    increasing limits of the classes, from the lowest to the highest; without them equal round steps
    Returns   Picture; the classes are stated in its legend and its description
    Raises    MethodError for a count, for breaks that leave a value out, for a spot without an outline
    """
    if unit not in RATES:
        raise MethodError("figures.drawing_count_as_rate", values={"unit": unit})
    wording = Wording(unit, language, decimals, measure)
    ids = identity("rates", title, spots, narrow)
    country = land.land_of(outlines, NARROW if narrow else MAP_WIDE)
    _check_places(spots, country)
    shades = Shades(spots, breaks, wording)
    legend, box, below = _legend(ids, spots, shades, country, wording)
    symbols = _label_points(spots, country)
    named = Labelled(spots, symbols, country, box, notes_of(spots)[1], wording)
    body = [
        _patterns(ids),
        land.definition(ids, country),
        land.coast(ids),
        _surfaces(ids, spots, country, shades),
        *legend,
        scale(country, wording),
        named.drawing(lambda position, place: shades.ground(spots[position]) if place.inside else None),
    ]
    stated = wording.word("classes", classes=", ".join(shades.words)) if shades.words else ""
    return map_picture(ids, spots, body, country, below, named, title, heading, wording, stated)


def _check_places(spots, country):
    for spot in spots:
        if spot.place not in country.rings:
            raise MethodError("figures.drawing_nowhere", values={"label": spot.label, "place": spot.place})


class Shades:
    """The classes: their limits, what they are called, and the shade of a spot."""

    def __init__(self, spots, breaks, wording):
        self.limits = checked_breaks([spot.value for spot in spots if spot.value is not None], breaks)
        self.words = class_words(self.limits, wording)

    def at(self, position):
        return STEPS[PICKED[len(self.words)][position]]

    def of(self, spot):
        return self.at(class_of(spot.value, self.limits)) if spot.value is not None else None

    def ground(self, spot):
        return self.of(spot) if self.of(spot) in DARK else None


def checked_breaks(values, breaks=()):
    """The limits of one to five classes that hold every value; none without a value."""
    if not values:
        return []
    limits = list(breaks) or equal_breaks(values)
    rising = all(a < b for a, b in zip(limits, limits[1:], strict=False))
    if not (2 <= len(limits) <= 6 and rising and limits[0] <= min(values) and max(values) <= limits[-1]):
        raise MethodError("figures.drawing_bad_breaks", values={"breaks": ", ".join(map(str, limits))})
    return limits


def equal_breaks(values):
    """Limits of at most five classes in equal round steps.

    >>> equal_breaks([12, 55, 91])
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    """
    low, high = min(values), max(values)
    span = high - low if high - low > 1e-6 * high else high  # values that differ by rounding only are one
    step = round_step(span, 4)
    first = low // step
    count = max(1, math.ceil((high - first * step) / step - 1e-9))
    limits = [step * (first + position) for position in range(count + 1)]
    return [min(limits[0], low), *limits[1:-1], max(limits[-1], high)]  # a product may miss them by its last digit


def class_of(value, limits):
    """Position of the class: its low limit belongs to it, the very last limit to the last class."""
    return max(0, min(sum(value >= limit for limit in limits[1:]), len(limits) - 2))


def class_words(limits, wording):
    pairs = list(zip(limits, limits[1:], strict=False))
    codes = ["class_from"] * (len(pairs) - 1) + ["class_last"]
    return [
        wording.word(code, low=wording.amount(low), high=wording.amount(high))
        for code, (low, high) in zip(codes, pairs, strict=False)
    ]


def _label_points(spots, country):
    """Where labels want to be: on their area; the larger the area, the earlier it chooses."""
    found = []
    for spot, (x, y) in zip(spots, positions(spots, country), strict=True):
        rings = tuple(country.rings[spot.place])
        size = sum(abs(land.area_of(ring)) for ring in rings)
        found.append((x, y, {"radius": 0, "importance": size, "solid": False, "home": rings}))
    return found


def _patterns(ids):
    """Hatching for stale, light and dark so that it shows on any shade; dots for suppressed."""
    light = element("path", d="M-1 1L1 -1M0 9L9 0M8 10L10 8", stroke=PAPER, stroke_width=1.5)
    dark = element("path", d="M0 1.8L1.8 0M1.2 9.6L9.6 1.2", stroke=INK, stroke_width=0.8)
    dots = element("path", d="M1.5 1.5h.01M4.5 4.5h.01", stroke=INK, stroke_width=1.5, stroke_linecap="round")
    paper = element("path", d="M0 0H6V6H0Z", fill=PAPER)
    return element(
        "defs",
        element("pattern", light, dark, id=f"{ids}-stale", width=9, height=9, patternUnits="userSpaceOnUse"),
        element("pattern", paper, dots, id=f"{ids}-dots", width=6, height=6, patternUnits="userSpaceOnUse"),
    )


def _surfaces(ids, spots, country, shades):
    shown = {spot.place: spot for spot in spots}
    drawn, over = [], []
    for position, key in enumerate(country.rings):
        spot, area = shown.get(key), f"#{ids}-a{position}"
        if spot is None or spot.shown == NO_DATA:
            drawn.append(element("use", href=area, fill=PAPER))
            over.append(element("use", href=area, fill="none", stroke=MUTED, stroke_dasharray="4 3"))
            continue
        fill = f"url(#{ids}-dots)" if spot.shown == SUPPRESSED else shades.of(spot)
        drawn.append(element("use", href=area, fill=fill))
        if spot.shown == STALE:
            over.append(element("use", href=area, fill=f"url(#{ids}-stale)"))
    return group(group(*drawn, stroke=PAPER, stroke_width=1.2), *over, fill_rule="evenodd")


def _legend(ids, spots, shades, country, wording):
    """Classes and marks as boxes, in an empty corner or under the map. Returns (parts, box, height below)."""
    shown = {spot.shown for spot in spots}
    if len(country.rings) > len({spot.place for spot in spots}):
        shown.add(NO_DATA)
    entries = [(shades.at(position), label) for position, label in enumerate(shades.words)]
    entries += [(mark, wording.mark(mark)) for mark in (STALE, SUPPRESSED, NO_DATA) if mark in shown]
    room = 130 if country.width <= NARROW else 190
    _, high = _rows(ids, entries, 0, 0, room, wording)
    corner = land.free_corner(country, room, high + 8, ("nw", "ne", "sw", "se"))
    if corner:
        parts, _ = _rows(ids, entries, corner[0] + 4, corner[1] + 4, room, wording)
        return [parts], labels.Box(*corner, room, high), 0
    parts, high = _rows(ids, entries, 4, country.height + 6, country.width - 8, wording)
    return [parts], None, high + 6


def _rows(ids, entries, left, top, room, wording):
    heads = wrapped(wording.heading, room, SMALL, strong=True)
    drawn = [text(left, top + 10 + 13 * row, words, font_weight=STRONG) for row, words in enumerate(heads)]
    y = top + 5 + 13 * len(heads)
    for fill, label in entries:
        lines = wrapped(label, room - 34, SMALL)
        drawn.append(_swatch(ids, fill, left, y))
        drawn += [text(left + 30, y + 10 + 13 * row, words) for row, words in enumerate(lines)]
        y += max(ROW, 13 * len(lines) + 5)
    return group(*drawn, font_size=SMALL), y - top


def _swatch(ids, fill, x, y):
    box = {"x": x, "y": y, "width": 23, "height": 13}
    if fill == NO_DATA:
        return element("rect", **box, fill=PAPER, stroke=MUTED, stroke_dasharray="4 3")
    if fill == SUPPRESSED:
        return element("rect", **box, fill=f"url(#{ids}-dots)", stroke=COAST, stroke_width=0.8)
    if fill == STALE:
        plain = element("rect", **box, fill=STEPS[2])
        return joined([plain, element("rect", **box, fill=f"url(#{ids}-stale)")])
    return element("rect", **box, fill=fill)
