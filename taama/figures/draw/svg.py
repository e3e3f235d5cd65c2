"""Writing SVG: elements, numbers and the frame that every picture has. What goes in comes out well-formed."""

import re
from html import escape

from taama.figures.draw.style import FONT, INK

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Xml(str):
    """Text that is already XML; any other text is escaped when it becomes part of an element."""

    __slots__ = ()


def xml(content):
    return content if isinstance(content, Xml) else Xml(_escaped(content))


def _escaped(content, quote=False):
    return escape(NOT_IN_XML.sub("", str(content)), quote=quote)


def joined(parts):
    return Xml("".join(xml(part) for part in parts))


def coordinate(value):
    """At most one decimal: a tenth of a unit is less than anybody sees.

    >>> coordinate(12.04), coordinate(-0.01), coordinate(3.25)
    ('12', '0', '3.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name, *children, **attributes):
    """One element; `stroke_width=2` becomes `stroke-width="2"`, None leaves an attribute out.

    >>> str(element("text", "a < b", x=1, class_="note"))
    '<text x="1" class="note">a &lt; b</text>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = joined(children)
    return Xml(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")


def _attribute(value):
    return coordinate(value) if isinstance(value, int | float) else _escaped(value, quote=True)


def group(*children, **attributes):
    return element("g", *children, **attributes) if any(children) else Xml("")


def text(x, y, content, **attributes):
    return element("text", content, x=x, y=y, **attributes)


def line(x1, y1, x2, y2, **attributes):
    return element("path", d=move(x1, y1) + "L" + pair(x2, y2), **attributes)


def pair(x, y):
    return f"{coordinate(x)} {coordinate(y)}"


def move(x, y):
    return "M" + pair(x, y)


def polyline(points):
    """Path data through points."""
    return "M" + "L".join(pair(x, y) for x, y in points)


def frame(ids, width, height, *body, title, description):
    """The outermost element: scales with its place, and says in words what it shows."""
    return element(
        "svg",
        element("title", title, id=f"{ids}-t"),
        element("desc", description, id=f"{ids}-d"),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        class_="drawing",
        role="img",
        aria_labelledby=f"{ids}-t {ids}-d",
        font_family=FONT,
        font_size=12,
        fill=INK,
    )
