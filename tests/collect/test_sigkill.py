"""Nothing acknowledged is ever lost: the server is killed again and again while two thousand phones send."""

import http.client
import random
import threading
import time
import uuid

import pytest

from tests.collect.phone import BOUNDARY, VERSION, instance, multipart, sha256
from tests.collect.serving import Server

SUBMISSIONS, LANES = 2000, 12
LEAST_KILLS, MOST_KILLS = 6, 12
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
pytestmark = pytest.mark.slow


class Senders:
    """Phones that send each submission until it is acknowledged, and note what was."""

    def __init__(self, server, seed):
        self.server, self.random = server, random.Random(seed)
        self.waiting = [self.submission(n) for n in range(SUBMISSIONS)]
        self.acknowledged, self.answers, self.broken = {}, [], 0
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(LANES)]

    def submission(self, number):
        instance_id = f"uuid:{uuid.UUID(int=self.random.getrandbits(128))}"
        files = [(f"{number}.jpg", self.random.randbytes(3000))] if number % 10 == 0 else []
        xml = instance(
            instance_id, people=number, photo=f"{number}.jpg", extra="<note>" + "x" * 1200 + "</note>"
        )
        return instance_id, xml, files

    def run(self):
        while self.waiting:
            try:
                submission = self.waiting.pop()
            except IndexError:
                return
            while not self.send(submission):
                time.sleep(0.05)

    def send(self, submission):
        instance_id, xml, files = submission
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = VERSION | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        try:
            connection.request("POST", f"/key/{self.server.token}/submission", multipart(xml, files), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            self.broken += 1
            return False
        finally:
            connection.close()
        self.answers.append(status)
        if status == 201:
            self.acknowledged[instance_id] = (xml, files)
        return status == 201


def check(server, acknowledged):
    """Every acknowledged submission is there byte for byte with its files; none is there twice."""
    rows = server.rows("SELECT instance_id, sha256, raw FROM collect_submission")
    names = [row[0] for row in rows]
    assert len(names) == len(set(names))
    kept = {name: (sha, bytes(raw)) for name, sha, raw in rows}
    for name, (xml, _) in acknowledged.items():
        assert kept[name] == (sha256(xml), xml), name
    attached = server.rows(
        "SELECT s.instance_id, a.filename, a.sha256 FROM collect_attachment a"
        " JOIN collect_submission s ON a.submission_id = s.id"
    )
    assert len(attached) == len(set(attached))
    there = set(attached)
    for name, (_, files) in acknowledged.items():
        for filename, content in files:
            assert (name, filename, sha256(content)) in there
            assert server.file(sha256(content)) == content


@pytest.mark.parametrize("database", DATABASES)
def test_a_killed_server_loses_nothing_that_it_acknowledged(database, request, tmp_path):
    address = request.getfixturevalue("postgres_url") if database == "postgres" else None
    server, chance = Server(tmp_path, address), random.Random(7)
    senders, kills = Senders(server, seed=7), 0
    server.start()
    try:
        for thread in senders.threads:
            thread.start()
        while any(thread.is_alive() for thread in senders.threads):
            time.sleep(chance.uniform(0.05, 1.2))
            if kills < MOST_KILLS and len(senders.acknowledged) < SUBMISSIONS * 0.98:
                server.kill()
                kills += 1
                check(server, dict(senders.acknowledged))
                server.start()
        check(server, senders.acknowledged)
    finally:
        server.kill()
    assert len(senders.acknowledged) == SUBMISSIONS
    assert set(senders.answers) == {201}
    assert kills >= LEAST_KILLS
    assert senders.broken >= kills, "the server was not killed while it was sent to"
    assert server.rows("SELECT count(*) FROM collect_submission") == [(SUBMISSIONS,)]
    assert server.rows("SELECT count(*) FROM collect_quarantined") == [(0,)]
    entries = "SELECT count(*) FROM base_journalentry WHERE object_type = 'collect.submission'"
    assert server.rows(entries) == [(SUBMISSIONS,)], "each is journalled, once"
