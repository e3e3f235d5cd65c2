"""What is asked for by many at once is built once; whoever builds may fail or die without harm to the others."""

import logging
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module, reload
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.core.cache import caches

from taama.base.errors import TaamaError
from taama.opendata.views import answering, datasets
from taama.opendata.views.answering import made_once
from taama.publish.views import pages, report

READERS = 20
BUILDERS = Path(__file__).with_name("builders.py")


@pytest.fixture(autouse=True)
def nothing_kept():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def processes(tmp_path):
    """start(builder, threads) → a process of the office in tmp_path; what it prints is how many got their answer."""
    root = Path(answering.__file__).parents[3]
    environment = os.environ | {"TAAMA_DATA_DIR": str(tmp_path), "PYTHONPATH": str(root)}

    def start(builder, threads):
        return subprocess.Popen(
            [sys.executable, str(BUILDERS), builder, str(threads)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    return start


def count(monkeypatch, module, name):
    """Builds of a module's function, as a list that grows; each takes long enough for all to arrive."""
    made, real = [], getattr(module, name)

    def slow(*given, **options):
        made.append(threading.get_ident())
        time.sleep(0.5)
        return real(*given, **options)

    monkeypatch.setattr(module, name, slow)
    return made


@pytest.mark.parametrize(
    ("address", "module", "name"),
    [
        ("/reports/{n}.fr.pdf", report, "report"),
        ("/data/{n}/taama.zip", datasets, "dataset"),
        ("/data/{n}/figures.xlsx", datasets, "dataset"),
        ("/", pages, "home_page"),
    ],
)
def test_twenty_first_readers_are_one_build(live_server, snapshot, monkeypatch, address, module, name):
    made = count(monkeypatch, module, name)
    asked = live_server.url + address.format(n=snapshot.number)

    def read(_):
        with urlopen(Request(asked), timeout=60) as answer:  # noqa: S310  the test's own server
            return answer.status, answer.headers["ETag"], answer.read()

    with ThreadPoolExecutor(READERS) as readers:
        answers = list(readers.map(read, range(READERS)))
    assert len(made) == 1
    assert {status for status, _, _ in answers} == {200} and len({content for *_, content in answers}) == 1
    assert len({tag for _, tag, _ in answers}) == 1 and answers[0][2]


def test_all_processes_of_a_machine_build_once(processes, tmp_path):
    started = [processes("build", 5) for _ in range(4)]
    got = [int(each.communicate(timeout=60)[0]) for each in started]
    assert got == [5, 5, 5, 5]
    assert len((tmp_path / "builds").read_text().splitlines()) == 1


def test_a_builder_that_is_killed_keeps_nobody_waiting(processes, tmp_path):
    started = [processes("build_and_die", 3) for _ in range(3)]
    outcomes = [(each.communicate(timeout=60)[0], each.returncode) for each in started]
    assert sorted(code for _, code in outcomes) == [-9, 0, 0]
    assert [out.strip() for out, code in outcomes if code == 0] == ["3", "3"]
    log = (tmp_path / "builds").read_text().splitlines()
    assert log[0] == "killed" and len(log) == 2


def test_a_build_that_fails_is_tried_again_by_the_next():
    def fail():
        raise TaamaError("figures.fonts_missing")

    with pytest.raises(TaamaError, match=r"figures\.fonts_missing"):
        made_once("cd34", fail, 60)
    assert made_once("cd34", lambda: b"whole", 60) == b"whole"


def test_who_waits_too_long_is_told_so(client, db, snapshot, monkeypatch):
    monkeypatch.setattr(answering, "PATIENCE_SECONDS", 0.2)
    begun, go_on = threading.Event(), threading.Event()

    def endless():
        begun.set()
        go_on.wait(30)
        return b""

    monkeypatch.setattr(answering, "_hash", lambda content: "ef" * 8)
    builder = threading.Thread(target=made_once, args=("ef" * 8, endless, 60))
    builder.start()
    try:
        assert begun.wait(10)
        answer = client.get(f"/data/{snapshot.number}/figures.csv")
        assert answer.status_code == 503 and "encore en préparation" in answer.content.decode()
    finally:
        go_on.set()
        builder.join()


def test_a_full_disk_keeps_nothing_and_answers_all_the_same(monkeypatch, settings):
    def full(*_given, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(caches["pages"]), "set", full)
    assert made_once("ab56", lambda: b"report", 60) == b"report"
    monkeypatch.setattr(answering.Path, "mkdir", full)
    assert made_once("ab56", lambda: b"report", 60) == b"report"


def test_what_is_empty_is_kept_too():
    made = []
    for _ in range(2):
        made_once("ab78", lambda: made.append(1) or b"", 60)
    assert len(made) == 1


def test_what_is_kept_is_the_same_for_everybody_and_named_so(client, snapshot, django_user_model):
    address = f"/data/{snapshot.number}/figures.csv"
    first = client.get(address)
    client.force_login(django_user_model.objects.create_user("awa", password="a-long-Pass-word-1"))
    theirs = client.get(address, headers={"accept-language": "en"})
    assert (theirs["ETag"], theirs.content) == (first["ETag"], first.content)
    assert first["Cache-Control"] == theirs["Cache-Control"] == "public, max-age=60"
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*" and again["ETag"] == first["ETag"]


def test_a_kept_page_is_one_for_each_language_and_none_for_who_signed_in(client, snapshot, django_user_model):
    seen = {name: client.get("/", headers={"accept-language": name}) for name in ("fr", "en")}
    assert seen["fr"]["ETag"] != seen["en"]["ETag"]
    for name, page in seen.items():
        again = client.get("/", headers={"accept-language": name, "if-none-match": page["ETag"]})
        assert again.status_code == 304 and {"Accept-Language", "Cookie"} <= set(again["Vary"].split(", "))
        assert again["Cache-Control"] == "public, max-age=60"
    client.force_login(django_user_model.objects.create_user("awa", password="a-long-Pass-word-1"))
    mine = client.get("/", headers={"if-none-match": seen["fr"]["ETag"]})
    assert (
        mine.status_code == 200
        and "private" in mine["Cache-Control"]
        and "public" not in mine["Cache-Control"]
    )


def test_a_server_that_starts_keeps_nothing_of_the_version_before():
    caches["pages"].set("ab90", b"old", 60)
    reload(import_module("taama.project.wsgi"))
    logging.captureWarnings(False)  # as pytest wants them
    assert caches["pages"].get("ab90") is None
