"""What is kept out leaves the figures and comes back when it is let in, now and in a table derived as of a moment."""

import pytest

from taama.base import journal
from taama.base.errors import TaamaError
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.actions.keeping_out import keep_out, let_in, take_correction
from taama.collect.actions.removal import withdraw_submission
from taama.collect.models import Submission
from taama.facts import engines, registry
from taama.project.rebuilding import derived_frames
from tests.collect.phone import instance
from tests.collect.toy import COUNT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("test_tools")]


def people():
    return sorted(engines.collect(engines.read(COUNT))["people"].to_list())


@pytest.fixture
def two(publish, phone):
    publish(tool="toy")
    for n in (3, 5):
        phone.send(instance(f"uuid:{n}", people=n))
    run_until_idle()
    return [Submission.objects.get(instance_id=f"uuid:{n}") for n in (3, 5)]


def test_facts_leave_and_come_back(two):
    keep_out(by=OPERATOR, submissions=[two[0]], reason="doubtful")
    run_until_idle()
    assert people() == [5]
    let_in(by=OPERATOR, submissions=[Submission.objects.get(pk=two[0].pk)])
    run_until_idle()
    assert people() == [3, 5]


def test_a_table_as_of_a_moment_knows_what_was_kept_out_then(two):
    keep_out(by=OPERATOR, submissions=[two[0]], reason="doubtful")
    journal.seal()
    then = journal.position()
    let_in(by=OPERATOR, submissions=[Submission.objects.get(pk=two[0].pk)])
    run_until_idle()
    journal.seal()
    assert derived_frames(as_of=then)["test.toy"]["people"].to_list() == [5]
    assert sorted(derived_frames(as_of=journal.position())["test.toy"]["people"].to_list()) == [3, 5]


def test_what_is_gone_is_not_decided_on(two):
    withdraw_submission(by=OPERATOR, submission=two[0], reason="test")
    with pytest.raises(TaamaError, match="no_longer_current"):
        keep_out(by=OPERATOR, submissions=two, reason="doubtful")
    assert Submission.objects.get(pk=two[1].pk).state == "derived"


def waits(viewer, submissions):
    return {one.pk: "approval" for one in submissions if one.instance_id == "uuid:5"}


def test_a_gate_keeps_facts_back_until_somebody_lets_them_in(publish, phone, monkeypatch):
    monkeypatch.setattr(registry, "_GATES", {"test": f"{__name__}.waits"})
    publish(tool="toy")
    for n in (3, 5):
        phone.send(instance(f"uuid:{n}", people=n))
    run_until_idle()
    assert people() == [3]
    kept = Submission.objects.get(instance_id="uuid:5")
    assert (kept.state, kept.reason) == ("kept_out", "approval")


def test_a_correction_of_one_answer_keeps_the_photo(publish, phone):
    publish()
    phone.send(instance("uuid:1", photo="a.jpg"), [("a.jpg", b"photo"), ("b.jpg", b"other")])
    made = take_correction(
        by=OPERATOR,
        submission=Submission.objects.get(instance_id="uuid:1"),
        raw=instance("uuid:2", people=4, photo="a.jpg", deprecated="uuid:1"),
    )
    assert made.attachments.get().filename == "a.jpg"
    assert Submission.objects.get(instance_id="uuid:1").attachments.count() == 2
