"""Edits and what they edit, in whatever order they come: each answer counts once, and its newest version does."""

import itertools
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taama.base import journal
from taama.base.errors import TaamaError
from taama.base.policy import OPERATOR
from taama.collect.actions.desk import Arrival, Desk, SentFile
from taama.collect.actions.quarantine import discard_quarantined, join_edits, release_quarantined
from taama.collect.actions.receive import receive
from taama.collect.actions.removal import erase_submission, withdraw_submission
from taama.collect.methods.instance import read_instance
from taama.collect.models import Quarantined, Submission
from taama.collect.queries import replaced_by_release
from taama.collect.tasks import deriving
from taama.facts import engines
from taama.project import rebuilding
from tests.collect import toy
from tests.collect.phone import instance, sha256

pytestmark = pytest.mark.django_db
SLOW = settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
OTHER = """
| survey   |         |         |              |
|          | type    | name    | label        |
|          | integer | people  | Combien ?    |
| settings |         |         |              |
|          | form_id | version |              |
|          | other   | 1       |              |
"""
GONE = ("replaced", "withdrawn", "erased")


def the(name):
    return Submission.objects.get(instance_id=name)


def aside(name):
    return Quarantined.objects.get(instance_id=name, state="waiting")


def current(*names):
    return set(
        Submission.objects.filter(instance_id__in=names)
        .exclude(state__in=GONE)
        .values_list("instance_id", flat=True)
    )


def release(name):
    return release_quarantined(by=OPERATOR, quarantined=aside(name))


def release_if_it_may(quarantined):
    """Whether it was accepted; an edit of what waits too is not."""
    try:
        return release_quarantined(by=OPERATOR, quarantined=quarantined)
    except TaamaError as error:
        assert error.code == "collect.original_waits"


def family(parents):
    """Names and instances: the first is the original, each other one edits the one that `parents` says."""
    names = [f"uuid:{uuid.uuid4()}" for _ in range(len(parents) + 1)]
    formers = [None, *(names[parent] for parent in parents)]
    return names, [
        instance(n, people=i, deprecated=f) for i, (n, f) in enumerate(zip(names, formers, strict=True))
    ]


@SLOW
@given(order=st.permutations(range(4)), released=st.sets(st.integers(1, 3)), again=st.sets(st.integers(0, 3)))
def test_of_a_chain_the_last_counts_whatever_came_first(phone, form, order, released, again):
    names, sent = family([0, 1, 2])
    for number in order:
        assert phone.send(sent[number]).status_code == 201
        for waiting in Quarantined.objects.filter(instance_id=names[number], state="waiting"):
            if number in released:
                release_if_it_may(waiting)
        if number in again:
            assert phone.send(sent[number]).status_code == 201
    assert current(*names) == {names[3]}
    assert not Quarantined.objects.filter(instance_id__in=names, state="waiting")
    assert [the(later).replaces for later in names[1:]] == [the(former) for former in names[:-1]]


@SLOW
@given(data=st.data(), parents=st.tuples(st.just(0), st.integers(0, 1), st.integers(0, 2)))
def test_of_parallel_edits_one_counts_and_the_others_wait(phone, form, data, parents):
    names, sent = family(parents)
    for number in data.draw(st.permutations(range(4))):
        assert phone.send(sent[number]).status_code == 201
    assert len(current(*names)) == 1
    waiting = Quarantined.objects.filter(instance_id__in=names, state="waiting").count()
    assert Submission.objects.filter(instance_id__in=names).count() + waiting == 4
    codes = set(
        Quarantined.objects.filter(instance_id__in=names, state="waiting").values_list("code", flat=True)
    )
    assert codes <= {"collect.edit_not_current", "collect.edit_of_unknown"}
    waiting = Quarantined.objects.filter(instance_id__in=names, state="waiting")
    while found := list(waiting.all()):
        assert any(release_if_it_may(one) for one in found), "one of them can always be decided"
        assert len(current(*names)) == 1, "a manager who accepts them all never counts two"


def test_two_edits_released_before_their_original_count_once(phone, form):
    names, (first, second, third) = family([0, 0])
    phone.send(second), phone.send(third)
    release(names[1]), release(names[2])
    assert current(*names) == {names[2]}
    phone.send(first)
    assert current(*names) == {names[2]}
    assert (the(names[1]).replaces, the(names[2]).replaces) == (the(names[0]), the(names[1]))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("early", [False, True])
def test_facts_are_those_of_the_last_version(test_tools, phone, publish, order, early):
    publish(tool="toy")
    names, sent = family([0, 1])
    for number in order:
        phone.send(sent[number])
        for waiting in Quarantined.objects.filter(instance_id=names[number], state="waiting"):
            if early:
                release_if_it_may(waiting)
        while deriving.derive_pending():
            pass
    assert engines.collect(engines.read(toy.COUNT))["people"].to_list() == [2]
    assert all(check.equal for check in rebuilding.check())


def test_an_original_that_was_put_aside_brings_its_edits_when_it_is_accepted(phone, form, publish):
    first, second = instance("uuid:1", version="2"), instance("uuid:2", version="2", deprecated="uuid:1")
    phone.send(second), phone.send(first)
    assert {one.code for one in Quarantined.objects.all()} == {"collect.version_unknown"}
    assert release_if_it_may(aside("uuid:2")) is None
    release("uuid:1")
    release("uuid:2")
    assert current("uuid:1", "uuid:2") == {"uuid:2"}
    assert the("uuid:2").replaces == the("uuid:1")


def test_an_edit_of_an_unknown_version_replaces_what_it_edits_when_released(phone, form):
    phone.send(instance("uuid:1"))
    phone.send(instance("uuid:2", version="9", deprecated="uuid:1"))
    assert release("uuid:2").replaces == the("uuid:1")
    assert current("uuid:1", "uuid:2") == {"uuid:2"}


def test_an_original_of_another_form_is_not_replaced(phone, form, publish):
    publish(source=OTHER)
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    release("uuid:2")
    phone.send(instance("uuid:1", form="other"))
    assert current("uuid:1", "uuid:2") == {"uuid:1", "uuid:2"}


def test_files_of_an_original_that_comes_late_go_to_the_edits_that_name_them(phone, form):
    first, second = (
        instance("uuid:1", photo="a.jpg"),
        instance("uuid:2", photo="a.jpg", deprecated="uuid:1"),
    )
    phone.send(second)
    release("uuid:2")
    phone.send(first)
    phone.send(first, [("a.jpg", b"photo"), ("b.jpg", b"other")])
    assert sorted(the("uuid:1").attachments.values_list("filename", flat=True)) == ["a.jpg", "b.jpg"]
    assert list(the("uuid:2").attachments.values_list("filename", flat=True)) == ["a.jpg"]


def test_files_that_wait_with_an_edit_come_home_with_it(phone, form):
    phone.send(instance("uuid:2", photo="a.jpg", deprecated="uuid:1"), [("a.jpg", b"sharp")])
    phone.send(instance("uuid:1", photo="a.jpg"), [("a.jpg", b"blurred")])
    assert current("uuid:1", "uuid:2") == {"uuid:2"}
    assert the("uuid:2").attachments.get().sha256 != the("uuid:1").attachments.get().sha256
    assert Quarantined.objects.get().state == "released"


def test_what_was_withdrawn_stays_so_when_an_edit_of_it_is_accepted(phone, form):
    phone.send(instance("uuid:1"))
    withdraw_submission(by=OPERATOR, submission=the("uuid:1"), reason="twice")
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    assert aside("uuid:2").code == "collect.edit_not_current"
    assert replaced_by_release(OPERATOR, aside("uuid:2")) == the("uuid:1")
    release("uuid:2")
    assert (the("uuid:1").state, the("uuid:1").reason) == ("withdrawn", "twice")
    assert the("uuid:2").replaces == the("uuid:1")


@pytest.mark.parametrize(
    ("removed", "told"),
    [(withdraw_submission, "qu'il modifie a été retiré"), (erase_submission, "effacé définitivement")],
)
def test_the_page_says_what_accepting_an_edit_of_a_removed_submission_does(
    phone, form, sign_in, removed, told
):
    phone.send(instance("uuid:1"))
    removed(by=OPERATOR, submission=the("uuid:1"), reason="en double")
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    page = sign_in("administrator").get(f"/submissions/aside/{aside('uuid:2').pk}/").content.decode()
    assert told in page.replace("&#x27;", "'") and str(the("uuid:1").pk) in page


def test_erasing_takes_the_edits_that_wait(phone, form):
    phone.send(instance("uuid:1"))
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    phone.send(instance("uuid:3", deprecated="uuid:1"))
    erase_submission(by=OPERATOR, submission=the("uuid:1"), reason="asked for")
    assert Quarantined.objects.get(instance_id="uuid:3").state == "erased"
    phone.send(instance("uuid:4", deprecated="uuid:1"))
    release("uuid:4")
    assert the("uuid:2").state == "erased" and current("uuid:4") == {"uuid:4"}


def test_erasing_takes_the_edits_of_edits_that_wait(phone, form):
    phone.send(instance("uuid:1", people=1))
    phone.send(instance("uuid:2", people=2, version="9", deprecated="uuid:1"))
    phone.send(instance("uuid:3", people=3, deprecated="uuid:2"))
    phone.send(instance("uuid:other", version="9"))
    erase_submission(by=OPERATOR, submission=the("uuid:1"), reason="asked for")
    assert aside("uuid:other")
    assert set(Quarantined.objects.exclude(state="waiting").values_list("instance_id", flat=True)) == {
        "uuid:2",
        "uuid:3",
    }
    phone.send(instance("uuid:4", people=4, deprecated="uuid:3"))
    erase_submission(by=OPERATOR, submission=the("uuid:1"), reason="asked for again")
    assert Quarantined.objects.get(instance_id="uuid:4").state == "erased"


def test_the_original_of_a_removed_edit_does_not_come_back_by_itself(phone, form):
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    withdraw_submission(by=OPERATOR, submission=release("uuid:2"), reason="refused to take part")
    assert phone.send(instance("uuid:1")).status_code == 409
    assert aside("uuid:1").code == "collect.instance_removed"


def test_a_discarded_edit_stays_so(phone, form):
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    discard_quarantined(by=OPERATOR, quarantined=aside("uuid:2"), reason="a test")
    phone.send(instance("uuid:1"))
    assert current("uuid:1", "uuid:2") == {"uuid:1"}


def test_two_processes_that_did_not_see_each_other_are_put_right(phone, form):
    phone.send(instance("uuid:2", photo="a.jpg", deprecated="uuid:1"))
    phone.send(instance("uuid:4", photo="b.jpg", deprecated="uuid:3"))
    release("uuid:4")
    for name, file in (("uuid:1", "a.jpg"), ("uuid:3", "b.jpg")):
        phone.send(instance(f"{name}?", photo=file), [(file, b"photo")])
        Submission.objects.filter(instance_id=f"{name}?").update(instance_id=name)
    assert join_edits(by=OPERATOR) == 1
    assert current("uuid:1", "uuid:2", "uuid:3", "uuid:4") == {"uuid:2", "uuid:4"}
    assert [the(name).attachments.get().filename for name in ("uuid:2", "uuid:4")] == ["a.jpg", "b.jpg"]
    assert join_edits(by=OPERATOR) == 0


def test_an_edit_of_a_submission_of_another_form_says_so(phone, form, publish):
    publish(source=OTHER)
    phone.send(instance("uuid:2", form="other", deprecated="uuid:1"))
    phone.send(instance("uuid:1"))
    assert aside("uuid:2").code == "collect.edit_of_other_form"


def test_an_edit_that_was_sent_again_is_put_right_once(phone, form):
    edit = instance("uuid:2", deprecated="uuid:1")
    phone.send(edit, [("a.jpg", b"photo")])
    phone.send(instance("uuid:1?"))
    Submission.objects.update(instance_id="uuid:1", state="withdrawn")
    phone.send(edit, [("b.jpg", b"other")])
    assert Quarantined.objects.filter(state="waiting").count() == 2
    assert join_edits(by=OPERATOR) == 1
    assert aside("uuid:2").code == "collect.edit_not_current"
    assert sorted(aside("uuid:2").attachments.values_list("filename", flat=True)) == ["a.jpg", "b.jpg"]
    assert join_edits(by=OPERATOR) == 0


def test_an_edit_whose_bytes_are_taken_in_already_is_settled(phone, form):
    edit = instance("uuid:2", deprecated="uuid:1")
    phone.send(edit)
    (
        phone.send(instance("uuid:1?")),
        phone.send(edit.replace(b"uuid:2", b"uuid:0").replace(b"uuid:1", b"uuid:1?")),
    )
    Submission.objects.filter(instance_id="uuid:1?").update(instance_id="uuid:1")
    sha256 = Quarantined.objects.get().sha256
    Submission.objects.filter(instance_id="uuid:0").update(instance_id="uuid:2", sha256=sha256)
    join_edits(by=OPERATOR)
    assert Quarantined.objects.get().state == "released"


def test_edits_of_another_form_do_not_stand_in_the_way(phone, form, publish, monkeypatch):
    monkeypatch.setattr("taama.collect.actions.quarantine.BATCH", 1)
    publish(source=OTHER)
    for name, of, kind in (("uuid:2", "uuid:1", "other"), ("uuid:4", "uuid:3", "count")):
        phone.send(instance(name, deprecated=of))
        release(name)
        phone.send(instance(f"{of}?", form=kind))
        Submission.objects.filter(instance_id=f"{of}?").update(instance_id=of)
    join_edits(by=OPERATOR)
    assert current("uuid:1", "uuid:2", "uuid:3", "uuid:4") == {"uuid:1", "uuid:2", "uuid:4"}


def test_of_a_taken_and_a_waiting_edit_that_are_put_right_the_taken_counts(phone, form):
    phone.send(instance("uuid:3", deprecated="uuid:1"))
    release("uuid:3")
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    phone.send(instance("uuid:1?"))
    Submission.objects.filter(instance_id="uuid:1?").update(instance_id="uuid:1")
    join_edits(by=OPERATOR)
    assert current("uuid:1", "uuid:2", "uuid:3") == {"uuid:3"}
    assert aside("uuid:2").code == "collect.edit_not_current"


@pytest.mark.parametrize(("early", "late"), [("uuid:1", "uuid:2"), ("uuid:2", "uuid:1")])
def test_what_is_withdrawn_meanwhile_stays_so(phone, form, early, late):
    sent = {"uuid:1": instance("uuid:1"), "uuid:2": instance("uuid:2", deprecated="uuid:1")}
    phone.send(sent[early])
    for waiting in Quarantined.objects.all():
        release(waiting.instance_id)
    raw = sent[late]
    arrival = Arrival(by=OPERATOR, raw=raw, sha256=sha256(raw), instance=read_instance(raw))
    desk = Desk([arrival])
    desk.take(arrival)
    Submission.objects.filter(instance_id=early).update(state="withdrawn")
    desk.write()
    assert (the(early).state, the("uuid:2").replaces) == ("withdrawn", the("uuid:1"))


def test_a_file_that_comes_late_and_twice_goes_to_the_edit_once(phone, form):
    first = instance("uuid:1", photo="a.jpg")
    phone.send(first), phone.send(instance("uuid:2", photo="a.jpg", deprecated="uuid:1"))
    file = SentFile("a.jpg", sha256(b"photo"), 5)
    arrival = Arrival(OPERATOR, first, sha256(first), read_instance(first), (file, file))
    receive(by=OPERATOR, arrivals=[arrival, arrival])
    assert the("uuid:1").attachments.count() == the("uuid:2").attachments.count() == 1


def test_a_table_as_of_later_counts_the_edit_that_was_put_right(test_tools, phone, publish):
    publish(tool="toy")
    phone.send(instance("uuid:2", people=5, deprecated="uuid:1"))
    phone.send(instance("uuid:1?"))
    Submission.objects.update(instance_id="uuid:1")
    join_edits(by=OPERATOR)
    journal.seal()
    assert rebuilding.derived_frames(as_of=journal.position())["test.toy"]["people"].to_list() == [5]


def test_a_form_that_can_not_be_read_is_told(phone, form):
    phone.send(b"<broken")
    with pytest.raises(TaamaError):
        release_quarantined(by=OPERATOR, quarantined=Quarantined.objects.get())


def test_intake_asks_no_more_than_it_must(phone, form):
    """Statements of one submission, without those that open and close the transaction."""
    phone.send(instance("uuid:1"))
    counts = {}
    for what, xml, files in (
        ("new", instance("uuid:2"), ()),
        ("with a file", instance("uuid:3", photo="a.jpg"), [("a.jpg", b"photo")]),
        ("again", instance("uuid:2"), ()),
    ):
        with CaptureQueriesContext(connection) as asked:
            phone.send(xml, files)
        counts[what] = sum("SAVEPOINT" not in query["sql"] for query in asked)
    assert counts == {"new": 4, "with a file": 5, "again": 3}
