"""Running an office: the server and its worker, killed and started again; logs, errors, retention, the doctor."""

import http.cookiejar
import json
import os
import random
import re
import signal
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.project.office import Office, Serving

MARK = "Zoumana-Marque-7731"  # stands for what a person answered
MEGABYTES = 600  # stated limit of web and worker together
KILLS = 8


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A small office with a form that nobody reads and a phone; its server runs while the module's tests do."""
    made = Office(tmp_path_factory.mktemp("office") / "data", TAAMA_LOG_LEVEL="DEBUG")
    made.told = made.step("small_office", MARK)
    return made


@pytest.fixture(scope="module")
def server(office):
    with Serving(office) as running:
        yield running


def sent(server, path, body, boundary="frontier"):
    """The answer to one submission."""
    return server.get(path, body, **{
        "Content-Type": f"multipart/form-data; boundary={boundary}", "X-OpenRosa-Version": "1.0",
    })  # fmt: skip


def submission(instance_id, note, filename="photo.jpg", boundary="frontier"):
    """A filled form with a file, as a phone sends it."""
    xml = (
        f'<data id="visit" version="1"><note>{note}</note><photo>{filename}</photo>'
        f"<meta><instanceID>uuid:{instance_id}</instanceID></meta></data>"
    )
    parts = [("xml_submission_file", "i.xml", "text/xml", xml), (filename, filename, "image/jpeg", "not a picture")]
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        f"Content-Type: {kind}\r\n\r\n{content}\r\n"
        for name, file, kind, content in parts
    )
    return f"{body}--{boundary}--\r\n".encode()


class Reader:
    """A browser with its cookies."""

    def __init__(self, server):
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path):
        return self.opener.open(self.server.address + path, timeout=30).read().decode()

    def fill(self, path, **answers):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))[1]
        data = urllib.parse.urlencode(answers | {"csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(
            self.server.address + path, data, {"Referer": self.server.address + path}
        )
        return self.opener.open(request, timeout=30)


# The log


def test_the_log_is_json_and_says_nothing_about_people(office, server):
    """Answers, names of files and phones, accounts, passwords, tokens: whatever passes the server, the log keeps none."""
    told, reader = office.told, Reader(server)
    path = f"/key/{told['token']}/submission?deviceID={MARK}-phone"
    assert sent(server, path, submission("1" * 8, f"{MARK}-answer", f"{MARK}.jpg")).status == 201
    assert sent(server, path, submission("1" * 8, f"{MARK}-other")).status == 409
    assert sent(server, path, f"--frontier\r\nbroken {MARK}".encode()).status == 400
    assert sent(server, f"/key/{MARK}-token/submission", b"").status == 403
    assert server.get(f"/nowhere/{MARK}").status == 404
    assert server.get("/health", Host=f"{MARK}.example").status == 400
    reader.fill("/account/login/", login=told["username"], password=f"{MARK}-wrong")
    assert reader.fill("/account/login/", login=told["username"], password=told["password"]).url.endswith("/")
    assert MARK in reader.get("/submissions/") + reader.get("/phones/"), "nothing marked was ever shown"
    lines = [json.loads(line) for line in server.log.splitlines()]
    assert {"request"} <= {line["event"] for line in lines}
    statuses = {line.get("status") for line in lines}
    assert {201, 409, 400, 403, 404} <= statuses
    for secret in (MARK, told["token"], told["username"], told["password"], "127.0.0.1", "uuid:"):
        assert secret not in server.log, secret


def test_health_answers_and_says_nothing_else(server):
    answer = server.get("/health")
    assert (answer.status, json.loads(answer.read())) == (200, {"status": "ok"})


# Pages for when something went wrong


def languages(answer):
    page = answer.read().decode()
    assert "Traceback" not in page and "Exception" not in page and "/taama/" not in page
    return answer.status, re.findall(r'<section lang="(\w+)">', page)


def test_a_page_that_does_not_exist_says_so_in_both_languages(server):
    assert languages(server.get("/nowhere")) == (404, ["fr", "en"])


def test_a_form_without_its_token_is_refused_in_both_languages(server):
    assert languages(server.get("/account/login/", b"login=a&password=b")) == (403, ["fr", "en"])


def test_what_is_too_large_is_refused_in_both_languages(server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        Reader(server).fill("/account/login/", login="a" * 10_000_000)
    assert languages(refused.value) == (413, ["fr", "en"])


def test_a_name_that_is_not_ours_is_refused_in_both_languages(server):
    assert languages(server.get("/", Host="evil.example")) == (400, ["fr", "en"])


def test_a_fault_of_ours_is_owned_in_both_languages_and_tells_nothing(db, client, monkeypatch, caplog):
    from taama.publish.views import keeping

    def broken(*_):
        raise RuntimeError(f"secret {MARK}")

    monkeypatch.setattr(keeping, "page_snapshot", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert re.findall(r'<section lang="(\w+)">', page) == ["fr", "en"]
    assert MARK not in page and "RuntimeError" not in page


# The server as a whole


@pytest.mark.slow
def test_taama_run_serves_reads_within_seconds_and_stops_when_told(prepared, tmp_path, record_property):
    office = prepared[0].copy(tmp_path / "data")
    phone = office.step("phone")
    with Serving(office) as server:
        path = f"/key/{phone['token']}/submission"
        xml = phone["assessment"].encode()
        body = b'--b\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="i"\r\n\r\n'
        assert sent(server, path, body + xml + b"\r\n--b--\r\n", "b").status == 201
        begin = time.monotonic()
        Serving.wait_until(lambda: office.state_of(phone["instance"]) in ("derived", "held"), 60)
        record_property("seconds_from_answer_to_facts", round(time.monotonic() - begin, 1))
        assert "aucun" not in server.get("/").read().decode()[:200]
        memory = sum(pss_bytes(pid) for pid in server.processes()) / 2**20
        record_property("megabytes_of_web_and_worker", round(memory))
        print(f"web and worker together: {memory:.0f} MB (PSS)")
        assert memory < MEGABYTES
        assert server.stop() == 0
        assert server.processes() == [], "a process is left behind"


def pss_bytes(pid):
    """What a process takes of the memory, shared pages shared out."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGHUP])
def test_taama_run_stops_on_ctrl_c_and_when_the_terminal_closes(office, tmp_path, told):
    with Serving(Office(tmp_path / "data")) as server:
        os.killpg(server.process.pid, told)
        assert server.process.wait(30) == 0
        assert server.processes() == []


@pytest.mark.slow
def test_taama_run_ends_with_an_error_when_its_web_server_dies(tmp_path):
    with Serving(Office(tmp_path / "data")) as server:
        children = [pid for pid in server.processes() if pid != server.process.pid]
        os.kill(min(children), signal.SIGKILL)
        assert server.process.wait(30) != 0


# The worker


@pytest.mark.slow
def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(prepared, tmp_path):
    """SIGKILL in the middle of deriving, again and again; then the facts are those of a derivation from scratch."""
    office, chance = prepared[0].copy(tmp_path / "data"), random.Random(11)
    wanted = office.step("edit_and_send")["rows_after"]
    waiting = office.step("read_all_again")
    for _ in range(KILLS):
        worker = office.start("-m", "tests.project.steps", "work", "25", "2")
        left, until = office.waiting(), time.monotonic() + 60
        while office.waiting() == left and time.monotonic() < until:
            time.sleep(0.01)  # until it has really begun
        time.sleep(chance.uniform(0, 0.8))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert 0 < office.waiting() < waiting, "not killed in the middle of the work"
    office.step("work_until_idle")
    after = office.step("state")
    assert all(after["equal"].values())
    assert after["tables"] == wanted


@pytest.mark.slow
def test_a_second_worker_waits_while_the_first_lives_and_takes_over_from_the_dead(prepared, tmp_path):
    office = prepared[0].copy(tmp_path / "data")
    first = office.start("-m", "tests.project.steps", "hold_lease", "2", "here")
    Serving.wait_until(lambda: office.holder("lake"), 60)
    time.sleep(3)  # longer than the lease lasts: the living renew it
    assert office.step("try_lease", "2") is False
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert office.step("try_lease", "2") is True


@pytest.mark.slow
def test_the_lease_of_a_worker_killed_on_another_machine_runs_out(prepared, tmp_path):
    office = prepared[0].copy(tmp_path / "data")
    first = office.start("-m", "tests.project.steps", "hold_lease", "15", "elsewhere")
    Serving.wait_until(lambda: office.holder("lake"), 60)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert office.step("try_lease", "15") is False, "its death can't be seen from here"
    Serving.wait_until(lambda: office.step("try_lease", "15"), 60)


# Keeping only what may be kept


def test_a_form_that_says_how_long_it_is_kept_is_erased_in_time(office):
    told = office.step("expire", MARK)
    assert told == {"erased": ["old"], "kept": ["new"], "bytes_left": False, "file_left": False, "again": 0}
    assert office.taama("journal", "verify").returncode == 0


# The doctor


def test_the_doctor_says_what_is_well_and_what_to_mend(tmp_path):
    office = Office(tmp_path / "data", TAAMA_PLAIN_HTTP="0")
    assert office.taama("migrate").returncode == 0
    well = office.taama("doctor")
    assert well.returncode == 0, well.stdout
    assert well.stdout.count("✓") == 7 and "✗" not in well.stdout
    (office.folder / "keys" / "secret_key").chmod(0o644)
    ill = office.taama("doctor", "--lang", "en")
    assert ill.returncode == 1
    assert "✗ Run: chmod 700 on the keys folder and 600 on its files" in ill.stdout


def test_the_doctor_warns_of_a_network_without_tls(tmp_path):
    office = Office(tmp_path / "data")
    office.taama("migrate")
    told = office.taama("doctor", "--lang", "en")
    assert told.returncode == 1
    assert "Never on the internet" in told.stdout


def test_the_doctor_finds_a_journal_that_was_tampered_with(tmp_path):
    office = Office(tmp_path / "data", TAAMA_PLAIN_HTTP="0")
    office.step("small_office", MARK)
    assert office.taama("journal", "verify").returncode == 0
    office.step("tamper")
    assert office.taama("journal", "verify").returncode == 2
    told = office.taama("doctor", "--lang", "en")
    assert told.returncode == 1 and "The journal is broken at entry 2" in told.stdout


def test_a_full_disk_is_said_with_its_remedy(tmp_path):
    """`/dev/full` takes nothing, as a full disk does."""
    office = Office(tmp_path / "data")
    assert office.taama("migrate").returncode == 0
    (tmp_path / "backup.zip.part").symlink_to("/dev/full")
    told = office.taama("backup", str(tmp_path / "backup.zip"), "--lang", "en")
    assert told.returncode == 2
    assert f"The disk of the folder {tmp_path} is full." in told.stderr and "Make room" in told.stderr
    assert not (tmp_path / "backup.zip").exists()


def test_a_setting_that_is_not_understood_stops_the_start(tmp_path):
    told = Office(tmp_path / "data", TAAMA_PLAIN_HTTP="yes").taama("doctor", "--lang", "en")
    assert told.returncode == 2
    assert "TAAMA_PLAIN_HTTP" in told.stderr and "Traceback" not in told.stderr
