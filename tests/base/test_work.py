"""Leases keep writers single; the dead give way; one broken sweep never stops the others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from taama.base import registry, work
from taama.base.models import Lease


def test_a_second_holder_waits_until_the_first_gives_back(db):
    assert work.take_lease("lake", holder="a")
    assert not work.take_lease("lake", holder="b")
    work.release_lease("lake", holder="a")
    assert work.take_lease("lake", holder="b")


def test_the_lease_of_the_dead_runs_out(db):
    work.take_lease("lake", holder="dead")
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert work.take_lease("lake", holder="b")


def test_who_lost_the_lease_cannot_give_it_back_for_another(db):
    work.take_lease("lake", holder="a")
    work.release_lease("lake", holder="b")
    assert not work.take_lease("lake", holder="c")


def good():
    DONE.append(1)
    return 0


def bad():
    raise RuntimeError("broken on purpose")


DONE = []


def test_one_broken_sweep_does_not_stop_the_others(db, monkeypatch):
    here = __name__
    monkeypatch.setattr(registry, "_SWEEPS", {})
    registry.register_sweep("bad", f"{here}.bad", 1)
    registry.register_sweep("good", f"{here}.good", 1)
    worker = work.Worker()
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    for sweep in registry.sweeps():
        worker.run_due(sweep)
    assert DONE == [1]


def test_work_that_never_ends_is_reported(db, monkeypatch):
    monkeypatch.setattr(registry, "_SWEEPS", {})
    registry.register_sweep("endless", f"{__name__}.endless", 1)
    with pytest.raises(RuntimeError):
        work.run_until_idle(rounds=3)


def endless():
    return 1
