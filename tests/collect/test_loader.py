"""The loader: facts follow what was sent, whatever is edited, withdrawn, broken or killed."""

import hashlib
from uuid import uuid4

import pytest
from django.utils import timezone

from taama.base import journal
from taama.base.policy import OPERATOR
from taama.collect.actions.removal import erase_submission
from taama.collect.models import Finding, Submission
from taama.collect.tasks import deriving
from taama.facts import engines, lake, registry
from taama.forms.models import Form, FormVersion
from taama.project import rebuilding
from tests.collect import toy


@pytest.fixture(autouse=True)
def toy_lake(tmp_path, settings, monkeypatch):
    settings.TAAMA_LAKE = str(tmp_path)
    monkeypatch.setattr(registry, "_TOOLS", {"toy": "tests.collect.toy"})
    registry.tool.cache_clear()
    yield
    registry.tool.cache_clear()


@pytest.fixture
def form_version(db):
    form = Form.objects.create(form_id="toy", title="Toy", tool="toy")
    return FormVersion.objects.create(
        form=form, version="1", xform=b"<h/>", md5="0" * 32, published_at=timezone.now()
    )


@pytest.fixture
def send(form_version):
    def send(people, replaces=None):
        raw = f"<toy id='toy' version='1'><people>{people}</people></toy>".encode()
        if replaces is not None:
            Submission.objects.filter(pk=replaces.pk).update(state=Submission.State.REPLACED)
        sent = Submission.objects.create(
            instance_id=str(uuid4()),
            form_version=form_version,
            tool="toy",
            origin="openrosa",
            raw=raw,
            sha256=hashlib.sha256(raw).hexdigest(),
            received_at=timezone.now(),
            replaces=replaces,
        )
        journal.write("collect.receive", OPERATOR, [sent])
        return sent

    return send


def people():
    return sorted(engines.collect(engines.read(toy.COUNT))["people"].to_list())


def derive():
    while deriving.derive_pending():
        pass


def state(submission):
    submission.refresh_from_db()
    return submission.state


def test_what_is_sent_becomes_facts_once(send):
    send(3)
    send(4)
    derive()
    derive()
    assert people() == [3, 4]


def test_an_edit_takes_the_place_of_what_it_replaces(send):
    first = send(3)
    derive()
    send(30, replaces=first)
    derive()
    assert people() == [30]
    first.refresh_from_db()
    assert not first.attempted


def test_a_chain_of_edits_read_in_one_batch_leaves_the_last(send):
    first = send(3)
    second = send(30, replaces=first)
    send(300, replaces=second)
    derive()
    assert people() == [300]


def test_a_withdrawn_submission_loses_its_facts(send):
    gone = send(3)
    send(4)
    derive()
    Submission.objects.filter(pk=gone.pk).update(state=Submission.State.WITHDRAWN)
    derive()
    assert people() == [4]


def test_an_error_holds_back_and_a_warning_does_not(send):
    held, marked = send("no"), send(5000)
    derive()
    assert (state(held), state(marked)) == ("held", "derived")
    assert people() == [5000]
    assert set(Finding.objects.values_list("submission_id", "level", "code")) == {
        (held.pk, "error", "toy.no"),
        (marked.pk, "warning", "toy.large"),
    }
    assert Finding.objects.get(code="toy.no").values == {"people": "no"}


def test_one_unreadable_submission_fails_alone(send):
    good, bad, late = send(1), send("boom"), send(2)
    derive()
    assert [state(s) for s in (good, bad, late)] == ["derived", "failed", "derived"]
    assert people() == [1, 2]
    assert Finding.objects.get(submission=bad).code == "collect.unreadable"


def test_a_form_that_no_tool_reads_is_collected_only(send):
    other = send(1)
    Submission.objects.filter(pk=other.pk).update(tool="")
    derive()
    assert state(other) == "unread"


class Killed(BaseException):
    """Stands for a power cut: nothing catches it."""


STEPS = [
    (lake, "append", "before"),
    (lake, "append", "after"),
    (deriving, "record_reading", "before"),
    (deriving, "mark_attempted", "after"),
]


@pytest.mark.parametrize(("module", "name", "moment"), STEPS)
def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(send, monkeypatch, module, name, moment):
    send(1)
    send(2)
    real = getattr(module, name)

    def cut(*arguments, **named):
        if moment == "after":
            real(*arguments, **named)
        raise Killed

    monkeypatch.setattr(module, name, cut)
    with pytest.raises(Killed):
        derive()
    monkeypatch.setattr(module, name, real)
    derive()
    assert people() == [1, 2]


def test_a_kill_in_the_middle_of_an_edit_heals(send, monkeypatch):
    first = send(1)
    derive()
    send(10, replaces=first)
    real = deriving.record_reading
    monkeypatch.setattr(deriving, "record_reading", lambda **named: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        derive()
    monkeypatch.setattr(deriving, "record_reading", real)
    derive()
    assert people() == [10]


def test_a_second_worker_waits_for_the_lease(send, monkeypatch):
    send(1)
    from taama.base import work

    work.take_lease(lake.LEASE, holder="another worker")
    assert deriving.derive_pending() == 0
    assert people() == []
    work.release_lease(lake.LEASE, holder="another worker")
    derive()
    assert people() == [1]


def test_a_lost_lake_is_rebuilt_equal_row_for_row(send):
    for n in range(5):
        send(n)
    derive()
    before = lake.content_hash(engines.collect(engines.read(toy.COUNT)))
    lake.clear(toy.COUNT)
    assert not all(result.equal for result in rebuilding.check())
    rebuilding.rebuild()
    assert lake.content_hash(engines.collect(engines.read(toy.COUNT))) == before
    assert all(result.equal for result in rebuilding.check())


def test_the_past_can_be_derived_as_it_was(send):
    first = send(1)
    send(2)
    journal.seal()
    then = journal.position()
    derive()
    was = lake.content_hash(engines.collect(engines.read(toy.COUNT)))
    send(100, replaces=first)
    send(3)
    journal.seal()
    derive()
    assert people() == [2, 3, 100]
    past = rebuilding.derived_frames(as_of=then)
    assert lake.content_hash(past["test.toy"]) == was


def test_what_was_erased_stays_erased_in_the_past_too_and_is_counted(send):
    first = send(1)
    send(2)
    journal.seal()
    then = journal.position()
    derive()
    erase_submission(by=OPERATOR, submission=first, reason="asked")
    journal.seal()
    derive()
    assert rebuilding.derived_frames(as_of=then)["test.toy"]["people"].to_list() == [2]
    assert rebuilding.erased_since(then) == {"test.toy": 1}
    assert not rebuilding.erased_since(journal.position()), "at that time it was gone already"
    assert not rebuilding.erased_since(0), "at that time it had not come"
