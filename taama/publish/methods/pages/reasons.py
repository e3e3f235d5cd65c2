"""Why this figure: the parts of its page that need figures before, after and elsewhere."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Version:
    """The same figure in another snapshot. `revised`: its value differs from the one shown."""

    snapshot: object
    shown: object
    revised: bool


def revisions(phrases, figure, others):
    """Every published version of a figure, newest first."""
    return tuple(Version(f.snapshot, phrases.of(f), f.value != figure.value) for f in others)


@dataclass(frozen=True)
class Break:
    day: str
    text: str
    source: str
    passed: bool


def breaks(phrases, figure, found):
    """Breaks of the series; those before the day of the figure are passed."""
    return tuple(
        Break(phrases.period(b["on"]), b[phrases.language], b.get("source", ""), date.fromisoformat(b["on"]) <= figure.as_of)
        for b in found
    )  # fmt: skip


def neighbours(phrases, figure, line):
    """(The figure before, the figure after) in time among those of one place, each as shown, or None."""
    ids = [f.id for f in line]
    if figure.id not in ids:
        return None, None
    at = ids.index(figure.id)
    before = phrases.of(line[at - 1]) if at else None
    after = phrases.of(line[at + 1]) if at + 1 < len(line) else None
    return before, after
