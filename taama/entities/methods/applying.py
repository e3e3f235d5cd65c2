"""Which changes of an entity count, in what order, and where they contradict each other.

A change knows those that its phone had seen: the versions up to the one that it had downloaded, and what the same
phone had changed before (its branch). Of two changes that did not know of each other the later one wins, field by
field, and people are told. Since what counts follows from the set of changes alone, it does not matter in which
order they come.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

HELD_DAYS = 5  # what waits for an earlier change of its phone longer than this is applied without it


@dataclass(frozen=True)
class Change:
    """What one submission, import or person says of an entity.

    `key` names it wherever it comes; `base` is the version that the phone had, counted on the phone; `trunk` the one
    that it last got from here (None for an entity that it made itself); `branch` what it did since. `moment`: when it
    was made, as far as known. `version`, `seen` (the last version it knew) and `forced` (without the earlier change
    that it waited for) are given when it is applied.
    """

    key: str
    moment: datetime
    values: dict = field(default_factory=dict)
    creates: bool = False
    updates: bool = False
    base: int = 0
    trunk: int | None = None
    branch: str = ""
    version: int = 0
    seen: int = 0
    forced: bool = False

    @property
    def first(self):
        """Whether it makes the entity, instead of changing one that its phone had."""
        return self.creates and not self.base

    @property
    def claimed(self):
        """The last version from here that it says it knew."""
        return (self.trunk or 0) if self.branch else self.base


class Verdict(StrEnum):
    READY = "ready"
    HOLD = "hold"  # an earlier change of its phone is still to come
    TWICE = "twice"  # it makes what is there already


class Kind(StrEnum):
    SOFT = "soft"  # in parallel, on different fields or with the same values
    HARD = "hard"  # in parallel, with different values for a field


@dataclass(frozen=True)
class Conflict:
    """Two versions that did not know of each other, the later one here first."""

    version: int
    other: int
    fields: tuple = ()

    @property
    def kind(self):
        return Kind.HARD if self.fields else Kind.SOFT


@dataclass(frozen=True)
class State:
    """`values`: field → text, the label among them. `open`: conflicts that nobody has settled."""

    values: dict
    conflicts: tuple = ()
    open: tuple = ()

    @property
    def kind(self):
        """The worst that is open: '' when nothing is."""
        return max((c.kind for c in self.open), default="", key=[*Kind].index)


@dataclass(frozen=True)
class Outcome:
    """`applied`: changes with their versions, in their order; `held` and `twice`: the others."""

    applied: tuple = ()
    held: tuple = ()
    twice: tuple = ()


def judge(change, applied):
    """What becomes of a change of an entity that is not deleted.

    change   Change that is not applied yet
    applied  list of Change: the versions of the entity, oldest first; empty when it does not exist
    Returns  Verdict
    Source   the answers of ODK Central, except that a version that does not exist here (yet, or no more after a
             backup was restored) is waited for instead of refused
    """
    if change.first:
        late = applied and not any(
            other.first for other in applied
        )  # others' changes came before it and were forced
        return Verdict.READY if not applied or late or change.updates else Verdict.TWICE
    if not applied or change.claimed > applied[-1].version:
        return Verdict.HOLD
    if not change.branch or change.base in (0, change.trunk) or (change.base == 1 and change.trunk is None):
        return Verdict.READY
    before = (change.branch, change.base - 1)
    return Verdict.READY if any((o.branch, o.base) == before for o in applied) else Verdict.HOLD


def advance(applied, waiting, overdue=frozenset()):
    """Apply what can be applied; what is overdue also without its predecessor, and only when nothing else moves.

    applied  list of Change: the versions of the entity, oldest first
    waiting  list of Change, in the order in which they came
    overdue  keys of those among them that have waited long enough
    Returns  Outcome
    """
    known = {change.key for change in applied}
    versions, left, done, twice = list(applied), [c for c in waiting if c.key not in known], [], []
    left = list({change.key: change for change in left}.values())
    while change := _next(versions, left, overdue):
        left.remove(change)
        if judge(change, versions) == Verdict.TWICE:
            twice.append(change)
            continue
        at = versions[-1].version + 1 if versions else 1
        forced = judge(change, versions) == Verdict.HOLD
        done.append(replace(change, version=at, seen=min(change.claimed, at - 1), forced=forced))
        versions.append(done[-1])
    return Outcome(tuple(done), tuple(left), tuple(twice))


def _next(versions, left, overdue):
    moving = next((change for change in left if judge(change, versions) != Verdict.HOLD), None)
    late = (change for change in left if change.key in overdue)
    return moving or min(late, default=None, key=lambda change: (change.branch, change.base, change.key))


def knows(change, other):
    """Whether the one who made a change had seen another one. Both are applied."""
    if other.version <= change.seen:
        return True
    if change.branch and change.branch == other.branch:
        return other.base < change.base
    return bool(other.first and change.branch and change.trunk is None)  # an entity that this phone made


def settle(applied, resolved=0):
    """What an entity is after all its changes.

    applied   list of Change with their versions
    resolved  version up to which a person has settled the conflicts
    Returns   State; the same for the same changes, in whatever order they were applied

    >>> from datetime import datetime
    >>> at = lambda day: datetime(2026, 1, day)
    >>> made = Change("a", at(1), {"label": "A", "x": "0"}, creates=True, version=1)
    >>> one = Change("b", at(5), {"x": "1"}, updates=True, base=1, version=2, seen=1)
    >>> two = Change("c", at(4), {"x": "2", "y": "9"}, updates=True, base=1, version=3, seen=1)
    >>> state = settle([made, one, two])
    >>> state.values, state.kind, state.open
    ({'label': 'A', 'x': '1', 'y': '9'}, <Kind.HARD: 'hard'>, (Conflict(version=3, other=2, fields=('x',)),))
    """
    ranked = _ranked(applied)
    values = {}
    for change in ranked:
        values |= change.values
    conflicts = tuple(_conflicts(ranked))
    return State(dict(sorted(values.items())), conflicts, tuple(c for c in conflicts if c.version > resolved))


def _ranked(applied):
    """From the one that gives way to all to the one that wins: by moment, and after all that it knew.

    A phone's clock may be wrong by years: it decides only between those that did not know of each other.
    """
    causal = sorted(applied, key=lambda c: (c.seen, c.branch, c.base, c.key))
    moments = {}
    for rank, change in enumerate(causal):
        known = [moments[other.key] for other in causal[:rank] if knows(change, other)]
        moments[change.key] = max([(change.moment, rank), *((moment, rank) for moment, _ in known)])
    return sorted(causal, key=lambda c: moments[c.key])


def _conflicts(ranked):
    for place, one in enumerate(ranked):
        for other in ranked[:place]:
            if not knows(one, other) and not knows(other, one):
                late, early = sorted((one, other), key=lambda c: c.version, reverse=True)
                yield Conflict(late.version, early.version, _differing(late, early, ranked))


def _differing(one, other, ranked):
    """Fields for which the two sides, each with what followed it knowingly, ended with different values."""
    both = one.values.keys() & other.values.keys()
    return tuple(sorted(n for n in both if _last(one, other, n, ranked) != _last(other, one, n, ranked)))


def _last(one, other, name, ranked):
    """The value that a change's side came to, without what knew of the other side."""
    side = (
        c for c in ranked
        if name in c.values and (c is one or (knows(c, one) and not knows(c, other) and not knows(other, c)))
    )  # fmt: skip
    return [c.values[name] for c in side][-1]
