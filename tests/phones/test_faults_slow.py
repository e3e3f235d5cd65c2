"""Slow clients: many phones on a network of 2G, or somebody who wants to hold everybody up. Others are served."""

import socket
import time
from contextlib import ExitStack

import pytest

from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import (  # fmt: skip
    KIND,
    PICTURES,
    ask,
    filled,
    joined,
    listed,
    needed,
    new_id,
    openrosa,
    part,
    send,
    xform,
    xml_part,
)

MANY = 80  # more than twice the threads of the server
LIST = "name,label\n" + "".join(
    f"ML{n:06},Village simulé {n}\n" for n in range(180_000)
)  # larger than what the kernel holds for a reader
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = TaamaOffice(tmp_path_factory.mktemp("office"))
    made.publish(xform("pictures", questions=PICTURES))
    made.publish(xform("list", lists=["places.csv"]), {"places.csv": LIST})
    yield made
    made.stop()


@pytest.fixture
def phones(office):
    """connect() → a new connection; all are closed at the end."""
    with ExitStack() as open_ones:

        def connect():
            address = ("127.0.0.1", office.server.port)
            return open_ones.enter_context(socket.create_connection(address, timeout=20))

        yield connect


def head(office, *lines, path="submission", method="POST"):
    key = office.phone.base.partition("/key/")[2]
    told = (f"{method} /key/{key}/{path} HTTP/1.1", "Host: localhost", "X-OpenRosa-Version: 1.0", *lines)
    return "\r\n".join(told).encode() + b"\r\n\r\n"


def request_of(office, body):
    return head(office, f"Content-Type: {KIND}", f"Content-Length: {len(body)}") + body


def more_of(connection):
    got = connection.recv(65_536)
    assert got, "closed before the answer was whole"
    return got


def answer_of(connection):
    """Status and body of the next answer."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += more_of(connection)
    told, _, body = got.partition(b"\r\n\r\n")
    length = int(told.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += more_of(connection)
    assert len(body) == length
    return int(told.split()[1]), body


def assert_others_are_served(office):
    """Within seconds, far from the sixty after which a phone gives up."""
    for _ in range(10):
        name = new_id()
        began = time.monotonic()
        assert openrosa(f"{office.phone.base}/formList").status == 200
        assert send(office.phone.base, filled("pictures", name)).status == 201
        assert time.monotonic() - began < 10, "served only when the slow ones were given up"
        assert office.kept("pictures", name)


BEGINNINGS = {
    "silent": lambda office: b"",
    "half a head": lambda office: head(office)[:40],
    "half a body": lambda office: request_of(office, joined(xml_part(filled("pictures", new_id()))))[:-50],
    "chunks without end": lambda office: (
        head(office, f"Content-Type: {KIND}", "Transfer-Encoding: chunked") + b"3\r\n--1\r\n"
    ),
}


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_phones_that_fall_silent_hold_nobody_up(office, phones, beginning):
    for _ in range(MANY):
        phones().sendall(BEGINNINGS[beginning](office))
    assert_others_are_served(office)


def test_phones_that_do_not_read_their_answer_hold_nobody_up(office, phones):
    file = needed(listed(office.phone.base)["list"]["manifestUrl"])["places.csv"]["downloadUrl"]
    path = file.partition(f"{office.phone.base}/")[2]
    slow = [phones() for _ in range(MANY)]
    for each in slow:
        each.sendall(head(office, path=path, method="GET"))
    assert_others_are_served(office)
    assert answer_of(slow[0]) == (200, LIST.encode()), "who reads late reads all"


def test_who_never_closes_holds_nobody_up(office, phones):
    for _ in range(MANY):
        each = phones()
        each.sendall(head(office, "Connection: close", path="formList", method="GET"))
    assert_others_are_served(office)


def test_what_trickles_in_arrives_whole(office, phones):
    names = [new_id() for _ in range(MANY)]
    film = bytes(range(256)) * 40
    bodies = [
        joined(xml_part(filled("pictures", name, {"film": "a.mp4"})), part(film, "a.mp4", "a.mp4"))
        for name in names
    ]
    slow = [(phones(), request_of(office, body)) for body in bodies]
    for at in range(0, max(len(request) for _, request in slow), 1500):
        for connection, request in slow:
            connection.sendall(request[at : at + 1500])
    assert {answer_of(connection)[0] for connection, _ in slow} == {201}
    for name in names[::20]:
        assert office.kept("pictures", name).files == {"a.mp4": film}


def test_a_large_film_arrives_whole_and_a_larger_one_is_refused_before_it_is_sent(office, phones):
    name, film = new_id(), bytes(range(251)) * 11_000
    assert (
        send(office.phone.base, filled("pictures", name, {"film": "a.mp4"}), [("a.mp4", film)]).status == 201
    )
    assert office.kept("pictures", name).files == {"a.mp4": film}
    connection = phones()
    connection.sendall(head(office, f"Content-Type: {KIND}", "Content-Length: 999999999"))
    assert answer_of(connection)[0] == 413


def test_two_requests_in_one_go_are_answered_in_turn(office, phones):
    names = [new_id(), new_id()]
    connection = phones()
    connection.sendall(b"".join(request_of(office, joined(xml_part(filled("pictures", n)))) for n in names))
    got = b""
    while got.count(b"</OpenRosaResponse>") < 2:
        got += more_of(connection)
    assert got.count(b"HTTP/1.1 201") == 2
    assert all(office.kept("pictures", name) for name in names)


def test_who_asks_before_sending_is_told_to_go_on(office, phones):
    name = new_id()
    request = request_of(office, joined(xml_part(filled("pictures", name))))
    told, _, body = request.partition(b"\r\n\r\n")
    connection = phones()
    connection.sendall(told + b"\r\nExpect: 100-continue\r\n\r\n")
    assert connection.recv(100).startswith(b"HTTP/1.1 100")
    connection.sendall(body)
    while b" 201 " not in more_of(connection):
        pass
    assert office.kept("pictures", name)


def test_the_server_still_stands_after_all_this(office):
    assert ask(f"{office.host}/health").status == 200
