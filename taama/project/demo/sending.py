"""Sending as a phone does: over HTTP, one instance at a time, again when the answer is lost."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

BOUNDARY = "taama-demo-7f2c"
LANES = 4


@dataclass
class Tally:
    """What the server answered."""

    answers: dict = field(default_factory=dict)

    def note(self, status):
        self.answers[status] = self.answers.get(status, 0) + 1


def send_all(host, port, path, messages, tally, progress=lambda done: None):
    """Send every message over a few connections and note the answers in `tally`."""
    lanes = [messages[n::LANES] for n in range(LANES)]

    def lane(mine):
        connection = http.client.HTTPConnection(host, port, timeout=60)
        for message in mine:
            for body in copies(message):
                tally.note(post(connection, path, body))
            progress(1)
        connection.close()

    with ThreadPoolExecutor(LANES) as pool:
        list(pool.map(lane, lanes))


def copies(message):
    """The bodies that this phone sends, one after the other."""
    yield message.xml
    if message.resent:
        yield message.xml
    if message.then is not None:
        yield message.then


def post(connection, path, xml):
    """One OpenRosa submission; returns the status of the answer."""
    body = b"".join([
        f"--{BOUNDARY}\r\n".encode(),
        b'Content-Disposition: form-data; name="xml_submission_file"; filename="instance.xml"\r\n',
        b"Content-Type: text/xml\r\n\r\n", xml, f"\r\n--{BOUNDARY}--\r\n".encode(),
    ])  # fmt: skip
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-OpenRosa-Version": "1.0"}
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status
