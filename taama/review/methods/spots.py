"""Where interviews took place, on a small map: dots on the outlines of the areas around them."""

from dataclasses import dataclass

from taama.figures.draw import land
from taama.figures.draw.style import BLUE, INK, MUTED, NARROW, PAPER, SMALL, WARM
from taama.figures.draw.svg import element, frame, group, line, text

FAR = 0.35  # degrees around the outlines that are still drawn


@dataclass(frozen=True)
class Spot:
    """One position. `shape`: `dot`, `doubt` (far from the place named) or `place` (the place itself)."""

    lat: float
    lon: float
    shape: str = "dot"


def spot_map(spots, outlines, *, title, description, legend, ids="spots", width=NARROW):
    """A map of positions.

    spots     [Spot]; those far outside of the outlines are not drawn
    outlines  [Outline], at least one
    legend    shape → what it means, in the order in which it is told
    Returns   Xml, an SVG picture
    """
    country = land.land_of(outlines, width)
    drawn = [s for s in spots if _near(s, outlines)]
    marks = [_mark(s, *country.projection.point(s.lon, s.lat)) for s in sorted(drawn, key=_order)]
    height = country.height + 18 * len(legend) + 26
    km, room = land.scale_bar(country.projection, width / 3)
    foot = country.height + 14
    body = [
        land.definition(ids, country), land.coast(ids), land.plain_surface(ids), group(*marks),
        line(6, foot, 6 + room, foot, stroke=INK, stroke_width=1),
        text(12 + room, foot + 4, f"{km} km", font_size=SMALL, fill=MUTED),
        *(_told(shape, words, foot + 18 * at) for at, (shape, words) in enumerate(legend.items(), 1)),
    ]  # fmt: skip
    return frame(ids, width, height, *body, title=title, description=description)


def left_out(spots, outlines):
    """How many of the spots lie too far outside to be drawn."""
    return sum(not _near(spot, outlines) for spot in spots)


def _near(spot, outlines):
    points = [p for o in outlines for ring in o.rings for p in ring]
    west, east = min(x for x, _ in points) - FAR, max(x for x, _ in points) + FAR
    south, north = min(y for _, y in points) - FAR, max(y for _, y in points) + FAR
    return west <= spot.lon <= east and south <= spot.lat <= north


def _order(spot):
    return ("place", "dot", "doubt").index(spot.shape)


def _mark(spot, x, y):
    if spot.shape == "place":
        return element(
            "path", d=f"M{x - 5:.1f} {y:.1f}h10m-5 -5v10", stroke=INK, stroke_width=1.6, fill="none"
        )
    if spot.shape == "doubt":
        corners = f"M{x:.1f} {y - 5:.1f}l5 9h-10z"
        return element("path", d=corners, fill=WARM, stroke=PAPER, stroke_width=1)
    return element("circle", cx=x, cy=y, r=3.2, fill=BLUE, fill_opacity="0.7", stroke=PAPER, stroke_width=0.7)


def _told(shape, words, y):
    return group(_mark(Spot(0, 0, shape), 12, y + 4), text(24, y + 8, words, font_size=SMALL))
