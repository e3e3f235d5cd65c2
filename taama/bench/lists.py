"""What ten thousand phones ask for: their lists of forms, and a list of a hundred thousand entries. Invented."""

import http.client
import itertools
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction

from taama.base import actions
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.bench.intake import load
from taama.entities.actions.importing import import_entries
from taama.entities.actions.lists import create_list
from taama.forms.actions.publishing import publish_form
from taama.phones.actions import create_device

CONNECTIONS = 8
FORM = """
| survey   |         |        |            |
|          | type    | name   | label      |
|          | select_one_from_file people.csv | who | Who |
| settings |         |        |            |
|          | form_id | version | form_title |
|          | visits  | 1       | Visits |
"""


def prepare(entries, devices):
    """A list of that many entries, a form that reads it, and that many phones. Returns their tokens."""
    kept = create_list(by=OPERATOR, name="people")
    lines = [
        f"00000000-0000-4000-8000-{n:012d},Simulated entry {n},code-{n % 997},{n % 12}"
        for n in range(entries)
    ]
    raw = "\n".join(["name,label,code,size", *lines]).encode()
    import_entries(by=OPERATOR, entity_list=kept, raw=raw, filename="people.csv", simulated=True)
    publish_form(by=OPERATOR, source=FORM.strip().encode(), filename="visits.md")
    of = actions.register_organisation(by=OPERATOR, code="bench", name="Bench", kind="ngo", simulated=True)
    with transaction.atomic():  # one for all: each for itself would be forced to the disk
        tokens = [
            create_device(by=OPERATOR, username=f"phone{n}", organisation=of, simulated=True).token
            for n in range(devices)
        ]
    run_until_idle()
    return tokens


def measure(port, tokens, seconds):
    """Milliseconds until the first byte of first answers, and what repeated ones take under load."""
    asked = ask_first(port, tokens)
    address = _address_of_list(port, tokens[0])
    files = [_ask(port)([address])[0] for _ in range(20)]
    return {
        "formlist_first": [ms for _, _, ms in asked], "formlist_again": _again(port, asked, seconds),
        "list_first": [ms for _, _, ms in files], "list_again": _again(port, files[:1], seconds),
    }  # fmt: skip


def ask_first(port, tokens):
    """(address, ETag, milliseconds until the first byte) of each phone's list of forms, some phones at once."""
    forms = [f"/key/{token}/formList" for token in tokens]
    with ThreadPoolExecutor(CONNECTIONS) as phones:
        return [found for part in phones.map(_ask(port), _parts(forms)) for found in part]


def _parts(addresses):
    return [addresses[n::CONNECTIONS] for n in range(CONNECTIONS)]


def _ask(port):
    def one_after_another(addresses):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        return [_asked(connection, address) for address in addresses]

    return one_after_another


def _asked(connection, address):
    """(address, ETag, milliseconds until the first byte) of an answer 200."""
    begin = time.perf_counter()
    connection.request("GET", address, headers={"X-OpenRosa-Version": "1.0", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    first = (time.perf_counter() - begin) * 1000
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} answers {answer.status}")
    return address, answer.headers["ETag"], first


def _address_of_list(port, token):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/key/{token}/formList", headers={"X-OpenRosa-Version": "1.0"})
    manifest = connection.getresponse().read().decode().partition("<manifestUrl>")[2].partition("<")[0]
    connection.request("GET", "/" + manifest.split("/", 3)[3], headers={"X-OpenRosa-Version": "1.0"})
    file = connection.getresponse().read().decode().partition("<downloadUrl>")[2].partition("<")[0]
    return "/" + file.split("/", 3)[3]


def _again(port, known, seconds):
    """What the same phones get that have it already: rate and milliseconds of the answers 304."""
    requests = itertools.cycle([_request(port, address, etag) for address, etag, _ in known])
    found = load(("127.0.0.1", port), CONNECTIONS, seconds, lambda: ("", next(requests)))
    other = [status for _, status, _ in found.answers if status != 304]
    if other:
        raise RuntimeError(f"{len(other)} answers are not 304 but {other[0]}")
    took = [seconds * 1000 for _, _, seconds in found.answers]
    return {"per_second": len(found.answers) / found.seconds, "ms": took}


def _request(port, address, etag):
    lines = [
        f"GET {address} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "X-OpenRosa-Version: 1.0",
        f"If-None-Match: {etag}",
    ]
    return ("\r\n".join([*lines, "Accept-Encoding: gzip"]) + "\r\n\r\n").encode()
