"""Slow work: sweeps that look for pending state in our own tables, and leases that keep writers single.

Nothing is queued: what is pending is a state in a table. A killed worker loses nothing; the next sweep goes on.
"""

import logging
import os
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from taama.base.group_commit import in_turn
from taama.base.models import Lease
from taama.base.registry import sweeps

LEASE_SECONDS = 60
log = logging.getLogger("taama.work")


def this_holder():
    return f"{_machine()}:{os.getpid()}:{threading.get_ident() % 100000}"


@cache
def _machine():
    """The running system and its set of process numbers, since a number means nothing elsewhere."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")[:13]
        return f"{socket.gethostname()[:20]}/{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return socket.gethostname()[:40]


def _lives(holder):
    """Whether the holder is a process that runs: False when it was one of this very system that is gone, None when
    that can't be seen from here."""
    machine, _, rest = holder.partition(":")
    if machine != _machine() or "/" not in machine:
        return None
    try:
        os.kill(int(rest.partition(":")[0]), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def _in_force(lease, now, seconds):
    """Whether another must wait. A lease that runs for longer than leases do was given by a clock that was wrong."""
    lives = _lives(lease.holder)
    if not lease.until or lease.until <= now or lives is False:
        return False
    return bool(lives) or lease.until <= now + timedelta(seconds=2 * max(seconds, LEASE_SECONDS))


def take_lease(name, seconds=None, holder=None):
    """True when this process now holds the lease, or holds it still.

    A lease of the dead runs out by itself, at once where its death can be seen.
    """
    seconds, holder = seconds or LEASE_SECONDS, holder or this_holder()
    now = timezone.now()
    with in_turn(), transaction.atomic():
        Lease.objects.get_or_create(name=name)
        lease = Lease.objects.select_for_update().get(name=name)
        if lease.holder not in ("", holder) and _in_force(lease, now, seconds):
            return False
        lease.holder, lease.until = holder, now + timedelta(seconds=seconds)
        lease.save()
    return True


def release_lease(name, holder=None):
    Lease.objects.filter(name=name, holder=holder or this_holder()).update(holder="", until=None)


@contextmanager
def lease(name, seconds=None):
    """Yields whether the lease was got; gives it back at the end.

    While it is held, a thread renews it, so that a long piece of work never outlives its lease.
    """
    seconds, holder = seconds or LEASE_SECONDS, this_holder()
    held = take_lease(name, seconds, holder)
    done = threading.Event()
    if held:
        threading.Thread(target=_renew, args=(name, seconds, holder, done), daemon=True).start()
    try:
        yield held
    finally:
        done.set()
        if held:
            release_lease(name, holder)


def _renew(name, seconds, holder, done):
    while not done.wait(seconds / 3):
        try:
            take_lease(name, seconds, holder)
        except DatabaseError:
            log.exception("lease not renewed", extra={"lease": name})
        finally:
            close_old_connections()


class Worker:
    """Runs every sweep when it is due, until told to stop. One broken sweep never stops the others."""

    def __init__(self, stopping=None):
        self.stopping = stopping or threading.Event()
        self.due = {}

    def run(self):
        while not self.stopping.is_set():
            did = sum(self.run_due(sweep) for sweep in sweeps())
            self.stopping.wait(0.05 if did else 0.5)

    def run_due(self, sweep):
        if time.monotonic() < self.due.get(sweep.name, 0):
            return 0
        close_old_connections()
        try:
            did = call(sweep)
        except Exception:
            log.exception("sweep failed", extra={"sweep": sweep.name})
            did = 0
        self.due[sweep.name] = time.monotonic() + (0 if did else sweep.every_seconds)
        return did


def call(sweep):
    module, _, function = sweep.dotted.rpartition(".")
    return getattr(import_module(module), function)() or 0


def run_until_idle(names=None, rounds=1000):
    """Do all pending work now, in this process: for commands and tests. Returns how much was done."""
    total = 0
    for _ in range(rounds):
        did = sum(call(sweep) for sweep in sweeps() if names is None or sweep.name in names)
        total += did
        if not did:
            return total
    raise RuntimeError("work does not come to an end")
