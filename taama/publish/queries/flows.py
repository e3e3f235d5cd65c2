"""The page of flow monitoring."""

from taama.base.doors import query
from taama.base.policy import ANYONE
from taama.publish.methods.pages import flows
from taama.publish.queries.reading import SERIES, page_figures, phrases

DEFINITIONS = (flows.PER_DAY, flows.PEOPLE, flows.NATIONALITY)


@query("publish.flow", allow=(ANYONE,))
def flow_page(viewer, snapshot, language):
    """Published flows by month, and the points of the simulated round with their observed days."""
    found = page_figures(viewer, snapshot, definition__in=DEFINITIONS)
    words = phrases(viewer, snapshot, language, found)
    sections = [_section(words, [f for f in found if f.series == series], series) for series in SERIES]
    return {"sections": [section for section in sections if section["passages"]]}


def _section(words, figures, series):
    passages = flows.passages(words, figures)
    notes = list(dict.fromkeys(passage.reason for passage in passages if passage.reason))
    return {
        "series": series, "name": words.named(f"publish.series_{series}"),
        "simulated": any("simulated" in f.marks for f in figures),
        "passages": [(p, notes.index(p.reason) + 1 if p.reason else 0) for p in passages],
        "notes": notes,
        "days": flows.observed_days(words, figures),
        "calendar": flows.calendar(words, figures),
        "nationalities": flows.nationalities(words, figures),
    }  # fmt: skip
