"""Reading what a text claims: numbers as French and English write them, dates, sentences, and the claims they make.

A claim says what the text says, with the doubt that the wording leaves; whether it holds is not judged here.
"""

from taama.claims.methods.extraction import extract_claims
from taama.claims.methods.listed import read_claims

__all__ = ["extract_claims", "read_claims"]
