"""What pages of lists show: where a change came from, why it is not applied, conflicts side by side."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.functional import cached_property

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.requests import language_now
from taama.entities.methods.applying import HELD_DAYS
from taama.entities.models import EntityChange
from taama.entities.queries import lists as queries

PAGE = 50
COLUMNS = 4  # properties beside the label
LABEL = "label"
RIGHTS = {"keeper": "entities.correct_entry", "chief": "entities.change_list"}  # in an area, or everywhere


def page(request, template, context, status=200):
    """A page with what this viewer may do."""
    rights = {name: request.viewer.may(rule) for name, rule in RIGHTS.items()}
    return render(request, f"entities/{template}.html", rights | context, status=status)


class Entries(Paginator):
    """Pages of entries; those of a whole list are not counted one by one."""

    def __init__(self, found, known=None):
        super().__init__(found, PAGE)
        self.known = known

    @cached_property
    def count(self):
        return self.object_list.count() if self.known is None else self.known


def entries(viewer, entity_list, chosen):
    """(page of entries, the choices that were made) for what stands in an address."""
    search, only = chosen.get("search", "").strip()[:100], chosen.get("only", "")
    kind = {name: only == name for name in ("conflict", "deleted", "unplaced")}
    found = queries.entries(viewer, entity_list, search=search, **kind)
    whole = not search and not any(kind.values())
    known = queries.entry_count(viewer, entity_list) if whole else None
    return Entries(found, known).get_page(chosen.get("page")), {"search": search, "only": only}


def lines(viewer, entity_list, page, only):
    """(headings of the columns, for each entry: itself, its cells by heading, why it lies nowhere or None)."""
    names = queries.properties(viewer, entity_list)[:COLUMNS]
    reasons = not_placed(viewer, entity_list, page) if only == "unplaced" else {}
    rows = [
        (one, [(heading(name), one.values.get(name, "")) for name in names], reasons.get(one.pk))
        for one in page
    ]
    return [heading(name) for name in names], rows


def not_placed(viewer, entity_list, entries):
    """Key of each of these entries that its property does not place → why."""
    found = queries.not_placed(viewer, entity_list, entries)
    return {key: message(code, language_now(), values) for key, (code, values) in found.items()}


def class_told(entity_list):
    """The class of a list in words."""
    return message(f"forms.class_S{entity_list.sensitivity_class}", language_now())


def told(change):
    """Why a change is not applied, as a sentence, or None."""
    if not change.code:
        return None
    return message(change.code, language_now(), {"days": HELD_DAYS, "given": change.given})


def history(viewer, entity, state):
    """Every change of an entry with its reason and the versions that it contradicts."""
    rows, said = [], queries.changes(viewer, entity)
    names = queries.makers(viewer, said)
    for change in said:
        change.maker = names.get(change.pk, "")
        against = [c for c in state.conflicts if c.version == change.version]
        rows.append({
            "change": change, "told": told(change), "against": [c.other for c in against],
            "hard": any(c.fields for c in against), "values": sayings(change),
        })  # fmt: skip
    return rows


def sayings(change):
    """What a change says: [(name of the property as people read it, text)]."""
    return [(heading(name), text) for name, text in sorted(change.values.items())]


def side_by_side(rows, state, standing):
    """The open conflicts as a table: versions as columns, and for each field what stands and what each version said."""
    versions = sorted({v for conflict in state.open for v in (conflict.version, conflict.other)})
    sides = {row["change"].version: row["change"] for row in rows if row["change"].version in versions}
    disputed = {name for conflict in state.open for name in conflict.fields}
    names = sorted(
        {name for side in sides.values() for name in side.values}, key=lambda n: (n not in disputed, n)
    )
    table = [_row(name, sides, versions, standing, name in disputed) for name in names]
    table = [
        row for row in table if len(row["choices"]) > 1 or None in row["said"]
    ]  # where not all say the same
    return [sides[version] for version in versions if version in sides], table


def _row(name, sides, versions, standing, hard):
    said = [sides[version].values.get(name) if version in sides else None for version in versions]
    now = standing.get(name, "")
    choices = list(dict.fromkeys([now, *(text for text in said if text is not None)]))
    told = {"name": name, "heading": heading(name), "now": now}
    return told | {"said": said, "choices": choices, "hard": hard}


def heading(name):
    """A property as people read it: `nombre_menages` is « nombre menages »."""
    return name.replace("_", " ")


def standing_of(entity):
    return {LABEL: entity.label} | entity.values


def chosen_values(request, names):
    """The values that somebody chose or wrote: field → text."""
    return {name: request.POST[f"value-{name}"] for name in names if f"value-{name}" in request.POST}


def seen_version(request):
    """The version that somebody had before their eyes."""
    text = request.POST.get("seen", "")
    if not text.isdecimal():
        raise TaamaError("entities.entity_state", status=409)
    return int(text)


def waiting_for_person(change):
    return change.state == EntityChange.State.APPROVAL
