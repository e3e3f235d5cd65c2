"""What a written number can stand for: a closed interval; exact fractions, so that no true figure falls out."""

from dataclasses import dataclass

INFINITY = float("inf")


@dataclass(frozen=True)
class Interval:
    """Both ends included. Ends are Fractions or infinite; an operation keeps every possible result.

    >>> Interval(1, 2) + Interval(10, 20)
    Interval(low=11, high=22)
    >>> Interval(1, 2).meets(Interval(2, 3))
    True
    """

    low: object
    high: object

    def __add__(self, other):
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other):
        return Interval(self.low - other.high, self.high - other.low)

    def times(self, factor):
        """Both ends multiplied by a number; a negative one turns the interval round."""
        ends = sorted((self.low * factor, self.high * factor))
        return Interval(*ends)

    def shifted(self, step):
        return Interval(self.low + step, self.high + step)

    def over(self, other):
        """Quotient of two intervals that are not negative; a divisor that may be zero leaves no upper end."""
        low = 0 if other.high == INFINITY or other.high <= 0 else self.low / other.high
        high = INFINITY if other.low <= 0 or self.high == INFINITY else self.high / other.low
        return Interval(low, high)

    def by(self, other):
        """Product of two intervals that are not negative."""
        high = INFINITY if INFINITY in (self.high, other.high) else self.high * other.high
        return Interval(self.low * other.low, high)

    def meets(self, other):
        return self.low <= other.high and other.low <= self.high

    def hull(self, other):
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def widened(self, margin):
        return Interval(self.low - margin, self.high + margin)


def exactly(value):
    return Interval(value, value)


def total(intervals):
    """Sum of several intervals; of none, zero."""
    result = exactly(0)
    for interval in intervals:
        result = result + interval
    return result
