"""The whole way: a text or a list of claims in, verdicts out."""

import re
from dataclasses import dataclass

from taama.base.errors import MethodError
from taama.claims.methods import texts, unread
from taama.claims.methods.extraction import claims_of, scenes_of
from taama.claims.methods.kinds import DatedFigure
from taama.statements.methods.checking import check
from taama.statements.methods.verdicts import INCONSISTENT, PARTLY, STATUSES, UNCHECKED

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
        return _check_text(statements, known, language or texts.language_of(statements))
    return [check(claim, known) for claim in statements]


def _check_text(text, known, language):
    """The claims of a text that have an answer, and the numbers that have none."""
    scenes = scenes_of(text, language)
    verdicts = [check(claim, known) for claim in claims_of(text, scenes, language)]
    verdicts = [v for v in verdicts if not _says_nothing(v)]
    verdicts += map(check, unread.find(scenes, [v.claim for v in verdicts]))
    return sorted(verdicts, key=lambda v: (v.claim.passage.start, v.claim.passage.end))


@dataclass(frozen=True)
class Sentence:
    """What was found in one sentence, table or claim of a list."""

    verdicts: tuple
    status: str


def by_sentence(verdicts):
    """The verdicts of each sentence together, sentences with faults first. All must agree to call it consistent."""
    groups = {}
    for verdict in verdicts:
        passage = verdict.claim.passage
        groups.setdefault((verdict.claim.row, passage.start, passage.end), []).append(verdict)
    sentences = [Sentence(tuple(group), _status({v.status for v in group})) for group in groups.values()]
    return sorted(sentences, key=lambda s: STATUSES.index(s.status))


def _status(found):
    if len(found) == 1:
        return found.pop()
    return INCONSISTENT if INCONSISTENT in found else PARTLY


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
