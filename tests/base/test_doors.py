"""The two doors: nothing is written or read around them, and every change leaves its trace."""

import pytest
from django.db import IntegrityError

from taama.base import actions, journal, policy
from taama.base.doors import Done, action, query
from taama.base.errors import NotAllowed
from taama.base.models import JournalDetail, JournalEntry, Organisation, User
from taama.base.policy import ANONYMOUS, OPERATOR, SYSTEM, Standing, Viewer
from taama.figures.actions import publish_snapshot

MANAGER = Viewer("signed_in", "u1", (Standing("dnds", "data_manager", ""),))


@pytest.fixture(autouse=True)
def own_rules(monkeypatch):
    monkeypatch.setattr(policy, "RULES", dict(policy.RULES))


@pytest.fixture
def rename():
    @action("test.rename", allow=("data_manager",))
    def rename(*, by, organisation, name):
        """Rename an organisation."""
        organisation.name = name
        organisation.save()
        return organisation

    return rename


@pytest.fixture
def organisation(db):
    Organisation.objects.create(code="dnds", name="DNDS", kind="directorate")
    return Organisation.objects.get(code="dnds")


def test_an_action_refuses_whom_the_rule_does_not_name(organisation, rename):
    with pytest.raises(NotAllowed):
        rename(by=ANONYMOUS, organisation=organisation, name="X")
    organisation.refresh_from_db()
    assert organisation.name == "DNDS"
    assert not JournalEntry.objects.exists()


def test_a_change_is_journalled_with_what_it_changed(organisation, rename):
    rename(by=MANAGER, organisation=organisation, name="Direction")
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_id) == ("test.rename", "u1", str(organisation.pk))
    assert entry.detail.changes == {"name": ["DNDS", "Direction"]}


def test_a_failed_action_leaves_neither_change_nor_trace(organisation):
    @action("test.fail", allow=(SYSTEM,))
    def fail(*, by):
        Organisation.objects.create(code="dnds", name="again", kind="ngo")

    with pytest.raises(IntegrityError):
        fail(by=OPERATOR)
    assert Organisation.objects.count() == 1
    assert not JournalEntry.objects.exists()


def test_an_action_may_answer_something_else_than_what_it_changed(organisation):
    @action("test.count", allow=(SYSTEM,))
    def count(*, by):
        return Done(7, [organisation])

    assert count(by=OPERATOR) == 7
    assert JournalEntry.objects.count() == 1


def test_a_confidential_value_is_named_in_the_journal_but_never_copied(db):
    @action("test.password", allow=(SYSTEM,))
    def change(*, by, user):
        user.set_password("a new long passphrase")
        user.save()
        return user

    User.objects.create_user("awa")
    change(by=OPERATOR, user=User.objects.get(username="awa"))
    assert JournalDetail.objects.get().changes["password"] == [None, None]


def test_a_query_checks_before_it_runs():
    ran = []

    @query("test.read", allow=("validator",))
    def read(viewer):
        ran.append(viewer)

    with pytest.raises(NotAllowed):
        read(MANAGER)
    assert ran == []


def test_an_undeclared_door_never_opens():
    assert not OPERATOR.may("nobody.declared_this")


def test_what_concerns_the_whole_country_does_not_open_for_a_role_of_one_area():
    @query("test.whole_country", allow=("administrator",), everywhere=True)
    def accounts(viewer):
        return "all"

    of_one_area = Standing("dnds", "administrator", "ML05@2021-12-20")
    with pytest.raises(NotAllowed):
        accounts(Viewer("signed_in", "u1", (of_one_area,)))
    with pytest.raises(NotAllowed):
        accounts(Viewer("signed_in", "u1", (of_one_area, Standing("dnds", "partner"))))
    assert accounts(Viewer("signed_in", "u1", (of_one_area, Standing("dnds", "administrator")))) == "all"


@pytest.mark.parametrize("door", [actions.create_account, actions.give_membership, publish_snapshot])
def test_accounts_and_snapshots_concern_the_whole_country(door):
    """Else the administrator of one region could make herself one of all, and a regional officer publish for Mali."""
    roles = ("administrator", "information_officer")
    assert not Viewer("signed_in", "u", tuple(Standing("o", r, "ML05@2021-12-20") for r in roles)).passes(door.rule)
    assert Viewer("signed_in", "u", tuple(Standing("o", r) for r in roles)).passes(door.rule)


def test_two_doors_of_one_code_are_refused():
    policy.declare("test.same", "action", ("validator",), "one")
    with pytest.raises(ValueError, match="declared twice"):
        policy.declare("test.same", "action", ("anyone",), "another")


def entries(count):
    organisation = Organisation.objects.create(code="x", name="X", kind="ngo")
    journal.write("test.many", OPERATOR, [organisation] * count)


def test_the_chain_holds_and_finds_the_first_altered_entry(db):
    entries(6)
    while journal.seal(limit=4):
        pass
    assert journal.verify() == journal.Verdict(sealed=6, broken_at=None, unsealed=0, erased_details=0)
    JournalEntry.objects.filter(sequence=4).update(actor="someone else")
    assert journal.verify().broken_at == 4


def test_a_removed_entry_breaks_the_chain(db):
    entries(5)
    journal.seal()
    JournalEntry.objects.filter(sequence=2).delete()
    assert journal.verify().broken_at == 2


def test_altered_details_are_found_and_erased_details_are_not_a_break(organisation, rename):
    rename(by=MANAGER, organisation=organisation, name="Direction")
    journal.seal()
    JournalDetail.objects.update(changes={"name": ["DNDS", "Autre"]})
    assert journal.verify().broken_at == 1
    JournalDetail.objects.all().delete()
    assert journal.verify() == journal.Verdict(sealed=1, broken_at=None, unsealed=0, erased_details=1)


def test_sealing_leaves_newer_entries_waiting(db):
    entries(3)
    journal.seal(limit=2)
    assert journal.position() == 2
    assert journal.verify().unsealed == 1
