"""What the two maps share: positions, labels, the scale bar, and the finished picture."""

import math

from taama.base.errors import MethodError
from taama.figures.draw import labels, land
from taama.figures.draw.marks import watermarked
from taama.figures.draw.picture import Picture, is_simulated, notes_of, table_of
from taama.figures.draw.style import INK, MUTED, NARROW, PAPER, SMALL, STRONG
from taama.figures.draw.svg import Xml, element, frame, group, joined, line, text
from taama.figures.draw.words import superscript, width

RATES = frozenset({"percent", "percentage_points", "per_1000", "per_10000", "days"})
LINE = 13.5
CROWD, MOST_WIDE, MOST_NARROW = 20, 16, 9  # beyond so many places, only the largest bear their name


def positions(spots, country):
    """Point on paper of every spot: its own position, else the middle of its outline."""
    found = []
    for spot in spots:
        if spot.lon is not None and spot.lat is not None:
            found.append(country.projection.point(spot.lon, spot.lat))
        elif spot.place in country.rings:
            found.append(land.middle(country.rings[spot.place]))
        else:
            raise MethodError("figures.drawing_nowhere", values={"label": spot.label, "place": spot.place})
    return found


class Labelled:
    """Names and values of the spots, each with the place that was found for it."""

    def __init__(self, spots, symbols, country, legend_box, numbers, wording):
        """symbols: (x, y, {radius, importance, solid, home}) for each spot."""
        self.lines = [label_lines(spot, numbers, wording) for spot in spots]
        self.symbols = [
            labels.Symbol(x, y, label_width=_widest(*lines), label_height=LINE * len(lines), **more)
            for (x, y, more), lines in zip(symbols, self.lines, strict=True)
        ]
        paper = labels.Box(0, 0, country.width, country.height)
        taken = [legend_box] if legend_box else []
        most = None if len(spots) <= CROWD else MOST_NARROW if country.width <= NARROW else MOST_WIDE
        self.places = labels.placed(self.symbols, paper, taken, most)

    @property
    def left_out(self):
        return self.places.count(None)

    def drawing(self, ground):
        """All labels; `ground` gives the dark colour on which one stands in white, or None."""
        leads, words = [], {}
        for position, (symbol, place) in enumerate(zip(self.symbols, self.places, strict=True)):
            if place and place.led:
                leads.append(_lead(symbol, place.box))
            if place:
                label = _label(symbol, place, self.lines[position])
                words.setdefault(ground(position, place), []).append(label)
        written = (_with_halo(colour, labels_) for colour, labels_ in words.items())
        return joined([group(*leads, stroke=INK, stroke_width=0.7), *written])


def _with_halo(ground, words):
    """Words that stay readable over borders and circles: dark on a light edge, or white on a dark one."""
    return group(
        *words,
        fill=PAPER if ground else INK,
        stroke=ground or PAPER,
        stroke_width=4 if ground else 3,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def label_lines(spot, numbers, wording):
    name = spot.label + (superscript(numbers[spot.note]) if spot.note else "")
    return (name, wording.amount(spot.value)) if spot.value is not None else (name,)


def _widest(name, value=""):
    return max(width(name, SMALL + 1, strong=True), width(value, SMALL))


def _lead(symbol, box):
    """From the edge of the symbol to the nearest point of its label."""
    x = min(max(symbol.x, box.left), box.left + box.width)
    y = min(max(symbol.y, box.top), box.top + box.height)
    reach = math.hypot(x - symbol.x, y - symbol.y) or 1
    start = (
        symbol.x + symbol.radius * (x - symbol.x) / reach,
        symbol.y + symbol.radius * (y - symbol.y) / reach,
    )
    return line(*start, x, y)


def _label(symbol, place, lines):
    box = place.box
    if symbol.x + symbol.radius < box.left:
        anchor, x = "start", box.left
    elif symbol.x - symbol.radius > box.left + box.width:
        anchor, x = "end", box.left + box.width
    else:
        anchor, x = "middle", box.centre[0]
    words = [text(x, box.top + 10.5, lines[0], font_weight=STRONG)]
    words += [text(x, box.top + 10.5 + LINE, line_, font_size=SMALL) for line_ in lines[1:]]
    return group(*words, text_anchor=None if anchor == "start" else anchor)


def scale(country, wording):
    """A bar of round kilometres in a corner without land."""
    km, units = land.scale_bar(country.projection, country.width / 5)
    corner = land.free_corner(country, units + 12, 30, ("se", "sw", "ne", "nw"))
    if not corner:
        return Xml("")
    right, foot = corner[0] + units + 4, corner[1] + 24
    bar = f"M{right - units:.1f} {foot - 4:.1f}v4h{units:.1f}v-4"
    return group(
        element("path", d=bar, fill="none", stroke=MUTED, stroke_width=1),
        text(right, foot - 8, f"{wording.count(km)} km", text_anchor="end", font_size=SMALL, fill=MUTED),
    )


def map_picture(ids, spots, body, country, below, named, title, heading, wording, stated=""):
    """The parts of a map with its words, notes and table."""
    notes, numbers = notes_of(spots)
    simulated = is_simulated(spots)
    columns, rows = table_of(spots, heading or wording.word("place"), wording, numbers)
    drawing = watermarked(country.width, country.height, body, simulated, wording)
    remarks = (wording.word("labels_left_out", count=named.left_out),) if named.left_out else ()
    svg = frame(
        ids,
        country.width,
        country.height + below,
        drawing,
        title=title,
        description=f"{_described(spots, wording)} {stated}".strip(),
    )
    return Picture(svg, title, columns, rows, notes, remarks, simulated)


def _described(spots, wording):
    return wording.word(
        "map_described",
        shown=sum(spot.value is not None for spot in spots),
        places=len(spots),
        unit=wording.heading,
        leading=wording.leading(spots),
    )
