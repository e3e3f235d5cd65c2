"""Submissions per second, durable: a client light enough not to be what is measured.

One thread, raw sockets, requests prepared beforehand; run in a process of its own beside the server:
`python -m taama.bench.intake 127.0.0.1 8000 --token=TOKEN --form load --connections 8 --seconds 10`
"""

import argparse
import contextlib
import json
import selectors
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass

BOUNDARY = "taama-bench"
LONGEST_WAIT = 60  # seconds, as a phone waits
FORM_ID, FORM_VERSION = "taama_bench", "1"
FORM = f"""
| survey   |         |        |            |
|          | type    | name   | label      |
|          | integer | people | Personnes  |
|          | text    | note   | Remarque   |
| settings |         |        |            |
|          | form_id | version | form_title |
|          | {FORM_ID} | {FORM_VERSION} | Banc d'essai |
"""


@dataclass(frozen=True)
class Measured:
    """`per_second` acknowledged submissions; latencies in milliseconds; `refused` answers other than 201."""

    connections: int
    seconds: float
    acknowledged: int
    refused: int
    per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float


def instance_xml(instance_id, bytes_wanted=1500, form_id=FORM_ID, version=FORM_VERSION):
    """An instance of the bench form, about as large as a real assessment."""
    head = f'<?xml version="1.0"?><data id="{form_id}" version="{version}"><people>12</people><note>'
    tail = f"</note><meta><instanceID>{instance_id}</instanceID></meta></data>"
    return (head + "x" * max(0, bytes_wanted - len(head) - len(tail)) + tail).encode()


def request_bytes(host, path, xml, headers=()):
    """A whole HTTP request as ODK Collect sends it."""
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="i.xml"\r\n'
        "Content-Type: text/xml\r\n\r\n"
    ).encode() + xml + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip
    lines = [
        f"POST {path} HTTP/1.1", f"Host: {host}", "X-OpenRosa-Version: 1.0", "User-Agent: taama-bench",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}", f"Content-Length: {len(body)}", *headers,
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Load:
    """What one run brought: for each request (name, status, seconds), status 0 where the connection broke."""

    answers: list
    seconds: float
    cpu_seconds: float  # of the client itself, which shares the machine


class Connection:
    """One phone that asks the next thing as soon as the last one is answered.

    `next_request` gives a name and the bytes of a request.
    """

    def __init__(self, address, next_request):
        self.next_request = next_request
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self):
        self.name, request = self.next_request()
        self.buffer, self.began = b"", time.perf_counter()
        with contextlib.suppress(OSError):  # a broken connection reads as its end
            self.socket.sendall(request)

    def receive(self):
        """(name, status, seconds) once the answer is whole, else None."""
        try:
            chunk = self.socket.recv(65_536)
        except OSError:
            chunk = b""
        self.buffer += chunk
        if chunk and not _whole(self.buffer):
            return None
        status = int(self.buffer[9:12]) if chunk else 0
        self.ended = not chunk or b"\r\nconnection: close" in self.buffer.partition(b"\r\n\r\n")[0].lower()
        return self.name, status, time.perf_counter() - self.began


def _whole(answer):
    """Whether an answer with a Content-Length is complete; one without is when its head is."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    lengths = (line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return bool(gap) and len(body) >= int(next(lengths, 0))


def measure(host, port, token, connections, seconds, size=1500, form_id=FORM_ID):
    """Send as fast as the server answers. Returns Measured."""
    name, path = f"{host}:{port}", f"/key/{token}/submission"

    def next_request():
        instance_id = f"uuid:{uuid.uuid4()}"
        return instance_id, request_bytes(name, path, instance_xml(instance_id, size, form_id))

    return summary(connections, load((host, port), connections, seconds, next_request))


def load(address, connections, seconds, next_request):
    """Keep that many connections busy for that long. Returns Load."""
    selector = selectors.DefaultSelector()
    begin, cpu = time.perf_counter(), time.process_time()
    for _ in range(connections):
        _open(selector, address, next_request)
    answers = _drive(selector, begin + seconds, address)
    return Load(answers, time.perf_counter() - begin, time.process_time() - cpu)


def _open(selector, address, next_request):
    connection = Connection(address, next_request)
    selector.register(connection.socket, selectors.EVENT_READ, connection)
    connection.send()


def _drive(selector, until, address):
    """Until every connection had its last answer, or none came for a minute."""
    answers = []
    while selector.get_map():
        ready = selector.select(timeout=LONGEST_WAIT)
        if not ready:
            waiting = [key.data for key in selector.get_map().values()]
            return answers + [(each.name, 0, LONGEST_WAIT) for each in waiting]
        for key, _ in ready:
            answer = key.data.receive()
            if answer is None:
                continue
            answers.append(answer)
            _go_on(selector, key, ended=key.data.ended, more=time.perf_counter() < until, address=address)
    return answers


def _go_on(selector, key, ended, more, address):
    """The next request, on a new connection where the last one broke or the server closed it."""
    if more and not ended:
        key.data.send()
        return
    selector.unregister(key.fileobj)
    key.fileobj.close()
    if more:
        _open(selector, address, key.data.next_request)


def summary(connections, found):
    """Measured from a Load."""
    done = sum(status == 201 for _, status, _ in found.answers)
    values = (done / found.seconds, *milliseconds(found, 0.5, 0.99, 1))
    rounded = [round(value, 1) for value in values]
    return Measured(connections, round(found.seconds, 2), done, len(found.answers) - done, *rounded)


def milliseconds(found, *parts):
    """What that share of the answers of a Load took at most, each."""
    return [seconds * 1000 for seconds in shares([seconds for _, _, seconds in found.answers], *parts)]


def shares(values, *parts):
    """The values that these parts of all are not above.

    >>> shares([3, 1, 2], 0.5, 1)
    [2, 3]
    """
    ordered = sorted(values)
    return [ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in parts]


def measure_apart(host, port, token, connections, seconds, size=1500):
    """`measure` in a process of its own, so that client and server don't share one interpreter."""
    command = [sys.executable, "-m", __name__, host, str(port), f"--token={token}"]
    options = ["--connections", str(connections), "--seconds", str(seconds), "--size", str(size)]
    done = subprocess.run(command + options, capture_output=True, text=True, check=True)  # noqa: S603  our own module
    return Measured(**json.loads(done.stdout))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--token", required=True)
    parser.add_argument("--form", default=FORM_ID)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--size", type=int, default=1500)
    given = parser.parse_args()
    measured = measure(
        given.host, given.port, given.token, given.connections, given.seconds, given.size, given.form
    )
    sys.stdout.write(json.dumps(asdict(measured)) + "\n")


if __name__ == "__main__":
    main()
