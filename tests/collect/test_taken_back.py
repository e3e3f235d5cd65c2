"""What was discarded by mistake is found again, and waits again."""

import re

import pytest
from click.testing import CliRunner

from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.collect.actions.quarantine import discard_quarantined, release_quarantined, take_back_discarded
from taama.collect.commands import submission as command
from taama.collect.models import Quarantined, Submission
from taama.forms.actions.publishing import close_form
from taama.phones.actions import create_device
from tests.collect.phone import Phone, instance

pytestmark = pytest.mark.django_db
GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"
MANAGER = Viewer("signed_in", "u1", (Standing("iom", "data_manager"),))


def text(answer):
    """What a page says, without markup and with plain spaces."""
    assert answer.status_code == 200, answer.content[:300]
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&#x27;", "'")
    return re.sub(r"\s+", " ", plain)


def test_what_was_discarded_is_listed_with_who_did_it_and_waits_again(phone, form, sign_in):
    phone.send(instance("uuid:a", version="9"))
    item, client = Quarantined.objects.get(), sign_in("data_manager", name="awa")
    assert "Remettre en attente" not in text(client.get(f"/submissions/aside/{item.pk}/"))
    client.post(f"/submissions/aside/{item.pk}/discard", {"reason": "essai du matin"})
    listed = client.get("/submissions/aside/discarded")
    assert "essai du matin" in text(listed) and "awa" in text(listed)
    assert f"/submissions/aside/{item.pk}/" in listed.content.decode()
    assert "/submissions/aside/discarded" in client.get("/submissions/aside/").content.decode()
    assert "Remettre en attente" in text(client.get(f"/submissions/aside/{item.pk}/"))
    given = {"reason": "ce n'était pas un essai"}
    after = client.post(f"/submissions/aside/{item.pk}/take-back", given, follow=True)
    assert "attend de nouveau" in text(after) and "Accepter cet envoi" in text(after)
    item.refresh_from_db()
    assert (item.state, item.settled_at) == ("waiting", None)
    entry = JournalEntry.objects.get(action="collect.take_back_discarded", object_id=str(item.pk))
    assert entry.detail.changes["reason"] == ["essai du matin", "ce n'était pas un essai"]
    assert "essai du matin" not in text(client.get("/submissions/aside/discarded"))
    release_quarantined(by=MANAGER, quarantined=item)
    assert Submission.objects.get().instance_id == "uuid:a"


def test_a_full_phone_does_not_keep_what_was_discarded_from_waiting_again(phone, form, settings):
    settings.TAAMA_ASIDE_PER_PHONE = 1
    close_form(by=OPERATOR, form=form)
    phone.send(instance("uuid:a"))
    first = discard_quarantined(by=MANAGER, quarantined=Quarantined.objects.get(), reason="essai")
    phone.send(instance("uuid:b"))
    take_back_discarded(by=MANAGER, quarantined=first)
    assert Quarantined.objects.filter(state="waiting").count() == 2


def test_only_what_is_discarded_and_within_reach_is_taken_back(mali, client, organisation, form, sign_in):
    device = create_device(by=OPERATOR, username="gao", organisation=organisation, area=GAO)
    Phone(client, f"/key/{device.token}").send(instance("uuid:a", version="9"))
    item = Quarantined.objects.get()
    with pytest.raises(TaamaError) as caught:
        take_back_discarded(by=MANAGER, quarantined=item)
    assert caught.value.code == "collect.not_discarded"
    discard_quarantined(by=MANAGER, quarantined=item, reason="essai")
    with pytest.raises(NotAllowed):
        elsewhere = Viewer("signed_in", "u2", (Standing("iom", "data_manager", MOPTI),))
        take_back_discarded(by=elsewhere, quarantined=item)
    sign_in("data_manager", area=MOPTI)
    assert client.post(f"/submissions/aside/{item.pk}/take-back").status_code == 404
    assert str(item.pk) not in client.get("/submissions/aside/discarded").content.decode()
    assert sign_in("information_officer").get("/submissions/aside/discarded").status_code == 403
    item.refresh_from_db()
    assert item.state == "discarded"


def test_the_command_says_that_it_was_discarded_and_where_to_go(phone, form, tmp_path):
    phone.send(b"<broken")
    item = discard_quarantined(by=MANAGER, quarantined=Quarantined.objects.get(), reason="essai")
    (tmp_path / "mended.xml").write_bytes(instance("uuid:a"))
    words = ["mend", str(item.pk), str(tmp_path / "mended.xml"), "--reason", "balise perdue"]
    assert CliRunner().invoke(command, words).exception.code == "collect.discarded_before"


def test_the_desk_sees_which_phone_is_full_and_what_to_do(phone, new_device, form, sign_in, settings):
    settings.TAAMA_ASIDE_PER_PHONE = 2
    close_form(by=OPERATOR, form=form)
    client = sign_in("data_manager")
    pages = ("/submissions/aside/", f"/phones/{new_device.device.pk}/")
    phone.send(instance("uuid:a"))
    assert all("Plus rien n'est mis de côté" not in text(client.get(page)) for page in pages)
    phone.send(instance("uuid:b"))
    assert phone.send(instance("uuid:c")).status_code == 403
    for page in pages:
        said = text(client.get(page))
        assert "le téléphone gao-1 : 2 de ses envois attendent ici" in said and "2 envois" in said
        assert "/submissions/aside/?device=gao-1" in client.get(page).content.decode()
