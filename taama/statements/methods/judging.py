"""One way to compare what is claimed with what recomputing gives, for every kind of claim."""

from fractions import Fraction

from taama.claims.methods.intervals import INFINITY
from taama.claims.methods.numbers import PERCENT, POINTS, Number
from taama.statements.methods.verdicts import CONSISTENT, INCONSISTENT, UNCHECKED, Verdict


def say(claim, status, name, number=None, *, found=None, exact=None, shown=(), **values):
    """A Verdict. Its text is `statements.claim_<name>`, which may use claimed, recomputed, difference, range.

    number  the Number under test
    found   Interval of the recomputed value; `exact` the same from the numbers as written, or None
    """
    difference = None if exact is None or number is None else number.value - exact
    common = {"claimed": number, "recomputed": exact, "range": found}
    if difference is not None:
        share = number.kind == PERCENT
        common |= {"recomputed": per_cent(exact)} if share else {}
        common["difference"] = points(difference) if share else abs(difference)
    ends = (None, None) if found is None else (found.low, found.high)
    claimed = None if number is None else number.value
    return Verdict(
        claim, status, f"statements.claim_{name}", common | values, claimed, *ends, difference, shown
    )


def judge(claim, number, computed, exact, *, differs, shown, count=False, **values):
    """The verdict on one number, given the recomputed Interval as a function of `wide` (`Number.counted`).

    count    the number is a count, else the result of a division, rounded as written
    differs  name of the text when no rounding explains the difference
    """
    reading = number.counted if count else number.computed
    status, name = INCONSISTENT, differs
    if reading(False).meets(computed(False)):
        near = exact is not None and abs(number.value - exact) <= (0 if count else number.written / 2)
        status, name = CONSISTENT, "equal" if near else "within_rounding"
    elif reading(True).meets(computed(True)):
        status, name = UNCHECKED, "only_if_rounded"
    return say(claim, status, name, number, found=computed(False), exact=exact, shown=shown, **values)


def per_cent(value):
    """A computed share, to be shown with its sign."""
    return Number("", value, kind=PERCENT, written=Fraction(1, 10))


def points(value):
    """A computed difference of two shares."""
    return Number("", abs(value), kind=POINTS, written=Fraction(1, 10))


def quotient(a, b, times=1):
    """a / b, or None when b is nothing or has no end."""
    return None if not b or INFINITY in (a, b) else Fraction(a) / Fraction(b) * times


def joined(numbers, sign):
    """Numbers with a sign between them."""
    tokens = []
    for number in numbers:
        tokens += [sign, number]
    return tuple(tokens[1:])
