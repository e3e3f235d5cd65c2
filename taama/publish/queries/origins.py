"""Where a figure comes from: publications, imported files, submissions from the field, or those of its total."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min

from taama.base.doors import query
from taama.base.policy import ANYONE, SIGNED_IN, SYSTEM
from taama.collect.models import Submission
from taama.figures.figure import NO_DATA, SUPPRESSED, is_submission
from taama.publish.methods.pages import reasons
from taama.publish.queries.reading import page_figures

LISTED = 60  # submissions that are linked one by one
FIELD, FILE, WITH_OTHER, HIDDEN, NOTHING, UNKNOWN = (
    "field",
    "file",
    "with_other",
    "hidden",
    "nothing",
    "unknown",
)


@dataclass(frozen=True)
class Origin:
    """What a figure stands on. `of`: the figure whose submissions it shares, where it lists none of its own.

    `listed` and `received` (first and last day) are for partners alone, None for others.
    """

    kind: str
    cited: tuple = ()
    files: int = 0
    field: int = 0
    line: int | None = None
    of: object = None
    listed: list | None = None
    received: dict | None = None


@query("publish.origin", allow=(ANYONE,))
def origin(viewer, words, figure):
    """The Origin of a figure. How many submissions a suppressed one has would help to guess it: nothing is said."""
    if SUPPRESSED in figure.marks:
        return Origin(HIDDEN)
    keys, of = _keys(figure), None
    if not keys and (name := _shares_with(figure)):
        of = _total(viewer, figure, name)
        keys = _keys(of) if of else []
    if not keys and not figure.sources:
        return Origin(NOTHING if NO_DATA in figure.marks else UNKNOWN, of=of and words.of(of))
    counted = dict(Submission.objects.filter(pk__in=keys).values_list("origin").annotate(Count("pk")))
    files = counted.get(Submission.Origin.FILE, 0)
    partner = bool(keys) and viewer.may("publish.sources")
    return Origin(
        kind=WITH_OTHER if of else FILE if files or not keys else FIELD,
        cited=reasons.cited(words, figure), files=files, field=len(keys) - files, line=figure.extra.get("line"),
        of=of and words.of(of, words.named(of.definition)), **(sources_of(viewer, keys) if partner else {}),
    )  # fmt: skip


def _keys(figure):
    return [source for source in figure.sources if is_submission(source)]


def _shares_with(figure):
    """Definition of the figure that stands on the same submissions."""
    return reasons.SHARES_SOURCES.get(figure.definition) or (figure.category and figure.definition)


def _total(viewer, figure, name):
    where = {
        "series": figure.series,
        "place": figure.place,
        "period": figure.period,
        "definition": name,
        "category": {},
    }
    return next(
        (one for one in page_figures(viewer, figure.snapshot, **where) if SUPPRESSED not in one.marks), None
    )


@query("publish.sources", allow=(SIGNED_IN, SYSTEM))
def sources_of(viewer, keys):
    """The submissions that a figure stands on, as far as they are listed, newest first, and when they came."""
    found = Submission.objects.filter(pk__in=keys)
    listed = list(found.defer("raw").order_by("-received_at")[:LISTED])
    return {"listed": listed, "received": found.aggregate(first=Min("received_at"), last=Max("received_at"))}
