"""What a text can claim. Everything is frozen: a claim is a fact about a text."""

from dataclasses import dataclass, field, fields

from taama.base.periods import Period
from taama.claims.methods.dates import Span
from taama.claims.methods.numbers import Number
from taama.claims.methods.texts import Passage


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Common to all: where it stands. A claim given in a list has no line but a `row`, from 1, and a `label`.

    sure  the sentence can be read in one way only; where it is not, a claim is never called inconsistent
    """

    passage: Passage = field(default_factory=Passage)
    row: int | None = None
    label: str = ""
    sure: bool = True

    @property
    def numbers(self):
        """Every Number that the claim holds."""
        values = [getattr(self, f.name) for f in fields(self)]
        flat = [n for value in values for n in (value if isinstance(value, tuple) else (value,))]
        return tuple(n for n in flat if isinstance(n, Number))


@dataclass(frozen=True, kw_only=True)
class SumOfParts(Claim):
    """A total and its parts.

    complete  `stated`: the text says that these are all the parts (a sum sign, "namely", a list);
              `table`: a column with its total row; `closed`: kinds that leave no third (in and out);
              `apart`: kinds that exclude each other but may leave a rest (women and men, places);
              `open`: neither is known
    """

    total: Number
    parts: tuple[Number, ...]
    complete: str = "stated"


@dataclass(frozen=True, kw_only=True)
class PartOfWhole(Claim):
    """Parts named out of a whole ("among which"): each at most the whole; `apart`: also all together."""

    whole: Number
    parts: tuple[Number, ...]
    apart: bool = False


@dataclass(frozen=True, kw_only=True)
class Change(Claim):
    """From before to after. `stated` is in per cent, points or counts, or None when only a direction is said.

    direction  1 up, -1 down
    factor     the statement is a multiple ("doubled"), not a change
    """

    before: Number
    after: Number
    direction: int
    stated: Number | None = None
    factor: bool = False


@dataclass(frozen=True, kw_only=True)
class Ratio(Claim):
    """numerator for each `per` of the denominator: 4.8 persons per household, 12 cases per 10 000 (`base`)."""

    numerator: Number
    denominator: Number
    stated: Number
    per: int = 1
    base: Number | None = None


@dataclass(frozen=True, kw_only=True)
class Product(Claim):
    """So many things of so many each. `mean`: so many each on average, rounded as written."""

    many: Number
    each: Number
    product: Number
    mean: bool = False


@dataclass(frozen=True, kw_only=True)
class Duration(Claim):
    """How many days, weeks, months or years a span of time lasts."""

    stated: Number
    unit: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class PeriodAverage(Claim):
    """A total and its average per day, week or month, over a span or a number of days."""

    total: Number
    average: Number
    unit: str = "day"
    span: Span | None = None
    days: Number | None = None


@dataclass(frozen=True, kw_only=True)
class ShareOfCount(Claim):
    """A share in per cent, of a whole that is stated with it, found elsewhere in the text, or not known.

    elsewhere  counts of the same kind of thing stated elsewhere in the text, to be added
    spoken     the two numbers of a share said as `one in four`
    """

    share: Number
    part: Number | None = None
    whole: Number | None = None
    elsewhere: tuple[Number, ...] = ()
    spoken: tuple[Number, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CountOfList(Claim):
    """A number announced and the names that follow it. `partial`: the text gives examples only."""

    announced: Number
    names: tuple[str, ...]
    partial: bool = False


@dataclass(frozen=True, kw_only=True)
class PairedLists(Claim):
    """Two lists that "respectively" joins name by name."""

    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RepeatedFigure(Claim):
    """The same quantity stated more than once, on these lines. `same`: the text itself says that it is the same."""

    figures: tuple[Number, ...]
    lines: tuple[int, ...] = ()
    same: bool = True


@dataclass(frozen=True, kw_only=True)
class DatedFigure(Claim):
    """A figure for a period, perhaps with its change from an earlier one: to be held against known figures.

    unit     people, people_per_day, households or as the known figures name it
    change   per cent, with `direction`; `reference` the period it is counted from
    """

    value: Number
    unit: str
    period: Period
    change: Number | None = None
    direction: int = 0
    reference: Period | None = None


@dataclass(frozen=True, kw_only=True)
class Unread(Claim):
    """Numbers of a sentence that no claim holds."""

    left: tuple[Number, ...]


KINDS = {
    "sum": SumOfParts, "part": PartOfWhole, "change": Change, "ratio": Ratio, "product": Product, "average": PeriodAverage,
    "share": ShareOfCount, "list": CountOfList, "pairs": PairedLists, "repeat": RepeatedFigure, "dated": DatedFigure
}  # fmt: skip
NAMES = {kind: name for name, kind in KINDS.items()} | {Duration: "duration", Unread: "unread"}
