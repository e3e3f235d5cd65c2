"""A figure: more than a number. Django-free."""

import re
from dataclasses import dataclass, field
from datetime import date

# What a reader must know about a figure at a glance; each has its own mark in pictures and tables.
SIMULATED = "simulated"
STALE = "stale"  # carried forward from an older round
SUPPRESSED = "suppressed"  # too few people to publish
NO_DATA = "no_data"
WITHDRAWN = "source_withdrawn"
SUBMISSION = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
MARKS = (SIMULATED, STALE, SUPPRESSED, NO_DATA, WITHDRAWN)


@dataclass(frozen=True)
class Coverage:
    """How much of what should have been looked at was: localities assessed of localities planned, days, points.

    `planned` is None where nobody knows how many there should have been: there is no share then.
    """

    done: int
    planned: int | None
    what: str  # code of a text: "localities", "points", "days", "areas"

    @property
    def share(self):
        return self.done / self.planned if self.planned else None


@dataclass(frozen=True)
class Figure:
    """One number with all that is needed to defend it.

    definition   code of a text that defines it: `mobility.idp_present`
    place        key of the area, point or locality: `ML05@2021-12-20`
    version      geography in which it was counted: `2021-12-20`
    period       period code: `2023-04-30`, `2023-04`, a round's code
    as_of        the day the number describes
    unit         code of a text: people, households, people_per_day, percent
    value        None when there is no data or it may not be shown; low ≤ value ≤ high
    series       statistical series: numbers of two series are never one trend (`dtm_mali`, `simulated`)
    category     part of the whole: {} for the total, else {"sex_age": "female_18_59"}
    base         denominator of a share, in people
    grades       share of the value by grade: {"A": 0.6, "B": 0.3, "C": 0.1}
    panel        keys of the places really observed, for like-for-like change
    sources      keys of submissions, or citations of publications
    """

    definition: str
    place: str
    version: str
    period: str
    as_of: date
    unit: str
    value: float | None
    series: str = ""
    low: float | None = None
    high: float | None = None
    category: dict = field(default_factory=dict)
    base: float | None = None
    coverage: Coverage | None = None
    age_days: int | None = None
    grades: dict = field(default_factory=dict)
    method: str = ""
    panel: frozenset = frozenset()
    sources: tuple = ()
    marks: frozenset = frozenset()

    @property
    def key(self):
        """Names the figure within its snapshot."""
        parts = [self.series, self.definition, self.place, self.period]
        parts += [f"{name}={value}" for name, value in sorted(self.category.items())]
        return "|".join(parts)


def is_submission(source):
    """Whether a source of a figure is the key of a submission, and not a citation."""
    return bool(SUBMISSION.fullmatch(source))
