"""One submission as its page shows it: the form's own words, what checks say, the round before, the map, the deeds."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from taama.base.errors import MethodError
from taama.base.messages import message
from taama.base.periods import local_today
from taama.base.requests import language_now
from taama.collect import queries as collect
from taama.collect.methods.named import safe_filename
from taama.forms.methods.outline import read_outline
from taama.logic.methods import Breach, logic_of, unknown_answers
from taama.logic.methods.filled import Filled, read_filled
from taama.review.methods.change import Much
from taama.review.methods.cutoffs import cut
from taama.review.methods.lists import labels_in
from taama.review.methods.sheet import Beside, lines_of, sheet
from taama.review.models import Review
from taama.review.queries import reviewing

MOST_UNKNOWN = 200
DEEDS = {
    "collect.receive": _("received"),
    "collect.release_quarantined": _("taken in after it was put aside"),
    "collect.mend_quarantined": _("taken in, mended, after it was put aside"),
    "collect.join_edits": _("taken in after it was put aside"),
    "collect.take_correction": _("corrected"),
    "collect.keep_out": _("kept out of the figures"),
    "collect.let_in": _("let into the figures again"),
    "collect.withdraw_submission": _("withdrawn"),
    "collect.erase_submission": _("erased"),
    "review.assign": _("asked to review"),
    "review.note_looks": _("marked as edited"),
}

TAKEN_IN = ("collect.release_quarantined", "collect.mend_quarantined")


@dataclass(frozen=True)
class Told:
    """Something that happened to a submission."""

    at: object
    who: str
    what: object
    more: str = ""


def outline_and_filled(viewer, submission):
    """(Outline, Filled), or (None, Filled()) where the form or the bytes are gone or cannot be read."""
    version = reviewing.version_of(viewer, submission)
    if version is None or submission.raw is None:
        return None, Filled()
    try:
        outline = read_outline(bytes(version.xform))
        return outline, read_filled(shown(viewer, submission), outline)
    except MethodError:
        return None, Filled()


def shown(viewer, submission):
    """The bytes of a submission, without the answers that this viewer must not see."""
    return collect.shown(viewer, submission, message("forms.answer_hidden", language_now()).cause)


@dataclass(frozen=True)
class Opened:
    """What the page shows of the answers; `files` and `missing`: what no answer shows, name → files and names.

    unknown   what the form does not know: (path, text)
    """

    blocks: list
    unplaced: list
    outline: object
    filled: Filled
    files: dict
    missing: list
    unknown: tuple = ()


def opened(viewer, submission, before, everything, line):
    """The answers, what checks say of none of them, the files."""
    files, missing = _files(viewer, submission)
    outline, filled = outline_and_filled(viewer, submission)
    remarks = _seen(viewer, submission, _remarks(viewer, submission, outline, language_now()))
    if outline is None:
        return Opened([], _unplaced([], remarks), None, filled, files, missing)
    former = _former(viewer, before, outline)
    lists = _lists(viewer, submission, outline, [filled, *([former] if former else [])])
    corrections = _seen(viewer, submission, _corrections(viewer, submission, line))
    beside = Beside(former, _much(), remarks, corrections, lists, files, frozenset(missing), everything)
    blocks = sheet(outline, filled, language_now(), beside)
    unplaced, unknown = _unplaced(blocks, remarks), _unknown(viewer, submission, outline)
    return Opened(blocks, unplaced, outline, filled, *_unnamed(blocks, files, missing), unknown)


def _unknown(viewer, submission, outline):
    """The answers to no question of the form; their texts only for those who may read what has no class."""
    found = unknown_answers(bytes(submission.raw), outline)[:MOST_UNKNOWN]
    if reviewing.may_read_unclassed(viewer, submission):
        return found
    return [(path, message("forms.answer_hidden", language_now()).cause) for path, _text in found]


def _unnamed(blocks, files, missing):
    """Of what came and what did not, that which no line of the page shows."""
    named = {safe_filename(line.value) for line in lines_of(blocks) if line.files or line.awaited}
    files = {name: some for name, some in files.items() if name not in named}
    return files, [name for name in missing if name not in named]


def _seen(viewer, submission, by_spot):
    """Of what stands beside answers, that which this viewer may see."""
    secret = collect.hidden(viewer, submission)
    return {spot: told for spot, told in by_spot.items() if spot[0] not in secret}


def _files(viewer, submission):
    """(name → the files that came under it, names of those that have not come)."""
    came = {}
    for file in collect.files(viewer, [submission]):
        came.setdefault(file.filename, []).append(file)
    return came, [] if submission.state in reviewing.GONE else collect.missing_files(viewer, submission)


def _former(viewer, before, outline):
    """The round before as this form reads it; None where there is none that can be read."""
    try:
        return read_filled(shown(viewer, before), outline) if before and before.raw else None
    except MethodError:
        return None


def _much():
    today = local_today()
    return Much(cut("much_percent", today), cut("much_least", today))


def _unplaced(blocks, remarks):
    shown = {(line.path, line.rows) for line in lines_of(blocks)}
    return [text for spot, texts in remarks.items() if spot not in shown for text in texts]


def _remarks(viewer, submission, outline, language):
    """(path, rows) → (level, text) of what the checks and the form's own rules say there."""
    found, paths = {}, _paths(outline) if outline else {}
    for one in collect.findings(viewer, submission)[:200]:
        path = paths.get(one.field, one.field)
        rows = (one.row,) if one.row and "/" in path else ()
        found.setdefault((path, rows), []).append((one.level, message(one.code, language, one.values)))
    for one in reviewing.doubts(viewer, submission):
        rows = tuple(int(row) for row in one.rows.split(".") if row)
        found.setdefault((one.path, rows), []).append((one.level, message(one.code, language, one.values)))
    return found


def _paths(outline):
    """Name of a question → its path: checks name some questions by their last step."""
    return {node.name: node.path for node in outline.questions()}


def told_of(viewer, submission, breaches):
    """What rules of the form say, but for those of answers that this viewer must not see."""
    secret = collect.hidden(viewer, submission)
    return [message(one.code, language_now(), one.values) for one in breaches if one.path not in secret]


def _corrections(viewer, submission, line):
    """(path, rows) → (correction, what the form says against it)."""
    found = {}
    for one in reviewing.corrections(viewer, line):
        rows = tuple(int(row) for row in one.rows.split(".") if row)
        despite = told_of(viewer, submission, [Breach(rows=(), **each) for each in one.despite])
        found.setdefault((one.path, rows), []).append((one, despite))
    return found


def _lists(viewer, submission, outline, filled):
    """File → code → label, of the codes that were chosen."""
    chosen = {}
    for node in outline.questions():
        if node.file:
            texts = [text for one in filled for (path, _), text in one.answers.items() if path == node.path]
            chosen.setdefault(node.file, set()).update(word for text in texts for word in text.split())
    files = reviewing.media_of(viewer, submission, [name for name, codes in chosen.items() if codes])
    return {
        file.filename: labels_in(bytes(file.content), chosen[file.filename], language_now()) for file in files
    }


def history(viewer, line):
    """All that happened to a submission and those it replaced, the newest first."""
    filled, versions = collect.filled_with(viewer, line), {str(one.pk): one.form_version for one in line}
    named = {str(key): _read_with(version, versions[str(key)]) for key, version in filled.items()}
    told = [Told(c.at, _name(c.author), _("comment"), c.text) for c in reviewing.comments(viewer, line)]
    for entry, changes, who in reviewing.deeds(viewer, line):
        state = changes.get("state", [None, None])[1]
        if entry.action == "review.decide" and state and entry.object_type == "review.review":
            told.append(Told(entry.at, who, Review.State(state).label))
        elif entry.action in DEEDS:
            more = named.get(entry.object_id, "") if entry.action in TAKEN_IN else ""
            told.append(Told(entry.at, who, DEEDS[entry.action], more))
    return sorted(
        dict.fromkeys(told), key=lambda one: one.at, reverse=True
    )  # one deed may touch several records


def _read_with(named, version):
    told = _("filled with version %(version)s, which was not published here; read with version %(read)s")
    return told % {"version": named or "–", "read": version.version}


def _name(user):
    return (user.name or user.username) if user else ""


def untested_of(viewer, form):
    """Rules of the current version that only the phone can check: told once, here, and not with each submission."""
    version = reviewing.current_version(viewer, form)
    return logic_of(read_outline(bytes(version.xform))).untested if version else ()
