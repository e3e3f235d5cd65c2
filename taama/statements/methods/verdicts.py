"""What can be said about a claim, and the known figures that it is held against."""

from dataclasses import dataclass, field
from fractions import Fraction

from taama.base.periods import Period
from taama.claims.methods.kinds import Claim

CONSISTENT, INCONSISTENT, UNCHECKED = "consistent", "inconsistent", "unchecked"
PARTLY = "partly"  # of a sentence: what was recomputed agrees, but not all of it could be
STATUSES = (INCONSISTENT, PARTLY, CONSISTENT, UNCHECKED)


@dataclass(frozen=True)
class Known:
    """A published figure of a series: its value, its change from the month before in per cent, or both.

    keywords  words of which a text must hold one for its figure to be taken for this series
    """

    series: str
    period: Period
    unit: str
    value: Fraction | None = None
    change: Fraction | None = None
    keywords: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Verdict:
    """What recomputing says of a claim.

    code        entry of the messages, with `values`
    claimed     the number that was checked
    low, high   between which the recomputed value lies, given the rounding of what it was computed from
    difference  claimed minus recomputed, from the numbers as written; None where there is none to give
    shown       the arithmetic: numbers and signs, for `showing.arithmetic`
    """

    claim: Claim
    status: str
    code: str
    values: dict = field(default_factory=dict)
    claimed: Fraction | None = None
    low: Fraction | float | None = None
    high: Fraction | float | None = None
    difference: Fraction | None = None
    shown: tuple = ()

    __hash__ = None
