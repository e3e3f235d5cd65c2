"""Forms that people bring: every fault told, mended, converted by the worker, published from a page."""

import io
import re
import time

import openpyxl
import pytest

from taama.base import work
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.forms.actions.publishing import publish_form
from taama.forms.methods.converting import compile_form
from taama.forms.models import Form, FormDraft, FormMedia, FormVersion
from tests.forms.conftest import FAULTY, GOOD
from tests.forms.seen import LISTED, VILLAGES, page

pytestmark = pytest.mark.django_db
GOOD_1, GOOD_2 = (GOOD.format(form_id="count", version=version) for version in "12")


def attach(client, address, name, content):
    file = io.BytesIO(content)
    file.name = name
    return client.post(address, {"files": [file]})


def ticked(html):
    """Values of the boxes and buttons that are ticked as the page comes."""
    return re.findall(r'value="([^"]*)" checked', html)


def test_a_sound_form_goes_from_file_to_phones_with_the_worker_in_between(sign_in, bring):
    client = sign_in()
    address = bring(GOOD_1, work=False)
    waiting = page(client, address)
    assert 'http-equiv="refresh"' in waiting and "Publier…" not in waiting
    run_until_idle(["drafts"])
    ready = page(client, address)
    assert "jugé valide par ODK Validate" in ready and "http-equiv" not in ready
    assert "un nouveau formulaire" in ready and not Form.objects.exists()
    said = page(client, f"{address}publish")
    assert "Les téléphones reçoivent ce formulaire" in said
    answer = client.post(f"{address}publish", {"keep_days": "365"})
    version = FormVersion.objects.get()
    assert answer["Location"] == f"/forms/{version.form_id}/"
    assert (version.form.form_id, version.version, version.form.keep_days) == ("count", "1", 365)
    assert bytes(version.source) == GOOD_1.encode(), "what was not mended is kept as it came"
    assert not FormDraft.objects.exists()


def test_every_fault_is_told_with_its_place_and_what_is_certain_is_mended(sign_in, bring):
    client = sign_in()
    html = page(client, bring(FAULTY))
    assert "Feuille survey" in html
    assert "ligne 5, relevant (E)" in html and "${peple} ne désigne aucune question" in html, "as in the file"
    assert "n'existe pas en XLSForm ; elle ressemble à « label »" in html
    found = html[: html.index('id="changes"')]
    assert "numeric" in found and "entier" not in found, "what is settled is told by the changes alone"
    assert "<del>entier</del>" in html and "<ins>integer</ins>" in html, "before and after"
    assert "<del>meta</del>" in html and "<ins>metadata</ins>" in html
    assert "empêchent ce formulaire d'aller sur les téléphones" in html
    draft = FormDraft.objects.get()
    assert draft.state == "faulty" and draft.xform is None


def test_offered_repairs_are_done_only_when_ticked_and_can_be_unticked(sign_in, bring):
    client = sign_in()
    address = bring(FAULTY)
    keys = [
        o["key"] for e in FormDraft.objects.get().report["faults"] for o in e["options"] if not o["certain"]
    ]
    decimal = next(key for key in keys if key.endswith("|decimal"))
    assert decimal not in ticked(page(client, address))
    client.post(address, {"chosen-1": decimal})
    html = page(client, address)
    assert decimal in ticked(html) and "<ins>decimal</ins>" in html
    client.post(address, {})
    assert decimal not in ticked(page(client, address))


def test_a_single_repair_that_was_chosen_can_be_taken_back(sign_in, bring):
    client = sign_in()
    address = bring(GOOD_1.replace("| integer ", "| numeric "))
    key = FormDraft.objects.get().report["faults"][0]["options"][1]["key"]
    client.post(address, {"chosen-0": key})
    assert key in ticked(page(client, address)) and "Corriger ce qui est coché" in page(client, address)


def test_doubts_that_are_open_are_told_before_publishing(sign_in, bring):
    client = sign_in()
    stray = (
        "| survey | | | | |\n| | type | name | label | relevant |\n| | integer | people | Combien ? | urgent |\n"
        "| settings | | |\n| | form_id | version |\n| | count | 1 |\n"
    )
    address = bring(stray)
    assert "« urgent » n'est ni une question ni une valeur" in page(client, address)
    said = page(client, f"{address}publish")
    assert "1 doute reste ouvert" in said and f'href="{address}"' in said
    assert "reste ouvert" not in page(client, f"{bring(GOOD_2)}publish")


def test_the_first_repair_for_every_error_makes_a_form_that_converts(sign_in, bring):
    client = sign_in()
    address = bring(FAULTY)
    client.post(address, {"likely": "1"})
    run_until_idle(["drafts"])
    draft = FormDraft.objects.get()
    assert draft.state == "ready", draft.report
    client.post(f"{address}publish", {"class:metadata": "no"})
    version = FormVersion.objects.get()
    assert b'type="decimal"' in bytes(version.xform) and b"/data/people" in bytes(version.xform)
    assert version.source_name == "form.xlsx", "the source is what phones have, not what came"


def test_the_mended_form_is_a_workbook_that_shows_what_was_changed(sign_in, bring):
    client = sign_in()
    address = bring(FAULTY)
    answer = client.get(f"{address}mended")
    assert 'filename="form.xlsx"' in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["survey"]
    assert sheet["C1"].value == "label"
    assert sheet["A2"].value == "integer" and sheet["A2"].comment.text == "entier"


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("form.xlsx", b"PK\x03\x04 broken", "ne peut pas être ouvert"),
        ("form.xls", b"<html><table></table></html>", "page web"),
        ("form.docx", b"x", "pas un formulaire"),
        ("form.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "déclaration de type de document"),
        ("form.md", b"| survey |", "survey"),
        ("form.csv", b"  \n", "vide"),
        ("form.md", "| survey |\n| | type |\n| | é |".encode("latin-1"), "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_crashes(sign_in, validator, name, source, said):
    client = sign_in()
    file = io.BytesIO(source)
    file.name = name
    answer = client.post("/forms/new", {"file": file}, follow=True)
    html = answer.content.decode()
    assert said in html, html
    assert not FormVersion.objects.exists()


def test_a_character_that_no_database_keeps_loses_nothing_else(sign_in, bring):
    client = sign_in()
    html = page(client, bring("survey,,,\n,type,name,label\n,num\0eric,a,A\0\n", "f\0.csv"))
    assert "\0" not in html and "numeric" in html
    assert "\0" not in str(FormDraft.objects.values_list("report", "filename", "title").get())


def test_without_a_file_the_page_says_so(sign_in):
    assert "Aucun fichier" in sign_in().post("/forms/new").content.decode()


def test_what_the_validator_refuses_is_not_published(sign_in, bring, validator):
    client = sign_in()
    validator |= {
        "code": 1,
        "text": "org.javarosa.xpath.XPathException: XPath evaluation: no function /data/people",
    }
    address = bring(GOOD_1)
    html = page(client, address)
    assert "Les téléphones ne pourraient pas calculer une expression" in html and "Publier…" not in html
    assert client.post(f"{address}publish").status_code == 409
    assert not FormVersion.objects.exists()


def test_without_java_the_form_is_ready_and_the_doubt_is_told(sign_in, bring, monkeypatch):
    client = sign_in()
    address = bring(GOOD_1, work=False)
    monkeypatch.setattr("taama.forms.tasks.shutil.which", lambda name: None)
    run_until_idle(["drafts"])
    html = page(client, address)
    assert "ODK Validate n'a pas pu être consulté" in html and "Publier…" in html


def test_a_taken_version_is_told_at_once_and_another_one_offered(sign_in, bring):
    client = sign_in()
    publish_form(by=OPERATOR, source=GOOD_1.encode(), filename="f.md")
    address = bring(GOOD_1.replace("Combien", "Combien exactement"))
    html = page(client, address)
    assert "est déjà publiée avec un autre contenu" in html and "version : 2" in html
    client.post(address, {"likely": "1"})
    run_until_idle(["drafts"])
    client.post(f"{address}publish")
    assert sorted(FormVersion.objects.values_list("version", "current")) == [("1", False), ("2", True)]


def test_the_same_file_again_is_no_fault(sign_in, bring):
    sign_in()
    publish_form(by=OPERATOR, source=GOOD_1.encode(), filename="f.md")
    bring(GOOD_1)
    assert FormDraft.objects.get().state == "ready"


def test_a_new_version_keeps_the_tool_and_gets_the_lists_of_the_former(sign_in, bring):
    client = sign_in()
    first = bring(LISTED.format(1))
    assert "manque" in page(client, first)
    assert (
        "Il manque" in page(client, f"{first}publish") and client.post(f"{first}publish").status_code == 400
    )
    assert attach(client, f"{first}files", "villages.csv", VILLAGES).status_code == 302
    client.post(f"{first}publish")
    bring(LISTED.format(2))
    assert bytes(FormMedia.objects.get(draft__isnull=False).content) == VILLAGES


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("other.csv", VILLAGES, "ne demande pas de fichier"),
        ("villages.csv", "name,label\na,Kidal é\n".encode("latin-1"), "UTF-8"),
        ("villages.csv", b"name;label\na;A\n", "points-virgules"),
        ("villages.csv", b"", "vide"),
    ],
)
def test_a_list_that_phones_could_not_read_is_refused(sign_in, bring, name, content, said):
    client = sign_in()
    address = bring(LISTED.format(1))
    answer = attach(client, f"{address}files", name, content)
    assert said in answer.content.decode() and not FormMedia.objects.exists()


def test_a_form_that_kills_the_worker_is_given_up(sign_in, bring, monkeypatch):
    client = sign_in()
    address = bring(GOOD_1, work=False)

    def killed(book):
        raise KeyboardInterrupt

    monkeypatch.setattr("taama.forms.tasks.convert", killed)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            run_until_idle(["drafts"])
        work.release_lease("forms")
    run_until_idle(["drafts"])
    assert "interrompue trois fois" in page(client, address)


def test_what_was_changed_while_the_worker_converted_is_converted_again(sign_in, bring, monkeypatch):
    from taama.forms import tasks

    client = sign_in()
    address = bring(GOOD_1, work=False)
    real = tasks.convert

    def slow(book):
        monkeypatch.setattr(tasks, "convert", real)
        client.post(address, {"chosen": "xlsforms.none|survey|||"})
        return real(book)

    monkeypatch.setattr(tasks, "convert", slow)
    run_until_idle(["drafts"])
    draft = FormDraft.objects.get()
    assert (draft.state, draft.chosen) == ("ready", ["xlsforms.none|survey|||"])


def test_a_very_long_form_is_left_to_the_worker(sign_in, bring, monkeypatch):
    monkeypatch.setattr("taama.forms.actions.drafts.LONGEST", 10)
    client = sign_in()
    address = bring(FAULTY, work=False)
    assert FormDraft.objects.get().report == {} and page(client, address)
    run_until_idle(["drafts"])
    assert "<del>entier</del>" in page(client, address)


@pytest.mark.parametrize(
    ("role", "area"), [("partner", ""), ("validator", ""), ("data_manager", "ML07@2021-12-20")]
)
def test_who_may_not_publish_for_the_country_brings_no_form(sign_in, client, role, area):
    sign_in(role, area)
    file = io.BytesIO(GOOD_1.encode())
    file.name = "f.md"
    assert client.get("/forms/new").status_code == 403
    assert client.post("/forms/new", {"file": file}).status_code == 403
    assert not FormDraft.objects.exists()


def test_old_drafts_go(sign_in, bring):
    from datetime import timedelta

    sign_in()
    bring(GOOD_1)
    FormDraft.objects.update(changed_at=FormDraft.objects.get().changed_at - timedelta(days=181))
    run_until_idle(["old drafts"])
    assert not FormDraft.objects.exists()


@pytest.mark.slow
def test_the_real_validator_refuses_what_no_phone_could_work_out(sign_in):
    client = sign_in()
    xform = compile_form(GOOD_1.encode(), "f.md").xform
    broken = xform.replace(
        b'nodeset="/data/people" type="int"', b'nodeset="/data/people" type="int" relevant="nofunction(1)"'
    )
    assert broken != xform
    for source, valid in ((xform, True), (broken, False)):
        file = io.BytesIO(source)
        file.name = "f.xml"
        address = client.post("/forms/new", {"file": file})["Location"]
        run_until_idle(["drafts"])
        assert ("jugé valide" in page(client, address)) is valid
        assert valid or "nofunction" in page(client, address)


@pytest.fixture
def endless(monkeypatch):
    """An ODK Validate that never comes to an end. Returns the processes that were started."""
    from taama.forms import tasks

    started, popen = [], tasks.subprocess.Popen

    def begin(*arguments, **options):
        started.append(popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(tasks.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(tasks, "command", lambda *of: ["sleep", "120"])
    monkeypatch.setattr(tasks.subprocess, "Popen", begin)
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0.05)
    return started


def bring_alone(by=OPERATOR):
    from taama.forms.actions.drafts import bring_form

    return bring_form(by=by, source=GOOD_1.encode(), filename="form.md")


def test_the_worker_turns_to_other_work_while_odk_validate_looks_at_a_form(db, endless, monkeypatch):
    from taama.forms import tasks

    bring_alone()
    tasks.convert_drafts()
    begin = time.monotonic()
    assert [tasks.convert_drafts() for _ in range(5)] == [1] * 5
    assert time.monotonic() - begin < 2 and len(endless) == 1, "slices of one and the same look"
    monkeypatch.setattr(tasks, "PATIENCE_SECONDS", 0)
    FormDraft.objects.all().delete()
    assert tasks.convert_drafts() == 0
    assert endless[0].wait(5) != 0, "nothing goes on for a draft that is gone"


def test_odk_validate_is_given_up_after_its_time(db, endless, monkeypatch):
    from taama.forms import tasks

    monkeypatch.setattr(tasks, "PATIENCE_SECONDS", 0.2)
    draft = bring_alone()
    run_until_idle(["drafts"])
    draft.refresh_from_db()
    assert draft.state == "ready" and draft.validated is None
    assert "forms.validator_slow" in [entry["code"] for entry in draft.report["converted"]]
    assert endless[0].poll() is not None
