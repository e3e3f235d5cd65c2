"""Review: what is decided is kept with its reason, counts or does not count, and can be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from taama.base import registry as sweeps
from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR, WORKER
from taama.base.work import run_until_idle
from taama.collect.actions.removal import erase_submission
from taama.collect.models import Submission
from taama.facts import engines
from taama.review.actions.reviewing import assign, comment, decide, set_rule
from taama.review.models import Comment, Doubt, Interview, Review
from taama.review.queries import reviewing
from taama.review.queries.reviewing import Wanted
from taama.review.tasks import letting_in
from tests.collect.phone import instance
from tests.collect.toy import COUNT

pytestmark = pytest.mark.django_db(transaction=True)
UNHELD = sweeps.Sweep("unheld", "taama.review.tasks.letting_in.let_in_unheld", 1)
LOOK = sweeps.Sweep("look", "taama.review.tasks.looking.look_at_recent", 1)


@pytest.fixture
def worked(test_tools, monkeypatch):
    """The loader and the desk's own work, on a lake apart."""
    monkeypatch.setitem(sweeps._SWEEPS, "look", LOOK)
    monkeypatch.setitem(sweeps._SWEEPS, "unheld", UNHELD)


def people():
    return sorted(engines.collect(engines.read(COUNT))["people"].to_list())


@pytest.fixture
def sent(worked, publish, phone):
    publish(tool="toy")
    for n in (3, 5, 7):
        phone.send(instance(f"uuid:{n}", people=n))
    run_until_idle()
    return lambda n: Submission.objects.select_related("form_version__form").get(instance_id=f"uuid:{n}")


def test_what_is_rejected_no_longer_counts_and_counts_again_when_it_is_not(sent):
    decide(by=OPERATOR, submissions=[sent(3)], state="rejected", comment="même chiffre qu'ailleurs")
    run_until_idle()
    assert people() == [5, 7]
    decide(by=OPERATOR, submissions=[sent(3)], state="received")
    run_until_idle()
    assert people() == [3, 5, 7]


def test_a_rejection_says_why(sent):
    with pytest.raises(TaamaError, match="comment_missing"):
        decide(by=OPERATOR, submissions=[sent(3)], state="rejected", comment="  ")
    assert not Review.objects.filter(state="rejected").exists()


def test_the_journal_tells_who_changed_what(sent):
    decide(by=OPERATOR, submissions=[sent(3)], state="issues", comment="à rappeler")
    decide(by=OPERATOR, submissions=[sent(3)], state="approved")
    told = [changes["state"] for _, changes, _ in reviewing.deeds(OPERATOR, [sent(3)]) if "state" in changes]
    assert ["received", "issues"] in told and ["issues", "approved"] in told
    assert Comment.objects.get().text == "à rappeler"


def test_the_text_of_a_comment_does_not_stay_in_the_journal(sent):
    comment(by=OPERATOR, submissions=[sent(3)], text="un secret")
    entry = JournalEntry.objects.get(object_type="review.comment")
    assert not hasattr(entry, "detail")


def test_an_edit_of_an_approved_submission_is_looked_at_again(sent, phone):
    asked = reviewing.reviewers(OPERATOR)
    decide(by=OPERATOR, submissions=[sent(3)], state="approved")
    phone.send(instance("uuid:4", people=4, deprecated="uuid:3"))
    run_until_idle()
    assert sent(4).review.state == "edited"
    assert people() == [4, 5, 7] and not asked.exists()


def test_who_was_asked_to_review_is_asked_about_the_edit_too(sent, phone, sign_in):
    sign_in("data_manager", name="awa")
    awa = reviewing.reviewers(OPERATOR).get()
    assign(by=OPERATOR, submissions=[sent(3)], reviewer=awa)
    phone.send(instance("uuid:4", people=4, deprecated="uuid:3"))
    run_until_idle()
    assert sent(4).review.reviewer == awa


def test_what_was_replaced_is_not_decided_on(sent, phone):
    phone.send(instance("uuid:4", people=4, deprecated="uuid:3"))
    with pytest.raises(TaamaError, match="no_longer_current"):
        decide(by=OPERATOR, submissions=[sent(3), sent(5)], state="approved")
    assert not Review.objects.filter(state="approved").exists(), "one transaction: all or none"


def test_where_approval_is_wanted_only_what_is_approved_counts(sent, phone, form=None):
    set_rule(by=OPERATOR, form=sent(3).form_version.form, approval=True)
    phone.send(instance("uuid:9", people=9))
    phone.send(instance("uuid:11", people=11))
    run_until_idle()
    assert people() == [3, 5, 7], "what counted before goes on counting"
    decide(by=OPERATOR, submissions=[sent(9)], state="approved")
    run_until_idle()
    assert people() == [3, 5, 7, 9]
    decide(by=OPERATOR, submissions=[sent(9)], state="issues")
    run_until_idle()
    assert people() == [3, 5, 7]
    set_rule(by=OPERATOR, form=sent(3).form_version.form, approval=False)
    run_until_idle()
    assert people() == [3, 5, 7, 9, 11], "nothing waits for ever"


def test_what_waited_is_let_in_some_at_a_time(sent, phone, monkeypatch):
    """Each slice is a transaction of its own: a phone that sends meanwhile does not wait for all."""
    set_rule(by=OPERATOR, form=sent(3).form_version.form, approval=True)
    for number in range(9, 14):
        phone.send(instance(f"uuid:{number}", people=number))
    run_until_idle()
    monkeypatch.setattr(letting_in, "IN_ONE_TURN", 2)
    set_rule(by=OPERATOR, form=sent(3).form_version.form, approval=False)
    assert people() == [3, 5, 7]
    assert [letting_in.let_in_unheld() for _ in range(4)] == [2, 2, 1, 0]
    run_until_idle()
    assert people() == [3, 5, 7, 9, 10, 11, 12, 13]


def test_a_rejected_one_stays_out_when_approval_is_no_longer_wanted(sent):
    set_rule(by=OPERATOR, form=sent(3).form_version.form, approval=True)
    decide(by=OPERATOR, submissions=[sent(3)], state="rejected", comment="faux")
    set_rule(by=OPERATOR, form=sent(3).form_version.form, approval=False)
    run_until_idle()
    assert people() == [5, 7]


def test_what_is_erased_is_forgotten_by_the_desk_too(sent):
    comment(by=OPERATOR, submissions=[sent(3)], text="parle d'une personne")
    erase_submission(by=OPERATOR, submission=sent(3), reason="demande")
    run_until_idle()
    for model in (Interview, Doubt, Comment):
        assert not model.objects.filter(submission__instance_id="uuid:3").exists()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [7, 5, 3]),
        ({"state": "approved"}, [5]),
        ({"state": "received"}, [7, 3]),
        ({"device": "gao-1"}, [7, 5, 3]),
        ({"device": "gao-2"}, []),
        ({"enumerator": "gao-1"}, [7, 5, 3]),
        ({"findings": "none"}, [7, 5, 3]),
        ({"findings": "any"}, []),
        ({"first": timezone.now().date() + timedelta(days=2)}, []),
    ],
)
def test_the_list_finds_what_is_looked_for(sent, wanted, found):
    decide(by=OPERATOR, submissions=[sent(5)], state="approved")
    shown = reviewing.submissions(OPERATOR, Wanted(**wanted))
    assert [one.instance_id for one in shown] == [f"uuid:{n}" for n in found]


def test_errors_and_doubts_are_found_and_counted(sent, phone):
    phone.send(instance("uuid:no", people="no"))
    phone.send(instance("uuid:2000", people=2000))
    run_until_idle()
    names = lambda **w: [s.instance_id for s in reviewing.submissions(WORKER, Wanted(**w))]  # noqa: E731  short
    assert names(findings="errors") == ["uuid:no"]
    assert names(findings="doubts") == ["uuid:2000", "uuid:no"], (
        "no number is a doubt by the form's own rules"
    )
    assert reviewing.finding_counts(WORKER, [sent(2000).pk])[sent(2000).pk] == (0, 1)


def test_nobody_decides_without_the_role(sent, sign_in):
    from taama.base.viewers import viewer_of_user

    sign_in("partner")
    from taama.base.models import User

    with pytest.raises(NotAllowed):
        decide(
            by=viewer_of_user(User.objects.get(username="partner")), submissions=[sent(3)], state="approved"
        )
