"""What a tool is: how an assessment is asked, read into facts and checked. Django-free."""

from collections.abc import Callable
from dataclasses import dataclass, field

from taama.base.sensitivity import S2, Class
from taama.facts.tables import Table

ERROR = "error"  # holds the facts back
WARNING = "warning"  # publishes them marked
LEVELS = (ERROR, WARNING)


@dataclass(frozen=True)
class Sent:
    """What arrived, as frames of text: the way a tool sees a batch of submissions.

    main      Polars frame, one row per submission (a file: one row per line of the file, with `row`).
              Columns: `submission`, `form_version`, `received_at`, `simulated`, then the answers as text,
              named by their path in the form (`people/idp_households`); an unanswered question is null or absent.
    repeats   name of the repeat → frame with `submission`, `row` (from 1) and the answers in the repeat
    """

    main: object
    repeats: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """One number of people of a file, counted three ways, to stand beside what the facts hold of it.

    code     names it in the messages
    facts    (Table, column → value of the rows that hold it): their `people` are summed
    lines    sum of the lines of the file
    held     of that, on lines that an error holds back
    stated   what the file's own total line says; None where it has none, or several that differ
    """

    code: str
    facts: tuple
    lines: int
    held: int = 0
    stated: int | None = None


@dataclass(frozen=True)
class Tool:
    """One assessment tool. Mappings and checks are pure.

    facts     Table → mapping(sent, known): Polars frame with the table's own columns and `submission`
    checks    check(sent, known): Polars frame[submission, row, field, level, code, values]; see `findings`
    known     names of the frames of context that mappings and checks want, given as the dict `known`:
              asked of the registry by the loader (`places.localities`, `mobility.previous_stock`…)
    area      area(sent, known): Polars frame[submission, area], the key of the smallest area that each submission
              speaks of, null where it can't be told: who holds a role for that area may see and settle it
    open      for files instead of forms: open(raw, filename, known) -> Sent. An error on one of its lines (`row`) holds
              back that line, which the mapping leaves out; an error without a line holds back the file
    tally     for files: tally(sent) -> list of Tally; for one file
    """

    code: str
    versions: tuple[str, ...]
    facts: dict[Table, Callable]
    checks: tuple[Callable, ...] = ()
    known: tuple[str, ...] = ()
    fr: str = ""
    en: str = ""
    sensitivity: Class = S2
    area: Callable | None = None
    open: Callable | None = None
    tally: Callable | None = None
    version: str = "1"

    def __hash__(self):
        return hash(self.code)


FINDING_COLUMNS = ("submission", "row", "field", "level", "code", "values")


def findings(frame, *, level, code, field, values=()):
    """Rows of a check: one finding for each row of `frame`.

    frame    Polars frame with `submission`, perhaps `row`, and the columns named by `values`
    field    name of the question or column that is doubtful
    values   columns whose values the message shows, stored as JSON under their names
    Returns  Polars frame[submission, row, field, level, code, values]
    """
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    shown = pl.struct(list(values)).struct.json_encode() if values else pl.lit("{}")
    row = pl.col("row").cast(pl.Int64) if "row" in frame.columns else pl.lit(None, pl.Int64)
    return frame.select(
        pl.col("submission"),
        row.alias("row"),
        pl.lit(field).alias("field"),
        pl.lit(level).alias("level"),
        pl.lit(code).alias("code"),
        shown.alias("values"),
    )
