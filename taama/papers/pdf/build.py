"""From an XForm to the PDF of its paper version. The same form and language give the same bytes."""

import datetime
from pathlib import Path

from taama.figures.typesetting import typeset
from taama.forms.methods.outline import read_outline
from taama.papers.methods.paper import paper

TEMPLATE = Path(__file__).parent / "form.typ"
FIXED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def paper_pdf(xform, language, made_at=FIXED, **how):
    """The paper version of a form as bytes of a tagged PDF.

    xform     bytes
    language  "fr" or "en"
    made_at   when the form was published
    how       overrides the output: format="png", ppi=80
    Raises    MethodError as `read_outline`; TaamaError where the fonts have not been built
    """
    return typeset(TEMPLATE, paper(read_outline(xform), language), made_at, **how)
