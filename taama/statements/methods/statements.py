"""The whole way: a text or a list of claims in, verdicts out."""

from taama.statements.methods.checking import check
from taama.statements.methods.extraction import extract_claims
from taama.statements.methods.kinds import UNCHECKED, DatedFigure


def check_statements(statements, known=(), language=None):
    """Verdicts on every claim of a text or of a list.

    statements  plain text, or a list of claims (`read_claims`)
    known       Known figures (`read_known`) for claims that need others to be checked
    Returns     list of Verdict, in the order of the text

    >>> [v.status for v in check_statements("92 833 + 169 270 = 262 103")]
    ['consistent']
    """
    claims = extract_claims(statements, language) if isinstance(statements, str) else statements
    verdicts = [check(claim, known) for claim in claims]
    return [v for v in verdicts if isinstance(statements, list | tuple) or not _says_nothing(v)]


def _says_nothing(verdict):
    """A figure with its date that nothing known speaks of, and that claims no change."""
    return (
        isinstance(verdict.claim, DatedFigure)
        and verdict.status == UNCHECKED
        and verdict.code == "statements.claim_no_known_figure"
    )
