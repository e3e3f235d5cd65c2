"""Recomputing what divides: changes, ratios, averages over time, shares."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from math import ceil, floor

from taama.base import periods
from taama.claims.methods import intervals
from taama.claims.methods.intervals import INFINITY, Interval
from taama.claims.methods.numbers import PERCENT, POINTS
from taama.statements.methods.judging import joined, judge, per_cent, points, quotient, say
from taama.statements.methods.verdicts import CONSISTENT, INCONSISTENT, UNCHECKED

WORKED_SHARE = Fraction(5, 7)  # a point is taken to work at least five days of seven
DAYS = {"day": 1, "week": 7, "month": Fraction(146097, 4800)}  # mean Gregorian month
LENGTHS = {"day": 1, "week": 7, "month": DAYS["month"], "year": 12 * DAYS["month"]}
SMALL_WHOLE = 100  # from here on every whole per cent is the share of some count


def check_change(claim):
    """From before to after: direction, difference, per cent, percentage points or multiple."""
    stated, shares = claim.stated, claim.before.kind == claim.after.kind == PERCENT
    if stated is None:
        return _check_direction(claim)
    if claim.factor:
        return _check_factor(claim)
    if stated.kind == POINTS and not shares:
        return say(claim, UNCHECKED, "points_of_counts", stated)
    if stated.kind != PERCENT:
        return _check_difference(claim, shares)
    result = _check_relative(claim)
    if shares and result.status != CONSISTENT and _check_difference(claim, shares).status == CONSISTENT:
        return replace(result, status=INCONSISTENT, code="statements.claim_points_not_per_cent")
    return result


def _range(number, wide):
    return number.computed(wide) if number.kind == PERCENT else number.counted(wide)


def _check_direction(claim):
    before, after = claim.before, claim.after
    forward = (_range(after, True) - _range(before, True)).times(claim.direction)
    status, name = UNCHECKED, "direction_open"
    if forward.high < 0:
        status, name = INCONSISTENT, "direction_wrong"
    elif (after.value - before.value) * claim.direction > 0:
        status, name = CONSISTENT, "direction_right"
    return say(claim, status, name, after, shown=(before, "→", after), before=before, after=after)


def _check_relative(claim):
    before, after, sign = claim.before, claim.after, claim.direction

    def computed(wide):
        return _range(after, wide).over(_range(before, wide)).shifted(-1).times(100 * sign)

    ratio = quotient(after.value, before.value)
    exact = None if ratio is None else (ratio - 1) * 100 * sign
    growth = "?" if ratio is None else per_cent((ratio - 1) * 100)
    shown = ("(", after, "−", before, ") ÷", before, "=", growth)
    differs = "direction_wrong" if exact is not None and exact < 0 else "change_differs"
    values = {"before": before, "after": after, "points": points(after.value - before.value)}
    return judge(claim, claim.stated, computed, exact, differs=differs, shown=shown, **values)


def _check_difference(claim, shares):
    before, after, sign = claim.before, claim.after, claim.direction
    exact = (after.value - before.value) * sign
    larger, smaller = sorted((before, after), key=lambda n: -n.value)

    def computed(wide):
        return (_range(after, wide) - _range(before, wide)).times(sign)

    values = {"before": before, "after": after}
    if shares:
        values |= {"recomputed": points(exact), "difference": points(claim.stated.value - exact)}
    shown = (larger, "−", smaller, "=", points(exact) if shares else abs(exact))
    differs = "direction_wrong" if exact < 0 else "difference_differs"
    return judge(
        claim, claim.stated, computed, exact, differs=differs, shown=shown, count=not shares, **values
    )


def _check_factor(claim):
    up, down = (claim.after, claim.before) if claim.direction > 0 else (claim.before, claim.after)
    exact = quotient(up.value, down.value)
    values = {"before": claim.before, "after": claim.after, "shown": (up, "÷", down, "=", _or_unknown(exact))}

    def computed(wide):
        return _range(up, wide).over(_range(down, wide))

    return judge(claim, claim.stated, computed, exact, differs="factor_differs", **values)


def _or_unknown(value):
    return "?" if value is None else value


def check_ratio(claim):
    """So many of the one for each, or for each thousand, of the other."""

    def computed(wide):
        return claim.numerator.counted(wide).over(claim.denominator.counted(wide)).times(claim.per)

    exact = quotient(claim.numerator.value, claim.denominator.value, claim.per)
    factor = () if claim.per == 1 else ("×", claim.per)
    shown = (claim.numerator, "÷", claim.denominator, *factor, "=", _or_unknown(exact))
    return judge(claim, claim.stated, computed, exact, differs="ratio_differs", shown=shown)


def check_product(claim):
    """So many things of so many each."""

    def computed(wide):
        each = claim.each.computed(wide) if claim.mean or claim.each.scaled else claim.each.counted(wide)
        return claim.many.counted(wide).by(each)

    exact = claim.many.value * claim.each.value
    shown = (claim.many, "×", claim.each, "=", exact)
    return judge(claim, claim.product, computed, exact, differs="product_differs", shown=shown, count=True)


def check_duration(claim):
    """Days counted with or without their last one; months and years begun may count as whole."""
    span, length = claim.span, LENGTHS[claim.unit]
    opening, closing = span.opening, span.closing
    if claim.unit == "month" and opening.is_month and closing.is_month:
        months = _months_between(opening, closing)
        found = Interval(Fraction(months), Fraction(months + 1))
    else:
        fewest = max((closing.first - opening.last).days, 0)
        most = (closing.last - opening.first).days + 1
        found = Interval(Fraction(floor(fewest / length)), Fraction(ceil(most / length)))
    status, name = (
        (CONSISTENT, "duration_fits")
        if claim.stated.counted(True).meets(found)
        else (INCONSISTENT, "duration_differs")
    )
    return say(claim, status, name, claim.stated, found=found)


def check_average(claim):
    """Average per day, week or month. Days are those really observed, at most those of the calendar."""
    total, average, length = claim.total, claim.average, DAYS[claim.unit]
    implied, exact = total.counted(True).over(average.computed(True)), quotient(total.value, average.value)
    if exact is None or implied.high == INFINITY:
        return say(claim, UNCHECKED, "too_vague", average)
    if (days := _calendar(claim, False)) is None:
        return _without_dates(claim, exact)

    def computed(wide):
        return total.counted(wide).over(_calendar(claim, wide).times(Fraction(1) / length))

    mean = quotient(total.value, days.high / length)
    shown = (total, "÷", days.times(Fraction(1) / length), "=", mean)
    values = {"days": days, "implied": round(exact * length), "shown": shown}
    result = judge(claim, average, computed, mean, differs="average_differs", **values)
    observed = implied.high * length / days.low
    if result.status == INCONSISTENT and WORKED_SHARE <= observed <= 1 and claim.days is None:
        return replace(result, status=UNCHECKED, code="statements.claim_average_of_fewer_days")
    return result


def _calendar(claim, wide):
    """Days of the period; `wide`: months named as ends need not be whole."""
    if claim.days is not None:
        return claim.days.counted()
    if claim.span is None or claim.span.closing is None:
        return None
    opening, closing = claim.span.opening, claim.span.closing
    if claim.unit == "month" and opening.is_month and closing.is_month:
        months = _months_between(opening, closing) + 1
        return intervals.exactly(months * DAYS["month"])
    fewest = claim.span.fewest_days if wide or claim.span.loose else claim.span.most_days
    return Interval(Fraction(fewest), Fraction(claim.span.most_days))


def _months_between(opening, closing):
    return (closing.first.year - opening.first.year) * 12 + closing.first.month - opening.first.month


def _without_dates(claim, exact):
    """How long the period must have been, and until when it would last if its beginning is given."""
    days = round(exact * DAYS[claim.unit])
    values = {"implied": days}
    shown = (claim.total, "÷", claim.average, "=", exact)
    if claim.span is None:
        return say(claim, UNCHECKED, "average_without_dates", claim.average, shown=shown, **values)
    opening = claim.span.opening
    values["opening"] = periods.month_of(opening.first) if opening.is_month else periods.day(opening.first)
    values["end"] = periods.month_of(opening.first + timedelta(days=days))
    return say(claim, UNCHECKED, "average_without_end", claim.average, shown=shown, **values)


def check_share(claim):
    """A share of a count: of a small one only some percentages are possible."""
    share, part, whole = claim.share, claim.part, claim.whole
    if part is None and whole is None and not claim.elsewhere:
        return say(claim, UNCHECKED, "share_without_count", share)
    if part is None:
        return _check_possible(claim)
    if whole is None:
        return say(claim, UNCHECKED, "share_without_count", share)

    def computed(wide):
        return part.counted(wide).over(whole.counted(wide)).times(100)

    exact = quotient(part.value, whole.value, 100)
    shown = (part, "÷", whole, "=", "?" if exact is None else per_cent(exact))
    return judge(claim, share, computed, exact, differs="share_differs", shown=shown)


def possible_parts(share, whole, wide=False):
    """Whole numbers k with share of k in `whole`, rounded as the share is written.

    >>> from taama.claims.methods.numbers import read_number
    >>> possible_parts(read_number("40 %"), 19), possible_parts(read_number("40 %"), 15)
    ((), (6,))
    """
    limits = share.computed(wide).times(Fraction(whole, 100))
    if limits.high == INFINITY:
        return ()
    return tuple(range(ceil(limits.low), min(floor(limits.high), int(whole)) + 1))


def _check_possible(claim):
    """Whether any count out of the whole, stated with the share or elsewhere in the text, gives this share."""
    share, counts = claim.share, (claim.whole,) if claim.whole else claim.elsewhere
    whole, stated = sum(n.value for n in counts), claim.whole is not None and not claim.whole.hedge
    values = {"whole": whole, "sum": joined(counts, "+")}
    if whole.denominator != 1 or not 0 < whole < SMALL_WHOLE or share.hedge or share.last is not None:
        return say(claim, UNCHECKED, "share_without_part", share, **values)
    suffix = "" if stated else "_elsewhere"
    if parts := possible_parts(share, whole):
        values |= {"part": Fraction(parts[0]), "shown": _division(parts[0], whole)}
        return say(claim, CONSISTENT if stated else UNCHECKED, f"share_possible{suffix}", share, **values)
    beside = [
        k for k in (floor(share.value * whole / 100), floor(share.value * whole / 100) + 1) if k <= whole
    ]
    nearest = min((Fraction(100 * k, whole) for k in beside), key=lambda s: abs(s - share.value))
    others = [
        d for d in (*range(int(whole), 1, -1), *range(int(whole), 2 * int(whole))) if possible_parts(share, d)
    ]
    values["possible"] = tuple((Fraction(possible_parts(share, d)[0]), Fraction(d)) for d in others[:3])
    values |= {"exact": nearest, "shown": tuple(t for k in beside for t in (*_division(k, whole), ";"))[:-1]}
    if stated and possible_parts(share, whole, wide=True):
        return say(claim, UNCHECKED, "only_if_rounded", share, **values)
    return say(claim, INCONSISTENT if stated else UNCHECKED, f"share_impossible{suffix}", share, **values)


def _division(part, whole):
    return (Fraction(part), "÷", whole, "=", per_cent(Fraction(100 * part) / whole))
