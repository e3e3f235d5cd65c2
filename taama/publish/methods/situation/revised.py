"""What a snapshot says otherwise than the one before."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Revised:
    """Figures published before with another value: (before, now); and how many are new or no longer published."""

    changed: tuple
    added: int
    gone: int


def compare(before, now):
    """Figures of two snapshots, matched by key.

    Returns   Revised, the largest differences first
    """
    old, new = ({figure.key: figure for figure in figures} for figures in (before, now))
    changed = [(old[key], figure) for key, figure in new.items() if key in old and _differ(old[key], figure)]
    changed.sort(key=lambda pair: (-abs((pair[1].value or 0) - (pair[0].value or 0)), pair[1].key))
    return Revised(tuple(changed), len(new.keys() - old.keys()), len(old.keys() - new.keys()))


def _differ(before, now):
    return (before.value, before.low, before.high) != (now.value, now.low, now.high)
