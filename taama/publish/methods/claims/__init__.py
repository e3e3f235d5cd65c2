"""The statement checker: figures that a text claims, read, recomputed and judged.

What can be true under some reading or rounding is never called inconsistent.
"""

from taama.publish.methods.claims.checking import check
from taama.publish.methods.claims.extraction import extract_claims
from taama.publish.methods.claims.kinds import CONSISTENT, INCONSISTENT, STATUSES, UNCHECKED, Known, Verdict
from taama.publish.methods.claims.reading import read_claims, read_known
from taama.publish.methods.claims.showing import as_data
from taama.publish.methods.claims.statements import check_statements

__all__ = [
    "CONSISTENT", "INCONSISTENT", "STATUSES", "UNCHECKED", "Known", "Verdict", "as_data", "check", "check_statements",
    "extract_claims", "read_claims", "read_known",
]  # fmt: skip
