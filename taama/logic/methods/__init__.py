"""The logic of a form, worked out again on what was sent: what is asked, required, allowed and calculated."""

from taama.logic.methods.rules import (
    Breach,
    Logic,
    Untested,
    breaches,
    followers,
    logic_of,
    wrong_answer,
)
from taama.logic.methods.unknown import unknown_answers

__all__ = [
    "Breach",
    "Logic",
    "Untested",
    "breaches",
    "followers",
    "logic_of",
    "unknown_answers",
    "wrong_answer",
]
