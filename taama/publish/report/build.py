"""From the content of a report to PDF. The same snapshot, language and series give the same bytes."""

import json
from pathlib import Path

from django.conf import settings

from taama.base.errors import TaamaError
from taama.publish.queries.situation import report_series, situation

TEMPLATE = Path(__file__).parent / "situation.typ"
STANDARD = "ua-1"


def report(viewer, snapshot, language, series=""):
    """The situation report of a snapshot as bytes of a tagged PDF.

    series    the published one when nothing is said
    """
    content = situation(viewer, snapshot, language, report_series(viewer, snapshot, series))
    return typeset(content, snapshot.made_at)


def typeset(content, made_at, **how):
    """The template filled with this content. `how` overrides the output: format="png", ppi=80.

    Raises    TaamaError where the fonts have not been built
    """
    import typst  # noqa: PLC0415  heavy: only when a report is asked for

    folder = Path(settings.TAAMA_FONTS_DIR)
    if not any(folder.glob("*.ttf")):
        raise TaamaError("publish.fonts_missing", values={"folder": folder.name}, status=500)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        timestamp=made_at.replace(microsecond=0),
        **{"format": "pdf", "pdf_standards": [STANDARD]} | how,
    )
