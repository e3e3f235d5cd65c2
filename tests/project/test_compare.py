"""The comparison of servers: the same submissions for each, and no credit for what is lost."""

import dataclasses
import random
import socketserver
import sqlite3
import threading

import pytest
from lxml import etree

from taama.bench import compare, intake
from taama.collect.methods.instance import read_instance
from taama.forms.methods.xform import read_xform

NAMED = """
["one"]
submission = "http://127.0.0.1:8001/key/abc/submission"
database = "sqlite:///one.sqlite3"
stored = "SELECT instance_id FROM submission"
durability = "synchronous=FULL"
"""
ID = b"uuid:4b3c3a52-7c52-4b6c-9d4e-2f1f0a6d9b11"


def server(**changed):
    return dataclasses.replace(compare.read_servers(NAMED)["one"], **changed)


@pytest.mark.parametrize("size", compare.SIZES)
def test_an_instance_has_its_size_and_answers_the_questions_of_its_form(size):
    form = etree.fromstring(compare.xform(size))
    asked = form.find(".//{*}instance/{*}data")
    raw = compare.instance_xml(size, ID)
    filled = etree.fromstring(raw)
    assert len(raw) == size * 1000
    assert [e.tag for e in filled.iter()] == [etree.QName(e).localname for e in asked.iter()]
    read = read_instance(raw)
    assert (read.form_id, read.version, read.instance_id) == (compare.form_id(size), "1", ID.decode())
    assert read_xform(compare.xform(size)).form_id == read.form_id


def test_requests_differ_in_nothing_but_their_id():
    next_request = compare.request_maker(server(), 1)
    (first, one), (second, other) = next_request(), next_request()
    assert first != second
    assert one.replace(first.encode(), second.encode()) == other
    assert one.startswith(b"POST /key/abc/submission?deviceID=")


def test_every_round_measures_every_cell_once_in_an_order_of_its_own():
    cells = compare.plan(["a", "b"], [1, 6, 32], [8, 64], 3, random.Random(1))
    rounds = [cells[:12], cells[12:24], cells[24:]]
    assert [len(set(each)) for each in rounds] == [12, 12, 12]
    assert set(rounds[0]) == set(rounds[1]) == set(rounds[2])
    assert rounds[0] != rounds[1]


def test_what_was_acknowledged_and_is_not_stored_gives_no_credit():
    answers = [("a", 201, 0.01), ("b", 202, 0.02), ("c", 201, 0.03), ("d", 500, 0.001), ("e", 0, 0.5)]
    found = intake.Load(answers, seconds=2.0, cpu_seconds=0.1)
    result = compare.result_of(compare.Cell("one", 1, 8), found, {"a", "b", "d"}, 0.0, 1.0)
    assert (result.per_second, result.lost, result.errors) == (1.0, 1, 2)
    assert result.client_share == pytest.approx(0.05)
    row = compare.table([result]).splitlines()[-1]
    assert "| 2 | 1 |" in row


def test_a_server_whose_durability_nobody_states_is_not_measured():
    with pytest.raises(ValueError, match="one"):
        compare.read_servers(NAMED.replace("synchronous=FULL", " "))


def test_settings_that_lose_data_with_the_power_are_named():
    assert compare.shortcomings({"synchronous_commit": "off", "fsync": "on"}) == ["synchronous_commit = off"]
    assert compare.shortcomings({"journal_mode": "wal"}) == []


def test_what_a_sqlite_server_stores_is_asked_without_changing_it(tmp_path):
    path = tmp_path / "one.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE submission (instance_id)")
        connection.execute("INSERT INTO submission VALUES ('a')")
    one = server(database=f"sqlite:///{path}")
    assert compare.asked_of(one, one.stored) == [("a",)]
    assert "journal_mode" in compare.durability(one)
    with pytest.raises(sqlite3.OperationalError):
        compare.asked_of(one, "DELETE FROM submission")


class EveryThirdConnectionBreaks(socketserver.BaseRequestHandler):
    count = 0

    def handle(self):
        while self.request.recv(65_536):
            type(self).count += 1
            if self.count % 3 == 0:
                return
            self.request.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")


def test_a_broken_connection_is_an_error_and_the_client_goes_on():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), EveryThirdConnectionBreaks) as there:
        there.daemon_threads = True
        threading.Thread(target=there.serve_forever, daemon=True).start()
        found = intake.load(there.server_address, 2, 0.3, lambda: ("x", b"GET / HTTP/1.1\r\n\r\n"))
        there.shutdown()
    statuses = [status for _, status, _ in found.answers]
    assert statuses.count(0) >= 2
    assert statuses.count(201) > statuses.count(0)
