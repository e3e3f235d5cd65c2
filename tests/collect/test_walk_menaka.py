"""Thirty assessments in Ménaka, two days without network, then ninety seconds of 64 kbit/s that break and resume."""

import random
import re
import shutil
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest

import taama
from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import PICTURES, filled, xform
from tests.collect.odk_collect import OdkCollect, WeakLink
from tests.collect.phone import sha256

TOOL = Path(taama.__file__).parent / "mobility" / "tools" / "location_assessment"
AREAS = "name,label,level,parent\nML09@2024-06-24,Ménaka,1,\n"
PLACES = "name,label,cercle,previous_people,previous_date,area_key\n" + "".join(
    f"SIM-9{n:03},Lieu simulé {n},C,100,2026-05-12,ML09@2024-06-24\n" for n in range(30)
)
KILOBITS_64 = 8000  # bytes a second
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=DATABASES)
def office(request, tmp_path_factory):
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = TaamaOffice(tmp_path_factory.mktemp("office"), database, TAAMA_MAX_SUBMISSION_BYTES="20000")
    made.publish_tool("location_assessment", {"areas.csv": AREAS, "localities.csv": PLACES})
    made.publish(xform("pictures", questions=PICTURES))
    yield made
    made.stop()


def assessment(number):
    """A filled assessment of one place. Number 7 has a total that differs from its parts, number 19 twelve times
    the figure of the last round, without a cause: as a phone with an older form lets through."""
    xml = (TOOL / "examples" / "reached.xml").read_text("utf-8")
    instance_id = f"uuid:{uuid.UUID(int=random.Random(f'menaka-{number}').getrandbits(128))}"
    xml = re.sub(r"(<orx:instanceID>)[^<]*", rf"\g<1>{instance_id}", xml)
    xml = xml.replace("SIM-0001", f"SIM-9{number:03}").replace("Sévaré Est", f"Lieu simulé {number}")
    if number == 7:
        xml = xml.replace("<female_0_4>130<", "<female_0_4>310<")
    if number == 19:
        xml = xml.replace(">1260<", ">15120<").replace("<difference>70<", "<difference>13930<")
    return instance_id, xml.encode()


@pytest.fixture
def thirty():
    return dict(map(assessment, range(30)))


@pytest.fixture
def phone(office, thirty, tmp_path):
    """Set up by its code on the office's own network, then filled in flight mode, then its battery died."""
    carried = OdkCollect(tmp_path / "phone")
    carried.scan(office.settings_code(office.phone))
    assert set(carried.refresh()) >= {"location_assessment", "pictures"}
    for number, xml in enumerate(thirty.values()):
        carried.fill(f"Évaluation d'un lieu_{number:02}", xml)
    return OdkCollect(tmp_path / "phone")


def at_the_office(office):
    """instance id → (sha256 of the bytes, entries in the journal)"""
    rows = office.server.rows(
        "SELECT s.instance_id, s.sha256, s.raw, s.id FROM collect_submission s JOIN forms_formversion v"
        " ON s.form_version_id = v.id JOIN forms_form f ON v.form_id = f.id WHERE f.form_id = 'location_assessment'"
    )
    entries = office.server.rows(
        "SELECT object_id FROM base_journalentry WHERE object_type = 'collect.submission'"
    )
    journalled = Counter(str(uuid.UUID(str(key))) for (key,) in entries)
    assert all(sha256(bytes(raw)) == sha for _, sha, raw, _ in rows)
    assert len({row[0] for row in rows}) == len(rows), "one is there twice"
    return {name: (sha, journalled[str(uuid.UUID(str(key)))]) for name, sha, _, key in rows}


def cuts(seed, count):
    """Breaks at odd places: in the head, in the body, after all was sent, in the middle of the answer."""
    chance = random.Random(seed)
    return [
        chance.choice([("up", chance.randint(1, 400)), ("up", chance.randint(400, 20_000)), ("down", chance.randint(1, 200))])
        for _ in range(count)
    ]  # fmt: skip


def send_over(link, phone):
    """As the phone sends by itself whenever there is a network, until nothing waits. Returns how often it tried."""
    phone.link, phone.wire = link.port, None
    for tries in range(1, 60):
        phone.send_all()
        if not phone.waiting:
            return tries
    raise AssertionError(phone.shown[-5:])


def test_the_walk(office, phone, thirty, tmp_path):
    form = (phone.folder / "forms" / "location_assessment" / "form.xml").read_text("utf-8")
    for question in ("sex_age_sum", "idp_people_again"):
        bind = re.search(rf'<bind [^>]*nodeset="[^"]*/{question}"[^>]*>', form)[0]
        assert "constraint=" in bind and "relevant=" in bind, "the phone objects on the spot"
    shutil.copytree(phone.folder, tmp_path / "copy")

    pace = KILOBITS_64 if office.server.database.startswith("sqlite") else KILOBITS_64 * 10  # waited for once
    link = WeakLink(office.server.port, pace, [("up", 90), ("down", 30), *cuts(1, 12)])
    began = time.monotonic()
    tries = send_over(link, phone)
    assert time.monotonic() - began < 90, "more than the ninety seconds of network that there are"
    assert link.broken >= 10 and tries > 1
    link.close()

    wanted = {name: (sha256(xml), 1) for name, xml in thirty.items()}
    assert at_the_office(office) == wanted
    assert len(phone.receipts) == len(set(phone.receipts)) == 30, "each is acknowledged once"
    assert phone.waiting == [], "what was sent is gone from the phone"
    assert (
        phone.shown.count("Envoi reçu.") >= 15
        and office.server.rows("SELECT 1 FROM collect_quarantined") == []
    )

    again = OdkCollect(tmp_path / "copy")
    again.send_all()
    assert (len(again.receipts), again.waiting) == (30, [])
    assert at_the_office(office) == wanted, "sent again by the user: still thirty, each journalled once"

    other = OdkCollect(tmp_path / "other", name=office.phone.name, secret=office.phone.secret, old=True)
    other.folder.joinpath("settings.json").write_text(
        '{"server_url": "%s", "delete_send": true}' % office.unkeyed
    )
    for number, xml in enumerate(thirty.values()):
        other.fill(f"{number:02}", xml)
    other.fill("30", assessment(30)[1])
    fast = WeakLink(
        office.server.port, KILOBITS_64 * 20, [("up", 90), ("up", 700), ("down", 20), *cuts(2, 14)]
    )
    send_over(fast, other)
    fast.close()
    assert fast.broken >= 8
    assert len(other.receipts) == len(set(other.receipts)) == 31
    assert at_the_office(office) == wanted | {assessment(30)[0]: (sha256(assessment(30)[1]), 1)}

    found = office.findings()
    assert found["mobility.sex_age_sum"] >= {assessment(7)[0]}
    assert assessment(19)[0] in set().union(*found.values())


@pytest.mark.parametrize("seed", [3, 4])
def test_photos_in_several_requests_over_a_link_that_breaks(office, tmp_path, seed):
    phone, chance = OdkCollect(tmp_path / "phone"), random.Random(seed)
    phone.scan(office.settings_code(office.phone))
    photos = [(f"{n} – école.jpg", chance.randbytes(9000)) for n in range(5)]
    name = f"uuid:{uuid.uuid4()}"
    phone.fill("photos", filled("pictures", name, {"film": photos[0][0], "photo": photos[1][0]}), photos)
    places = [
        ("up", 12_000),
        ("up", 100),
        ("up", 30_000),
        ("down", 30),
        ("up", 45_000),
        ("up", 900),
        ("down", 300),
    ]
    link = WeakLink(office.server.port, KILOBITS_64 * 5, places)
    tries = send_over(link, phone)
    link.close()
    assert tries >= 3 and link.broken >= 6 and phone.receipts == ["photos"]
    assert office.count(name) == 1
    assert office.kept("pictures", name).files == dict(photos)
