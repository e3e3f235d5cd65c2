"""What a page says of a figure: its value, range, age, coverage, change, marks and source, in words.

A figure is any object with the fields of `figures.figure.Figure`, `change`, `extra` and `id`. What is suppressed says nothing but that.
"""

from dataclasses import dataclass
from datetime import date

from taama.base.errors import TaamaError
from taama.base.messages import message, number, percent, typeset_french
from taama.base.periods import parse
from taama.figures.draw.words import amount, interval, short_month
from taama.figures.figure import NO_DATA, SIMULATED, STALE, SUPPRESSED, is_submission
from taama.opendata.methods.labels import ISO_DAY, category_label, label, reason_label

PARTED = ("people_per_day", "percent", "percentage_points", "per_1000", "per_10000")
THIN = 70  # per cent of what should have been looked at
FEW_PLACES = 5  # a share of fewer planned places says less than the two numbers
NOT_COMPARABLE = "publish.not_comparable"


@dataclass(frozen=True)
class Change:
    """What became of a figure since the one before. `known`: a difference exists; else `text` is the reason.

    `ground`: the difference is that of several areas together, since the boundaries moved; `text` says which.
    """

    known: bool
    short: str  # "+8 420", or "n.c."
    percent: str = ""
    since: str = ""
    text: str = ""
    panel: str = ""
    ground: bool = False

    @property
    def interrupts(self):
        """Whether the figure must not be read as the continuation of the one before."""
        return self.ground or not self.known

    def said(self):
        """The whole of it in one sentence, for a note."""
        return (
            f"{self.text} {self.short} {self.percent and f'({self.percent})'}".strip()
            if self.ground
            else self.text
        )


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it; every field is ready to print."""

    figure: object
    label: str
    value: str
    known: bool
    range: str
    when: str
    age: str
    change: Change | None
    coverage: str
    share: str
    source: str
    marks: tuple
    codes: frozenset

    @property
    def id(self):
        return self.figure.id

    @property
    def percent(self):
        """Coverage in per cent, for a meter; None without one."""
        return round(100 * self.figure.coverage.share) if self.share else None

    @property
    def thin(self):
        """Whether so little was covered that the reader must see it."""
        coverage = self.figure.coverage
        return bool(self.coverage and coverage.planned) and 100 * coverage.share < THIN

    @property
    def simulated(self):
        return SIMULATED in self.codes

    @property
    def stale(self):
        return STALE in self.codes


@dataclass(frozen=True)
class Listing:
    """Figures in a table. rows: pairs of Shown and the number of the note that says why it has no change, or 0."""

    rows: tuple
    notes: tuple

    @property
    def ranged(self):
        return any(shown.range for shown, _ in self.rows)

    @property
    def covered(self):
        return any(shown.coverage for shown, _ in self.rows)

    @classmethod
    def of(cls, shown):
        notes, rows = {}, []
        for each in shown:
            text = each.change.said() if each.change and each.change.interrupts else ""
            rows.append((each, notes.setdefault(text, len(notes) + 1) if text else 0))
        return cls(tuple(rows), tuple(notes))


@dataclass(frozen=True)
class Phrases:
    """Words for the figures of one snapshot.

    places  key → dict with `name`, as `opendata.named_places` gives it
    today   the day from which ages are counted: that of the snapshot
    """

    language: str
    places: dict
    today: date

    def text(self, code, /, **values):
        """The text of a code of ours."""
        return self.typeset(str(message(code, self.language, values)))

    def typeset(self, text):
        """French keeps its high punctuation on the line of the word before."""
        return typeset_french(text) if self.language == "fr" else text

    def joined(self, parts):
        """Parts of a list that hold commas themselves."""
        return self.typeset(" ; ".join(parts)) if self.language == "fr" else "; ".join(parts)

    def named(self, code):
        """The text of a code that travels in data; one that has none is shown as it is."""
        return self.typeset(label(code, self.language))

    def place(self, key):
        return self.places[key]["name"] if key in self.places else key.partition("@")[0]

    def unit(self, unit):
        return self.named(f"figures.unit_{unit}").lower()

    def category(self, category):
        """A part of the whole in words: `Femmes de 18 à 59 ans`."""
        return category_label(category, self.language, self.places)

    def period(self, code):
        try:
            return parse(code).text(self.language)
        except TaamaError:
            return self.text("publish.round_name", code=code)

    def since(self, code):
        kind = parse(code).kind if ISO_DAY.fullmatch(code) else "round"
        return self.text(f"publish.since_{kind}", period=self.period(code))

    def short_period(self, code):
        """`sept. 2021`: for the head of a column."""
        return short_month(parse(code).last, self.language) if ISO_DAY.fullmatch(code) else self.period(code)

    def age(self, days):
        """`12 jours`, `26 mois`, `4 ans`: no more exact than a reader needs."""
        if days < 61:
            return self.text("publish.age_day" if days < 2 else "publish.age_days", count=max(days, 0))
        if days < 1096:
            return self.text("publish.age_months", count=round(days / 30.44))
        return self.text("publish.age_years", count=int(days / 365.25))

    def of(self, figure, title=None):
        """A figure with everything that a page says about it."""
        codes = frozenset(figure.marks)
        known = figure.value is not None and not codes & {SUPPRESSED, NO_DATA}
        coverage = None if SUPPRESSED in codes else figure.coverage
        return Shown(
            figure=figure,
            label=self.place(figure.place) if title is None else title,
            value=self.value(figure),
            known=known,
            range=self.range(figure) if known else "",
            when=self.period(figure.period),
            age=self.age(self.age_days(figure)),
            change=self.change(figure) if known else None,
            coverage=self.coverage(coverage),
            share=self.covered_share(coverage),
            source=self.source(figure),
            marks=tuple(self.named(f"figures.mark_{mark}") for mark in figure.marks),
            codes=codes,
        )  # fmt: skip

    def value(self, figure):
        """The number, or in its place why there is none."""
        if SUPPRESSED in figure.marks:
            return self.text("figures.draw_short_suppressed")
        if figure.value is None or NO_DATA in figure.marks:
            return self.text("figures.draw_short_no_data")
        return amount(figure.value, figure.unit, self.language, decimals_of(figure.value, figure.unit))

    def range(self, figure):
        if None in (figure.low, figure.high) or figure.low >= figure.high:
            return ""
        decimals = max(decimals_of(end, figure.unit) for end in (figure.low, figure.high))
        return interval(figure.low, figure.high, figure.unit, self.language, decimals)

    def age_days(self, figure):
        """Days from the day that the number describes, or on which it was really counted, to the snapshot."""
        described = (self.today - figure.as_of).days
        return max(described + (figure.age_days or 0) if STALE in figure.marks else described, 0)

    def coverage(self, coverage):
        """`41 localités sur 52`, `41 localités, nombre prévu inconnu`."""
        if coverage is None or coverage.planned == 0:
            return ""
        number_of = coverage.done if self.language == "fr" or coverage.planned is None else coverage.planned
        what = self.counted(coverage.what, number_of)
        code = "publish.coverage_unknown" if coverage.planned is None else "publish.coverage"
        return self.text(code, done=coverage.done, planned=coverage.planned, what=what)

    def counted(self, what, count):
        """The word for what is counted: one is singular; in French nought is too."""
        single = count < 2 if self.language == "fr" else count == 1
        return self.named(f"publish.one_of_{what}" if single else f"publish.of_{what}")

    def covered_share(self, coverage):
        """Coverage in per cent; empty where nobody knows what was planned, and of a few places."""
        if coverage is None or not coverage.planned:
            return ""
        if coverage.what == "localities" and coverage.planned < FEW_PLACES:
            return ""
        return percent(100 * coverage.share, self.language)

    def change(self, figure):
        change = figure.change
        if not change or SUPPRESSED in figure.marks:
            return None
        since = self.since(change["from"]) if change.get("from") else ""
        if "reason" in change:
            return Change(False, self.text(NOT_COMPARABLE), since=since, text=self.reason(change))
        ground = change.get("ground")
        return Change(
            True,
            signed(change["value"], figure.unit, self.language),
            percent=self._percent(change),
            since=since,
            panel=self._panel(figure, change),
            text=self.text("publish.common_ground", areas=" + ".join(ground)) if ground else "",
            ground=bool(ground),
        )

    def _panel(self, figure, change):
        if not change.get("panel"):
            return ""
        what = "points" if figure.unit == "people_per_day" else "places"
        return self.text(f"publish.panel_{what}", count=change["panel"])

    def _percent(self, change):
        if change.get("percent") is None:
            return ""
        return plus(change["percent"]) + percent(change["percent"], self.language, 1)

    def reason(self, change):
        """The sentence of a change that is none; days and places among its values are written as a reader knows them."""
        return self.typeset(reason_label(change, self.language, self.places))

    def source(self, figure):
        """Citations as they are; of submissions, where nothing is cited, only how many there are."""
        if cited := citations(figure):
            return self.joined(cited)
        submissions = sum(is_submission(source) for source in figure.sources)
        code = "publish.submissions_count" if submissions > 1 else "publish.submission_one"
        return self.text(code, count=submissions) if submissions else ""


def citations(figure):
    """Publications that a figure is taken from; the key of the file that was read stays inside."""
    return [source for source in figure.sources if not is_submission(source)]


def signed(value, unit, language):
    """`+47 650`, `−1 130`, `0`."""
    if unit == "percent":
        return plus(value) + percent(value, language, 1)
    return plus(value) + number(value, language, decimals_of(value, unit))


def decimals_of(value, unit):
    """People, households and places are whole; only averages and shares keep a decimal, where it says something."""
    return 1 if unit in PARTED and not float(value).is_integer() else 0


def plus(value):
    return "+" if value > 0 else ""
