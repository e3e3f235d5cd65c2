"""Why this figure? Everything that a number stands on, for who wants to defend or to doubt it."""

from taama.base.doors import query
from taama.base.policy import ANYONE, SIGNED_IN, SYSTEM
from taama.collect.models import Submission
from taama.figures import queries as figure_queries
from taama.figures.figure import SUPPRESSED, is_submission
from taama.places.models import Area
from taama.publish.methods.pages import reasons, rounds
from taama.publish.methods.pages.parts import share
from taama.publish.methods.pages.trend import breaks_of
from taama.publish.queries.methods import definition, method_of, method_words
from taama.publish.queries.reading import page_figures, phrases

LISTED = 60  # submissions that are linked one by one


@query("publish.figure", allow=(ANYONE,))
def figure_page(viewer, pk, language):
    """One figure with its definition, method, place, sources, snapshot and revisions."""
    snapshot = figure_queries.figure(viewer, pk).snapshot
    figure = page_figures(viewer, snapshot, pk=pk)[0]
    line = _line(viewer, figure)
    words = phrases(viewer, snapshot, language, [figure, *line])
    before, after = reasons.neighbours(words, figure, line)
    method = method_of(viewer, figure.method)
    hidden = SUPPRESSED in figure.marks
    return {
        "figure": figure, "shown": words.of(figure), "snapshot": snapshot,
        "definition": definition(viewer, figure.definition, language),
        "unit": words.unit(figure.unit), "series": words.named(f"publish.series_{figure.series}"),
        "category": words.category(figure.category), "share": share(words, figure),
        "base": None if hidden or not figure.base else words.text("publish.out_of", base=figure.base),
        "area": Area.objects.filter(key=figure.place).select_related("version").first(),
        "geography": words.place(figure.place),
        "grades": None if hidden else rounds.grades(words, [figure]),
        "marks": [words.named(f"publish.mark_{mark}") for mark in figure.marks],
        "before": before, "after": after,
        "breaks": reasons.breaks(words, figure, breaks_of(line)),
        "contradicts": [] if hidden else _contradictions(words, figure),
        "citations": [source for source in figure.sources if not is_submission(source)],
        "submissions": _submissions(viewer, figure),
        "submission_count": sum(is_submission(source) for source in figure.sources),
        "method": method, "method_words": method and method_words(viewer, method.name, language),
        "method_version": _version(snapshot, figure.method),
        "revisions": _revisions(viewer, words, figure),
        "basis": basis_of(viewer, snapshot) if viewer.may("publish.basis") else None,
    }  # fmt: skip


def _line(viewer, figure):
    """The figures of the same place and definition, oldest first."""
    same = {"series": figure.series, "definition": figure.definition, "place": figure.place}
    found = page_figures(viewer, figure.snapshot, **same)
    return sorted((f for f in found if f.category == figure.category), key=lambda f: (f.as_of, f.period))


def _contradictions(words, figure):
    others = figure.extra.get("contradicts", ())
    return [
        (words.text("publish.plain_number", value=o["value"]), o.get("source", ""))
        for o in others
        if "value" in o
    ]


def _revisions(viewer, words, figure):
    found = figure_queries.same_in_other_snapshots(viewer, figure.key)
    others = [one for one in found if one.snapshot_id != figure.snapshot_id]
    for one in others:
        one.coverage = None
    return reasons.revisions(words, figure, others)


def _version(snapshot, method):
    return snapshot.methods.get(method) or snapshot.methods.get(method.rpartition(".")[2], "")


def _submissions(viewer, figure):
    keys = [source for source in figure.sources if is_submission(source)]
    return sources_of(viewer, keys) if keys and viewer.may("publish.sources") else None


@query("publish.sources", allow=(SIGNED_IN, SYSTEM))
def sources_of(viewer, keys):
    """The submissions that a figure stands on, as far as they are listed, newest first."""
    return list(Submission.objects.filter(pk__in=keys[:LISTED]).order_by("-received_at"))


@query("publish.basis", allow=(SIGNED_IN, SYSTEM))
def basis_of(viewer, snapshot):
    """Journal position and tables of a snapshot, from which it can be derived again."""
    return {"position": snapshot.position, "tables": sorted(snapshot.tables.items())}
