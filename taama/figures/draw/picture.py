"""What goes into a picture and what comes out of it: figures with a name, the drawing and its table twin."""

import math
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2s

from taama.base.errors import MethodError
from taama.base.messages import message
from taama.figures.draw.words import amount, interval
from taama.figures.figure import NO_DATA, SIMULATED, STALE, SUPPRESSED, WITHDRAWN, Coverage


@dataclass(frozen=True, kw_only=True)
class Datum:
    """A named figure as a picture shows it. What is suppressed loses its numbers here, before anything is drawn.

    label     name of the place, group or source
    value     None when there is no data; low ≤ value ≤ high
    base      denominator of a share
    age_days  how long before as_of people were really counted, where a value is carried forward
    note      a sentence that the reader must know; numbered in the picture, written out below it
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    base: float | None = None
    as_of: date | None = None
    age_days: float | None = None
    coverage: Coverage | None = None
    marks: frozenset = field(default=frozenset(), repr=False)  # unordered: out of what identity() reads
    note: str = ""

    def __post_init__(self):
        marks = frozenset(self.marks)
        if SUPPRESSED in marks:
            self._empty(marks)
        elif self.value is None or NO_DATA in marks or math.isnan(self.value):
            self._empty(marks | {NO_DATA})
        else:
            object.__setattr__(self, "marks", marks)
            self._check()

    def _empty(self, marks):
        for name in ("value", "low", "high", "base"):
            object.__setattr__(self, name, None)
        object.__setattr__(self, "marks", marks)

    def _check(self):
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not (math.isfinite(low) and math.isfinite(high) and 0 <= low <= self.value <= high):
            raise MethodError(
                "figures.drawing_out_of_range", values={"label": self.label, "value": self.value}
            )

    @classmethod
    def of(cls, figure, label, **more):
        """A figure under the name that the reader knows."""
        return cls(
            label=label,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            base=figure.base,
            as_of=more.pop("as_of", figure.as_of),
            age_days=figure.age_days,
            coverage=figure.coverage,
            marks=figure.marks,
            **more,
        )

    @property
    def shown(self):
        """How it is drawn: `value`, `stale`, `suppressed` or `no_data`."""
        return next((mark for mark in (SUPPRESSED, NO_DATA, STALE) if mark in self.marks), "value")

    @property
    def has_range(self):
        return self.value is not None and None not in (self.low, self.high) and self.low < self.high


@dataclass(frozen=True, kw_only=True)
class Spot(Datum):
    """A figure on a map: on the outline with key `place`, or at a position of its own."""

    place: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, kw_only=True)
class Moment(Datum):
    """A figure of a series; it needs `as_of`. `break_note` says why it can't be compared with the one before."""

    break_note: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing, the same in a form for narrow screens where it differs, and the table that says the same.

    columns   Column(label, numeric)
    rows      tuples of text as long as columns; the first cell names the row
    notes     sentences, numbered from 1 as in the drawing
    remarks   sentences without a number: what the marks mean, what was left out
    """

    svg: str
    title: str
    columns: tuple
    rows: tuple
    notes: tuple = ()
    remarks: tuple = ()
    simulated: bool = False
    narrow: str = ""
    column: bool = False  # drawn for a column, not for the width of the page


def responsive(draw, *args, **options):
    """The picture with a second drawing for narrow screens: `responsive(symbol_map, spots, outlines, title=…)`."""
    wide = draw(*args, **options)
    return replace(wide, narrow=draw(*args, **options, narrow=True).svg)


def identity(*parts):
    """An identifier that differs between two pictures of one page and stays the same from day to day."""
    return "p" + blake2s("|".join(map(repr, parts)).encode("utf-8", "replace"), digest_size=4).hexdigest()


@dataclass(frozen=True)
class Wording:
    """How a picture writes its values and words: unit, language, decimals, and what the values are called."""

    unit: str
    language: str
    decimals: int | None = None
    measure: str = ""

    def amount(self, value):
        return amount(value, self.unit, self.language, self.decimals)

    def count(self, value):
        return amount(value, "people", self.language)

    def value(self, datum):
        """The value, or in its place the reason why there is none."""
        return self.amount(datum.value) if datum.value is not None else self.word(f"short_{datum.shown}")

    def interval(self, datum):
        if not datum.has_range:
            return ""
        return interval(datum.low, datum.high, self.unit, self.language, self.decimals)

    def word(self, code, **values):
        return str(message(f"figures.draw_{code}", self.language, values))

    def mark(self, mark):
        return str(message(f"figures.mark_{mark}", self.language))

    @property
    def heading(self):
        """What heads the values in legends and tables."""
        return self.measure or str(message(f"figures.unit_{self.unit}", self.language))

    def coverage(self, coverage):
        if coverage is None or not coverage.planned:
            return ""
        share = amount(100 * coverage.share, "percent", self.language)
        return f"{share} ({self.count(coverage.done)} / {self.count(coverage.planned)})"

    def remark(self, datum, numbers):
        """Marks and notes of a datum in words."""
        parts = [self._carried(datum)] if STALE in datum.marks else []
        parts += [self.mark(mark) for mark in (WITHDRAWN, SIMULATED) if mark in datum.marks]
        if datum.note in numbers:
            parts.append(self.word("see_note", position=str(numbers[datum.note])))
        return ("\u00a0; " if self.language == "fr" else "; ").join(parts)

    def _carried(self, datum):
        if datum.age_days:
            return self.word("stale_age", days=round(datum.age_days))
        return self.word("stale_since", day=datum.as_of) if datum.as_of else self.mark(STALE)

    def leading(self, data):
        """The three largest values in words."""
        known = sorted((datum for datum in data if datum.value is not None), key=lambda d: -d.value)
        named = ", ".join(f"{datum.label} {self.value(datum)}" for datum in known[:3])
        return named or self.word("short_no_data")


def notes_of(data):
    """Notes in the order of the data, each once; and the number of each."""
    notes = tuple(dict.fromkeys(datum.note for datum in data if datum.note))
    return notes, {note: position for position, note in enumerate(notes, 1)}


def is_simulated(data):
    return any(SIMULATED in datum.marks for datum in data)


def table_of(data, heading, wording, numbers):
    """The table twin: name, value, and the columns that have something to say.

    data      sequence of Datum
    heading   what a row is
    numbers   number of each note
    Returns   (columns, rows) of a Picture
    """
    columns = [Column(heading), Column(wording.heading, numeric=True)]
    cells = [[datum.label, wording.value(datum)] for datum in data]
    optional = (
        ("range", True, wording.interval),
        ("base", True, lambda d: wording.count(d.base) if d.base is not None else ""),
        ("coverage", True, lambda d: wording.coverage(d.coverage)),
        ("remark", False, lambda d: wording.remark(d, numbers)),
    )
    for code, numeric, cell in optional:
        written = [cell(datum) for datum in data]
        if any(written):
            columns.append(Column(wording.word(code), numeric))
            for row, content in zip(cells, written, strict=True):
                row.append(content)
    return tuple(columns), tuple(map(tuple, cells))
