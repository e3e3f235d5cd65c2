"""The statement checker: figures that a text claims, read, recomputed and judged.

What can be true under some reading or rounding is never called inconsistent.
"""

from taama.statements.methods.checking import check
from taama.statements.methods.extraction import extract_claims
from taama.statements.methods.kinds import CONSISTENT, INCONSISTENT, STATUSES, UNCHECKED, Known, Verdict
from taama.statements.methods.reading import read_claims, read_known
from taama.statements.methods.showing import as_data
from taama.statements.methods.statements import check_statements

__all__ = [
    "CONSISTENT", "INCONSISTENT", "STATUSES", "UNCHECKED", "Known", "Verdict", "as_data", "check", "check_statements",
    "extract_claims", "read_claims", "read_known",
]  # fmt: skip
