"""Withdrawing, erasing and discarding on pages: what will happen is said first, a reason is wanted, roles hold."""

import re

import pytest

from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import JournalDetail, JournalEntry
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.collect.actions.removal import erase_quarantined
from taama.collect.models import Attachment, Quarantined, Submission
from tests.collect.phone import instance

pytestmark = pytest.mark.django_db
MANAGER = Viewer("signed_in", "u1", (Standing("iom", "data_manager"),))


def text(answer):
    """What a page says, without markup and with plain spaces."""
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()).replace("&#x27;", "'"))


@pytest.fixture
def sent(phone, form):
    """One submission with a file, its edit, and another of the same name that was put aside."""
    phone.send(instance("uuid:1", people=3), [("a.jpg", b"a face")])
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    phone.send(instance("uuid:1", people=4))
    return Submission.objects.get(instance_id="uuid:2")


@pytest.fixture
def item(phone, form):
    phone.send(instance("uuid:a", form="nowhere"), [("a.jpg", b"a face")])
    return Quarantined.objects.get(instance_id="uuid:a")


def test_withdrawing_is_explained_before_it_is_done(sent, sign_in):
    client, address = sign_in("data_manager"), f"/submissions/{sent.pk}/withdraw"
    assert address in client.get(f"/submissions/{sent.pk}/").content.decode()
    said = text(client.get(address))
    assert "constats sont retirés des données" in said
    assert "chiffres déjà publiés restent tels quels, avec la marque « source retirée »" in said
    assert "irréversible" not in said
    assert Submission.objects.get(pk=sent.pk).state == "unread", "looking changes nothing"
    assert client.post(address, {"reason": " "}).status_code == 400
    assert client.post(address, {"reason": "mauvais village"}).status_code == 302
    gone = Submission.objects.get(pk=sent.pk)
    assert (gone.state, gone.reason, bool(gone.raw)) == ("withdrawn", "mauvais village", True)
    after = client.get(f"/submissions/{sent.pk}/").content.decode()
    assert "mauvais village" in after and address not in after


def test_erasing_says_what_goes_with_it_and_that_it_is_final(sent, sign_in):
    client, address = sign_in("administrator"), f"/submissions/{sent.pk}/erase"
    assert address in client.get(f"/submissions/{sent.pk}/").content.decode()
    said = text(client.get(address))
    assert "Cette action est irréversible" in said and "source retirée" in said
    assert "1 autre version de cet envoi" in said and "1 envoi mis de côté" in said
    refused = client.post(address, {"reason": "la personne l'a demandé"})
    assert refused.status_code == 400 and "n&#x27;a pas été confirmé" in refused.content.decode()
    assert Submission.objects.filter(raw=None).count() == 0
    assert client.post(address, {"reason": "la personne l'a demandé", "sure": "yes"}).status_code == 302
    assert set(Submission.objects.values_list("state", "raw", "reason")) == {
        ("erased", None, "la personne l'a demandé")
    }
    assert Quarantined.objects.get().state == "erased" and not Attachment.objects.exists()
    assert JournalEntry.objects.filter(action="collect.erase_submission").count() == 3
    assert "/erase" not in client.get(f"/submissions/{sent.pk}/").content.decode()


def test_what_was_withdrawn_can_be_erased_later(sent, sign_in):
    client = sign_in("administrator")
    client.post(f"/submissions/{sent.pk}/withdraw", {"reason": "x"})
    assert f"/submissions/{sent.pk}/erase" in client.get(f"/submissions/{sent.pk}/").content.decode()
    client.post(f"/submissions/{sent.pk}/erase", {"reason": "x", "sure": "yes"})
    assert Submission.objects.get(pk=sent.pk).state == "erased"


def test_a_data_manager_withdraws_and_does_not_erase(sent, item, sign_in):
    client = sign_in("data_manager")
    for address in (f"/submissions/{sent.pk}/erase", f"/submissions/aside/{item.pk}/erase"):
        assert address not in client.get(address.removesuffix("erase")).content.decode()
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "x", "sure": "yes"}).status_code == 403
    with pytest.raises(NotAllowed):
        erase_quarantined(by=MANAGER, quarantined=item, reason="x")
    assert item.raw and Submission.objects.filter(raw=None).count() == 0


def test_an_information_officer_finds_no_way_to_remove(sent, sign_in):
    client = sign_in("information_officer")
    shown = client.get(f"/submissions/{sent.pk}/").content.decode()
    assert "/withdraw" not in shown and "/erase" not in shown
    assert client.get(f"/submissions/{sent.pk}/withdraw").status_code == 403


def test_discarding_is_explained_and_keeps_the_bytes_for_a_month(item, sign_in):
    client, address = sign_in("data_manager"), f"/submissions/aside/{item.pk}/discard"
    assert "gardé 30 jours" in text(client.get(address))
    assert client.post(address, {"reason": "essai"}).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.reason, bool(item.raw)) == ("discarded", "essai", True)


def test_erasing_what_was_put_aside_leaves_nothing_of_it(item, phone, sign_in):
    phone.send(bytes(item.raw), [("b.jpg", b"another face")], query="?deviceID=imei")
    twin = Quarantined.objects.create(
        code="collect.form_closed", instance_id="uuid:b", raw=item.raw, sha256=item.sha256,
        received_at=item.received_at, device=item.device,
    )  # fmt: skip
    client, address = sign_in("administrator"), f"/submissions/aside/{item.pk}/erase"
    said = text(client.get(address))
    assert "Cette action est irréversible" in said and "1 envoi mis de côté" in said and "2 fichiers" in said
    assert client.post(address, {"reason": "la personne l'a demandé", "sure": "yes"}).status_code == 302
    for one in (item, twin):
        one.refresh_from_db()
        assert (one.state, one.raw, one.client_device) == ("erased", None, "")
        assert one.reason == "la personne l'a demandé"
    assert not Attachment.objects.exists()
    assert not JournalDetail.objects.filter(entry__object_type="collect.quarantined").exists()
    assert JournalEntry.objects.filter(action="collect.erase_quarantined").count() == 2
    with pytest.raises(TaamaError) as caught:
        erase_quarantined(by=OPERATOR, quarantined=item, reason="again")
    assert caught.value.code == "collect.settled_already"


def test_what_expired_says_so_in_words(item, sign_in):
    Quarantined.objects.update(state="erased", raw=None, reason="expired")
    said = text(sign_in("data_manager").get(f"/submissions/aside/{item.pk}/"))
    assert "Effacé: sa durée de conservation est passée" in said.replace(" :", ":")
