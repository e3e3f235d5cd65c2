"""Map of counts: circles whose area is the number of people, on the outlines of the areas."""

from taama.base.errors import MethodError
from taama.figures.draw import labels, land
from taama.figures.draw.map_parts import CROWD, RATES, Labelled, map_picture, positions, scale
from taama.figures.draw.marks import (
    GLYPH,
    definitions,
    fill_of,
    flowing_legend,
    mark_entries,
    marks_in,
    stacked_legend,
    stand_in,
)
from taama.figures.draw.picture import Wording, identity, notes_of
from taama.figures.draw.scales import legend_values, radius
from taama.figures.draw.style import BLUE, MAP_WIDE, MUTED, NARROW, NAVY, PAPER, SMALL, STRONG
from taama.figures.draw.svg import Xml, element, group, text
from taama.figures.draw.words import width
from taama.figures.figure import STALE

BESIDE_MAP = 190  # room of a legend in a corner of the wide map
CORNERS = ("nw", "ne", "sw", "se")


def symbol_map(
    spots, outlines, *, title, unit, language, measure="", heading="", decimals=None, narrow=False
):
    """Proportional circles for counts.

    spots     sequence of Spot, each with the key of an outline, or its own lon and lat
    outlines  sequence of Outline
    unit      code of the unit; rates are refused, since an area of ink is read as a number of people
    measure   what the values are called: "PDI présentes"; without it the unit
    heading   what a row of the table is: "Région"
    Returns   Picture
    Raises    MethodError for a rate, or a spot that is neither on an outline nor at a position
    """
    if unit in RATES:
        raise MethodError("figures.drawing_rate_as_circles", values={"unit": unit})
    wording = Wording(unit, language, decimals, measure)
    ids = identity("symbols", title, spots, narrow)
    country = land.land_of(outlines, NARROW if narrow else MAP_WIDE)
    where = positions(spots, country)
    sizes = Sizes(spots, narrow)
    legend, box, below = _legend(ids, spots, sizes, country, wording)
    symbols = [
        (x, y, {"radius": sizes.of(spot), "importance": spot.value or 0, "solid": spot.shown == "value"})
        for spot, (x, y) in zip(spots, where, strict=True)
    ]
    named = Labelled(spots, symbols, country, box, notes_of(spots)[1], wording)
    body = [
        definitions(ids, spots),
        land.definition(ids, country),
        land.coast(ids),
        land.plain_surface(ids),
        *legend,
        scale(country, wording),
        _circles(ids, spots, where, sizes),
        named.drawing(lambda position, place: BLUE if place.inside else None),
    ]
    return map_picture(ids, spots, body, country, below, named, title, heading, wording)


class Sizes:
    """Radius of each circle: the largest fixed, areas proportional, marks of one size."""

    def __init__(self, spots, narrow):
        self.largest = max((spot.value for spot in spots if spot.value is not None), default=0)
        crowded = len(spots) > CROWD
        self.limit = (20 if crowded else 25) if narrow else (32 if crowded else 41)

    def of_value(self, value):
        return radius(value, self.largest, self.limit)

    def of(self, spot):
        return GLYPH if spot.value is None else self.of_value(spot.value)


def _circles(ids, spots, where, sizes):
    """Large circles first, so that small ones stay in sight; marks last."""
    pairs = sorted(zip(spots, where, strict=True), key=_painting_order)
    drawn = [_circle(ids, spot, x, y, sizes.of(spot)) for spot, (x, y) in pairs]
    return group(*drawn, fill=BLUE, fill_opacity="0.86", stroke=PAPER, stroke_width=0.9)


def _painting_order(pair):
    value = pair[0].value
    return (value is None, -(value or 0))


def _circle(ids, spot, x, y, size):
    if spot.value is None:
        return stand_in(spot, x, y)
    look = {}
    if spot.shown == STALE:
        look = {"fill": fill_of(ids, spot), "fill_opacity": 1, "stroke": BLUE, "stroke_width": 1.4}
    return element("circle", cx=x, cy=y, r=f"{size:.2f}", **look)


def _legend(ids, spots, sizes, country, wording):
    """Sizes in an empty corner, marks below them or under the map. Returns (parts, box, height below)."""
    values = legend_values(sizes.largest)
    marks = mark_entries(ids, marks_in(spots), wording)
    room, high = _sizes_extent(values, sizes, wording)
    if country.width > NARROW:
        _, marks_high = stacked_legend(marks, 0, 0, BESIDE_MAP)
        both = max(room, BESIDE_MAP), high + marks_high + 24
        corner = land.free_corner(country, *both, CORNERS)
        if corner:
            left, top = corner[0] + 6, corner[1] + 10
            stacked, _ = stacked_legend(marks, left, top + high + 8, BESIDE_MAP)
            return [nested_circles(values, sizes, left, top, wording), stacked], labels.Box(*corner, *both), 0
    corner = land.free_corner(country, room, high + 8, CORNERS)
    box = labels.Box(*corner, room, high + 8) if corner else None
    left, top = (corner[0] + 4, corner[1] + 4) if corner else (4, country.height + 4)
    below = 6 if corner else high + 14
    flowing, flow_high = flowing_legend(marks, 4, country.height + below, country.width - 8)
    return [nested_circles(values, sizes, left, top, wording), flowing], box, below + flow_high


def _sizes_extent(values, sizes, wording):
    if not values:
        return 0, 0
    widest = max(width(wording.amount(value), SMALL) for value in values)
    across = 2 * sizes.of_value(values[0])
    return max(across + 26 + widest, width(wording.heading, SMALL, strong=True)), across + 24


def nested_circles(values, sizes, left, top, wording):
    """Circles of round values standing on one point, each led to its number."""
    if not values:
        return Xml("")
    largest = sizes.of_value(values[0])
    x, foot = left + largest + 1, top + 20 + 2 * largest
    drawn = [text(left, top + 10, wording.heading, font_weight=STRONG)]
    lowest = top + 8.0
    for value in values:
        size = sizes.of_value(value)
        at = lowest = max(foot - 2 * size, lowest + 12)
        ring = {"cx": x, "cy": foot - size, "r": f"{size:.2f}"}
        drawn.append(element("circle", **ring, fill="none", stroke=NAVY, stroke_width=1))
        lead = f"M{x:.1f} {foot - 2 * size:.1f}L{x + largest + 8:.1f} {at:.1f}h6"
        drawn.append(element("path", d=lead, fill="none", stroke=MUTED, stroke_width=0.7))
        drawn.append(text(x + largest + 18, at + 4, wording.amount(value)))
    return group(*drawn, font_size=SMALL)
