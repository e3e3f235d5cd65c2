"""Lists as phones get them, over plain HTTP: the cases of ODK Central's suite `datasets` about manifest, file, hash,
304, integrity and filters. Where a test says "differs", docs/decisions/0019-entities.md says why."""

import csv
import gzip
import io

import pytest
from lxml import etree

from taama.base.policy import OPERATOR
from taama.entities.actions.entries import delete_entry, restore_entry
from taama.entities.actions.lists import change_list, create_list
from taama.entities.models import Entity, EntityList, ListPart
from taama.entities.tasks import reading
from taama.forms.actions.publishing import publish_form
from taama.phones.actions import create_device, revoke_device
from tests.collect.phone import VERSION, Phone
from tests.entities.conftest import at_desk, make, now, place_all, send, work
from tests.entities.forms import OTHER, PEOPLE, TREE, UUID, xform

pytestmark = pytest.mark.django_db

MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"


@pytest.fixture
def people(publish):
    """A form that fills and reads its own list."""
    return publish(PEOPLE)


def manifest(phone, version):
    """File name → what the manifest says of it."""
    answer = phone.get(f"/forms/{version.pk}/manifest")
    assert answer.status_code == 200 and "text/xml" in answer["Content-Type"]
    found = {}
    for file in etree.fromstring(answer.content):
        said = {child.tag.removeprefix(MANIFEST): child.text for child in file} | {"type": file.get("type")}
        found[said["filename"]] = said
    return found


def hash_of(phone, version, name="people.csv"):
    return manifest(phone, version)[name]["hash"]


def download(phone, version, name="people.csv", **headers):
    address = manifest(phone, version)[name]["downloadUrl"].removeprefix("http://testserver")
    return phone.client.get(address, headers=VERSION | headers)


def body(answer):
    return b"".join(answer.streaming_content)


def rows(phone, version, name="people.csv"):
    """The list as a phone reads it: label → row."""
    text = body(download(phone, version, name)).decode()
    return {row["label"]: row for row in csv.DictReader(io.StringIO(text))}


def fates(phone, version, *names, name="people.csv"):
    address = manifest(phone, version)[name]["integrityUrl"].removeprefix("http://testserver")
    answer = phone.client.get(address, {"id": ",".join(names)}, headers=VERSION)
    assert answer.status_code == 200 and "text/xml" in answer["Content-Type"]
    assert answer["X-OpenRosa-Version"] == "1.0"
    root = etree.fromstring(answer.content)
    return {entity.get("id"): entity.findtext("deleted") for entity in root.find("entities")}


def rule(**changed):
    kept = {"title": "", "area_property": "", "filtered": False, "needs_approval": False} | changed
    return change_list(by=OPERATOR, entity_list=EntityList.objects.get(name="people"), **kept)


# Manifest


def test_the_manifest_names_the_list_as_one(phone, people):
    (said,) = manifest(phone, people).values()
    assert said["type"] == "entityList" and said["filename"] == "people.csv"
    assert said["hash"].startswith("md5:") and len(said["hash"]) == 36
    assert said["integrityUrl"] and said["downloadUrl"].startswith(f"http://testserver{phone.base}/forms/")


def test_the_form_list_says_that_there_is_a_manifest(phone, people):
    assert b"manifestUrl" in phone.get("/formList").content


def test_a_list_with_approval_says_so(phone, people):
    rule(needs_approval=True)
    assert manifest(phone, people)["people.csv"]["type"] == "approvalEntityList"


def test_a_form_finds_the_list_that_it_makes_without_a_file_of_that_name(publish, phone):
    version = publish(TREE, "tree.md")
    assert set(manifest(phone, version)) == {"trees.csv"}


def test_a_form_finds_a_list_that_is_there_already(publish, phone, megan):
    reads = xform("", None, form="reads", extra='<instance id="p" src="jr://file-csv/people.csv"/>')
    version = publish(reads, "reads.xml")
    assert manifest(phone, version)["people.csv"]["type"] == "entityList"
    assert set(rows(phone, version)) == {"Johnny Doe"}


def test_a_form_that_reads_a_list_that_nobody_makes_is_not_published(publish):
    reads = xform("", None, form="reads", extra='<instance id="p" src="jr://file-csv/nobody.csv"/>')
    with pytest.raises(Exception, match="media_missing"):
        publish(reads, "reads.xml")


def test_a_form_whose_entities_cannot_work_is_not_published_and_says_why(publish):
    with pytest.raises(Exception, match="version_unknown"):
        publish(PEOPLE.replace(b"2024.1.0", b"2031.1.0"), "people.xml")


def test_a_file_published_with_the_form_comes_before_a_list_of_that_name(publish, phone):
    version = publish(PEOPLE, media={"people.csv": b"name,label\na,A\n"})
    (said,) = manifest(phone, version).values()
    assert said["type"] is None and said.get("integrityUrl") is None
    answer = phone.client.get(said["downloadUrl"].removeprefix("http://testserver"), headers=VERSION)
    assert answer.content == b"name,label\na,A\n"


def test_other_files_of_the_form_stay_beside_the_list(publish, phone):
    extra = (
        '<instance id="p" src="jr://file-csv/people.csv"/><instance id="z" src="jr://file-csv/zones.csv"/>'
    )
    both = xform('<entity dataset="people" id="" create=""><label/></entity>', extra=extra)
    version = publish(both, media={"zones.csv": b"name,label\n"})
    assert {name: said["type"] for name, said in manifest(phone, version).items()} == {
        "people.csv": "entityList",
        "zones.csv": None,
    }


# The file


def test_the_file_of_a_new_list_has_its_columns(phone, people):
    answer = download(phone, people)
    assert answer["Content-Type"].startswith("text/csv") and answer["X-OpenRosa-Version"] == "1.0"
    assert body(answer) == b"name,label,__version,first_name,age,status,zone\n"


def test_the_file_has_every_entity_with_its_version(phone, people):
    make(phone)
    make(phone, OTHER, 'Jane, "Mme"', {"name": "Jané", "age": "1\n2"})
    send(phone, update="1", base="1", answers={"status": "in"})
    found = rows(phone, people)
    assert found["Johnny Doe"] == {
        "name": UUID, "label": "Johnny Doe", "__version": "2", "first_name": "Johnny", "age": "22", "status": "in",
        "zone": "",
    }  # fmt: skip
    assert found['Jane, "Mme"']["first_name"] == "Jané" and found['Jane, "Mme"']["age"] == "1\n2"


def test_the_file_is_the_same_byte_for_byte_until_something_changes(phone, people):
    make(phone), make(phone, OTHER)
    assert body(download(phone, people)) == body(download(phone, people))


def test_entities_keep_their_place_and_new_ones_come_at_the_end(phone, people):
    make(phone, label="First"), make(phone, OTHER, label="Second")
    send(phone, update="1", base="1", label="First again")
    assert list(rows(phone, people)) == ["First again", "Second"]


def test_a_deleted_entity_leaves_the_file_and_comes_back(phone, people):
    make(phone)
    delete_entry(by=OPERATOR, entity=now())
    assert rows(phone, people) == {}
    restore_entry(by=OPERATOR, entity=now())
    assert set(rows(phone, people)) == {"Johnny Doe"}


def test_a_property_that_is_added_later_is_in_every_line(publish, phone, people):
    make(phone)
    more = PEOPLE.replace(b'version="1"', b'version="2"').replace(b'saveto="zone"', b'saveto="village"')
    version = publish(more, "people.xml")
    assert rows(phone, version)["Johnny Doe"] | {"village": ""} == rows(phone, version)["Johnny Doe"]


def test_the_file_travels_packed_to_who_can_unpack(phone, people):
    make(phone)
    packed = download(phone, people, **{"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(body(packed)) == body(download(phone, people))


def test_a_long_list_is_served_whole(phone, people, monkeypatch):
    from taama.entities.queries import serving

    monkeypatch.setattr(serving, "CHUNK", 2)
    for number in range(5):
        make(phone, UUID[:-1] + str(number), label=f"P{number}")
    assert len(rows(phone, people)) == 5


def test_head_answers_without_the_file(phone, people):
    make(phone)
    address = manifest(phone, people)["people.csv"]["downloadUrl"].removeprefix("http://testserver")
    answer = phone.client.head(address, headers=VERSION)
    assert answer.status_code == 200 and answer["ETag"] and not answer.content


def test_a_list_that_the_form_does_not_read_is_not_given_out(phone, people):
    create_list(by=OPERATOR, name="secret")
    answer = phone.get(f"/forms/{people.pk}/lists/secret.csv")
    assert answer.status_code == 404 and "text/xml" in answer["Content-Type"]


def test_a_phone_that_was_cut_off_gets_nothing(phone, people, new_device):
    address = manifest(phone, people)["people.csv"]["downloadUrl"].removeprefix("http://testserver")
    revoke_device(by=OPERATOR, device=new_device.device)
    assert phone.client.get(address, headers=VERSION).status_code == 403


# Hash and 304


def test_the_hash_is_the_etag_and_an_unchanged_list_is_not_sent_again(phone, people):
    make(phone)
    first = download(phone, people)
    assert first["ETag"] == f'"{hash_of(phone, people).removeprefix("md5:")}"'
    again = download(phone, people, **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    weak = download(phone, people, **{"If-None-Match": f"W/{first['ETag']}"})
    assert weak.status_code == 304


@pytest.mark.parametrize("what", ["made", "updated", "corrected", "deleted", "restored"])
def test_every_change_changes_the_hash(phone, people, what):
    make(phone)
    if what == "restored":
        delete_entry(by=OPERATOR, entity=now())
    before, etag = hash_of(phone, people), download(phone, people)["ETag"]
    change = {
        "made": lambda: make(phone, OTHER, "Other"),
        "updated": lambda: send(phone, update="1", base="1", answers={"age": "23"}),
        "corrected": lambda: at_desk(label="New"),
        "deleted": lambda: delete_entry(by=OPERATOR, entity=now()),
        "restored": lambda: restore_entry(by=OPERATOR, entity=now()),
    }[what]
    change()
    assert hash_of(phone, people) != before
    assert download(phone, people, **{"If-None-Match": etag}).status_code == 200


def test_deleted_and_restored_the_list_is_as_it_was(phone, people):
    """Differs: Central's hash counts what happened; ours says what the list is, also after a restored backup."""
    make(phone)
    before = hash_of(phone, people)
    delete_entry(by=OPERATOR, entity=now())
    restore_entry(by=OPERATOR, entity=now())
    assert hash_of(phone, people) == before


def test_one_deleted_and_another_made_is_another_list_of_the_same_length(phone, people):
    make(phone)
    before = hash_of(phone, people)
    delete_entry(by=OPERATOR, entity=now())
    make(phone, OTHER)
    assert hash_of(phone, people) != before


def test_a_new_property_changes_the_hash(publish, phone, people):
    make(phone)
    before = hash_of(phone, people)
    publish(
        PEOPLE.replace(b'version="1"', b'version="2"').replace(b'saveto="zone"', b'saveto="village"'), "p.xml"
    )
    assert hash_of(phone, people) != before


def test_another_list_does_not_change_the_hash(publish, phone, people):
    make(phone)
    before = hash_of(phone, people)
    publish(TREE, "tree.md")
    assert hash_of(phone, people) == before


def test_two_phones_that_get_the_same_have_the_same_hash(phone, people, client, organisation):
    make(phone)
    other = create_device(by=OPERATOR, username="p-2", organisation=organisation)
    assert hash_of(phone, people) == hash_of(Phone(client, f"/key/{other.token}"), people)


def test_what_is_not_applied_does_not_change_the_hash(phone, people):
    make(phone)
    before = hash_of(phone, people)
    send(phone, update="1", base="5", branch=OTHER, answers={"age": "1"})
    assert hash_of(phone, people) == before


# Integrity


def test_integrity_of_a_list_without_entities(phone, people):
    assert fates(phone, people) == {} and fates(phone, people, UUID) == {}


def test_integrity_tells_which_are_gone(phone, people):
    make(phone), make(phone, OTHER)
    delete_entry(by=OPERATOR, entity=now(OTHER))
    assert fates(phone, people, UUID, OTHER) == {UUID: "false", OTHER: "true"}


def test_integrity_tells_only_what_was_asked(phone, people):
    """Differs: without identities Central tells of all; no phone asks so, and a hundred thousand are many."""
    make(phone), make(phone, OTHER)
    assert fates(phone, people, OTHER) == {OTHER: "false"} and fates(phone, people) == {}


def test_integrity_keeps_quiet_about_what_is_not_known_or_only_waits(phone, people):
    send(phone, entity=OTHER, update="1", base="1", branch=UUID, answers={"age": "1"})
    assert fates(phone, people, OTHER, UUID, "nonsense") == {}


def test_integrity_needs_the_version_header(phone, people):
    address = manifest(phone, people)["people.csv"]["integrityUrl"].removeprefix("http://testserver")
    assert phone.client.get(address).status_code == 400


def test_integrity_takes_many(phone, people):
    make(phone)
    many = [f"12345678-1234-4123-8234-{number:012d}" for number in range(300)]
    assert fates(phone, people, *many, UUID) == {UUID: "false"}


# Areas


@pytest.fixture
def teams(mali, client, organisation):
    """area → a phone that is used there."""
    made = {
        area: create_device(by=OPERATOR, username=f"p-{n}", organisation=organisation, area=area)
        for n, area in enumerate((GAO, MOPTI))
    }
    return {area: Phone(client, f"/key/{device.token}") for area, device in made.items()}


@pytest.fixture
def filtered(phone, people, teams):
    make(phone, UUID, "In Gao", {"zone": GAO})
    make(phone, OTHER, "In Mopti", {"zone": MOPTI})
    rule(area_property="zone", filtered=True)
    place_all()
    return people


def test_a_phone_with_an_area_gets_what_lies_in_it(phone, filtered, teams):
    assert set(rows(phone, filtered)) == {"In Gao", "In Mopti"}
    assert set(rows(teams[GAO], filtered)) == {"In Gao"}
    assert set(rows(teams[MOPTI], filtered)) == {"In Mopti"}


def test_an_area_holds_its_parts(phone, filtered, teams, client, organisation):
    region = create_device(by=OPERATOR, username="gao", organisation=organisation, area="ML07@2021-12-20")
    assert set(rows(Phone(client, f"/key/{region.token}"), filtered)) == {"In Gao"}


def test_phones_of_different_areas_have_different_hashes(phone, filtered, teams):
    assert len({hash_of(p, filtered) for p in (phone, *teams.values())}) == 3


def test_a_change_elsewhere_is_no_change(phone, filtered, teams):
    """Differs: in Central every phone downloads its part again whenever anything changes anywhere."""
    before = {area: hash_of(team, filtered) for area, team in teams.items()}
    send(phone, update="1", base="1", answers={"age": "5"})
    assert hash_of(teams[GAO], filtered) != before[GAO]
    assert hash_of(teams[MOPTI], filtered) == before[MOPTI]


def test_who_moves_leaves_one_list_and_enters_the_other(phone, filtered, teams):
    before = {area: hash_of(team, filtered) for area, team in teams.items()}
    send(phone, update="1", base="1", answers={"zone": MOPTI})
    assert set(rows(teams[GAO], filtered)) == set()
    assert set(rows(teams[MOPTI], filtered)) == {"In Gao", "In Mopti"}
    assert all(hash_of(teams[area], filtered) != before[area] for area in teams)


def test_integrity_says_gone_of_what_lies_elsewhere(phone, filtered, teams):
    assert fates(teams[GAO], filtered, UUID, OTHER) == {UUID: "false", OTHER: "true"}
    assert fates(phone, filtered, UUID, OTHER) == {UUID: "false", OTHER: "false"}


def test_what_names_no_area_belongs_to_that_of_its_phone(filtered, teams):
    make(teams[GAO], UUID[:-1] + "1", "Somewhere")
    assert "Somewhere" in rows(teams[GAO], filtered) and "Somewhere" not in rows(teams[MOPTI], filtered)


def test_without_the_filter_everybody_gets_all(phone, filtered, teams):
    before = hash_of(teams[GAO], filtered)
    rule(area_property="zone")
    assert set(rows(teams[GAO], filtered)) == {"In Gao", "In Mopti"}
    assert hash_of(teams[GAO], filtered) != before
    assert hash_of(teams[GAO], filtered) == hash_of(phone, filtered)


def test_another_property_places_the_entries_anew(phone, filtered, teams):
    send(phone, update="1", base="1", answers={"status": MOPTI})
    rule(area_property="status", filtered=True)
    place_all()
    assert set(rows(teams[MOPTI], filtered)) == {"In Gao"} and rows(teams[GAO], filtered) == {}
    assert now().version == 2, "where it lies is no change of the entry"


@pytest.fixture
def slowly(monkeypatch):
    monkeypatch.setattr("taama.entities.actions.lists.PLACED_AT_ONCE", 1)


def test_while_entries_are_placed_phones_keep_the_list_as_it_was(phone, people, teams, slowly):
    make(phone, UUID, "In Gao", {"zone": GAO})
    make(phone, OTHER, "In Mopti", {"zone": MOPTI})
    team = teams[GAO]
    before = download(team, people)["ETag"]
    rule(area_property="zone", filtered=True)
    while EntityList.objects.get(name="people").placing:
        assert download(team, people, **{"If-None-Match": before}).status_code == 304
        assert set(rows(team, people)) == {"In Gao", "In Mopti"}
        assert fates(team, people, OTHER) == {OTHER: "false"}
        reading.place()
    after = download(team, people, **{"If-None-Match": before})
    assert after.status_code == 200 and after["ETag"] != before
    assert set(rows(team, people)) == {"In Gao"} and fates(team, people, OTHER) == {OTHER: "true"}


def test_with_another_property_phones_keep_their_part_until_all_are_placed(phone, filtered, teams, slowly):
    send(phone, update="1", base="1", answers={"status": MOPTI})
    send(phone, entity=OTHER, update="1", base="1", answers={"status": GAO})
    before = {area: hash_of(team, filtered) for area, team in teams.items()}
    rule(area_property="status", filtered=True)
    reading.place()
    assert {area: hash_of(team, filtered) for area, team in teams.items()} == before
    place_all()
    assert set(rows(teams[MOPTI], filtered)) == {"In Gao"} and set(rows(teams[GAO], filtered)) == {"In Mopti"}


def test_what_comes_while_entries_are_placed_is_where_it_belongs_before_and_after(
    phone, filtered, teams, slowly
):
    new = UUID[:-1] + "1"
    rule(area_property="status", filtered=True)
    reading.place()
    make(phone, new, "New", {"zone": GAO, "status": MOPTI})
    send(phone, update="1", base="1", answers={"status": MOPTI})  # of one that is placed already
    assert set(rows(teams[GAO], filtered)) == {"In Gao", "New"}
    place_all()
    assert set(rows(teams[MOPTI], filtered)) == {"In Gao", "New"} and rows(teams[GAO], filtered) == {}
    counts = dict(ListPart.objects.filter(count__gt=0).values_list("area", "count"))
    assert counts == {MOPTI: 2, "": 1}


def test_placed_entries_make_the_same_hash_as_entries_that_came_so(phone, people, teams):
    make(phone, UUID, "In Gao", {"zone": GAO})
    rule(area_property="zone", filtered=True)
    place_all()
    placed = hash_of(teams[GAO], people)
    delete_entry(by=OPERATOR, entity=now())
    restore_entry(by=OPERATOR, entity=now())
    assert hash_of(teams[GAO], people) == placed


def test_a_filter_is_taken_off_at_once_and_a_rule_that_is_taken_back_is_dropped(
    phone, filtered, teams, slowly
):
    rule(area_property="status", filtered=True)
    reading.place()
    rule(area_property="zone", filtered=True)
    assert not EntityList.objects.get(name="people").placing and set(rows(teams[GAO], filtered)) == {"In Gao"}
    rule(area_property="status", filtered=False)
    assert set(rows(teams[GAO], filtered)) == {"In Gao", "In Mopti"}


def test_a_list_cannot_be_filtered_by_nothing(phone, people):
    with pytest.raises(Exception, match="filter_needs_property"):
        rule(filtered=True)
    with pytest.raises(Exception, match="property_unknown"):
        rule(area_property="nowhere")


def test_published_before_the_worker_came_the_list_is_simply_not_there_yet(phone, db):
    version = publish_form(by=OPERATOR, source=PEOPLE, filename="people.xml", personal="no")
    assert manifest(phone, version) == {}
    work()
    assert set(manifest(phone, version)) == {"people.csv"} and not Entity.objects.exists()
