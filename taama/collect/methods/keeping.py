"""How long what was put aside is kept."""

from datetime import timedelta

DISCARDED_DAYS = 30


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
