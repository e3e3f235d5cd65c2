"""Pages for data managers: what was sent, what was put aside, phones; for nobody else."""

import re

import pytest

from taama.base.models import Organisation
from taama.collect.models import Device, Finding, Quarantined, Submission
from tests.collect.phone import instance

pytestmark = pytest.mark.django_db


def page(answer):
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


ADDRESSES = ("/submissions/", "/submissions/aside/", "/phones/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_are_asked_to_sign_in_and_partners_refused(client, address, sign_in):
    assert client.get(address).status_code == 302
    assert sign_in("partner").get(address).status_code == 403


def test_the_list_shows_what_came_and_what_is_doubted(phone, form, sign_in):
    phone.send(instance("uuid:a"))
    Finding.objects.create(
        submission=Submission.objects.get(), level="error", code="collect.unreadable", values={"kind": "X"}
    )
    client = sign_in("data_manager")
    shown = page(client.get("/submissions/"))
    assert "Comptage" in shown and "gao-1" in shown
    assert "Comptage" in page(client.get("/submissions/?form=count&state=unread"))
    assert "gao-1" not in page(client.get("/submissions/?state=derived"))
    detail = page(client.get(f"/submissions/{Submission.objects.get().pk}/"))
    assert "&lt;people&gt;3&lt;/people&gt;" in detail
    assert "n&#x27;a pas pu être lu" in detail


def test_withdrawing_on_the_page(phone, form, sign_in):
    phone.send(instance("uuid:a"))
    client, key = sign_in("data_manager"), Submission.objects.get().pk
    assert client.post(f"/submissions/{key}/withdraw", {"reason": ""}).status_code == 400
    answer = client.post(f"/submissions/{key}/withdraw", {"reason": "mauvais village"}, follow=True)
    assert "mauvais village" in page(answer)
    assert Submission.objects.get().state == "withdrawn"


def test_what_is_put_aside_is_shown_escaped_and_settled(phone, form, sign_in):
    nasty = b"<data id='count' version='1'><people><script>alert(1)</script>"
    phone.send(nasty)
    phone.send(instance("uuid:a", version="9"))
    client = sign_in("data_manager")
    assert page(client.get("/submissions/aside/")).count("/submissions/aside/0") == 2
    broken, late = Quarantined.objects.order_by("received_at")
    shown = page(client.get(f"/submissions/aside/{broken.pk}/"))
    assert "<script>" not in shown, "what came is shown, never run"
    assert "&lt;script&gt;" in shown
    assert client.get(f"/submissions/aside/{broken.pk}/xml").content == nasty
    answer = client.post(f"/submissions/aside/{broken.pk}/discard", {"reason": "essai"}, follow=True)
    assert page(answer).count("/submissions/aside/0") == 1
    assert client.post(f"/submissions/aside/{late.pk}/release", follow=True).status_code == 200
    assert "Rien en attente" in page(client.get("/submissions/aside/")) or "Nothing waits" in page(
        client.get("/submissions/aside/")
    )


def test_a_phone_is_made_on_the_page_and_its_secret_shown_once(form, sign_in, organisation):
    client = sign_in("data_manager")
    shown = page(client.post("/phones/", {"name": "mopti-1", "label": "", "organisation": organisation.pk}))
    device = Device.objects.get(username="mopti-1")
    assert re.search(r"<dd><code>[\w-]{24}</code></dd>", shown)
    code = client.get(f"/phones/{device.pk}/code.svg")
    assert (
        code["Content-Type"] == "image/svg+xml" and b"<svg" in code.content and b"style=" not in code.content
    )
    assert "no-store" in code["Cache-Control"]
    assert not re.search(r"<dd><code>[\w-]{24}</code></dd>", page(client.get("/phones/")))
    client.post(f"/phones/{device.pk}/", {"label": "Samsung 4", "team": "Mopti 2", "area": ""})
    shown = page(client.get(f"/phones/{device.pk}/"))
    assert 'value="Samsung 4"' in shown and 'value="Mopti 2"' in shown and "code.svg" in shown
    assert "Mopti 2" in page(client.get("/phones/"))
    client.post(f"/phones/{device.pk}/revoke")
    assert Device.objects.get(username="mopti-1").revoked_at
    assert client.get(f"/phones/{device.pk}/code.svg").status_code == 404


def test_nothing_there_is_404(sign_in):
    client, nobody = sign_in("data_manager"), "00000000-0000-7000-8000-000000000000"
    for address in (f"/submissions/{nobody}/", f"/submissions/aside/{nobody}/", f"/phones/{nobody}/code.svg"):
        assert client.get(address).status_code == 404


def test_an_information_officer_reads_and_decides_nothing(phone, form, sign_in):
    phone.send(instance("uuid:a"))
    phone.send(b"<broken")
    client, key = sign_in("information_officer"), Submission.objects.get().pk
    shown = page(client.get("/submissions/")) + page(client.get(f"/submissions/{key}/"))
    assert "/submissions/aside/" not in shown and "/withdraw" not in shown
    assert client.get("/submissions/aside/").status_code == 403
    assert client.post(f"/submissions/{key}/withdraw", {"reason": "x"}).status_code == 403


def test_a_data_manager_chooses_among_the_organisations(sign_in, organisation):
    Organisation.objects.create(code="drc", name="Conseil danois", kind="ngo")
    shown = page(sign_in("data_manager").get("/phones/"))
    assert "OIM" in shown and "Conseil danois" in shown
