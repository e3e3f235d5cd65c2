"""What becomes of submissions: the cases of ODK Central's suite `worker/entity`, edits, withdrawal, erasure, repeats."""

import uuid

import pytest

from taama.base import journal
from taama.base.models import JournalDetail, JournalEntry
from taama.base.policy import OPERATOR
from taama.collect.actions.removal import erase_submission, withdraw_submission
from taama.collect.models import Submission
from taama.entities.actions.book import Book
from taama.entities.actions.entries import (
    accept_change,
    delete_entry,
    erase_entry,
    refuse_change,
    restore_entry,
)
from taama.entities.actions.lists import change_list
from taama.entities.methods.rows import NOTHING, moved, together
from taama.entities.models import Entity, EntityChange, EntityList, FormUse, ListPart, ReadSubmission
from taama.entities.tasks import reading
from taama.facts import registry
from tests.collect.phone import FORM, instance
from tests.entities.conftest import later, make, now, send, work
from tests.entities.forms import AID, CENSUS, OTHER, UUID, aid, census, xform

pytestmark = pytest.mark.django_db


def consistent():
    """The digest of every part is that of the lines in it: what phones compare is what they would get."""
    for part in ListPart.objects.all():
        rows = [e.row for e in Entity.objects.filter(list=part.list, area=part.area, deleted_at__isnull=True)]
        assert (part.count, part.digest) == (len(rows), moved(NOTHING, come=rows)), part
    there = Entity.objects.filter(deleted_at__isnull=True)
    whole = together([part.digest for part in ListPart.objects.all()])
    assert whole == moved(NOTHING, come=[e.row for e in there])
    return True


@pytest.fixture(autouse=True)
def always_consistent(db):
    yield
    assert consistent()


def test_a_form_makes_its_lists_and_properties(people):
    assert list(EntityList.objects.values_list("name", flat=True)) == ["people"]
    names = EntityList.objects.get().properties.values_list("name", flat=True)
    assert list(names) == ["first_name", "age", "status", "zone"]
    assert FormUse.objects.get().fills == ["people"]


def test_a_form_without_lists_makes_nothing(publish, phone):
    publish(FORM.format(version="1"), "count.md")
    assert phone.send(instance()).status_code == 201
    work()
    assert not EntityList.objects.exists() and not ReadSubmission.objects.exists()


def test_a_list_is_never_less_protected_than_its_forms(publish):
    publish(xform('<entity dataset="people" id="" create=""/>', form="a"), "a.xml", sensitivity=1)
    assert EntityList.objects.get().sensitivity_class == 1
    publish(xform('<entity dataset="people" id="" create=""/>', form="b"), "b.xml", sensitivity=2)
    assert EntityList.objects.get().sensitivity_class == 2


def test_a_submission_makes_an_entity(phone, people):
    made = make(phone)
    assert (made.version, made.label, made.values) == (1, "Johnny Doe", {"first_name": "Johnny", "age": "22"})
    assert EntityChange.objects.get().submission == Submission.objects.get()


def test_making_and_changing_are_in_the_journal(phone, megan):
    send(phone, update="1", base="1", label="New")
    rows = [str(row.pk) for row in EntityChange.objects.all()]
    entries = JournalEntry.objects.filter(object_id__in=rows)
    assert entries.count() == 2 and {e.action for e in entries} == {"entities.read_submissions"}
    journal.seal()
    assert journal.verify().broken_at is None


def test_a_submission_that_asks_for_nothing_makes_nothing(phone, people):
    send(phone, create="0", label="A")
    assert not Entity.objects.exists() and not EntityChange.objects.exists()


def test_reading_twice_makes_nothing_twice(phone, megan):
    ReadSubmission.objects.all().delete()  # killed between writing and noting, if that were possible
    EntityChange.objects.all().delete()
    Entity.objects.all().delete()
    ListPart.objects.all().delete()
    work()
    assert now().version == 1
    reading.read_all()
    assert EntityChange.objects.count() == 1


def test_what_the_quick_sweep_overlooks_the_slow_one_finds(phone, people, monkeypatch):
    monkeypatch.setattr(reading, "RECENT_SECONDS", -100)  # a clock was set back meanwhile
    send(phone, create="1", label="A")
    assert now() is None
    reading.read_all()
    assert now().version == 1


def test_what_a_gate_keeps_out_is_read_when_it_opens(phone, people, monkeypatch):
    """A form that wants its submissions reviewed: they count, also here, once they are approved."""
    send(phone, create="1", label="First")
    monkeypatch.setattr(registry, "closed_to", lambda found, viewer: {one.pk: "approval" for one in found})
    send(phone, entity=OTHER, create="1", label="Second")
    assert now(OTHER) is None
    monkeypatch.undo()
    reading.read_all()
    assert now(OTHER).label == "Second"


def test_a_worker_killed_while_it_writes_leaves_nothing_half(phone, people, monkeypatch):
    def killed(book):
        raise KeyboardInterrupt

    send(phone, worked=False, create="1", label="A")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Book, "_write_changes", killed)  # entries and digests are written, changes are not
        reading.read_recent()
    assert (
        not Entity.objects.exists() and not ListPart.objects.exists() and not ReadSubmission.objects.exists()
    )
    work()
    assert now().version == 1


@pytest.mark.parametrize("said", [{"create": "1", "label": "A"}, {"update": "1", "base": "1"}])
def test_an_identity_that_is_no_uuid_is_told(phone, people, said):
    send(phone, entity="bad_uuid", **said)
    assert EntityChange.objects.get().code == "entities.id_malformed"
    assert EntityChange.objects.get().given == "bad_uuid" and not Entity.objects.exists()


def test_a_creation_without_label_is_told(phone, people):
    send(phone, create="1", answers={"age": "3"})
    assert EntityChange.objects.get().code == "entities.label_missing"


def test_an_identity_that_exists_is_told_and_the_first_stands(phone, megan):
    send(phone, create="1", label="Second")
    assert (
        now().label == "Johnny Doe"
        and EntityChange.objects.get(state="failed").code == "entities.exists_already"
    )


def test_the_identity_of_a_deleted_entity_is_not_taken_again(phone, megan):
    delete_entry(by=OPERATOR, entity=megan)
    send(phone, create="1", label="Second")
    assert EntityChange.objects.get(state="failed").code == "entities.deleted" and now().deleted_at


def test_an_update_of_a_deleted_entity_comes_back_with_it(phone, megan):
    """Differs: in Central it stays an error."""
    delete_entry(by=OPERATOR, entity=megan)
    send(phone, update="1", base="1", answers={"age": "23"})
    assert EntityChange.objects.get(state="failed").code == "entities.deleted"
    restore_entry(by=OPERATOR, entity=now())
    assert now().version == 2 and now().values["age"] == "23"


def test_an_update_of_an_unknown_entity_waits_and_then_makes_it(phone, people):
    """Differs: Central refuses it for good when it has no branch."""
    send(phone, update="1", base="3", answers={"age": "23"})
    assert EntityChange.objects.get().state == "held"
    later()
    assert now().values == {"age": "23"}


def test_an_update_without_base_version_is_parallel_to_all(phone, megan):
    """Differs: Central refuses it; the specification says that it counts as 0."""
    send(phone, update="1", base="", answers={"age": "23"})
    assert (now().version, now().values["age"], now().conflict) == (2, "23", "hard")


def test_make_or_change_does_what_is_needed(phone, people):
    send(phone, create="1", update="1", label="A", answers={"age": "1"})
    assert now().version == 1
    send(phone, create="1", update="1", base="1", answers={"age": "2"})
    assert (now().version, now().values["age"], now().conflict) == (2, "2", "")


def test_an_edit_of_a_submission_does_not_change_the_entity_again(phone, people):
    make(phone, instance_id="uuid:one")
    send(
        phone, instance_id="uuid:two", deprecated="uuid:one", create="1", label="Edited", answers={"age": "9"}
    )
    assert now().label == "Johnny Doe" and now().version == 1
    assert EntityChange.objects.get(state="dropped").code == "entities.edited_already"


def test_an_edit_makes_what_the_first_could_not(phone, people):
    send(phone, instance_id="uuid:one", create="1", answers={"age": "9"})
    send(phone, instance_id="uuid:two", deprecated="uuid:one", create="1", label="Now", answers={"age": "9"})
    assert now().label == "Now"


def test_an_edit_before_the_worker_came_counts_alone(phone, people):
    send(phone, worked=False, instance_id="uuid:one", create="1", label="First")
    send(phone, instance_id="uuid:two", deprecated="uuid:one", create="1", label="Second")
    assert now().label == "Second" and EntityChange.objects.count() == 1


def test_an_edit_takes_the_place_of_what_still_waited(phone, people):
    send(phone, instance_id="uuid:one", update="1", base="1", branch=OTHER, answers={"age": "1"})
    send(
        phone,
        instance_id="uuid:two",
        deprecated="uuid:one",
        update="1",
        base="1",
        branch=OTHER,
        answers={"age": "2"},
    )
    make(phone, answers={})
    assert now().values == {"first_name": "Johnny", "age": "2"} and now().version == 2


def test_a_withdrawn_submission_leaves_the_entity_as_it_is(phone, megan):
    withdraw_submission(by=OPERATOR, submission=Submission.objects.get(), reason="test")
    reading.keep_up()
    assert now().version == 1 and not now().deleted_at


def test_what_was_withdrawn_before_the_worker_came_makes_nothing(phone, people):
    send(phone, worked=False, instance_id="uuid:one", create="1", label="A")
    withdraw_submission(by=OPERATOR, submission=Submission.objects.get(), reason="test")
    work()
    assert not Entity.objects.exists()


def test_erasing_takes_out_what_the_submission_said_and_phones_learn_of_it(phone, megan):
    send(phone, instance_id="uuid:two", update="1", base="1", answers={"age": "41", "status": "sick"})
    erase_submission(by=OPERATOR, submission=Submission.objects.get(instance_id="uuid:two"), reason="asked")
    reading.keep_up()
    assert now().values == {"age": "22", "first_name": "Johnny"}
    assert now().version == 3, "a phone takes what is newer"
    assert not any("sick" in str(row) for row in EntityChange.objects.values())
    assert not any("sick" in str(detail.changes) for detail in JournalDetail.objects.all())
    assert "sick" not in now().found_by + now().row


def test_an_entity_of_which_all_was_erased_is_gone(phone, megan):
    erase_submission(by=OPERATOR, submission=Submission.objects.get(), reason="asked")
    reading.keep_up()
    gone = now()
    assert gone.deleted_at and gone.values == {} and gone.row == "" and "johnny" not in gone.found_by
    assert gone.label == UUID[:8]
    with pytest.raises(Exception, match="entity_state"):
        restore_entry(by=OPERATOR, entity=gone)


def test_what_its_form_keeps_no_longer_stays_known_of_the_entity(phone, megan):
    Submission.objects.update(state="erased", raw=None, reason="expired")
    reading.keep_up()
    assert now().values["age"] == "22"


def test_an_entity_can_be_erased_whole(phone, megan):
    at_two = send(phone, update="1", base="1", answers={"age": "41"})
    assert at_two.status_code == 201
    erase_entry(by=OPERATOR, entity=now(), reason="asked")
    assert now().deleted_at and not any("41" in str(row.values) for row in EntityChange.objects.all())


@pytest.fixture
def approval(people):
    kept = {"title": "", "area_property": "", "filtered": False, "needs_approval": True}
    return change_list(by=OPERATOR, entity_list=EntityList.objects.get(), **kept)


def test_with_approval_a_new_entity_waits_for_it(phone, approval):
    send(phone, create="1", label="A")
    assert now() is None
    accept_change(by=OPERATOR, change=EntityChange.objects.get())
    assert now().version == 1


def test_with_approval_a_refused_entity_is_never_made(phone, approval):
    send(phone, create="1", label="A")
    refuse_change(by=OPERATOR, change=EntityChange.objects.get())
    later()
    assert now() is None and EntityChange.objects.get().code == "entities.refused_by_person"


def test_with_approval_updates_are_applied_at_once(phone, megan):
    kept = {"title": "", "area_property": "", "filtered": False, "needs_approval": True}
    change_list(by=OPERATOR, entity_list=EntityList.objects.get(), **kept)
    send(phone, update="1", base="1", answers={"age": "23"})
    assert now().version == 2


def test_two_are_decided_once_only(phone, approval):
    send(phone, create="1", label="A")
    change = EntityChange.objects.get()
    accept_change(by=OPERATOR, change=change)
    with pytest.raises(Exception, match="not_waiting"):
        refuse_change(by=OPERATOR, change=change)


# Repeats: the cases of `entities-from-repeats`


@pytest.fixture
def households(publish):
    return publish(CENSUS, "census.md")


def test_a_household_and_its_members_become_entities_of_two_lists(phone, households):
    assert phone.send(census()).status_code == 201
    work()
    found = {(e.list.name, e.label): e.values for e in Entity.objects.select_related("list")}
    assert found == {
        ("households", "H-7"): {"hh_id": "H-7"},
        ("people", "Awa"): {"full_name": "Awa", "age": "34"},
        ("people", "Oumar"): {"full_name": "Oumar"},
    }
    assert len(set(EntityChange.objects.values_list("submission", flat=True))) == 1


def test_each_list_has_its_own_properties(households):
    found = {one.name: [p.name for p in one.properties.all()] for one in EntityList.objects.all()}
    assert found == {"households": ["hh_id"], "people": ["full_name", "age"]}


def test_one_block_that_cannot_be_taken_does_not_hold_the_others(phone, households):
    """Differs: Central makes none of them."""
    assert phone.send(census(members=("invalid", OTHER))).status_code == 201
    work()
    assert sorted(e.label for e in Entity.objects.all()) == ["H-7", "Oumar"]
    assert EntityChange.objects.get(state="failed").given == "invalid"


def test_of_a_submission_one_may_wait_while_another_is_made_and_both_come_in_the_end(phone, households):
    """Differs: in Central the one that waited is never made."""
    raw = census(members=(UUID, OTHER)).replace(
        f'create="1" id="{UUID}"'.encode(),
        f'create="1" update="1" baseVersion="1" branchId="{OTHER}" id="{UUID}"'.encode(),
    )
    form = FormUse.objects.get().form_version
    form.xform = bytes(form.xform).replace(
        b'<entity dataset="people" create="1"', b'<entity dataset="people" create="1" update="1"'
    )
    form.save()
    assert phone.send(raw).status_code == 201
    work()
    assert Entity.objects.count() == 2 and EntityChange.objects.get(state="held").name == UUID
    later()
    assert Entity.objects.count() == 3


def test_a_repeat_may_change_one_and_make_another(phone, households):
    assert phone.send(census("uuid:a", members=(UUID, OTHER))).status_code == 201
    work()
    form = FormUse.objects.get().form_version
    form.xform = bytes(form.xform).replace(
        b'<entity dataset="people" create="1"',
        b'<entity dataset="people" create="1" update="1" baseVersion=""',
    )
    form.save()
    new = "f50cdbaf-95af-499c-a3e5-d0aea64248d9"
    raw = census("uuid:b", members=(UUID, new)).replace(b">Awa<", b">Awa - changed<")
    raw = raw.replace(f'create="1" id="{UUID}"'.encode(), f'update="1" baseVersion="1" id="{UUID}"'.encode())
    assert phone.send(raw).status_code == 201
    work()
    assert (now(UUID).version, now(UUID).label) == (2, "Awa - changed") and now(new).version == 1


def test_one_form_fills_three_lists_at_different_levels(publish, phone, households):
    """Nested groups and nested repeats, one entry made, one changed: as `multiEntityFarm` and more."""
    assert phone.send(census(household=UUID)).status_code == 201
    version = publish(AID, "aid.md")
    found = {one.name: [p.name for p in one.properties.all()] for one in EntityList.objects.all()}
    assert (found["households"], found["sites"], found["parcels"]) == (["hh_id", "size"], ["place"], ["kit"])
    assert b"households.csv" in phone.get(f"/forms/{version.pk}/manifest").content
    site, *parcels = (str(uuid.uuid4()) for _ in range(4))
    assert phone.send(aid(UUID, site, parcels)).status_code == 201
    work()
    assert (now(UUID).version, now(UUID).label) == (2, "H-7")
    assert now(UUID).values == {"hh_id": "H-7", "size": "7"}
    assert (now(site).list.name, now(site).values) == ("sites", {"place": "Soye"})
    assert [(now(one).list.name, now(one).values) for one in parcels] == [
        ("parcels", {"kit": f"K{n}"}) for n in range(3)
    ]
    assert not EntityChange.objects.exclude(state="applied").exists()


LISTED = """
| survey |
| | type | name | label | sensibilité | save_to |
| | text | nom | Nom du chef | {0} | {1} |
| | text | qui | Village | | village |
| settings |
| | form_id | version |
| | hh | {2} |
| entities |
| | list_name | label |
| | hhs | {3} |
"""


@pytest.mark.parametrize(("label", "shown"), [("${nom}", UUID), ("${qui}", "Bourem")])
def test_what_a_later_version_protects_enters_no_list(publish, phone, label, shown):
    """Phones that still have the first version go on sending the name, as an answer and as the entry's label."""
    publish(LISTED.format("non", "nom", 1, label), "f.md")
    publish(LISTED.format("S3", "", 2, "${qui}"), "f.md")
    said = f'<entity dataset="hhs" id="{UUID}" create="1"><label>{{}}</label></entity>'.format(
        "Hamsatou" if shown == UUID else shown
    )
    raw = f'<data id="hh" version="1"><nom>Hamsatou</nom><qui>Bourem</qui><meta><instanceID>uuid:a</instanceID>{said}</meta></data>'
    assert phone.send(raw.encode()).status_code == 201
    work()
    made = now(UUID)
    assert (made.label, made.values) == (shown, {"village": "Bourem"})
    assert "Hamsatou" not in str(EntityChange.objects.values_list("values", flat=True))
