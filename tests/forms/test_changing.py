"""Closing, opening again, archiving and other files for what is published: said first, then done, and phones follow."""

import io
import re

import pytest

from taama.base.policy import OPERATOR
from taama.collect.models import Quarantined, Submission
from taama.forms.actions.publishing import publish_form
from tests.collect.phone import instance
from tests.forms.seen import LISTED, VILLAGES, listed, page

pytestmark = pytest.mark.django_db


def test_closing_is_explained_then_done_and_nothing_sent_later_is_lost(sign_in, new_phone, published):
    form, phone, client = published(), new_phone(), sign_in()
    said = page(client, f"/forms/{form.pk}/close")
    assert "reçu et mis de côté" in said and "modifications" in said
    assert listed(phone) == ["count"], "reading what it means changes nothing"
    assert client.post(f"/forms/{form.pk}/close").status_code == 302
    assert listed(phone) == [] and "Fermé" in page(client, "/forms/")
    shown = page(client, f"/forms/{form.pk}/")
    assert "aucun tant que le formulaire est fermé" in shown and "sur les téléphones" not in shown
    assert phone.send(instance("uuid:late")).status_code == 201
    assert Quarantined.objects.get().code == "collect.form_closed"
    client.post(f"/forms/{form.pk}/reopen")
    assert listed(phone) == ["count"]
    assert "sur les téléphones" in page(client, f"/forms/{form.pk}/")


def test_an_archived_form_leaves_the_list_and_keeps_its_submissions(sign_in, new_phone, published):
    form, phone, client = published(), new_phone(), sign_in()
    phone.send(instance("uuid:before"))
    client.post(f"/forms/{form.pk}/archive")
    assert listed(phone) == []
    assert "Comptage" not in page(client, "/forms/") and "Comptage" in page(client, "/forms/?archived=1")
    assert Submission.objects.filter(form_version__form=form).count() == 1
    assert "Rouvrir" in page(client, f"/forms/{form.pk}/")


def test_another_list_reaches_phones_under_another_hash_and_the_same_version(sign_in, new_phone):
    version = publish_form(
        by=OPERATOR, source=LISTED.format(1).encode(), filename="f.md", media={"villages.csv": VILLAGES}
    )
    phone, client = new_phone(), sign_in()
    before = phone.get(f"/forms/{version.pk}/manifest").content
    file = io.BytesIO(b"name,label\na,A\nb,B\n")
    file.name = "villages.csv"
    assert client.post(f"/forms/{version.form_id}/files", {"files": [file]}).status_code == 302
    after = phone.get(f"/forms/{version.pk}/manifest").content
    assert re.findall(rb"<hash>.*?</hash>", before) != re.findall(rb"<hash>.*?</hash>", after)
    assert b"b,B" in phone.get(f"/forms/{version.pk}/media/villages.csv").content
    version.refresh_from_db()
    assert version.current and version.version == "1"


def test_a_role_of_one_area_sees_forms_and_changes_none(sign_in, published):
    form, client = published(), sign_in("data_manager", "ML07@2021-12-20")
    shown = page(client, f"/forms/{form.pk}/")
    assert "Comptage" in shown and "Fermer…" not in shown and "Déposer" not in page(client, "/forms/")
    for turn in ("close", "archive"):
        assert client.get(f"/forms/{form.pk}/{turn}").status_code == 403
        assert client.post(f"/forms/{form.pk}/{turn}").status_code == 403
    form.refresh_from_db()
    assert form.state == "open"


def test_without_an_account_nothing_is_shown(client, published):
    assert client.get(f"/forms/{published().pk}/")["Location"].startswith("/account/login/")
