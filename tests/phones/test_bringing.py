"""Filled forms by cable: the same as over the network, whichever comes first, and never a draft by accident."""

import shutil
import sqlite3
import subprocess
import sys

import pytest
from click.testing import CliRunner

from taama.base.errors import TaamaError
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR
from taama.collect.models import Quarantined, Submission
from taama.phones.actions import revoke_device
from taama.phones.commands import submission as commands
from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import PICTURES, filled, new_id, send, xform
from tests.collect.phone import instance, sha256
from tests.collect.test_faults_arriving import BOTH, DATABASES, at_once


class Card:
    """The folder of a project of ODK Collect: `instances`, and `metadata` with the list of forms."""

    def __init__(self, folder):
        self.folder, self.instances = folder, folder / "instances"
        self.instances.mkdir(parents=True)
        (folder / "metadata").mkdir()
        (folder / "forms").mkdir()
        (folder / "forms" / "count.xml").write_text("<h/>")
        self.list = sqlite3.connect(folder / "metadata" / "instances.db")
        self.list.execute("PRAGMA journal_mode = WAL")  # as newer phones keep it
        self.list.execute("CREATE TABLE instances (instanceFilePath TEXT, status TEXT)")

    def put(self, name, xml, files=(), status="complete", sealed=False):
        place = self.instances / name
        place.mkdir()
        (place / f"{name}.xml").write_bytes(b"<plain/>" if sealed else xml)
        if sealed:
            (place / "submission.xml").write_bytes(xml)
        for file, content in files:
            (place / file).write_bytes(content)
        if status:
            self.list.execute("INSERT INTO instances VALUES (?, ?)", (f"{name}/{name}.xml", status))
            self.list.commit()
        return place


@pytest.fixture
def card(tmp_path):
    return Card(tmp_path / "projects" / "1234")


def bring(folder, *options, device="gao-1"):
    arguments = ["bring", str(folder), "--device", device, *options]
    return CliRunner().invoke(commands, arguments, catch_exceptions=False)


def names():
    return set(Submission.objects.values_list("instance_id", flat=True))


@pytest.mark.django_db
def test_each_filled_form_is_told_new_known_or_aside(card, phone, form, new_device):
    phone.send(instance("uuid:known")), phone.send(instance("uuid:other", people=1))
    card.put("new é", instance("uuid:new", photo="a.jpg"), [("a.jpg", b"photo"), (".nomedia", b"")])
    card.put("known", instance("uuid:known"), status="submitted")
    card.put("other", instance("uuid:other", people=2), status="submissionFailed")
    card.put("broken", b"<broken")
    card.put("hostile", b"<!DOCTYPE a [<!ENTITY b 'c'>]><data>&b;</data>")
    told = bring(card.folder)
    lines = dict(line.split("\t")[:2] for line in told.output.splitlines() if "\t" in line)
    assert lines == {
        "new é": "reçu maintenant",
        "known": "déjà reçu, identique",
        "other": "mis de côté\xa0: contredit un envoi déjà reçu",
        "broken": "mis de côté pour décision",
        "hostile": "pas reçu",
    }
    assert told.exit_code == 1, "one was not taken"
    kept = Submission.objects.get(instance_id="uuid:new")
    assert bytes(kept.raw) == instance("uuid:new", photo="a.jpg") and kept.device == new_device.device
    assert list(kept.attachments.values_list("filename", "sha256", "expected")) == [
        ("a.jpg", sha256(b"photo"), True)
    ]
    entry = JournalEntry.objects.get(action="collect.receive", object_id=str(kept.pk))
    assert (entry.actor_kind, entry.actor) == ("device", str(new_device.device.pk))
    assert sorted(Quarantined.objects.values_list("code", flat=True)) == [
        "collect.instance_conflict",
        "collect.xml_unreadable",
    ]


@pytest.mark.django_db
def test_the_same_folder_again_changes_nothing(card, form, new_device):
    card.put("one", instance("uuid:1", photo="a.jpg"), [("a.jpg", b"x")])
    assert bring(card.folder).exit_code == bring(card.instances / "one", "--drafts-too").exit_code == 0
    assert names() == {"uuid:1"} and Submission.objects.get().attachments.count() == 1
    assert JournalEntry.objects.filter(action="collect.receive").count() == 2


@pytest.mark.django_db
def test_drafts_stay_out(card, form, new_device):
    card.put("done", instance("uuid:done"))
    for status in ("incomplete", "invalid", "valid", "newEdit", ""):
        card.put(f"draft {status}", instance(f"uuid:{status}"), status=status)
    told = bring(card.instances)
    assert names() == {"uuid:done"} and told.output.count("non repris") == 5
    bring(card.instances, "--drafts-too")
    assert len(names()) == 6


@pytest.mark.django_db
def test_without_the_phones_list_nothing_is_guessed(card, tmp_path, form, new_device):
    card.put("done", instance("uuid:done"))
    alone = shutil.copytree(card.instances, tmp_path / "alone")
    with pytest.raises(TaamaError) as caught:
        bring(alone)
    assert caught.value.code == "phones.phone_list_missing" and not names()
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "instances.db").write_bytes(b"not a database, cut short" * 100)
    with pytest.raises(TaamaError):
        bring(alone)
    assert bring(alone, "--drafts-too").exit_code == 0 and names() == {"uuid:done"}


@pytest.mark.django_db
def test_an_encrypted_form_is_brought_as_the_phone_would_send_it(card, form, new_device):
    card.put("sealed", instance("uuid:s"), [("submission.xml.enc", b"?"), ("a.jpg.enc", b"?")], sealed=True)
    bring(card.folder)
    kept = Submission.objects.get(instance_id="uuid:s")
    assert sorted(kept.attachments.values_list("filename", flat=True)) == ["a.jpg.enc", "submission.xml.enc"]


@pytest.mark.django_db
def test_links_on_a_card_lead_nowhere(card, form, new_device, tmp_path):
    (tmp_path / "secret").write_text("secret")
    place = card.put("one", instance("uuid:1"))
    (place / "key.pem").symlink_to(tmp_path / "secret")
    (card.instances / "two").symlink_to(place)
    bring(card.folder, "--drafts-too")
    assert names() == {"uuid:1"} and not Submission.objects.get().attachments.exists()


@pytest.mark.django_db
def test_a_revoked_phone_s_forms_come_under_its_successor_and_empty_folders_are_told(card, form, new_device):
    with pytest.raises(TaamaError) as caught:
        bring(card.folder)
    assert caught.value.code == "phones.nothing_to_bring"
    card.put("one", instance("uuid:1"))
    revoke_device(by=OPERATOR, device=new_device.device)
    with pytest.raises(TaamaError) as caught:
        bring(card.folder)
    assert caught.value.code == "phones.device_revoked" and not names()


@pytest.fixture(scope="module", params=DATABASES)
def office(request, tmp_path_factory):
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = TaamaOffice(tmp_path_factory.mktemp("office"), database)
    made.publish(xform("pictures", questions=PICTURES))
    yield made
    made.stop()


def brought(office, card):
    """What the command says beside the running server."""
    program = "from taama.project.cli import main; main()"
    command = [sys.executable, "-c", program, "submission", "bring", str(card.folder), "--device", "gao-1"]
    done = subprocess.run(command, env=office.server.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


FILES = [("photo.jpg", b"photo"), ("film.mp4", b"film")]


@pytest.mark.slow
@pytest.mark.parametrize("first", ["network", "cable"])
def test_by_two_ways_one_after_the_other_is_one_submission(office, card, first):
    name = new_id()
    xml = filled("pictures", name, BOTH)
    card.put("one", xml, FILES)

    def over_network():
        assert send(office.phone.base, xml, FILES[:1]).status == 201

    def by_cable():
        brought(office, card)

    for way in (over_network, by_cable) if first == "network" else (by_cable, over_network):
        way()
    assert office.count(name) == 1 and office.kept("pictures", name).files == dict(FILES)


@pytest.mark.slow
def test_by_two_ways_at_once_is_one_submission(office, card):
    sent = {new_id(): n for n in range(12)}
    instances = {name: filled("pictures", name, BOTH) for name in sent}
    for name, number in sent.items():
        card.put(f"form {number}", instances[name], FILES)
    network = [lambda xml=xml: send(office.phone.base, xml, FILES).status for xml in instances.values()]
    told, *answers = at_once(lambda: brought(office, card), *network)
    assert set(answers) == {201} and told
    for name in sent:
        assert office.count(name) == 1 and office.kept("pictures", name).files == dict(FILES)
