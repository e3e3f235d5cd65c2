"""Publishing from a page: what is promised, who may, one after the other, in the name of who asked, whatever breaks."""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import taama
from taama.base.errors import MethodError
from taama.base.models import JournalEntry, Membership, Organisation, User, new_id
from taama.base.policy import WORKER
from taama.base.viewers import viewer_of_user
from taama.base.work import release_lease, take_lease
from taama.collect.models import Submission
from taama.figures.actions import Basis, keep_working
from taama.figures.figure import Coverage
from taama.figures.models import Snapshot
from taama.publish import actions, tasks
from taama.publish.actions import ask_publication
from taama.publish.methods.differences import SEEN, differences, total
from taama.publish.models import Publication
from tests.snapshots import COUNTRY, GAO, MOPTI, figure

ROOT = Path(taama.__file__).parents[1]
WORKERS = Path(__file__).with_name("workers.py")
BEFORE = {COUNTRY: 378363, MOPTI: 73242}
AFTER = {COUNTRY: 378400, GAO: 40347}  # one changed, one new, one gone


def totals(values, **marks):
    return [figure("idp_present", place, "2024-09-30", value, **marks) for place, value in values.items()]


@pytest.fixture
def account(db):
    """account("validator") → a User with this role for the whole country."""
    office = Organisation.objects.create(code="dnds", name="DNDS", kind="directorate")

    def make(role):
        user = User.objects.create_user(role, password="a-long-Pass-word-1", name=role.title())
        yesterday = date.today() - timedelta(days=1)
        Membership.objects.create(user=user, organisation=office, role=role, from_date=yesterday)
        return user

    return make


@pytest.fixture
def officer(account, client):
    user = account("information_officer")
    client.force_login(user)
    return user


@pytest.fixture
def round_closed(publish, monkeypatch):
    """A snapshot is published, other figures are worked on, and the worker will find those."""
    publish(totals(BEFORE), title="Cycle 2")
    keep_working(by=WORKER, figures=totals(AFTER), basis=Basis(position=2))
    monkeypatch.setattr(tasks, "computed", lambda: totals(AFTER))


def ask(user, title="Cycle 3", note=""):
    return ask_publication(by=viewer_of_user(user), key=new_id(), title=title, note=note)


def page(client, address, language="fr"):
    text = client.get(address, headers={"accept-language": language}).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("&#x27;", "'").replace(" ,", ",")


def sent(user, state, count):
    for _ in range(count):
        Submission.objects.create(
            instance_id=f"uuid:{new_id()}", origin="file", raw=b"x", sha256="0" * 64, state=state,
            received_at=user.date_joined,
        )  # fmt: skip


def test_what_is_covered_stands_before_one_publishes_and_one_village_is_not_all(client, officer, publish):
    """A list of one village is no plan; what a publication covers is not known either; of the points one is missing."""
    round_, day = {"period": "2026-3", "series": "collected", "as_of": date(2026, 9, 30)}, date(2026, 9, 30)
    village, points = Coverage(1, None, "localities"), {"series": "collected", "as_of": day, "unit": "people_per_day"}
    reach = {"cercles": 53, "cercles_planned": 1, "cercles_assessed": 1}
    figures = [
        *totals(BEFORE),
        figure("idp_present", COUNTRY, value=1260, coverage=village, **round_),
        figure("localities_assessed", COUNTRY, value=1, unit="localities", coverage=village, extra=reach, **round_),
        figure("flow_daily_average", COUNTRY, "2026-09", 80, coverage=Coverage(4, 5, "points"), **points),
        figure("flow_daily_average", "P-GAO", "2026-09", 80, coverage=Coverage(9, 30, "days"), **points),
    ]  # fmt: skip
    keep_working(by=WORKER, figures=figures, basis=Basis(position=2))
    covered = page(client, "/publish").split("Ce que couvrent les chiffres", 1)[1].split("Ce qui y manquerait")[0]
    for said in ("1 localité, nombre prévu inconnu", "un lieu a été évalué : 1 sur 53", "couverture inconnue",
                 "4 points sur 5 (80 %)", "jours d'observation de ces points : 9 sur 30"):  # fmt: skip
        assert said in covered.replace("\u00a0", " "), said
    assert "100" not in covered


def test_from_the_list_of_snapshots_to_a_published_one(client, officer, round_closed):
    assert 'href="/publish"' in client.get("/snapshots").content.decode()
    form = client.get("/publish").content.decode()
    answer = {
        "title": "Cycle 3",
        "note": "Gao ajouté.",
        "key": re.search(r'name="key" value="([^"]+)"', form)[1],
    }
    confirmation = client.post("/publish", answer).content.decode()
    assert "Confirmer la publication" in confirmation and "Gao ajouté." in confirmation
    assert not Publication.objects.exists()  # nothing before it is confirmed
    address = client.post("/publish/ask", answer)["Location"]
    assert 'http-equiv="refresh"' in client.get(address).content.decode()
    assert "En attente des tâches de fond" in page(client, address) and Snapshot.objects.count() == 2
    assert tasks.publish_requested() == 1
    assert "Publié sous le numéro S2" in page(client, address)
    assert "refresh" not in client.get(address).content.decode()
    client.logout()
    text = page(client, "/snapshots")
    assert "S2" in text and "Cycle 3" in text and "Gao ajouté." in text and "Publier" not in text
    assert "378\u202f400" in client.get("/").content.decode()


def test_the_page_says_what_would_be_published_and_what_would_be_missing(client, officer, round_closed):
    sent(officer, "held", 3)
    sent(officer, "pending", 1)
    french, english = page(client, "/publish"), page(client, "/publish", "en")
    assert "2 chiffres, 1 nouveau, 1 modifié, 1 de S1 disparu" in french
    assert "2 figures, 1 new, 1 changed, 1 of S1 gone" in english
    assert "3 envois sont bloqués par une erreur, aucun chiffre n'en tient compte." in french
    assert "1 submission waits to be read: it will be, before the snapshot is made." in english


def test_a_snapshot_without_anything_new_says_so(client, officer, publish):
    publish(totals(BEFORE), title="Cycle 2")
    keep_working(by=WORKER, figures=totals(BEFORE), basis=Basis(position=2))
    assert "2 chiffres, rien n'a changé depuis S1" in page(client, "/publish")


def test_simulated_figures_are_named_before_they_are_published(client, officer, publish):
    keep_working(by=WORKER, figures=totals(AFTER, marks=frozenset({"simulated"})), basis=Basis(position=2))
    assert "simulé" in page(client, "/publish")
    key = str(new_id())
    confirmation = client.post("/publish", {"title": "T", "key": key}).content.decode()
    assert "contient des données simulées" in confirmation


def test_before_anything_is_published_the_first_can_be_asked_for(client, officer, mali):
    assert 'href="/publish"' in client.get("/").content.decode()
    assert "Pas encore de chiffres de travail" in page(client, "/publish")
    client.logout()
    assert 'href="/publish"' not in client.get("/").content.decode()


def test_what_a_role_may_not_know_is_not_counted(client, account, round_closed):
    validator = account("validator")
    client.force_login(validator)
    sent(validator, "held", 3)
    text = page(client, "/publish")
    assert "Votre rôle ne montre pas les envois" in text and "3 envois" not in text and "2 chiffres" in text


@pytest.mark.parametrize("role", ["data_manager", "partner", "administrator"])
def test_others_may_not_publish(client, account, round_closed, role):
    user = account(role)
    asked = Publication.objects.create(title="T", asked_by=user, asked_at=user.date_joined)
    client.force_login(user)
    assert 'href="/publish"' not in client.get("/snapshots").content.decode()
    for address in ("/publish", f"/publish/{asked.pk}"):
        assert client.get(address).status_code == 403
    answer = client.post("/publish/ask", {"title": "T", "key": str(new_id())})
    assert answer.status_code == 403 and Publication.objects.count() == 1
    client.logout()
    for address in ("/publish", f"/publish/{asked.pk}"):
        assert "/account/login" in client.get(address)["Location"]


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\x00b"])
def test_a_title_is_needed_and_a_fault_loses_nothing(client, officer, round_closed, title):
    for address in ("/publish", "/publish/ask"):
        answer = client.post(address, {"title": title, "note": "Gao ajouté.", "key": str(new_id())})
        assert answer.status_code == 422 and "errorlist" in answer.content.decode()
        assert "Gao ajouté." in answer.content.decode()
    assert not Publication.objects.exists()


def test_who_goes_back_keeps_what_was_written(client, officer, round_closed):
    sent_back = {"title": "Cicle 3", "note": "Gao ajouté.", "key": str(new_id()), "back": "1"}
    text = client.post("/publish", sent_back).content.decode()
    assert 'value="Cicle 3"' in text and "Gao ajouté." in text and "Confirmer" not in text


def test_sent_twice_it_is_asked_once(client, officer, round_closed):
    answer = {"title": "Cycle 3", "key": str(new_id())}
    addresses = {client.post("/publish/ask", answer)["Location"] for _ in range(2)}
    assert len(addresses) == 1 and Publication.objects.count() == 1
    while tasks.publish_requested():
        pass
    assert client.post("/publish/ask", answer).status_code == 302 and tasks.publish_requested() == 0
    assert Snapshot.objects.filter(kind="published").count() == 2


def test_it_is_published_in_the_name_of_who_asked(officer, round_closed):
    asked = ask(officer)
    tasks.publish_requested()
    for code in ("publish.ask_publication", "figures.publish_snapshot", "publish.fulfil_publication"):
        entry = JournalEntry.objects.filter(action=code).latest("id")
        assert (entry.actor_kind, entry.actor) == ("signed_in", str(officer.pk)), code
    asked.refresh_from_db()
    assert (asked.state, asked.snapshot.title, asked.attempts) == ("done", "Cycle 3", 1)


def test_a_right_that_ended_meanwhile_publishes_nothing(client, officer, account, round_closed):
    asked = ask(officer)
    Membership.objects.filter(user=officer).update(to_date=date.today() - timedelta(days=1))
    assert tasks.publish_requested() == 1 and Snapshot.objects.filter(kind="published").count() == 1
    client.force_login(account("validator"))
    assert "Votre compte n'y est pas autorisé" in page(client, f"/publish/{asked.pk}")


def test_two_askers_are_served_in_turn(client, officer, account, round_closed):
    first, second = ask(officer, "Premier"), ask(account("validator"), "Second")
    assert "1 publication passe avant" in page(client, f"/publish/{second.pk}")
    assert tasks.publish_requested() == 1
    assert [p.state for p in (first, second) if p.refresh_from_db() is None] == ["done", "waiting"]
    assert (tasks.publish_requested(), tasks.publish_requested()) == (1, 0)
    second.refresh_from_db()
    assert (first.snapshot.number, second.snapshot.number) == (2, 3)


def test_while_another_writes_the_lake_it_waits(client, officer, round_closed):
    asked = ask(officer)
    take_lease("lake", holder="elsewhere/5f3a/1:1:1")
    assert tasks.publish_requested() == 0
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("waiting", 0)
    Publication.objects.update(asked_at=asked.asked_at - timedelta(minutes=1))
    assert "Les tâches de fond ne répondent pas" in page(client, f"/publish/{asked.pk}")
    release_lease("lake", holder="elsewhere/5f3a/1:1:1")
    assert tasks.publish_requested() == 1


FAULTS = [
    (MethodError("publish.lake_busy"), "Un autre processus lit ou écrit", "Wait a minute, then publish again."),
    (ZeroDivisionError(), "Une erreur du programme a arrêté", "the server's log tells the cause"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "cause", "remedy"), FAULTS)
def test_a_failure_is_told_with_its_remedy_and_publishes_nothing(
    client, officer, round_closed, monkeypatch, fault, cause, remedy
):
    def computed():
        raise fault

    asked = ask(officer, "Cycle 3", "Gao ajouté.")
    monkeypatch.setattr(tasks, "computed", computed)
    assert (tasks.publish_requested(), tasks.publish_requested()) == (1, 0)
    assert Snapshot.objects.filter(kind="published").count() == 1
    assert "Rien n'a été publié." in page(client, f"/publish/{asked.pk}")
    assert cause in page(client, f"/publish/{asked.pk}")
    assert remedy in page(client, f"/publish/{asked.pk}", "en")
    again = client.get("/publish", {"title": asked.title, "note": asked.note}).content.decode()
    assert 'value="Cycle 3"' in again and "Gao ajouté." in again and "Échec" in again


def test_values_of_an_error_are_kept_whatever_they_are(officer, round_closed, monkeypatch):
    def computed():
        raise MethodError("publish.lake_busy", values={"days": {date(2026, 3, 1)}, "point": ("a", 1)})

    asked = ask(officer)
    monkeypatch.setattr(tasks, "computed", computed)
    tasks.publish_requested()
    asked.refresh_from_db()
    assert asked.state == "failed" and asked.values["point"] == ["a", 1]


def test_a_snapshot_and_its_request_are_settled_together(officer, round_closed, monkeypatch):
    """What breaks after the figures are frozen leaves no snapshot that nobody asked for."""
    real = actions._settled

    def broken(asked, state):
        if state == "done":
            raise OSError("disk")
        return real(asked, state)

    asked = ask(officer)
    monkeypatch.setattr(actions, "_settled", broken)
    tasks.publish_requested()
    asked.refresh_from_db()
    assert asked.state == "failed" and Snapshot.objects.filter(kind="published").count() == 1


def test_what_kills_the_worker_each_time_is_given_up(client, officer, round_closed, monkeypatch):
    def killed():
        raise KeyboardInterrupt  # as a kill: nothing can be noted

    asked = ask(officer)
    monkeypatch.setattr(tasks, "computed", killed)
    for _ in range(tasks.ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            tasks.publish_requested()
    assert "tentative 3" in page(client, f"/publish/{asked.pk}")
    assert (tasks.publish_requested(), tasks.publish_requested()) == (1, 0)
    assert "interrompues 3 fois" in page(client, f"/publish/{asked.pk}")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_heals_and_two_workers_take_turns(tmp_path):
    environment = os.environ | {"TAAMA_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def start(*words):
        command = [sys.executable, str(WORKERS), *words]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    assert start("prepare", "3").wait(60) == 0
    killed = start("die", "")
    until = time.monotonic() + 60
    while not (tmp_path / "begun").exists() and time.monotonic() < until:
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert [worker.wait(90) for worker in [start("work", "a"), start("work", "b")]] == [0, 0]
    told = start("tell", "").communicate(timeout=60)[0].splitlines()
    assert told == ["T0 done 2 S1", "T1 done 1 S2", "T2 done 1 S3", "3"]
    times = sorted(
        tuple(map(float, line.split()))
        for log in tmp_path.glob("times-*")
        for line in log.read_text().splitlines()
    )
    assert len(times) == 3 and all(
        end <= begin for (_, end), (begin, _) in zip(times, times[1:], strict=False)
    )


def test_the_web_never_loads_what_only_the_worker_needs():
    code = (
        "import django, sys; django.setup(); import taama.project.urls; "
        "print({'polars', 'narwhals', 'deltalake', 'duckdb', 'typst'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


NUMBERS = st.integers(0, 3)
KEYS = st.sampled_from("abcdefgh")
FIGURES = st.dictionaries(KEYS, st.tuples(st.sampled_from(["d1", "d2"]), NUMBERS, st.booleans()))


def as_read(given_figures):
    return {
        key: dict.fromkeys(SEEN) | {"definition": name, "value": value, "marks": ["simulated"] * simulated}
        for key, (name, value, simulated) in given_figures.items()
    }


@given(FIGURES, FIGURES)
def test_every_figure_is_counted_once(before, after):
    found = total(differences(as_read(before), as_read(after)))
    assert found.figures == len(after)
    assert found.new == len(after.keys() - before.keys()) and found.gone == len(before.keys() - after.keys())
    same = [key for key in before.keys() & after.keys() if before[key][1:] == after[key][1:]]
    assert found.changed == len(before.keys() & after.keys()) - len(same)
    assert differences(as_read(after), as_read(after)) == [
        each for each in differences(as_read(after), as_read(after)) if not each.is_one
    ]
