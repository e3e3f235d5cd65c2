"""What arrives in pieces, twice, by two ways at once, under odd names, or while the server is killed."""

import random
import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import (
    BOUNDARY,
    KIND,
    PICTURES,
    filled,
    joined,
    new_id,
    openrosa,
    part,
    send,
    xform,
    xml_part,
)
from tests.collect.odk_collect import OdkCollect, WeakLink

BOTH = {"film": "film.mp4", "photo": "photo.jpg"}
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=DATABASES)
def office(request, tmp_path_factory):
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = TaamaOffice(tmp_path_factory.mktemp("office"), database, TAAMA_MAX_SUBMISSION_BYTES="200000")
    made.publish(xform("pictures", questions=PICTURES))
    yield made
    made.stop()


@pytest.fixture
def base(office):
    return office.phone.base


def carried(office, folder, **options):
    phone = OdkCollect(folder, **options)
    phone.scan(office.settings_code(office.phone))
    return phone


def at_once(*calls):
    """All these calls at the same moment; their results."""
    gate = threading.Barrier(len(calls))

    def called(call):
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(called, calls))


def test_half_of_a_second_request_changes_nothing_that_the_first_brought(office, base):
    name = new_id()
    xml = filled("pictures", name, BOTH)
    assert send(base, xml, [("film.mp4", b"a film")]).status == 201
    body = joined(xml_part(xml), part(b"photo" * 2000, "photo.jpg", "photo.jpg", "image/jpeg"))
    closing = len(f"--{BOUNDARY}--\r\n")
    for length in (
        1,
        len(BOUNDARY),
        len(xml),
        len(body) // 2,
        len(body) - closing - 1,
        len(body) - closing,
        len(body) - 4,
    ):
        assert openrosa(f"{base}/submission", "POST", body[:length], Content_Type=KIND).status == 400
        assert office.kept("pictures", name).files == {"film.mp4": b"a film"}
    assert send(base, xml, [("photo.jpg", b"photo" * 2000)]).status == 201
    assert office.kept("pictures", name).files == {"film.mp4": b"a film", "photo.jpg": b"photo" * 2000}
    incoming = office.server.folder / "attachments" / "incoming"
    assert list(incoming.iterdir()) == [], "nothing half is left behind"


def test_101_and_150_files_over_a_link_that_breaks_between_the_requests(office, tmp_path):
    phone, wanted = carried(office, tmp_path / "phone"), {}
    for count in (101, 150):
        name, files = new_id(), [(f"{n:03}.jpg", f"{count} {n}".encode() * 50) for n in range(count)]
        named = BOTH | {f"picture_{n}": file for n, (file, _) in enumerate(files)}
        phone.fill(f"{count}", filled("pictures", name, named), files)
        wanted[name] = dict(files)
    link = WeakLink(
        office.server.port,
        10_000_000,
        [("up", 9000), ("up", 200), ("up", 60_000), ("down", 100), ("up", 61_000)],
    )
    phone.link = link.port
    for _ in range(9):
        phone.send_all()
    link.close()
    assert phone.waiting == [] and link.broken >= 4
    assert {name: office.kept("pictures", name).files for name in wanted} == wanted


def test_a_name_in_another_form_of_unicode_is_the_one_that_the_answer_means(office, base):
    name, written = new_id(), unicodedata.normalize("NFD", "école – été.jpg")
    assert send(base, filled("pictures", name, {"photo": written}), [(written, b"x")]).status == 201
    rows = office.server.rows(
        "SELECT a.filename, a.expected FROM collect_attachment a JOIN collect_submission s ON s.id = a.submission_id"
        " WHERE s.instance_id = %s",
        name,
    )
    assert [(filename, bool(expected)) for filename, expected in rows] == [("école – été.jpg", True)]


def test_two_very_long_names_that_begin_alike_do_not_take_each_others_place(office, base):
    name, long = new_id(), "é" * 400
    files = [(f"{long}1.jpg", b"one"), (f"{long}2.jpg", b"two")]
    assert send(base, filled("pictures", name, BOTH), files).status == 201
    assert office.server.rows(
        "SELECT count(DISTINCT a.sha256) FROM collect_attachment a JOIN collect_submission s ON s.id = a.submission_id"
        " WHERE s.instance_id = %s",
        name,
    ) == [(2,)]


def test_one_form_by_key_and_by_digest_at_once_is_one_submission(office, tmp_path):
    by_key = carried(office, tmp_path / "key")
    by_digest = carried(office, tmp_path / "digest", name=office.phone.name, secret=office.phone.secret)
    told = (tmp_path / "digest" / "settings.json").read_text().replace(office.phone.base, office.unkeyed)
    (tmp_path / "digest" / "settings.json").write_text(told)
    for number in range(8):
        name, files = new_id(), [("film.mp4", b"film"), ("photo.jpg", str(number).encode())]
        for phone in (by_key, by_digest):
            phone.fill(f"{number}", filled("pictures", name, BOTH), files)
        at_once(by_key.send_all, by_digest.send_all)
        assert (by_key.waiting, by_digest.waiting) == ([], []), by_digest.shown[-2:]
        assert office.count(name) == 1 and office.kept("pictures", name).files == dict(files)


def test_released_by_a_manager_while_the_phone_sends_it_again_is_one_submission(office, base):
    for number in range(5):
        name, version = new_id(), f"later-{number}-{new_id()[5:9]}"
        xml = filled("pictures", name, BOTH, version=version)
        assert send(base, xml, [("film.mp4", b"film")]).status == 201
        assert office.count(name) == 0
        office.publish(xform("pictures", version, questions=PICTURES))
        again = [lambda xml=xml: send(base, xml, [("photo.jpg", b"photo")]).status for _ in range(4)]
        answers = at_once(lambda name=name: office.release(name), *again)
        assert set(answers[1:]) == {201}
        assert office.count(name) == 1
        assert office.kept("pictures", name).files == {"film.mp4": b"film", "photo.jpg": b"photo"}
        waiting = office.server.rows("SELECT state FROM collect_quarantined WHERE instance_id = %s", name)
        assert {state for (state,) in waiting} <= {"released"}


def test_an_edit_that_comes_before_what_it_edits_takes_its_place_by_itself(office, base):
    first, second = new_id(), new_id()
    assert send(base, filled("pictures", second, BOTH, edits=first)).status == 201
    assert send(base, filled("pictures", first, BOTH), [("photo.jpg", b"photo")]).status == 201
    assert [office.kept("pictures", name).current for name in (first, second)] == [False, True]
    assert office.kept("pictures", second).files == {"photo.jpg": b"photo"}


def test_parallel_edits_and_late_files_keep_every_byte(office, base):
    first = new_id()
    old = filled("pictures", first, BOTH)
    assert send(base, old).status == 201
    edits = [filled("pictures", new_id(), BOTH | {"film": f"{n}.mp4"}, edits=first) for n in range(6)]
    sending = [lambda xml=xml: send(base, xml, [("photo.jpg", xml[-300:])]).status for xml in edits]
    late = [lambda n=n: send(base, old, [(f"{n}.jpg", b"late")]).status for n in range(4)]
    assert set(at_once(*sending, *late)) == {201}
    names = [
        xml.rpartition(b"instanceID>")[0].rpartition(b"instanceID>")[2].rpartition(b"</")[0].decode()
        for xml in edits
    ]
    taken = [name for name in names if office.kept("pictures", name)]
    assert len(taken) == 1 and office.kept("pictures", taken[0]).current
    for xml, name in zip(edits, names, strict=True):
        files = office.kept("pictures", name).files if name in taken else office.aside(xml)
        assert files["photo.jpg"] == xml[-300:]
    assert {f"{n}.jpg" for n in range(4)} <= set(office.kept("pictures", first).files)


def test_a_server_killed_between_the_requests_of_many_phones_ends_with_every_file(office, tmp_path):
    """Twelve phones with forms in several requests, each followed by an edit; the server is killed again and again."""
    chance, phones, wanted, edits = random.Random(11), [], {}, []
    for number in range(12):
        phone = carried(office, tmp_path / f"{number}")
        for turn in range(4):
            first, second = new_id(), new_id()
            files = [(f"{n}.jpg", chance.randbytes(60_000)) for n in range(5)]
            answers = {"film": "0.jpg", "photo": "1.jpg"}
            phone.fill(f"{turn}a", filled("pictures", first, answers), files)
            phone.fill(f"{turn}b", filled("pictures", second, answers, edits=first), files[1:])
            wanted[first], wanted[second] = dict(files), dict(files)
            edits.append((first, second))
        phones.append(phone)

    def until_sent(phone):
        while phone.waiting:
            phone.send_all()
            time.sleep(0.05)

    threads = [threading.Thread(target=until_sent, args=(phone,), daemon=True) for phone in phones]
    for thread in threads:
        thread.start()
    kills = 0
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.01)
        if kills < 5 and sum(len(phone.receipts) for phone in phones) >= 16 * kills + 4:
            time.sleep(chance.uniform(0, 0.1))
            office.server.kill()
            kills += 1
            office.server.start()
    assert kills == 5 and sum("Error" in text for phone in phones for text in phone.shown) >= kills
    early = [name for name in wanted if office.count(name) == 0]
    assert all(office.release(name) for name in early), "an edit before what it edits waits for a manager"
    for name, files in wanted.items():
        assert office.count(name) == 1
        assert office.kept("pictures", name).files == files, "also what the edit names and did not bring"
    assert all(
        office.kept("pictures", new).current and not office.kept("pictures", old).current
        for old, new in edits
    )
    assert all(len(phone.receipts) == 8 for phone in phones)
