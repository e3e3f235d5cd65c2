"""Settling what was put aside, withdrawing and erasing: decided by people, journalled, and final where it must be."""

import os
import time
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from taama.base import files
from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import JournalDetail, JournalEntry
from taama.base.policy import OPERATOR, WORKER, Standing, Viewer
from taama.collect.actions.quarantine import discard_quarantined, release_quarantined
from taama.collect.actions.removal import (
    erase_expired,
    erase_submission,
    forget_files,
    withdraw_submission,
)
from taama.collect.commands import submission
from taama.collect.models import Attachment, Finding, Quarantined, Submission
from taama.forms.actions.publishing import close_form
from taama.forms.models import Form
from tests.collect.phone import instance, sha256

pytestmark = pytest.mark.django_db
MANAGER = Viewer("signed_in", "u1", (Standing("iom", "data_manager"),))


def the(instance_id):
    return Submission.objects.get(instance_id=instance_id)


def aside():
    return Quarantined.objects.get(state="waiting")


def age(address, seconds=7200):
    then = time.time() - seconds
    os.utime(files.path_of(address), (then, then))


def test_a_late_answer_to_a_closed_form_is_accepted_by_a_manager(phone, form):
    close_form(by=OPERATOR, form=form)
    xml = instance("uuid:a")
    phone.send(xml, [("a.jpg", b"photo")])
    waiting = aside()
    accepted = release_quarantined(by=MANAGER, quarantined=waiting)
    assert (accepted.instance_id, bytes(accepted.raw), accepted.received_at) == (
        "uuid:a",
        xml,
        waiting.received_at,
    )
    assert accepted.attachments.get().filename == "a.jpg"
    assert (
        JournalEntry.objects.get(action="collect.release_quarantined", object_id=str(accepted.pk)).actor
        == "u1"
    )
    assert phone.send(xml).status_code == 201
    assert not Quarantined.objects.filter(state="waiting").exists()


def test_an_unknown_version_is_read_with_the_current_one(phone, form):
    phone.send(instance("uuid:a", version="9"))
    assert release_quarantined(by=MANAGER, quarantined=aside()).form_version.version == "1"


def test_contradicting_bytes_replace_the_first_when_a_manager_says_so(phone, form):
    phone.send(instance("uuid:a", people=3))
    better = instance("uuid:a", people=4)
    phone.send(better)
    accepted = release_quarantined(by=MANAGER, quarantined=aside())
    assert accepted.replaces == the("uuid:a")
    assert the("uuid:a").state == "replaced"
    assert bytes(accepted.raw) == better


def test_what_was_released_is_received_when_its_phone_sends_it_again(phone, form):
    phone.send(instance("uuid:a", people=3))
    better = instance("uuid:a", people=4, photo="a.jpg")
    assert phone.send(better).status_code == 409
    accepted = release_quarantined(by=MANAGER, quarantined=aside())
    assert phone.send(better, [("a.jpg", b"photo")]).status_code == 201
    assert accepted.attachments.get().filename == "a.jpg" and Submission.objects.count() == 2
    withdraw_submission(by=MANAGER, submission=accepted, reason="wrong village")
    assert phone.send(better).status_code == 409


def test_a_second_edit_replaces_the_current_version_when_a_manager_says_so(phone, form):
    phone.send(instance("uuid:1"))
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    phone.send(instance("uuid:3", deprecated="uuid:1"))
    assert release_quarantined(by=MANAGER, quarantined=aside()).replaces == the("uuid:2")


def test_withdrawn_by_mistake_comes_back(phone, form):
    xml = instance("uuid:a")
    phone.send(xml)
    withdraw_submission(by=MANAGER, submission=the("uuid:a"), reason="wrong village")
    phone.send(xml)
    accepted = release_quarantined(by=MANAGER, quarantined=aside())
    assert (accepted.state, bytes(accepted.raw)) == ("unread", xml)


@pytest.mark.parametrize(
    ("xml", "code"),
    [(b"<broken", "collect.cannot_release"), (instance(form="nowhere"), "collect.form_unknown")],
)
def test_what_cannot_be_read_stays_aside(phone, form, xml, code):
    phone.send(xml)
    with pytest.raises(TaamaError) as caught:
        release_quarantined(by=MANAGER, quarantined=aside())
    assert caught.value.code == code
    assert aside()


def test_discarding_wants_a_reason_and_keeps_the_bytes_for_a_month(phone, form):
    phone.send(b"<broken")
    with pytest.raises(TaamaError):
        discard_quarantined(by=MANAGER, quarantined=aside(), reason=" ")
    item = discard_quarantined(by=MANAGER, quarantined=aside(), reason="essai")
    assert phone.send(b"<broken").status_code == 201
    item.refresh_from_db()
    assert (item.state, bytes(item.raw)) == ("discarded", b"<broken")
    assert erase_expired(by=WORKER) == 0
    assert erase_expired(by=WORKER, now=timezone.now() + timedelta(days=31)) == 1
    item.refresh_from_db()
    assert (item.state, item.raw) == ("erased", None)
    phone.send(b"<broken")
    assert bytes(aside().raw) == b"<broken", "sent again after that, it waits again"


def test_settled_is_settled(phone, form):
    phone.send(b"<broken")
    item = discard_quarantined(by=MANAGER, quarantined=aside(), reason="essai")
    for settle in (release_quarantined, lambda **a: discard_quarantined(reason="x", **a)):
        with pytest.raises(TaamaError):
            settle(by=MANAGER, quarantined=item)


def test_withdrawing_keeps_the_bytes_and_says_why(phone, form):
    phone.send(instance("uuid:a"))
    Submission.objects.update(attempted=True)
    withdraw_submission(by=MANAGER, submission=the("uuid:a"), reason="wrong village")
    kept = the("uuid:a")
    assert (kept.state, kept.reason, kept.attempted) == ("withdrawn", "wrong village", True)
    assert kept.raw
    changes = JournalEntry.objects.get(action="collect.withdraw_submission").detail.changes
    assert changes["reason"] == ["", "wrong village"]
    with pytest.raises(TaamaError):
        withdraw_submission(by=MANAGER, submission=the("uuid:a"), reason="again")


def test_erasing_leaves_nothing_of_the_person(phone, form, django_capture_on_commit_callbacks):
    shared, own = b"the same picture", b"a face"
    phone.send(instance("uuid:1"), [("own.jpg", own), ("shared.jpg", shared)], query="?deviceID=imei")
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    phone.send(instance("uuid:1", people=99), [("own.jpg", own)])
    phone.send(instance("uuid:other"), [("shared.jpg", shared)])
    Finding.objects.create(submission=the("uuid:1"), level="warning", code="x", values={"name": "secret"})
    withdraw_submission(by=OPERATOR, submission=the("uuid:2"), reason="a name stands here")
    age(sha256(own))
    age(sha256(shared))
    with django_capture_on_commit_callbacks(execute=True):
        erase_submission(by=OPERATOR, submission=the("uuid:2"), reason="asked for")
    for name in ("uuid:1", "uuid:2"):
        gone = the(name)
        assert (gone.raw, gone.state, gone.client_device, gone.reason) == (None, "erased", "", "asked for")
    erased = Quarantined.objects.get()
    assert (erased.raw, erased.state) == (None, "erased")
    assert not Finding.objects.exists()
    assert set(Attachment.objects.values_list("submission__instance_id", flat=True)) == {"uuid:other"}
    assert not files.path_of(sha256(own)).exists()
    assert files.path_of(sha256(shared)).read_bytes() == shared
    details = JournalDetail.objects.filter(
        entry__object_type__in=["collect.submission", "collect.quarantined"]
    )
    assert "a name stands here" not in str([d.changes for d in details])
    assert the("uuid:other").raw


def test_only_an_administrator_erases(phone, form):
    phone.send(instance("uuid:a"))
    with pytest.raises(NotAllowed):
        erase_submission(by=MANAGER, submission=the("uuid:a"), reason="x")


def test_a_form_that_keeps_a_year_forgets_after_a_year(phone, form):
    phone.send(instance("uuid:old"))
    phone.send(instance("uuid:new"))
    Form.objects.update(keep_days=365)
    year_ago = timezone.now() - timedelta(days=366)
    Submission.objects.filter(instance_id="uuid:old").update(received_at=year_ago, attempted=True)
    assert erase_expired(by=WORKER) == 1
    assert erase_expired(by=WORKER) == 0
    assert (the("uuid:old").state, the("uuid:old").raw, the("uuid:old").attempted) == ("erased", None, True)
    assert the("uuid:new").raw


def test_files_of_broken_requests_go_and_young_ones_stay(phone, form):
    phone.send(instance("uuid:a"), [("a.jpg", b"needed")])
    for content in (b"old orphan", b"young orphan"):
        incoming = files.Incoming()
        incoming.write(content)
        incoming.keep()
    age(sha256(b"old orphan"))
    age(sha256(b"needed"))
    assert forget_files(by=WORKER, addresses=list(files.addresses())) == 1
    assert sorted(files.addresses()) == sorted([sha256(b"needed"), sha256(b"young orphan")])


def removed_and_released(phone, remove):
    """One instance, taken out and then taken in again under a name made of its bytes. Returns the bytes."""
    xml = instance("uuid:a")
    phone.send(xml, [("a.jpg", b"a face")])
    remove(by=OPERATOR, submission=the("uuid:a"), reason="x")
    assert phone.send(xml, [("a.jpg", b"a face")]).status_code == 409
    release_quarantined(by=MANAGER, quarantined=aside())
    return xml


def assert_nothing_kept():
    assert not Submission.objects.exclude(raw=None).exists()
    assert not Quarantined.objects.exclude(raw=None).exists()
    assert not Attachment.objects.exists()
    assert set(Quarantined.objects.values_list("state", flat=True)) == {"erased"}


def test_what_was_released_is_kept_once(phone, form):
    xml = removed_and_released(phone, withdraw_submission)
    settled = Quarantined.objects.get()
    assert (settled.state, settled.raw, settled.content_digest) == ("released", None, sha256(xml))


@pytest.mark.parametrize("remove", [withdraw_submission, erase_submission])
@pytest.mark.parametrize("asked", ["its own name", "the derived name"])
def test_erasing_takes_the_same_bytes_under_every_name(phone, form, remove, asked):
    removed_and_released(phone, remove)
    derived = Submission.objects.exclude(instance_id="uuid:a").get()
    named = derived if asked == "the derived name" else the("uuid:a")
    erase_submission(by=OPERATOR, submission=named, reason="asked for")
    assert_nothing_kept()


def test_erased_and_sent_again_can_be_erased_from_where_it_waits(phone, form):
    xml = removed_and_released(phone, erase_submission)
    erase_submission(by=OPERATOR, submission=the("uuid:a"), reason="asked for")
    phone.send(xml)
    assert bytes(aside().raw) == xml, "what comes again waits again"
    erase_submission(by=OPERATOR, submission=the("uuid:a"), reason="asked for")
    assert_nothing_kept()


def test_what_waits_is_kept_no_longer_than_its_form_says(phone, form, settings):
    settings.TAAMA_KEEP_ASIDE_DAYS = 1000
    phone.send(instance("uuid:old", version="9"))
    phone.send(instance("uuid:new", version="9"))
    phone.send(instance("uuid:foreign", form="nowhere"))
    Form.objects.update(keep_days=365)
    ago = timezone.now() - timedelta(days=366)
    Quarantined.objects.exclude(instance_id="uuid:new").update(received_at=ago)
    assert erase_expired(by=WORKER) == 1
    assert erase_expired(by=WORKER) == 0
    states = dict(Quarantined.objects.values_list("instance_id", "state"))
    assert states == {"uuid:old": "erased", "uuid:new": "waiting", "uuid:foreign": "waiting"}
    assert Quarantined.objects.get(instance_id="uuid:old").raw is None


def ask(*arguments):
    return CliRunner().invoke(submission, arguments)


@pytest.mark.parametrize("by_key", [False, True])
@pytest.mark.parametrize(("word", "state"), [("withdraw", "withdrawn"), ("erase", "erased")])
def test_a_submission_is_taken_out_by_command(phone, form, word, state, by_key):
    phone.send(instance("uuid:a"))
    phone.send(instance("uuid:b"))
    sure = ["--yes"] if word == "erase" else []
    done = ask(word, str(the("uuid:a").pk) if by_key else "uuid:a", "--reason", "la personne l'a demandé", *sure)
    assert done.exit_code == 0, done.output
    assert (the("uuid:a").state, the("uuid:a").reason) == (state, "la personne l'a demandé")
    assert the("uuid:b").state == "unread"


def test_a_submission_is_erased_only_when_the_person_is_sure(phone, form):
    phone.send(instance("uuid:a"))
    words = [submission, ["erase", "uuid:a", "--reason", "x"]]
    kept = CliRunner().invoke(*words, input="non\n")
    assert kept.exit_code == 1 and "Personne ne pourra le rétablir" in kept.output
    assert the("uuid:a").state == "unread"
    assert CliRunner().invoke(*words, input="Oui\n").exit_code == 0
    assert the("uuid:a").state == "erased"
    assert "Déjà effacé" in CliRunner().invoke(*words, input="Oui\n").output


@pytest.mark.parametrize("word", ["withdraw", "erase"])
def test_the_commands_say_what_they_miss(phone, form, word):
    phone.send(instance("uuid:a"))
    assert ask(word, "uuid:a").exit_code == 2, "no reason"
    unknown = ask(word, "uuid:nobody", "--reason", "x").exception
    assert (unknown.code, unknown.values) == ("collect.submission_unknown", {"name": "uuid:nobody"})
    assert the("uuid:a").state == "unread"


def test_one_phone_does_not_fill_the_quarantine(phone, form, settings):
    settings.TAAMA_ASIDE_PER_PHONE = 2
    close_form(by=OPERATOR, form=form)
    sent = [instance(f"uuid:{name}") for name in "abc"]
    answers = [phone.send(xml) for xml in sent]
    assert [a.status_code for a in answers] == [201, 201, 403]
    assert "reste sur le téléphone" in answers[2].content.decode()
    assert phone.send(sent[0]).status_code == 201, "what waits already is received once more"
    discard_quarantined(by=MANAGER, quarantined=Quarantined.objects.get(instance_id="uuid:a"), reason="essai")
    assert phone.send(sent[2]).status_code == 201, "there is room again"
    assert set(Quarantined.objects.filter(state="waiting").values_list("instance_id", flat=True)) == {
        "uuid:b", "uuid:c"}  # fmt: skip


def test_files_count_in_what_one_phone_may_have_waiting(phone, form, settings):
    settings.TAAMA_ASIDE_MEGABYTES_PER_PHONE = 1
    close_form(by=OPERATOR, form=form)
    for _ in ("first", "the answer was lost on its way"):
        sent = phone.send(instance("uuid:a", photo="a.jpg"), [("a.jpg", bytes(1_000_000))])
        assert sent.status_code == 201
    assert phone.send(instance("uuid:b")).status_code == 403
    assert phone.send(instance("uuid:a", photo="a.jpg"), [("b.jpg", b"more")]).status_code == 403
    settings.TAAMA_ASIDE_MEGABYTES_PER_PHONE = 0
    assert phone.send(instance("uuid:b")).status_code == 201
