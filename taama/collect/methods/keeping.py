"""How long what was sent is kept, and whether the clock can be trusted to tell."""

from datetime import timedelta

DISCARDED_DAYS = 30
LOOKED_BACK, LONGEST_GAP = timedelta(days=14), timedelta(days=7)


def clock_is_settled(days, today):
    """Whether the days on which the office ran show no leap of its clock, and a week of this one.

    days     on which it ran, by its clock; those that seem to come say nothing
    today    date
    Returns  bool: it ran a week ago or before, and since then never stood still, or leapt, for more than a week

    >>> from datetime import date
    >>> from_first = [date(2026, 3, day) for day in range(1, 12)]
    >>> clock_is_settled(from_first, date(2026, 3, 11)), clock_is_settled(from_first, date(2026, 3, 20))
    (True, False)
    """
    seen = sorted({day for day in days if today - LOOKED_BACK <= day <= today} | {today})
    steps = zip(seen, seen[1:], strict=False)
    return seen[0] <= today - LONGEST_GAP and all(after - before <= LONGEST_GAP for before, after in steps)


def kept_until(received_at, discarded_at=None, form_days=None, form_known=False, unknown_days=365):
    """When something that was put aside is erased if nobody decides.

    received_at    when it came
    discarded_at   when it was seen and not wanted; None while it waits
    form_days      days for which its form keeps what was sent; None is without limit
    form_known     whether its form is published here: its rule holds, also when that is no limit
    unknown_days   days for what belongs to no known form; 0 is without limit
    Returns        the same kind of time as `received_at`; None is without limit

    >>> from datetime import date
    >>> kept_until(date(2026, 1, 1), unknown_days=10), kept_until(date(2026, 1, 1), form_known=True)
    (datetime.date(2026, 1, 11), None)
    """
    if discarded_at is not None:
        return discarded_at + timedelta(days=DISCARDED_DAYS)
    days = form_days if form_known else unknown_days or None
    return None if days is None else received_at + timedelta(days=days)
