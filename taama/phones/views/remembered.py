"""Phones that this process has met lately, so that each of their submissions need not ask for its phone first.

Whether a phone may still send is asked where its submission is taken in, with all that come at the same time: a
revoked one is refused in its next request, by every process.
"""

import time

from taama.base.policy import ANONYMOUS
from taama.phones import queries

SECONDS, MOST = 60, 10_000
_met = {}  # token → (until when, Device)


def phone_of(token):
    """The phone that this token stands for, or stood for a moment ago; None when there is none."""
    until, device = _met.get(token, (0, None))
    if time.monotonic() < until:
        return device
    device = queries.device_of_token(ANONYMOUS, token)
    if device:
        if len(_met) >= MOST:
            _met.clear()
        _met[token] = time.monotonic() + SECONDS, device
    return device


def forget(token):
    _met.pop(token, None)
