"""Submissions per second, durable: a client light enough not to be what is measured.

One thread, raw sockets, requests prepared beforehand; run in a process of its own beside the server:
`python -m taama.project.bench.intake 127.0.0.1 8000 --token=TOKEN --form load --connections 8 --seconds 10`
"""

import argparse
import json
import selectors
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass

BOUNDARY = "taama-bench"
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


class Connection:
    """One phone that sends the next submission as soon as the last one is answered."""

    def __init__(self, address, make_request):
        self.make_request = make_request
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self):
        self.buffer, self.began = b"", time.perf_counter()
        self.socket.sendall(self.make_request())

    def receive(self):
        """(status, seconds) once the answer is whole, else None."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.buffer += chunk
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return None
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        if len(body) < int(length[15:]):
            return None
        return int(head[9:12]), time.perf_counter() - self.began


def measure(host, port, token, connections, seconds, size=1500, form_id=FORM_ID):
    """Send as fast as the server answers. Returns Measured."""
    name, path = f"{host}:{port}", f"/key/{token}/submission"

    def make_request():
        return request_bytes(name, path, instance_xml(f"uuid:{uuid.uuid4()}", size, form_id))

    selector = selectors.DefaultSelector()
    begin = time.perf_counter()
    for _ in range(connections):
        connection = Connection((host, port), make_request)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send()
    latencies, refused = _drive(selector, begin + seconds)
    return summary(connections, time.perf_counter() - begin, latencies, refused)


def _drive(selector, until):
    latencies, refused = [], 0
    while selector.get_map():
        for key, _ in selector.select(timeout=60):
            answer = key.data.receive()
            if answer is None:
                continue
            status, seconds = answer
            latencies.append(seconds)
            refused += status != 201
            if time.perf_counter() < until:
                key.data.send()
            else:
                selector.unregister(key.fileobj)
                key.fileobj.close()
    return latencies, refused


def summary(connections, seconds, latencies, refused):
    """Measured from what each answer took."""
    ordered = sorted(latencies)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.99, 1)]
    done = len(ordered) - refused
    rounded = [round(value, 1) for value in (done / seconds, *at)]
    return Measured(connections, round(seconds, 2), done, refused, *rounded)


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
