"""What takes long runs before the turn that every submission of a phone waits for."""

from contextlib import contextmanager

import pytest

from taama.base import doors
from taama.base.errors import MethodError, NotAllowed, TaamaError
from taama.base.policy import ANONYMOUS, OPERATOR, WORKER
from taama.entities.actions import importing, lists
from taama.entities.methods import importing as import_methods
from taama.entities.models import EntityImport
from taama.forms.actions import drafts, publishing
from taama.forms.methods.converting import Compiled, compile_form
from taama.forms.methods.report import examine
from taama.forms.models import FormDraft, FormVersion
from taama.review.actions import reviewing

pytestmark = pytest.mark.django_db
FORM = """
| survey   |                                   |         |            |
|          | type                              | name    | label      |
|          | select_one_from_file villages.csv | village | {}         |
| settings |                                   |         |            |
|          | form_id                           | version | form_title |
|          | places                            | 1       | Lieux      |
"""
ONE, OTHER = FORM.format("Village").encode(), FORM.format("Quel village ?").encode()
VILLAGES = {"villages.csv": b"name,label\na,Ansongo\n"}
ENTRIES = b"code,label\nS-1,Socoura\n"
SLOW = {
    drafts: ("examine", "mended_source", "read_xform", "check_files"),
    publishing: ("compile_form", "examine", "mended_source", "read_xform", "check_files"),
    importing: ("read_import",),
}


@pytest.fixture
def turns(monkeypatch):
    """Records the turn, and the slow functions: those that ran, and those that ran while the turn was held."""
    seen = {"turns": 0, "held": False, "ran": set(), "within": set()}

    @contextmanager
    def in_turn():
        former, seen["held"] = seen["held"], True
        seen["turns"] += 1
        yield
        seen["held"] = former

    def watched(name, function):
        def run(*arguments, **named):
            seen["ran"].add(name)
            if seen["held"]:
                seen["within"].add(name)
            return function(*arguments, **named)

        return run

    monkeypatch.setattr(doors, "in_turn", in_turn)
    for module, names in SLOW.items():
        for name in names:
            full = f"{module.__name__}.{name}"
            monkeypatch.setattr(module, name, watched(full, getattr(module, name)))
    return seen


def convert(draft):
    compiled = Compiled(compile_form(bytes(draft.source), draft.filename).xform)
    examined = examine(bytes(draft.source), draft.filename, draft.chosen)
    drafts.record_conversion(by=WORKER, draft=draft, examined=examined, compiled=compiled)
    return FormDraft.objects.get(pk=draft.pk)


def test_forms_are_read_judged_and_compiled_before_the_turn(turns):
    draft = drafts.bring_form(by=OPERATOR, source=ONE, filename="f.md")
    draft = convert(drafts.choose_repairs(by=OPERATOR, draft=draft, chosen=[]))
    drafts.attach_files(by=OPERATOR, draft=draft, files=VILLAGES)
    version = publishing.publish_draft(by=OPERATOR, draft=draft)
    publishing.replace_media(by=OPERATOR, version=version, files=VILLAGES)
    again = publishing.publish_form(by=OPERATOR, source=ONE, filename="f.md", media=VILLAGES)
    assert again == version
    convert(drafts.bring_form(by=OPERATOR, source=OTHER, filename="f.md"))
    assert turns["within"] == set() and turns["turns"] >= 8
    expected = {f"{m.__name__}.{name}" for m in (drafts, publishing) for name in SLOW[m]}
    assert turns["ran"] == expected


def test_a_table_is_read_before_the_turn_and_only_for_those_who_may(turns):
    made = lists.create_list(by=OPERATOR, name="sites")
    given = {"entity_list": made, "raw": ENTRIES, "filename": "s.csv", "key": "code"}
    with pytest.raises(NotAllowed):
        importing.import_entries(by=ANONYMOUS, **given)
    assert turns["ran"] == set()
    importing.import_entries(by=OPERATOR, **given)
    assert turns["ran"] == {"taama.entities.actions.importing.read_import"} and turns["within"] == set()
    assert EntityImport.objects.get().lines == 1


def test_a_table_with_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(import_methods, "MOST_LINES", 2)
    table = b"code,label\n" + b"".join(b"%d,x\n" % n for n in range(3))
    with pytest.raises(MethodError, match=r"entities\.too_many_lines"):
        import_methods.read_import(table, "sites", "code")
    assert len(import_methods.read_import(table[: table.rindex(b"2,x")], "sites", "code").lines) == 2


@pytest.mark.parametrize("deed", ["decide", "assign", "comment"])
def test_more_submissions_than_one_turn_bears_are_refused(deed, monkeypatch):
    monkeypatch.setattr(reviewing, "IN_ONE_TURN", 2)
    given = {"decide": {"state": "approved"}, "assign": {"reviewer": None}, "comment": {"text": "vu"}}[deed]
    with pytest.raises(TaamaError, match=r"review\.too_many"):
        getattr(reviewing, deed)(by=OPERATOR, submissions=[None] * 3, **given)


def test_a_draft_that_changed_after_it_was_read_is_not_published(monkeypatch):
    draft = convert(drafts.bring_form(by=OPERATOR, source=ONE, filename="f.md"))
    drafts.attach_files(by=OPERATOR, draft=draft, files=VILLAGES)
    look = publishing.examine

    def meanwhile(*arguments):
        drafts.choose_repairs(by=OPERATOR, draft=draft, chosen=[])
        return look(*arguments)

    monkeypatch.setattr(publishing, "examine", meanwhile)
    with pytest.raises(TaamaError, match=r"forms\.draft_not_ready"):
        publishing.publish_draft(by=OPERATOR, draft=draft)
    assert not FormVersion.objects.exists()
