"""Recomputing claims. A verdict of `inconsistent` means that no reading and no rounding makes the statement true."""

import re
from dataclasses import fields, replace
from fractions import Fraction

from taama.claims.methods import intervals, kinds
from taama.claims.methods.numbers import PERCENT
from taama.claims.methods.scenes import BARE
from taama.statements.methods import rates
from taama.statements.methods.judging import joined, judge, say
from taama.statements.methods.known import check_dated
from taama.statements.methods.verdicts import CONSISTENT, INCONSISTENT, UNCHECKED

ESTIMATED_FROM = 1000  # parts of a total from here on may be estimates, each rounded on its own
UNSURE = {"statements.claim_list_differs": "statements.claim_list_unclear"}
RANK = {CONSISTENT: 0, UNCHECKED: 1, INCONSISTENT: 2}


def check(claim, known=()):
    """Recompute a claim.

    claim    one of the kinds in `kinds`
    known    Known figures that dated claims are held against
    Returns  Verdict: consistent, inconsistent (by how much), or unchecked (why)

    >>> from taama.claims.methods.numbers import read_number
    >>> parts = (read_number("92,833", "en"), read_number("169,270", "en"))
    >>> check(kinds.SumOfParts(total=read_number("262,103", "en"), parts=parts)).status
    'consistent'
    """
    best = _check_as_read(claim, known)
    if best.status == INCONSISTENT and not claim.sure:
        best = replace(best, status=UNCHECKED, code=UNSURE.get(best.code, "statements.claim_other_reading"))
    if best.status == INCONSISTENT:
        for other in _other_readings(claim):
            best = min(best, _check_as_read(other, known), key=lambda v: RANK[v.status])
    return best if best.claim is claim else replace(best, claim=claim)


def _check_as_read(claim, known):
    return check_dated(claim, known) if isinstance(claim, kinds.DatedFigure) else CHECKS[type(claim)](claim)


def _other_readings(claim):
    """The claim with its ambiguous numbers (`44.084`) read the other way: those with a comma, with a point, all."""
    signs = {s: [n for n in claim.numbers if n.other is not None and s in n.text] for s in ",."}
    plain = re.search(r"\d,\d{3},\d{3}", " ".join(n.text for n in claim.numbers))
    groups = [found for sign, found in signs.items() if found and not (plain and sign == ",")]
    for chosen in [*groups, *([sum(groups, [])] if len(groups) > 1 else [])]:
        yield _reread(claim, chosen)


def _reread(claim, chosen):
    def turned(value):
        if isinstance(value, tuple):
            return tuple(map(turned, value))
        return (
            replace(value, value=value.other, other=None, written=value.written / 1000)
            if value in chosen
            else value
        )

    return replace(claim, **{f.name: turned(getattr(claim, f.name)) for f in fields(claim)})


def check_sum(claim):
    """Total against parts. What the text does not call complete is never accused for a rest."""
    total, parts = claim.total, claim.parts
    added = sum(p.value for p in parts)
    shown = (*joined(parts, "+"), "=", added)
    if claim.complete == "table":
        return _check_column(claim, added, shown)
    share = all(p.kind == PERCENT for p in parts)

    def computed(wide):
        estimates = wide and not share and total.value >= ESTIMATED_FROM
        one_by_one = sum(p.written for p in parts) / 2 if estimates else 0
        ranges = [p.computed(wide) if share else p.counted(wide) for p in parts]
        return intervals.total(ranges).widened(one_by_one)

    result = judge(claim, total, computed, added, differs="sum_differs", shown=shown, count=not share)
    certain = claim.complete in ("stated", "closed") or (claim.complete == "apart" and added > total.value)
    if result.status != INCONSISTENT or certain:
        return result
    doubt = "parts_may_overlap" if added > total.value else "parts_leave_rest"
    return replace(result, status=UNCHECKED, code=f"statements.claim_{doubt}")


def _check_column(claim, added, shown):
    """A column is written at one precision, that of its finest number."""
    total, numbers = claim.total, [n for n in (claim.total, *claim.parts) if n.value]
    if total.value == added:
        return say(
            claim, CONSISTENT, "equal", total, found=intervals.exactly(added), exact=added, shown=shown
        )
    unit = min(n.written if n.scaled else n.unit for n in numbers)
    if unit > 1 and max(n.value for n in numbers) / unit < 100:
        unit = Fraction(1)  # short round numbers are as likely counted as rounded
    found = intervals.exactly(added).widened(unit * Fraction(len(claim.parts) + 1, 2))
    status, name = INCONSISTENT, "sum_differs"
    if found.low <= total.value <= found.high:
        rounded = all(n.scaled for n in numbers)
        status, name = (CONSISTENT, "within_rounding") if rounded else (UNCHECKED, "only_if_rounded")
    return say(claim, status, name, total, found=found, exact=added, shown=shown)


def check_part(claim):
    """Parts named out of a whole can't exceed it, nor can they together when they exclude each other."""
    whole, parts = claim.whole, claim.parts
    for group in [*((p,) for p in parts), *([parts] if claim.apart else [])]:
        found, exact = intervals.total(p.counted(True) for p in group), sum(p.value for p in group)
        if found.low > whole.counted(True).high:
            shown = (*joined(group, "+"), *(("=", exact) if len(group) > 1 else ()), ">", whole)
            return say(claim, INCONSISTENT, "part_exceeds", whole, found=found, exact=exact, shown=shown)
    rest, among = whole.value - sum(p.value for p in parts), (*joined(parts, ";"), "≤", whole)
    if whole.hedge == "above" and "above" in {p.hedge for p in parts}:
        return say(claim, CONSISTENT, "parts_fit", whole, shown=among)
    if rest < 0:
        return say(claim, UNCHECKED, "parts_may_overlap", whole, exact=whole.value - rest, shown=among)
    if whole.hedge or any(p.hedge for p in parts):
        left = whole.counted() - intervals.total(p.counted() for p in parts)
        rest = intervals.Interval(max(left.low, 0), left.high)
    shown = (whole, "−", *joined(parts, "−"), "=", rest)
    name = "part_leaves" if claim.apart or len(parts) == 1 else "part_leaves_at_least"
    return say(claim, CONSISTENT, name, whole, shown=shown, rest=rest)


def check_list(claim):
    """A number announced and names counted."""
    announced, count = claim.announced, len(claim.names)
    limits, found = announced.counted(True), intervals.exactly(Fraction(count))
    fits = count <= limits.high if claim.partial else limits.low <= count <= limits.high
    name = "list_partial" if claim.partial and count < announced.value else "list_counted"
    status, name = (CONSISTENT, name) if fits else (INCONSISTENT, "list_differs")
    values = {"announced": announced, "count": count, "names": claim.names}
    shown = (count, "=" if announced.value == count else "≠", announced.value)
    return say(claim, status, name, announced, found=found, exact=Fraction(count), shown=shown, **values)


def check_pairs(claim):
    """Two lists joined name by name are equally long."""
    left, right = len(claim.left), len(claim.right)
    status, name, sign = (
        (CONSISTENT, "pairs_match", "=") if left == right else (INCONSISTENT, "pairs_differ", "≠")
    )
    values = {"left": left, "right": right, "left_names": claim.left, "right_names": claim.right}
    return say(claim, status, name, shown=(left, sign, right), **values)


def check_repeat(claim):
    """The same quantity, stated again."""
    first, others = claim.figures[0], claim.figures[1:]
    different = [
        n for n in others if n.value != first.value and not n.counted(True).meets(first.counted(True))
    ]
    other = (different or others)[0]
    values = {"first": first, "other": other, "lines": claim.lines}
    if not different:
        return say(claim, CONSISTENT, "repeated", first, shown=(first, "=", other), **values)
    status, name = (INCONSISTENT, "repeat_differs") if claim.same else (UNCHECKED, "near_repeat")
    return say(claim, status, name, first, exact=other.value, shown=(first, "≠", other), **values)


def check_unread(claim):
    """Said, so that nobody takes it for checked."""
    return say(claim, UNCHECKED, "unread", numbers=tuple(map(_named, claim.left)))


def _named(number):
    """A number as the text has it, with what it counts."""
    word = "" if BARE.match(number.noun) else number.noun.split(" ")[0]
    return f"{number.text} {word}".strip()


CHECKS = {
    kinds.SumOfParts: check_sum, kinds.PartOfWhole: check_part, kinds.Change: rates.check_change,
    kinds.Ratio: rates.check_ratio, kinds.PeriodAverage: rates.check_average, kinds.ShareOfCount: rates.check_share,
    kinds.CountOfList: check_list, kinds.PairedLists: check_pairs, kinds.RepeatedFigure: check_repeat,
    kinds.Product: rates.check_product, kinds.Duration: rates.check_duration, kinds.Unread: check_unread,
}  # fmt: skip
