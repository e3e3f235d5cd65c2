"""Publishing forms: every kind of source, every fault with its place and remedy."""

import io
import re

import openpyxl
import pytest

from taama.base import policy
from taama.base.errors import NotAllowed, TaamaError
from taama.base.messages import message
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR, WORKER, Standing, Viewer
from taama.collect.actions.reading import give_to_tool
from taama.collect.models import Submission
from taama.facts import registry
from taama.forms import queries as forms
from taama.forms.actions.publishing import close_form, publish_form, reopen_form
from taama.forms.methods.converting import compile_form
from taama.forms.models import Form, FormVersion
from tests.collect.phone import FORM, instance

pytestmark = pytest.mark.django_db
SURVEY = "| survey | | | |\n| | type | name | label |\n"
SETTINGS = "\n| settings | | |\n| | form_id | version |\n| | f | 1 |\n"


def refused(source, filename="f.md", **options):
    with pytest.raises(TaamaError) as caught:
        publish_form(
            by=OPERATOR,
            source=source if isinstance(source, bytes) else source.encode(),
            filename=filename,
            **options,
        )
    error = caught.value
    for language in ("fr", "en"):
        assert not re.search(r"(?<!\$)\{", str(message(error.code, language, error.values)))
    return error


def workbook(*questions):
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in (("type", "name", "label"), *questions):
        book.active.append(row)
    settings = book.create_sheet("settings")
    settings.append(("form_id", "version"))
    settings.append(("f", "1"))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_markdown_workbook_and_xform_say_the_same():
    markdown = compile_form((SURVEY + "| | integer | a | A |" + SETTINGS).encode(), "f.md").xform
    assert compile_form(workbook(("integer", "a", "A")), "f.xlsx").xform == markdown
    assert compile_form(markdown, "f.xml").xform == markdown


def test_the_bytes_of_a_form_are_stable(publish):
    first = bytes(publish().xform)
    FormVersion.objects.all().delete()
    assert bytes(publish().xform) == first


def test_publishing_again_changes_nothing(publish):
    first = publish()
    entries = JournalEntry.objects.count()
    assert publish() == first
    assert JournalEntry.objects.count() == entries


def test_the_same_version_with_other_content_is_refused_with_a_remedy(publish):
    publish()
    error = refused(FORM.format(version="1").replace("Combien ?", "Combien en tout ?"), "count.md")
    assert (error.code, error.status) == ("forms.version_exists", 409)
    assert "Changez la version" in message(error.code, "fr", error.values).remedy


def test_a_new_version_retires_the_former_one_and_can_be_taken_back(publish):
    first, second = publish("1"), publish("2")
    first.refresh_from_db()
    assert (first.current, second.current) == (False, True)
    with pytest.raises(TaamaError, match="forms.version_behind"):
        publish("1")
    assert second.form.versions.get(current=True) == second, "an old file changes nothing on phones by itself"
    publish("1", back=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.current, second.current) == (True, False)


def test_a_bar_inside_a_cell_must_be_escaped():
    error = refused(SURVEY + "| | text | a | oui | non |" + SETTINGS, "villages.md")
    assert (error.code, error.where.file, error.where.sheet, error.where.row) == (
        "xlsforms.bare_bar", "villages.md", "survey", 3,
    )  # fmt: skip
    assert r"\|" in message(error.code, "fr", error.values).remedy
    version = publish_form(
        by=OPERATOR, source=(SURVEY + r"| | text | a | oui \| non |" + SETTINGS).encode(), filename="f.md"
    )
    assert b"oui | non" in bytes(version.xform)


def test_prose_rules_and_a_missing_last_bar_do_no_harm():
    text = (
        "# Formulaire\n\nPour qui, comment.\n\n"
        + SURVEY
        + "|---|:--|---|---|\n| | text | a | A\n\nFin.\n"
        + SETTINGS
    )
    assert (
        compile_form(text.encode(), "f.md").xform
        == compile_form((SURVEY + "||text|a|A|" + SETTINGS).encode(), "f.md").xform
    )


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ("| | texte | a | A |", "xlsforms.type_unknown", 3),
        ("| | text | a | A |\n| | text | a | B |", "xlsforms.name_twice", 4),
        ("| | select_one l | a | A |", "xlsforms.no_choices", 3),
        ("| | text | a b | A |", "xlsforms.name_malformed", 3),
        ("| | text | | A |", "xlsforms.name_missing", 3),
        ("| | | a | A |", "xlsforms.type_missing", 3),
        ("| | text | a | ${b} |", "xlsforms.reference_unknown", 3),
        ("| | begin_group | g | G |\n| | text | a | A |", "xlsforms.section_open", 3),
        ("", "xlsforms.no_survey", None),
        (
            "| | select_one l | a | A |\n| choices | | | |\n| | list_name | name | label |\n| | m | 1 | Un |",
            "xlsforms.list_unknown",
            3,
        ),
    ],
)
def test_faults_are_named_with_their_line(rows, code, row):
    error = refused(SURVEY + rows + SETTINGS)
    assert (error.code, error.where.file, error.where.row) == (code, "f.md", row)


def test_a_fault_in_a_workbook_is_named_with_its_row():
    error = refused(workbook(("text", "a", "A"), ("txt", "b", "B")), "f.xlsx")
    assert (error.code, error.where.sheet, error.where.row) == ("xlsforms.type_unknown", "survey", 3)


@pytest.mark.parametrize(
    ("source", "filename", "code"),
    [
        (b"PK broken", "f.xlsx", "xlsforms.workbook_unreadable"),
        (b"broken", "f.xls", "xlsforms.workbook_unreadable"),
        (b"x", "f.docx", "xlsforms.form_kind_unknown"),
        (b"x", "form", "xlsforms.form_kind_unknown"),
        ("é".encode("latin-1"), "f.md", "xlsforms.not_utf8"),
        (b"<html/>", "f.xml", "forms.not_an_xform"),
        (b"<broken", "f.xml", "forms.xml_unreadable"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "f.xml", "forms.xml_doctype"),
    ],
)
def test_what_is_no_form_is_refused(source, filename, code):
    assert refused(source, filename).code == code


def test_a_form_without_the_lists_that_it_needs_is_refused():
    source = SURVEY + "| | select_one_from_file villages.csv | a | A |" + SETTINGS
    error = refused(source)
    assert (error.code, error.values["files"]) == ("forms.media_missing", ["villages.csv"])


@pytest.mark.parametrize("confidential", [3, 4])
def test_confidential_forms_are_not_published_yet(confidential):
    error = refused(FORM.format(version="1"), sensitivity=confidential)
    assert error.code == "forms.form_too_sensitive"
    assert not Form.objects.exists()


def test_an_unknown_tool_is_refused():
    assert refused(FORM.format(version="1"), tool="nothing").code == "facts.tool_unknown"


def test_naming_a_tool_later_reads_what_was_only_collected(publish, phone, monkeypatch):
    publish()
    phone.send(instance("uuid:a"))
    assert Submission.objects.get().state == "unread"
    monkeypatch.setattr(registry, "_TOOLS", {"toy": "tests.collect.toy"})
    registry.tool.cache_clear()
    publish(tool="toy")
    give_to_tool(by=WORKER, form=forms.to_reread(WORKER).get())
    assert (Submission.objects.get().state, Submission.objects.get().tool) == ("pending", "toy")
    assert not forms.to_reread(WORKER).exists()
    registry.tool.cache_clear()


def test_closing_and_opening(form):
    assert close_form(by=OPERATOR, form=form).state == "closed"
    assert reopen_form(by=OPERATOR, form=form).state == "open"


@pytest.mark.parametrize(
    "viewer", [policy.ANONYMOUS, Viewer("device", "d"), Viewer("signed_in", "u", (Standing("o", "partner"),))]
)
def test_others_publish_nothing(viewer):
    with pytest.raises(NotAllowed):
        publish_form(by=viewer, source=b"", filename="f.md")
