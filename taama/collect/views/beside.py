"""Two fillings side by side: what is held and what waits, or what came and what it was mended to."""

import difflib
import itertools
import os.path
import re

from taama.base.errors import MethodError
from taama.base.requests import language_now
from taama.collect import queries
from taama.collect.methods.worded import compared
from taama.collect.models import Quarantined
from taama.forms.methods.outline import GROUP, Node, Outline, read_outline
from taama.forms.methods.xml import read_xml
from taama.logic.methods.filled import read_filled

NO_FORM = Outline("", "", "", (), "", Node("", "", GROUP))
MOST_CHANGED_LINES = 60
MOST_COMPARED = 400  # lines from the first that differs: comparing takes their square
LONGEST_LINE = 500


def side_by_side(viewer, first, second):
    """What the page shows of two, each a submission or an item put aside: their answers and files, or that it cannot be."""
    fillings = [_filling(viewer, one) for one in (first, second)]
    told = {"first": first, "second": second, "readable": None not in fillings}
    if not told["readable"]:
        return told
    lines = compared(fillings, language_now())
    secret = queries.hidden(viewer, first) | queries.hidden(viewer, second)
    seen = [line for line in lines if line.path not in secret]
    return told | {
        "differing": [line for line in seen if line.differs],
        "same": [line for line in seen if not line.differs],
        "unseen": len({line.path for line in lines} & secret),
        "files": _files(viewer, first, second),
    }


def _filling(viewer, one):
    """(Outline, Filled) of what may be shown, or None where there is nothing to read."""
    if one.raw is None or (isinstance(one, Quarantined) and queries.withheld(viewer, one)):
        return None
    try:
        version = _version(viewer, one)
        outline = read_outline(bytes(version.xform)) if version else NO_FORM
        raw = queries.shown(viewer, one, "…")
        return None if read_xml(raw).get("encrypted") == "yes" else (outline, read_filled(raw, outline))
    except MethodError:
        return None


def _version(viewer, one):
    return queries.reading_version(viewer, one) if isinstance(one, Quarantined) else one.form_version


def _files(viewer, first, second):
    """[(name, bytes of the first, bytes of the second, whether they differ)]; None where a side has no such file."""
    sides = [_kept(viewer, one) for one in (first, second)]
    rows = []
    for name in sorted(set(sides[0]) | set(sides[1])):
        mine, theirs = (side.get(name, {}) for side in sides)
        rows.append(
            (name, sum(mine.values()) or None, sum(theirs.values()) or None, set(mine) != set(theirs))
        )
    return rows


def _kept(viewer, one):
    """Name → {sha256: bytes}."""
    found = queries.files_aside(viewer, one) if isinstance(one, Quarantined) else queries.files(viewer, [one])
    kept = {}
    for file in found:
        kept.setdefault(file.filename, {})[file.sha256] = file.bytes
    return kept


def changed_lines(before, after):
    """What was taken from XML that can't be read as answers and what was put there.

    Returns ([(`-` or `+`, text)], whether there is more than is shown)
    """
    first, second = _where_they_differ(*(_pieces(raw.decode("utf-8", "replace")) for raw in (before, after)))
    matched = difflib.SequenceMatcher(None, first[:MOST_COMPARED], second[:MOST_COMPARED])
    changed = [
        (mark, line[:LONGEST_LINE])
        for what, i, j, k, m in matched.get_opcodes() if what != "equal"
        for pair in itertools.zip_longest(first[i:j], second[k:m])
        for mark, line in zip("-+", pair, strict=True) if line is not None
    ]  # fmt: skip
    more = len(changed) > MOST_CHANGED_LINES or max(len(first), len(second)) > MOST_COMPARED
    return changed[:MOST_CHANGED_LINES], more


def _where_they_differ(first, second):
    """Both without the lines at their beginning and their end that are the same."""
    head = len(os.path.commonprefix([first, second]))
    first, second = first[head:], second[head:]
    tail = len(os.path.commonprefix([first[::-1], second[::-1]]))
    return first[: len(first) - tail], second[: len(second) - tail]


def _pieces(text):
    """One element on a line, however it was written."""
    return [piece.strip() for piece in re.split(r"(?<=>)(?=<)|\r?\n", text) if piece.strip()]
