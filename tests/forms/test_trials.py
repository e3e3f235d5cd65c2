"""A draft on a phone: under an address of its own, and what is sent to it stands apart."""

import re
from datetime import timedelta

import pytest

from taama.base.work import run_until_idle
from taama.collect.models import Quarantined, Submission
from taama.forms.models import FormDraft, Trial
from tests.collect.phone import BOUNDARY, VERSION, Phone, instance, multipart, text
from tests.forms.conftest import GOOD
from tests.forms.seen import LISTED, VILLAGES, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def attachments_apart(settings, tmp_path):
    settings.TAAMA_ATTACHMENTS_DIR = tmp_path / "attachments"


@pytest.fixture
def trial(sign_in, bring):
    """A draft's page, and a phone that tries it under the address that the page shows."""
    client = sign_in()
    address = bring(GOOD.format(form_id="count", version="1"))
    shown = page(client, f"{address}trial/")
    base = re.search(r"<code>http://testserver(/draft/[^<]+)</code>", shown)[1]
    return client, address, Phone(client, base)


def filled(identity="uuid:a", people=3):
    return (
        instance(identity, people=people)
        .replace(b"<photo></photo>", b"")
        .replace(b"<people>", b"<vu>oui</vu><people>")
    )


def test_a_phone_finds_the_draft_alone_and_byte_for_byte(trial, published):
    client, address, phone = trial
    published("other")
    listed = phone.get("/formList").content.decode()
    assert re.findall("<formID>(.*?)</formID>", listed) == ["count"]
    link = re.search("<downloadUrl>http://testserver(.*?)</downloadUrl>", listed)[1]
    assert client.get(link).content == bytes(FormDraft.objects.get().xform)
    assert client.get(f"{address}trial/code.svg")["Content-Type"] == "image/svg+xml"


def test_what_is_sent_is_shown_in_the_words_of_the_form_and_counted_nowhere(trial):
    client, address, phone = trial
    assert phone.head("/submission").status_code == 204
    answer = phone.send(filled(), files=[("p.jpg", b"12345")])
    assert answer.status_code == 201 and "Essai reçu" in text(answer)
    assert not Submission.objects.exists() and not Quarantined.objects.exists()
    shown = page(client, f"{address}trial/")
    assert "uuid:a" in shown and "p.jpg (5 octets)" in shown
    one = page(client, f"{address}trial/{Trial.objects.get().pk}/")
    assert "Vu ?" in one and ">Oui<" in one and "Combien ?" in one and ">3<" in one
    assert "uuid:a" not in page(client, "/submissions/")


def test_the_same_sent_twice_is_one_trial(trial):
    client, address, phone = trial
    for _ in range(2):
        assert phone.send(filled()).status_code == 201
    assert Trial.objects.count() == 1


def test_a_mended_draft_reaches_the_phone_under_another_hash(trial):
    client, address, phone = trial
    before = phone.get("/formList").content
    FormDraft.objects.update(xform=bytes(FormDraft.objects.get().xform) + b"\n")
    assert phone.get("/formList").content != before


def test_publishing_ends_the_trial_and_what_it_brought(trial):
    client, address, phone = trial
    phone.send(filled())
    client.post(f"{address}publish")
    assert not Trial.objects.exists()
    answer = phone.get("/formList")
    assert answer.status_code == 403 and "ne peut plus" in text(answer)
    assert phone.send(filled("uuid:b")).status_code == 403


def test_trials_go_after_a_month(trial):
    _, _, phone = trial
    phone.send(filled())
    Trial.objects.update(received_at=Trial.objects.get().received_at - timedelta(days=31))
    run_until_idle(["old drafts"])
    assert not Trial.objects.exists() and FormDraft.objects.exists()


def test_only_the_draft_that_the_address_names_is_reached(trial, client):
    _, _, phone = trial
    assert Phone(client, "/draft/" + "x" * 32).get("/formList").status_code == 403
    assert client.get(f"{phone.base}/formList").status_code == 400, "without the header of OpenRosa"


def test_what_is_no_instance_is_kept_as_it_came(trial):
    client, address, phone = trial
    assert phone.post(multipart(b"<broken")).status_code == 201
    assert "<broken" in page(client, f"{address}trial/{Trial.objects.get().pk}/")
    assert (
        client.post(
            f"{phone.base}/submission",
            b"",
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            headers=VERSION,
        ).status_code
        == 400
    )


def test_a_faulty_draft_is_not_tried(sign_in, bring):
    client = sign_in()
    address = bring("| survey |\n| | type | name | label |\n| | numeric | a | A |")
    shown = page(client, f"{address}trial/")
    assert "une fois converti sans erreur" in shown and "code.svg" not in shown


def test_files_of_the_draft_are_in_its_manifest(sign_in, bring):
    client = sign_in()
    address = bring(LISTED.format(1))
    phone = Phone(client, f"/draft/{FormDraft.objects.get().token}")
    assert b"<filename>" not in phone.get("/manifest").content
    from tests.forms.test_drafts import attach

    attach(client, f"{address}files", "villages.csv", VILLAGES)
    link = re.search(b"<downloadUrl>http://testserver(.*?)</downloadUrl>", phone.get("/manifest").content)[1]
    assert client.get(link.decode()).content == VILLAGES


def test_a_list_of_the_server_is_empty_in_a_trial(sign_in, bring):
    from taama.base.policy import OPERATOR
    from taama.entities.actions.lists import create_list

    client = sign_in()
    create_list(by=OPERATOR, name="villages", title="Villages", properties=[])
    bring(LISTED.format(1))
    phone = Phone(client, f"/draft/{FormDraft.objects.get().token}")
    assert phone.get("/media/villages.csv").content == b"name,label,__version\n"
