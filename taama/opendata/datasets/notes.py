"""What the reader of a dataset must know before using it; the same sentences in every format."""

from dataclasses import dataclass

from taama.base.messages import message
from taama.base.periods import BAMAKO


@dataclass(frozen=True)
class Note:
    """A named sentence in French and English; `warning` where overlooking it could do harm."""

    name: str
    fr: str
    en: str
    warning: bool = False


def about(sheet):
    """Notes on the snapshot of a Sheet, the warning first."""
    snapshot = sheet.snapshot
    made = snapshot.made_at.astimezone(BAMAKO)
    notes = [
        Note("taama", snapshot.title or snapshot.code, snapshot.title or snapshot.code),
        _note("snapshot", code=snapshot.code, day=made.date(), figures=len(sheet.figures)),
        _note("adding"),
        _note("suppressed"),
        _note("boundaries"),
        *rights(sheet),
        Note("methods", _versions(snapshot), _versions(snapshot)),
        Note("sources", "\n".join(citations(sheet)), "\n".join(citations(sheet))),
    ]
    if snapshot.simulated:
        notes.insert(1, _note("simulated", warning=True))
    return notes


def rights(sheet):
    """Who owns what is in a Sheet, and what may be done with it, as far as anybody has said so."""
    real = [figure for figure in sheet.figures if not figure["simulated"]]
    found = [_note("licence")]
    if any(figure["citations"] for figure in real):
        found.append(_note("licence_published"))
    if any(not figure["citations"] for figure in real):
        found.append(_note("licence_collected"))
    return found


def citations(sheet):
    """Publications that the figures cite, each once."""
    return sorted({source for figure in sheet.figures for source in figure["citations"]})


def _note(name, *, warning=False, **values):
    texts = (message(f"opendata.data_note_{name}", language, values).cause for language in ("fr", "en"))
    return Note(name, *texts, warning)


def _versions(snapshot):
    parts = snapshot.tools | snapshot.methods
    return ", ".join(f"{code} {version}" for code, version in sorted(parts.items()))
