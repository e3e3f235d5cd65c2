"""From the content of a report to PDF. The same snapshot, language and series give the same bytes."""

from pathlib import Path

from taama.figures.typesetting import typeset
from taama.publish.queries.situation import report_series, situation

TEMPLATE = Path(__file__).parent / "situation.typ"


def report(viewer, snapshot, language, series=""):
    """The situation report of a snapshot as bytes of a tagged PDF.

    series    the published one when nothing is said
    """
    content = situation(viewer, snapshot, language, report_series(viewer, snapshot, series))
    return typeset(TEMPLATE, content, snapshot.made_at)
