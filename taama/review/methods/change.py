"""What differs between the present answers and those of the round before."""

from dataclasses import dataclass

NUMBERS = ("integer", "decimal", "range")


@dataclass(frozen=True)
class Much:
    """From when a difference of two numbers stands out: more than `percent` of the former, and at least `least`."""

    percent: float
    least: float


def stands_out(before, after, much):
    """Whether two numbers given as text differ by much.

    before    str, the former answer
    after     str, the present one
    much      Much
    Returns   bool; False where one of them is no number
    Source    parameters `much_percent` and `much_least`

    >>> stands_out("80", "960", Much(30, 20)), stands_out("80", "90", Much(30, 20)), stands_out("", "960", Much(30, 20))
    (True, False, False)
    """
    try:
        former, present = float(before), float(after)
    except ValueError:
        return False
    difference = abs(present - former)
    return difference >= much.least and difference * 100 > much.percent * abs(former)


def difference(before, after):
    """Signed difference of two numbers given as text, or None.

    >>> difference("80", "960"), difference("80", "many")
    (880.0, None)
    """
    try:
        return float(after) - float(before)
    except ValueError:
        return None
