"""A clock that is wrong by SKEW_SECONDS, for a process started with this folder in its PYTHONPATH.

Simulated in Python: what our code and Django ask for is moved; the kernel, SQLite and PostgreSQL keep the right time.
"""

import os
import time
import uuid
from datetime import timedelta

SKEW = int(os.environ.get("SKEW_SECONDS", "0"))
real_time, real_time_ns = time.time, time.time_ns


def uuid7():
    moment = int((real_time() + SKEW) * 1000)
    return uuid.UUID(
        int=moment << 80 | 7 << 76 | int.from_bytes(os.urandom(9)) & ~(3 << 62) & ((1 << 76) - 1) | 2 << 62
    )


if SKEW:
    time.time = lambda: real_time() + SKEW
    time.time_ns = lambda: real_time_ns() + SKEW * 10**9

    import uuid_utils.compat
    from django.utils import timezone

    real_now = timezone.now
    timezone.now = lambda: real_now() + timedelta(seconds=SKEW)
    uuid_utils.compat.uuid7 = uuid7
