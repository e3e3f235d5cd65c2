"""Outlines on paper: from longitude and latitude to the units of a drawing, in few bytes and without gaps."""

import math
from dataclasses import dataclass

from taama.figures.draw.style import COAST, LAND, PAPER
from taama.figures.draw.svg import coordinate, element, group

KM_PER_DEGREE = 111.2
SCALE_BARS = (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)


@dataclass(frozen=True)
class Outline:
    """An area: its key, its name and its closed rings of (longitude, latitude); holes are rings too."""

    key: str
    name: str
    rings: tuple


def outlines_of(collection, key="code", name="name"):
    """Outlines from GeoJSON features with Polygon or MultiPolygon geometry, named by two of their properties."""
    found = []
    for feature in collection["features"]:
        geometry, named = feature["geometry"], feature["properties"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = tuple(tuple((x, y) for x, y, *_ in ring) for polygon in polygons for ring in polygon)
        found.append(Outline(str(named[key]), str(named.get(name, "")), rings))
    return found


@dataclass(frozen=True)
class Projection:
    """Equirectangular, true to scale on the middle parallel: 17° north for Mali."""

    west: float
    north: float
    scale: float  # units per degree of latitude
    shrink: float  # cosine of the middle parallel
    left: float
    top: float

    def point(self, lon, lat):
        x = self.left + (lon - self.west) * self.shrink * self.scale
        return x, self.top + (self.north - lat) * self.scale

    @property
    def units_per_km(self):
        return self.scale / KM_PER_DEGREE


def fitted(outlines, width, margin=6):
    """The projection that gives the outlines this width, and the height that they then need."""
    points = [point for outline in outlines for ring in outline.rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = (width - 2 * margin) / ((east - west) * shrink)
    return Projection(west, north, scale, shrink, margin, margin), (north - south) * scale + 2 * margin


def on_paper(projection, ring, grid=0.5):
    """The ring in drawing units. Every point snaps to the same grid, so that neighbours keep their border."""
    snapped = [tuple(round(c / grid) * grid for c in projection.point(lon, lat)) for lon, lat in ring]
    kept = []
    for point in snapped:
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept[-1] = point
        elif not kept or kept[-1] != point:
            kept.append(point)
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _in_line(a, b, c):
    return b == c or (
        (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])
        and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) >= 0
    )


def path_data(rings):
    """Closed rings as relative steps, the shortest way to write them."""
    written = []
    for ring in rings:
        if len(ring) < 3:
            continue
        x, y = ring[0]
        written.append(f"M{coordinate(x)} {coordinate(y)}l")
        steps = []
        for next_x, next_y in ring[1:]:
            steps += [_short(next_x - x), _short(next_y - y)]
            x, y = next_x, next_y
        written.append(" ".join(steps).replace(" -", "-") + "z")
    return "".join(written)


def _short(value):
    text = coordinate(value)
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def area_of(ring):
    """Signed area of a ring of points."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring)) / 2


def _sides(ring):
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def inside(point, rings):
    """Whether a point lies in the area that the rings enclose."""
    x, y = point
    crossings = 0
    for ring in rings:
        for (ax, ay), (bx, by) in _sides(ring):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                crossings += 1
    return crossings % 2 == 1


def middle(rings):
    """Where a symbol of the area stands: its centre of gravity, or a point that really lies inside."""
    ring = max(rings, key=lambda points: abs(area_of(points)))
    area = area_of(ring)
    if area:
        parts = [((a[0] + b[0]), (a[1] + b[1]), a[0] * b[1] - b[0] * a[1]) for a, b in _sides(ring)]
        centre = (sum(x * c for x, _, c in parts) / (6 * area), sum(y * c for _, y, c in parts) / (6 * area))
        if inside(centre, rings):
            return centre
    return _deep_inside(ring, rings)


def _deep_inside(ring, rings):
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    tried = [
        (min(xs) + (max(xs) - min(xs)) * i / 12, min(ys) + (max(ys) - min(ys)) * j / 12)
        for i in range(1, 12)
        for j in range(1, 12)
    ]
    within = [point for point in tried if inside(point, rings)]
    return max(within, key=lambda p: min(math.dist(p, q) for q in ring)) if within else ring[0]


@dataclass(frozen=True)
class Land:
    """The outlines on paper: rings by key, the points of all borders, and the size of the paper."""

    projection: Projection
    rings: dict
    width: float
    height: float

    @property
    def border(self):
        return [point for rings in self.rings.values() for ring in rings for point in ring]


def land_of(outlines, width):
    projection, height = fitted(outlines, width)
    rings = {o.key: [on_paper(projection, ring) for ring in o.rings] for o in outlines}
    return Land(projection, rings, width, height)


def definition(ids, land):
    """Each area once, for the coast line and the surfaces to use."""
    areas = [
        element("path", id=f"{ids}-a{position}", d=path_data(rings))
        for position, rings in enumerate(land.rings.values())
    ]
    return element("defs", group(*areas, id=f"{ids}-land", fill_rule="evenodd", stroke_linejoin="round"))


def coast(ids):
    return element("use", href=f"#{ids}-land", fill=COAST, stroke=COAST, stroke_width=2.2)


def plain_surface(ids):
    return element("use", href=f"#{ids}-land", fill=LAND, stroke=PAPER, stroke_width=1)


def free_corner(land, box_width, box_height, corners):
    """The first of the corners (`nw`, `ne`, `sw`, `se`) in which a box covers no land: its left and top, or None."""
    for corner in corners:
        left = 0 if corner[1] == "w" else land.width - box_width
        top = 0 if corner[0] == "n" else land.height - box_height
        if _is_free(land, left, top, box_width, box_height):
            return left, top
    return None


def _is_free(land, left, top, box_width, box_height):
    right, bottom = left + box_width, top + box_height
    if any(left <= x <= right and top <= y <= bottom for x, y in land.border):
        return False
    grid = [(left + box_width * i / 6, top + box_height * j / 6) for i in range(7) for j in range(7)]
    return not any(inside(point, rings) for rings in land.rings.values() for point in grid)


def scale_bar(projection, room):
    """The longest round distance that fits: (kilometres, units)."""
    fitting = (km for km in SCALE_BARS if km * projection.units_per_km <= room)
    km = next(fitting, SCALE_BARS[-1])
    return km, km * projection.units_per_km
