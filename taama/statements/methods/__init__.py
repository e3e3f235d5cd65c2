"""The statement checker: figures that a text claims, recomputed and judged.

What can be true under some reading or rounding is never called inconsistent.
"""

from taama.statements.methods.checking import check
from taama.statements.methods.reading import read_known
from taama.statements.methods.showing import as_data
from taama.statements.methods.statements import by_sentence, check_statements
from taama.statements.methods.verdicts import (
    CONSISTENT,
    INCONSISTENT,
    PARTLY,
    STATUSES,
    UNCHECKED,
    Known,
    Verdict,
)

__all__ = [
    "CONSISTENT", "INCONSISTENT", "PARTLY", "STATUSES", "UNCHECKED", "Known", "Verdict", "as_data",
    "by_sentence", "check", "check_statements",
    "read_known",
]  # fmt: skip
