"""The whole way: a text or a list of claims in, verdicts out."""

import re

from taama.base.errors import MethodError
from taama.claims.methods.extraction import extract_claims
from taama.claims.methods.kinds import DatedFigure
from taama.statements.methods.checking import check
from taama.statements.methods.verdicts import UNCHECKED

MOST_CHARACTERS = 60_000  # some twenty-five pages: what is longer is checked in parts
MOST_NUMBERS = 2_000  # read in a second or two


def check_statements(statements, known=(), language=None):
    """Verdicts on every claim of a text or of a list.

    statements  plain text, or a list of claims (`read_claims`)
    known       Known figures (`read_known`) for claims that need others to be checked
    Returns     list of Verdict, in the order of the text
    Raises      MethodError `statements.too_many_numbers` for a text beyond MOST_CHARACTERS or MOST_NUMBERS

    >>> [v.status for v in check_statements("92 833 + 169 270 = 262 103")]
    ['consistent']
    """
    if isinstance(statements, str):
        _limit(statements)
    claims = extract_claims(statements, language) if isinstance(statements, str) else statements
    verdicts = [check(claim, known) for claim in claims]
    return [v for v in verdicts if isinstance(statements, list | tuple) or not _says_nothing(v)]


def _limit(text):
    if len(text) > MOST_CHARACTERS or len(re.findall(r"\d[\d.,]*", text)) > MOST_NUMBERS:
        raise MethodError(
            "statements.too_many_numbers", values={"characters": MOST_CHARACTERS, "numbers": MOST_NUMBERS}
        )


def _says_nothing(verdict):
    """A figure with its date that nothing known speaks of, and that claims no change."""
    return (
        isinstance(verdict.claim, DatedFigure)
        and verdict.status == UNCHECKED
        and verdict.code == "statements.claim_no_known_figure"
    )
