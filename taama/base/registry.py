"""Sweeps of pending work by dotted name, imported only in the worker. Django-free, so that `apps.py` may ask it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sweep:
    """Pending work of one kind: `dotted` names a function() -> int that does some of it and says how many it did."""

    name: str
    dotted: str
    every_seconds: float


_SWEEPS: dict[str, Sweep] = {}


def register_sweep(name, dotted, every_seconds):
    _SWEEPS[name] = Sweep(name, dotted, every_seconds)


def sweeps():
    return list(_SWEEPS.values())
