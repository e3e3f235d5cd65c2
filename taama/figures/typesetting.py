"""From a template and its content to a tagged PDF: without network, with the fonts that were built and no others."""

import json
from pathlib import Path

from django.conf import settings

from taama.base.errors import TaamaError

STANDARD = "ua-1"


def typeset(template, content, made_at, **how):
    """The template (a path) filled with this content, as bytes. `how` overrides the output: format="png", ppi=80.

    Raises    TaamaError where the fonts have not been built
    """
    import typst  # noqa: PLC0415  heavy: only when a document is asked for

    folder = Path(settings.TAAMA_FONTS_DIR)
    if not any(folder.glob("*.ttf")):
        raise TaamaError("figures.fonts_missing", values={"folder": folder.name}, status=500)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return typst.compile(
        template,
        root=template.parent,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        timestamp=made_at.replace(microsecond=0),
        **{"format": "pdf", "pdf_standards": [STANDARD]} | how,
    )
