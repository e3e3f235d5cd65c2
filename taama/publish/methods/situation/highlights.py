"""Highlights drafted from figures: only sentences that the figures can defend; where they can't, the reason."""

from dataclasses import dataclass

from taama.base.messages import percent
from taama.figures.figure import NO_DATA, STALE, SUPPRESSED
from taama.publish.methods.pages import flows
from taama.publish.methods.pages.regions import COMPLETE, by_period, complete_period
from taama.publish.methods.pages.trend import latest

LOW_COVERAGE = 0.7
NAMED = 3
KNOWN = 0.8  # share of the total that a breakdown must account for before it is put into a sentence
PRESENT = "mobility.idp_present"


@dataclass(frozen=True)
class Point:
    """One highlight. `doubt`: it says why something can't be said."""

    text: str
    doubt: bool = False


def highlights(phrases, nationals, regional, figures):
    """Points in the order in which a reader needs them.

    nationals  totals of people present in the country, oldest first
    regional   totals of regions, any period
    figures    all figures of the series
    """
    national = latest(nationals)
    parts = [
        f
        for f in figures
        if f.definition == PRESENT and f.place == national.place and f.period == national.period
    ]
    points = [
        *_present(phrases, national),
        *_change(phrases, national),
        *_leading(phrases, regional, nationals),
        *_sex_age(phrases, national, parts),
        *_origin(phrases, national, parts),
        *_coverage(phrases, national, regional),
        *_flow(phrases, national, figures),
    ]
    return [Point(point.text[:1].upper() + point.text[1:], point.doubt) for point in points]


def _present(phrases, national):
    shown = phrases.of(national)
    text = phrases.text("publish.report_present", value=shown.value, when=shown.when)
    if shown.range:
        text += " " + phrases.text("publish.report_range", range=shown.range)
    yield Point(text)


def _change(phrases, national):
    change = phrases.of(national).change
    if change is None:
        return
    if change.known:
        share = f" ({change.percent})" if change.percent else ""
        text = phrases.text("publish.report_change", since=change.since, change=change.short + share)
        yield Point(
            f"{text} {phrases.text('publish.report_panel', panel=change.panel)}" if change.panel else text
        )
    else:
        yield Point(
            phrases.text("publish.report_no_change", since=change.since, reason=change.text), doubt=True
        )


def _leading(phrases, regional, nationals):
    """The largest regions of the newest day on which the regions make up most of the national figure."""
    period, share = complete_period(regional, nationals)
    if share is None or share < COMPLETE:
        return
    now = by_period(regional)[period]
    largest = sorted((f for f in now if f.value), key=lambda f: -f.value)[:NAMED]
    mixed = len({f.version for f in now}) > 1
    if mixed or len(largest) < NAMED or any(STALE in f.marks for f in largest):
        return
    whole = next(f.value for f in nationals if f.period == period and f.value)
    names = _listed(phrases, [phrases.place(f.place) for f in largest])
    held = percent(100 * sum(f.value for f in largest) / whole, phrases.language)
    yield Point(phrases.text("publish.report_leading", when=phrases.period(period), names=names, share=held))


def _sex_age(phrases, national, parts):
    """Women and children, where every group is known and together they account for most of the total."""
    cells = {f.category["sex_age"]: f.value for f in parts if set(f.category) == {"sex_age"}}
    total = sum(value or 0 for value in cells.values())
    if not cells or None in cells.values() or total < KNOWN * (national.value or 0):
        return
    women = sum(value for name, value in cells.items() if name.startswith("female"))
    young = sum(value for name, value in cells.items() if name.endswith(("_0_4", "_5_17")))
    yield Point(
        phrases.text(
            "publish.report_sex_age", women=percent(100 * women / total, phrases.language),
            young=percent(100 * young / total, phrases.language), base=total,
        )
    )  # fmt: skip


def _origin(phrases, national, parts):
    known = [f for f in parts if set(f.category) == {"origin"}]
    counted = [f for f in known if f.value]
    total = sum(f.value for f in counted)
    if not counted or any(SUPPRESSED in f.marks for f in known) or total < KNOWN * (national.value or 0):
        return
    first = max(counted, key=lambda f: f.value)
    share = percent(100 * first.value / total, phrases.language)
    yield Point(
        phrases.text("publish.report_origin", place=phrases.category(first.category), share=share, base=total)
    )


def _coverage(phrases, national, regional):
    shown = phrases.of(national)
    if not shown.coverage:
        return
    covered = f"{shown.coverage} ({shown.share})" if shown.share else shown.coverage
    text = phrases.text("publish.report_coverage", coverage=covered)
    low = [
        f for f in by_period(regional).get(national.period, [])
        if f.coverage and f.coverage.planned and f.coverage.share < LOW_COVERAGE
    ]  # fmt: skip
    if low:
        names = _listed(phrases, [phrases.place(f.place) for f in low])
        least = percent(100 * LOW_COVERAGE, phrases.language)
        text += " " + phrases.text("publish.report_low_coverage", names=names, least=least)
    yield Point(text, doubt=bool(low))


def _flow(phrases, national, figures):
    """People a day at the points, of the newest month, if it is not older than the stock by more than a year."""
    found = [
        f for f in figures if f.definition == flows.PER_DAY and f.place == national.place and not f.category
    ]
    newest = max(found, key=lambda f: f.as_of, default=None)
    if (
        newest is None
        or newest.value is None
        or NO_DATA in newest.marks
        or (national.as_of - newest.as_of).days > 366
    ):
        return
    shown = phrases.of(newest)
    text = phrases.text("publish.report_flow", value=shown.value, when=shown.when)
    if shown.coverage:
        text += " " + phrases.text("publish.report_flow_days", coverage=shown.coverage)
    yield Point(text)


def _listed(phrases, names):
    """`Mopti, Gao et Ménaka`."""
    if len(names) < 2:
        return "".join(names)
    return phrases.text("publish.report_and", first=", ".join(names[:-1]), last=names[-1])
