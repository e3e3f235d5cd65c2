"""What the interviews of a team or an enumerator show together, and what to look at first. Pure; plain numbers."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

BY_CHANCE = 0.2  # of whole numbers, one in five ends in 0 or 5


@dataclass(frozen=True)
class Cuts:
    """Cut-offs in force, as `parameters.toml` names them."""

    late_hours: float
    short_percent: float
    few_answers: int
    away_km: float
    alike_percent: float
    digits_least: int
    digits_chance: float
    declined_percent: float
    few_interviews: int
    many_percent: float


@dataclass(frozen=True)
class Seen:
    """One interview as it is judged with others. `who`, `phone` and `team` are keys; None where it was not said."""

    who: str
    team: str
    day: object
    minutes: float | None = None
    late_hours: float | None = None
    away_km: float | None = None
    answered: int = 0
    declined: int = 0
    numbers: int = 0
    rounded: int = 0
    clock_wrong: bool = False
    outside_hours: bool = False
    doubts: int = 0
    alike_percent: float | None = None
    refused: bool = False
    phone: str = ""
    missing: int = 0  # files that it names and that have not come


@dataclass
class Summary:
    """Interviews taken together. Counts of interviews, except `declined`, `numbers` and `rounded`, of answers.

    people       who asked
    refused      interviews that were not agreed to
    awaited      interviews of which a file has not come
    farthest_km  greatest distance from the place named, None where none is known
    look         interviews to look at: doubtful, far away, short, alike, or with a wrong clock
    minutes      median duration, None where no interview tells one
    judged       interviews whose duration could be judged
    chance       chance of so many round numbers if this one rounded as the others do; None where it is not judged
    """

    key: str
    count: int = 0
    days: int = 0
    people: int = 0
    refused: int = 0
    look: int = 0
    minutes: float | None = None
    judged: int = 0
    short: int = 0
    late: int = 0
    outside: int = 0
    away: int = 0
    alike: int = 0
    clock: int = 0
    doubtful: int = 0
    answered: int = 0
    declined: int = 0
    numbers: int = 0
    rounded: int = 0
    awaited: int = 0
    farthest_km: float | None = None
    chance: float | None = None
    marks: tuple = field(default_factory=tuple)  # codes of what stands out, the most serious first

    def percent(self, name):
        """Share of the interviews, in per cent."""
        return 100 * getattr(self, name) / self.count if self.count else 0.0

    @property
    def declined_percent(self):
        return 100 * self.declined / self.answered if self.answered else 0.0

    @property
    def rounded_percent(self):
        return 100 * self.rounded / self.numbers if self.numbers else None


def summaries(interviews, by, cuts, only=None):
    """One summary for each enumerator, phone, team or day.

    interviews   [Seen]
    by           `who`, `phone`, `team` or `day`
    cuts         Cuts
    only         name of a key → the one that is summed up; what is usual is told by all interviews
    Returns      [Summary], those with most to look at first. Round numbers are only tested between those who are
                 compared here: not between days
    Source       field check tables of MICS (UNICEF) and DHS; high-frequency checks of Innovations for Poverty Action
    """
    usual = usual_minutes(interviews, cuts)
    groups = defaultdict(list)
    wanted = (only or {}).items()
    for one in (i for i in interviews if all(getattr(i, name) == value for name, value in wanted)):
        groups[getattr(one, by)].append(one)
    found = [_summary(key, group, usual, cuts) for key, group in groups.items()]
    if by != "day":
        _test_digits(found, cuts)
    for one in found:
        one.marks = tuple(_marks(one, cuts))
    return sorted(found, key=lambda s: (-len(s.marks), -s.count, str(s.key)))


def usual_minutes(interviews, cuts):
    """Median duration of the interviews with enough answers, or None."""
    told = [one.minutes for one in interviews if one.minutes is not None and one.answered >= cuts.few_answers]
    return median(told) if told else None


def is_short(one, usual, cuts):
    """Whether an interview took much less time than is usual for its form."""
    told = one.minutes is not None and one.answered >= cuts.few_answers
    return bool(told and usual) and one.minutes * 100 < cuts.short_percent * usual


def _needs_look(one, usual, cuts):
    return (
        one.doubts > 0
        or one.clock_wrong
        or (one.away_km or 0) > cuts.away_km
        or (one.alike_percent or 0) >= cuts.alike_percent
        or is_short(one, usual, cuts)
    )


def _summary(key, group, usual, cuts):
    minutes = [one.minutes for one in group if one.minutes is not None]
    judged = [one for one in group if one.minutes is not None and one.answered >= cuts.few_answers]
    return Summary(
        key=key, count=len(group), days=len({one.day for one in group}), people=len({one.who for one in group}),
        refused=sum(one.refused for one in group), look=sum(_needs_look(one, usual, cuts) for one in group),
        minutes=median(minutes) if minutes else None, judged=len(judged),
        short=sum(is_short(one, usual, cuts) for one in judged),
        late=sum((one.late_hours or 0) > cuts.late_hours for one in group),
        outside=sum(one.outside_hours for one in group),
        away=sum((one.away_km or 0) > cuts.away_km for one in group),
        alike=sum((one.alike_percent or 0) >= cuts.alike_percent for one in group),
        clock=sum(one.clock_wrong for one in group), doubtful=sum(one.doubts > 0 for one in group),
        answered=sum(one.answered for one in group), declined=sum(one.declined for one in group),
        numbers=sum(one.numbers for one in group), rounded=sum(one.rounded for one in group),
        awaited=sum(one.missing > 0 for one in group),
        farthest_km=max((one.away_km for one in group if one.away_km is not None), default=None),
    )  # fmt: skip


def _test_digits(found, cuts):
    """Each against the others together: where everybody estimates, everybody rounds, and one alone is not judged."""
    numbers, rounded = sum(s.numbers for s in found), sum(s.rounded for s in found)
    for one in found:
        rest = numbers - one.numbers
        if one.numbers >= cuts.digits_least and rest >= cuts.digits_least:
            usual = max((rounded - one.rounded) / rest, BY_CHANCE)
            one.chance = min(1.0, chance_of(one.rounded, one.numbers, usual) * len(found))


def chance_of(hits, tries, share):
    """Chance of at least so many hits.

    hits, tries   int, 0 <= hits <= tries
    share         chance of one hit, above 0 and below or equal to 1
    Returns       float: the upper tail of the binomial distribution, exact but for rounding
    Source        exact binomial test, one-sided

    >>> chance_of(0, 10, 0.2), round(chance_of(10, 10, 0.2), 9), round(chance_of(3, 4, 0.5), 4)
    (1.0, 1.02e-07, 0.3125)
    """
    if hits <= 0 or share >= 1:
        return 1.0
    if hits > tries * share:
        return min(1.0, _tail(hits, tries, share))
    return 1.0 - _tail(
        tries - hits + 1, tries, 1 - share
    )  # as many misses: from there on, terms only get smaller


def _tail(hits, tries, share):
    """Sum of the chances of `hits` and more, where each is smaller than the one before; until they no longer count."""
    ways = math.lgamma(tries + 1) - math.lgamma(hits + 1) - math.lgamma(tries - hits + 1)
    term = math.exp(ways + hits * math.log(share) + (tries - hits) * math.log1p(-share))
    total, odds = term, share / (1 - share)
    for k in range(hits, tries):
        term *= (tries - k) / (k + 1) * odds
        total += term
        if term < total * 1e-17:
            break
    return total


def _marks(one, cuts):
    """What stands out, the most serious first. A few interviews are not judged by their shares."""
    enough = one.count >= cuts.few_interviews
    tests = (
        ("clock", one.clock > 0),
        ("alike", one.alike > 0),
        ("away", one.away > 0),
        ("short", enough and one.percent("short") > cuts.many_percent),
        ("digits", one.chance is not None and one.chance < cuts.digits_chance),
        ("declined", enough and one.declined_percent > cuts.declined_percent),
        ("late", enough and one.percent("late") > cuts.many_percent),
        ("outside", enough and one.percent("outside") > cuts.many_percent),
        ("doubtful", enough and one.percent("doubtful") > cuts.many_percent),
        ("awaited", one.awaited > 0),
    )
    return [code for code, stands_out in tests if stands_out]
