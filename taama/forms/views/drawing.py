"""Settings codes as pictures, for pages and files."""

import io

import segno


def code_svg(text):
    """A QR code as SVG that a page can show: no inline styles, a quiet zone, sharp at any size."""
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", scale=4, border=4, light="#fff", xmldecl=True)
    return buffer.getvalue()
