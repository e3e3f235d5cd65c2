"""Why this figure? Everything that a number stands on, for who wants to defend or to doubt it."""

from taama.base.doors import query
from taama.base.policy import ANYONE, SIGNED_IN, SYSTEM
from taama.figures import queries as figure_queries
from taama.figures.figure import SUPPRESSED
from taama.places.models import Area
from taama.publish.methods.pages import reasons, rounds
from taama.publish.methods.pages.parts import share
from taama.publish.methods.pages.trend import breaks_of
from taama.publish.queries.methods import definition, method_of, method_words
from taama.publish.queries.origins import origin
from taama.publish.queries.reading import page_figures, phrases


@query("publish.figure", allow=(ANYONE,))
def figure_page(viewer, pk, language):
    """One figure: what is counted, where it comes from, how computed, how sure, what it compares with, revisions."""
    snapshot = figure_queries.figure(viewer, pk).snapshot
    figure = page_figures(viewer, snapshot, pk=pk)[0]
    line, beside = _line(viewer, figure), _beside(viewer, figure)
    words = phrases(viewer, snapshot, language, [figure, *line, *beside])
    shown = words.of(figure)
    return {
        "figure": figure, "shown": shown, "snapshot": snapshot, "unit": words.unit(figure.unit),
        "marks": [words.named(f"publish.mark_{mark}") for mark in figure.marks],
        **_counted(viewer, words, figure),
        "origin": origin(viewer, words, figure),
        **_computed(viewer, words, figure),
        "sure": reasons.certainty(words, figure, shown), "reached": reasons.reached(words, figure),
        "known_of": reasons.known_of(words, figure, beside), "hidden": SUPPRESSED in figure.marks,
        "grades": None if SUPPRESSED in figure.marks else rounds.grades(words, [figure]),
        **_compared(words, figure, shown, line, beside),
        "revisions": _revisions(viewer, words, figure),
        "basis": basis_of(viewer, snapshot) if viewer.may("publish.basis") else None,
    }  # fmt: skip


def _counted(viewer, words, figure):
    base = share(words, figure) if figure.category and figure.base else ""
    return {
        "definition": definition(viewer, figure.definition, words.language),
        "series": words.named(f"publish.series_{figure.series}"),
        "category": words.category(figure.category),
        "share": base and words.text("publish.shown_base", share=base, base=figure.base, unit=words.unit(figure.unit)),
        "area": Area.objects.filter(key=figure.place).select_related("version").first(),
        "geography": words.place(figure.place),
        "counted_by": reasons.counted_by(words, figure),
    }  # fmt: skip


def _computed(viewer, words, figure):
    method = method_of(viewer, figure.method)
    return {
        "method": method, "method_words": method_words(viewer, figure.method, words.language),
        "method_note": reasons.method_note(words, figure),
        "method_version": _version(figure.snapshot, figure.method),
    }  # fmt: skip


def _compared(words, figure, shown, line, beside):
    before, after = reasons.neighbours(words, figure, line)
    return {
        "before": before, "after": after,
        "no_change": reasons.no_change(words, figure, shown, before),
        "after_said": reasons.after_said(words, after), "elsewhere": reasons.elsewhere(words, figure, before),
        "breaks": reasons.breaks(words, figure, breaks_of(line)),
        "contradicts": [] if SUPPRESSED in figure.marks else _contradictions(words, figure),
        "beside": [(words.of(one, words.named(one.definition)), words.named(f"publish.series_{one.series}")) for one in beside],
    }  # fmt: skip


def _beside(viewer, figure):
    """Totals of the same place and day: the total of a part, other definitions, other series."""
    found = page_figures(viewer, figure.snapshot, place=figure.place, as_of=figure.as_of, category={})
    return [one for one in found if one.id != figure.id]


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


@query("publish.basis", allow=(SIGNED_IN, SYSTEM))
def basis_of(viewer, snapshot):
    """Journal position and tables of a snapshot, from which it can be derived again."""
    return {"position": snapshot.position, "tables": sorted(snapshot.tables.items())}
