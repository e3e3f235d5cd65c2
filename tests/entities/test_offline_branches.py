"""Offline branches, sent over plain HTTP: the cases of ODK Central's suite `offline-entities`, and how we differ.

Where a test says "differs", docs/decisions/0019-entities.md says why.
"""

import uuid

import pytest

from taama.base.policy import OPERATOR
from taama.collect.actions.removal import withdraw_submission
from taama.collect.models import Submission
from taama.entities.actions.entries import delete_entry, restore_entry, settle_conflict
from taama.entities.actions.lists import change_list
from taama.entities.actions.reading import apply_overdue
from taama.entities.models import EntityChange, EntityList
from tests.entities.conftest import at_desk, conflicts, held, later, now, send, work
from tests.entities.forms import OTHER, UUID

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return str(uuid.uuid4())


def change(phone, branch, base=1, status="arrived", entity=UUID, trunk="1", **more):
    answers = {"status": status} | more.pop("answers", {})
    send(phone, entity=entity, update="1", base=base, trunk=trunk, branch=branch, answers=answers, **more)


def born(phone, **more):
    """The making of an entity that a phone made by itself."""
    answers = {"name": "Megan", "status": "new", "age": "20"}
    send(phone, entity=OTHER, create="1", label="Megan (20)", answers=answers, **more)


def change_born(phone, branch, base=1, status="checked in", **more):
    full = {"name": "Megan", "age": "20", "status": status}
    answers = more.pop("answers", full)
    send(phone, entity=OTHER, update="1", base=base, branch=branch, answers=answers, **more)


# Parsing


def test_creation_with_trunk_and_branch_is_kept(phone, people, branch):
    send(phone, create="1", label="A", trunk="1", branch=branch)
    row = EntityChange.objects.get()
    assert (row.trunk, row.branch) == (1, branch)


def test_branch_info_of_an_update_is_kept(phone, megan, branch):
    change(phone, branch)
    row = EntityChange.objects.get(version=2)
    assert (row.trunk, row.branch, row.base) == (1, branch, 1)


def test_empty_trunk_and_branch_are_ignored(phone, megan):
    change(phone, "", trunk="")
    row = EntityChange.objects.get(version=2)
    assert (row.trunk, row.branch) == (None, "")


def test_trunk_without_branch_counts_as_none(phone, megan):
    """Differs: the update is applied to its base version instead of being an error."""
    change(phone, "", trunk="1")
    assert now().version == 2 and now().values["status"] == "arrived"


# In order


def test_several_updates_of_a_branch_in_order(phone, megan, branch):
    change(phone, branch)
    change(phone, branch, base=2, status="departed")
    assert now().version == 3
    assert now().values == {"age": "22", "first_name": "Johnny", "status": "departed"}
    assert conflicts() == ["", "", ""]


def test_a_branch_in_order_after_the_server_has_advanced(phone, megan, branch):
    at_desk(label="Johnny Doe (age 22)")
    change(phone, branch)
    change(phone, branch, base=2, status="departed")
    assert (
        now().version == 4 and now().label == "Johnny Doe (age 22)" and now().values["status"] == "departed"
    )


def test_a_branch_in_order_with_an_interruption(phone, megan, branch):
    at_desk(label="Johnny - changed label")
    change(phone, branch)
    at_desk(label="Johnny Doe (age 22)")
    change(phone, branch, base=2, status="departed")
    assert now().version == 5 and now().values["status"] == "departed"
    assert now().label == "Johnny Doe (age 22)"


def test_a_branch_that_begins_with_a_creation(phone, people, branch):
    born(phone)
    change_born(phone, branch)
    assert now(OTHER).version == 2
    assert now(OTHER).values == {"age": "20", "first_name": "Megan", "status": "checked in"}
    assert now(OTHER).conflict == ""


def test_creation_and_updates_with_online_updates_in_between(phone, people, branch):
    born(phone)
    at_desk(OTHER, age="30")
    change_born(phone, branch, status="arrived", answers={"status": "arrived"})
    at_desk(OTHER, age="40")
    change_born(phone, branch, base=2, answers={"status": "complete"})
    assert now(OTHER).version == 5
    assert now(OTHER).values == {"age": "40", "first_name": "Megan", "status": "complete"}


# Out of order


def test_an_update_whose_predecessor_is_missing_changes_nothing_yet(phone, megan, branch):
    change(phone, branch, base=2)
    assert now().version == 1 and "status" not in now().values and held() == 1


def test_a_later_update_does_not_jump_over_a_missing_one(phone, megan, branch):
    change(phone, branch)
    change(phone, branch, base=3, status="departed")
    assert now().version == 2 and now().values["status"] == "arrived" and held() == 1


def test_a_trunk_that_the_server_does_not_have_waits(phone, megan, branch):
    """Differs: Central refuses it for good; after a restored backup that would lose what phones say."""
    change(phone, branch, base=2, trunk="2", status="weird case")
    assert now().version == 1 and held() == 1
    later()
    assert now().values["status"] == "weird case" and held() == 0


def test_a_later_update_that_came_earlier_is_applied_after_its_predecessor(phone, megan, branch):
    change(phone, branch)
    change(phone, branch, base=3, status="departed")
    assert held() == 1
    change(phone, branch, base=2, status="working")
    assert now().version == 4 and now().values["status"] == "departed" and held() == 0


def test_an_update_that_comes_before_the_creation(phone, people, branch):
    change_born(phone, branch)
    assert now(OTHER) is None and held() == 1
    born(phone)
    assert now(OTHER).version == 2 and now(OTHER).values["status"] == "checked in"
    assert now(OTHER).conflict == ""


def test_creation_and_updates_that_come_backwards(phone, people, branch):
    change_born(phone, branch, base=2, status="working")
    change_born(phone, branch)
    assert held() == 2
    born(phone)
    assert now(OTHER).version == 3 and now(OTHER).values["status"] == "working" and held() == 0


def test_what_is_held_says_why_and_what_was_forced_says_so(phone, megan, branch):
    change(phone, branch, base=2)
    row = EntityChange.objects.get(state="held")
    assert row.code == "entities.waits_for_earlier" and row.submission is not None
    later()
    row.refresh_from_db()
    assert (row.state, row.version, row.forced) == ("applied", 2, True)


def test_what_waited_and_was_followed_is_not_called_forced(phone, megan, branch):
    change(phone, branch, base=2)
    change(phone, branch)
    assert not EntityChange.objects.filter(forced=True).exists() and now().version == 3


def test_a_late_creation_is_a_version_like_others(phone, people, branch):
    change_born(phone, branch)
    later()
    born(phone)
    assert [c.version for c in EntityChange.objects.order_by("version")] == [1, 2]


# Approval


@pytest.fixture
def approved(people):
    people_list = EntityList.objects.get()
    kept = {"title": "", "area_property": "", "filtered": False, "needs_approval": True}
    return change_list(by=OPERATOR, entity_list=people_list, **kept)


def test_the_creation_of_a_branch_waits_for_approval_and_its_updates_for_it(phone, approved, branch):
    from taama.entities.actions.entries import accept_change

    born(phone)
    change_born(phone, branch)
    assert now(OTHER) is None and held() == 1
    accept_change(by=OPERATOR, change=EntityChange.objects.get(state="approval"))
    assert now(OTHER).version == 2 and held() == 0


def test_what_waits_too_long_is_not_made_without_approval(phone, approved, branch):
    change_born(phone, branch)
    later()
    assert now(OTHER) is None and EntityChange.objects.get().state == "approval"


def test_what_is_held_is_not_read_again_when_approval_is_no_longer_asked(phone, people, approved, branch):
    change_born(phone, branch, base=2)
    kept = {"title": "", "area_property": "", "filtered": False, "needs_approval": False}
    change_list(by=OPERATOR, entity_list=approved, **kept)
    work()
    assert EntityChange.objects.count() == 1 and held() == 1


# Forced


def test_forced_when_the_update_before_is_missing(phone, megan, branch):
    change(phone, branch, base=2)
    later()
    assert now().version == 2 and held() == 0
    assert now().values == {"age": "22", "first_name": "Johnny", "status": "arrived"}


def test_two_are_forced_in_their_order(phone, megan, branch):
    change(phone, branch, base=3, status="departed")
    change(phone, branch, base=2)
    later()
    assert now().version == 3 and now().values["status"] == "departed"


def test_an_update_is_forced_to_make_its_entity(phone, people, branch):
    """Differs: without a label it shows the beginning of its identity, not `auto generated`."""
    change(phone, branch, base=2, trunk="", entity=OTHER)
    later()
    assert (now(OTHER).version, now(OTHER).values, now(OTHER).label) == (1, {"status": "arrived"}, OTHER[:8])


def test_an_update_that_made_its_entity_is_followed_by_others(phone, people, branch):
    change(phone, branch, base=1, trunk="", entity=OTHER)
    change(phone, branch, base=2, trunk="", entity=OTHER, status="checked in", answers={"name": "Dana"})
    later()
    assert now(OTHER).version == 2 and now(OTHER).values == {"first_name": "Dana", "status": "checked in"}
    change(phone, branch, base=10, trunk="", entity=OTHER, status="registered")
    later()
    assert now(OTHER).version == 3 and now(OTHER).values["status"] == "registered" and held() == 0


def test_a_delayed_creation_fills_in_and_does_not_undo_what_followed_it(phone, people, branch):
    """Differs: in Central the older creation overwrites what its own phone said later."""
    change_born(phone, branch, answers={"status": "checked in"})
    later()
    born(phone)
    assert now(OTHER).version == 2
    assert now(OTHER).values == {"age": "20", "first_name": "Megan", "status": "checked in"}
    assert now(OTHER).label == "Megan (20)" and now(OTHER).conflict == ""


def test_only_what_has_waited_five_days_is_forced(phone, megan, branch):
    change(phone, branch, base=2)
    later(days=4)
    assert held() == 1
    later(days=6)
    assert held() == 0


def test_what_was_withdrawn_while_it_waited_is_not_forced(phone, megan, branch):
    change(phone, branch, base=2)
    waiting = EntityChange.objects.get(state="held")
    withdraw_submission(by=OPERATOR, submission=waiting.submission, reason="test")
    later()
    waiting.refresh_from_db()
    assert waiting.state == "dropped" and now().version == 1


def test_what_waits_for_a_deleted_entity_is_not_forced_but_comes_with_it_again(phone, megan, branch):
    """Differs: Central drops it."""
    change(phone, branch, base=2)
    delete_entry(by=OPERATOR, entity=now())
    later()
    assert now().version == 1 and EntityChange.objects.get(state="failed").code == "entities.deleted"
    restore_entry(by=OPERATOR, entity=now())
    change(phone, branch)
    assert now().version == 3


# Conflicts


def test_an_update_that_does_not_follow_its_trunk_is_soft(phone, megan, branch):
    change(phone, branch)
    at_desk(age="24")
    change(phone, branch, base=2, status="departed")
    assert conflicts() == ["", "", "", "soft"] and now().conflict == "soft"


def test_forced_out_of_order_is_no_conflict_with_itself(phone, megan, branch):
    """Differs: Central calls a branch that was forced out of order soft; its phone knew all of it."""
    change(phone, branch, base=2, status="working")
    later()
    change(phone, branch)
    assert now().conflict == "" and now().values["status"] == "working"


def test_a_settled_conflict_stays_settled_and_a_later_one_is_told(phone, megan, branch):
    at_desk(age="24")
    change(phone, branch)
    assert now().conflict == "soft"
    settle_conflict(by=OPERATOR, entity=now(), values={}, seen=3)
    assert now().conflict == ""
    change(phone, branch, base=2, status="departed")
    assert now().conflict == "soft"


def test_a_field_that_both_changed_stays_hard_until_settled(phone, people, branch):
    born(phone)
    at_desk(OTHER, age="24")
    change_born(phone, branch, status="arrived")
    assert now(OTHER).conflict == "hard"
    settle_conflict(by=OPERATOR, entity=now(OTHER), values={}, seen=3)
    change_born(phone, branch, base=2, answers={"age": "27"})
    assert now(OTHER).conflict == "hard"  # differs: it changed the field again without having seen 24


def test_an_uninterrupted_offline_life_has_no_conflict(phone, people, branch):
    born(phone)
    change_born(phone, branch, answers={"status": "arrived", "age": "27"})
    assert conflicts(OTHER) == ["", ""] and now(OTHER).conflict == ""


def test_parallel_updates_of_two_phones(phone, megan):
    send(phone, update="1", base="1", answers={"status": "a"})
    send(phone, update="1", base="1", answers={"status": "b"})
    assert conflicts() == ["", "", "hard"] and now().values["status"] == "b"


# Miscellaneous


def test_two_updates_followed_by_a_delayed_creation(phone, people, branch):
    change_born(phone, branch, base=2)
    change_born(phone, branch)
    later()
    born(phone)
    assert now(OTHER).version == 3 and not EntityChange.objects.exclude(state="applied").exists()


def test_an_update_and_one_at_the_desk_followed_by_a_delayed_creation(phone, people, branch):
    change_born(phone, branch, answers={"status": "checked in"})
    later()
    at_desk(OTHER, age="24")
    born(phone)
    assert now(OTHER).version == 3 and now(OTHER).values["age"] == "24"


def test_read_twice_changes_nothing(phone, megan, branch):
    change(phone, branch)
    before = list(EntityChange.objects.values())
    work()
    apply_overdue(by=OPERATOR)
    assert list(EntityChange.objects.values()) == before


def test_sent_twice_changes_nothing(phone, megan):
    for _ in range(2):
        send(phone, instance_id="uuid:same", update="1", base="1", answers={"status": "a"})
    assert now().version == 2 and Submission.objects.count() == 2
