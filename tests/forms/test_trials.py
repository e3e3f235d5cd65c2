"""A draft on a phone: under an address of its own, and what is sent to it stands apart."""

import hashlib
import io
import re
from datetime import timedelta

import pytest

from taama.base.messages import day
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.models import Quarantined, Submission
from taama.forms.actions.publishing import publish_form
from taama.forms.models import FormDraft, FormMedia, Trial
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
    from taama.entities.actions.lists import create_list

    client = sign_in()
    create_list(by=OPERATOR, name="villages", title="Villages", properties=[])
    bring(LISTED.format(1))
    phone = Phone(client, f"/draft/{FormDraft.objects.get().token}")
    assert phone.get("/media/villages.csv").content == b"name,label,__version\n"


def test_a_list_of_the_published_version_is_for_phones_with_an_account(sign_in, bring):
    secret = b"name,label\r\nv1,Kidal\r\n"
    publish_form(
        by=OPERATOR, source=LISTED.format(1).encode(), filename="l.md", media={"villages.csv": secret}
    )
    client = sign_in()
    address = bring(LISTED.format(2))
    draft = FormDraft.objects.get()
    phone = Phone(client, f"/draft/{draft.token}")
    copied = phone.get("/media/villages.csv").content
    assert copied == b"name,label\n"
    told = re.search(r"<hash>md5:(.*?)</hash>", phone.get("/manifest").content.decode())[1]
    assert told == hashlib.md5(copied).hexdigest()
    file = io.BytesIO(secret)
    file.name = "villages.csv"
    client.post(f"{address}files", {"files": [file]})
    assert phone.get("/media/villages.csv").content == secret, "its author wants it tried with it"
    client.post(f"{address}publish")
    assert bytes(FormMedia.objects.get(form_version__version="2").content) == secret


def test_publishing_takes_the_whole_list_that_a_trial_does_not_show(sign_in, bring):
    secret = b"name,label\nv1,Kidal\n"
    publish_form(
        by=OPERATOR, source=LISTED.format(1).encode(), filename="l.md", media={"villages.csv": secret}
    )
    client = sign_in()
    client.post(f"{bring(LISTED.format(2))}publish")
    assert bytes(FormMedia.objects.get(form_version__version="2").content) == secret


def test_an_address_ends_a_month_after_the_draft_was_changed(trial):
    client, address, phone = trial
    changed = FormDraft.objects.get().changed_at
    FormDraft.objects.update(changed_at=changed - timedelta(days=29))
    assert phone.get("/formList").status_code == 200
    FormDraft.objects.update(changed_at=changed - timedelta(days=31))
    assert phone.get("/formList").status_code == 403
    assert phone.send(filled()).status_code == 403 and not Trial.objects.exists()
    assert day(changed - timedelta(days=1), "fr").replace("1er ", "1 ") in page(client, f"{address}trial/")
    client.post(address, {})
    run_until_idle(["drafts"])
    assert phone.get("/formList").status_code == 200


def test_strangers_fill_no_disk(trial, monkeypatch):
    _, _, phone = trial
    monkeypatch.setattr("taama.forms.actions.drafts.MOST_BYTES", 3_000)
    monkeypatch.setattr("taama.forms.actions.drafts.MOST_NAMES", 5)
    for n in range(6):
        assert phone.send(filled(f"uuid:{n}") + b" " * 900).status_code == 201
    kept = Trial.objects.order_by("received_at")
    assert 0 < sum(len(one.raw) for one in kept) <= 3_000
    assert kept.last().instance_id == "uuid:5", "the latest stays"
    for n in range(4):
        files = [(f"{n}-{k}.jpg", b"1") for k in range(3)]
        assert phone.send(filled("uuid:5") + b" " * 900, files=files).status_code == 201
    assert len(kept.last().files) == 5
