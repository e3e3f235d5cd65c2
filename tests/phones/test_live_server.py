"""Against a real server over real sockets, with clients that are not ours."""

import copy
import http.client
import socket
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from tests.collect.phone import BOUNDARY, VERSION, instance, multipart, sha256
from tests.collect.serving import Server, free_port

DATABASES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.slow, pytest.mark.postgres])]
LOST_PHONE = """
import django
django.setup()
from taama.base.models import Organisation
from taama.base.policy import OPERATOR
from taama.phones.actions import create_device
print(create_device(by=OPERATOR, username="lost", organisation=Organisation.objects.get()).token)
"""
REVOKED = """
import django
django.setup()
from taama.base.policy import OPERATOR
from taama.phones.actions import revoke_device
from taama.collect.models import Device
revoke_device(by=OPERATOR, device=Device.objects.get(username="lost"))
"""
KIND = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture(scope="module", params=DATABASES)
def server(request, tmp_path_factory):
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    server = Server(tmp_path_factory.mktemp("office"), database)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def address(server):
    return f"http://127.0.0.1:{server.port}"


def raw(server, request):
    """Everything that comes back for these bytes, until the server is silent or closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    return answer


def post(server, body, token=None, port=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port or server.port, timeout=60)
    given = VERSION | {"Content-Type": KIND} | headers
    connection.request("POST", f"/key/{token or server.token}/submission", body, given)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def listing(address, auth, **headers):
    return requests.get(
        f"{address}/openrosa/formList", auth=auth, headers=VERSION | headers, timeout=30
    ).status_code


def test_digest_for_list_head_and_post(server, address):
    session = requests.Session()
    session.auth = HTTPDigestAuth("gao-1", server.secret)
    session.headers.update(VERSION)
    assert session.get(f"{address}/openrosa/formList?deviceID=collect%3Aé").status_code == 200
    assert session.head(f"{address}/openrosa/submission?deviceID=a").status_code == 204
    xml = instance()
    files = {"xml_submission_file": ("i.xml", xml, "text/xml"), "é.jpg": ("é.jpg", b"photo", "image/jpeg")}
    answer = session.post(f"{address}/openrosa/submission?deviceID=a", files=files)
    assert answer.status_code == 201, answer.text
    names = server.rows("SELECT filename FROM collect_attachment")
    assert ("é.jpg",) in names


def test_digest_with_a_wrong_secret_or_a_foreign_nonce_is_refused(server, address):
    for name, secret in (("gao-1", "no"), ("nobody", "no"), ("gao-1", server.token)):
        assert listing(address, HTTPDigestAuth(name, secret)) == 401


def test_basic_is_refused_without_tls(server, address):
    auth = HTTPBasicAuth("gao-1", server.secret)
    assert listing(address, auth) == 401


def test_curl_sends_with_digest(server, address, tmp_path):
    instance_id = f"uuid:{uuid.uuid4()}"
    (tmp_path / "i.xml").write_bytes(instance(instance_id))
    (tmp_path / "photo à moi.jpg").write_bytes(b"x" * 50_000)
    done = subprocess.run(
        ["curl", "-s", "-o", tmp_path / "answer", "-w", "%{http_code}", "--digest", "-u", f"gao-1:{server.secret}",
         "-H", "X-OpenRosa-Version: 1.0", "-F", f"xml_submission_file=@{tmp_path}/i.xml;type=text/xml",
         "-F", f"photo=@{tmp_path}/photo à moi.jpg", f"{address}/openrosa/submission"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "201", (tmp_path / "answer").read_text()
    kept = server.rows("SELECT filename, sha256 FROM collect_attachment WHERE bytes = 50000")
    assert kept == [("photo à moi.jpg", sha256(b"x" * 50_000))]


def test_chunked_requests_are_taken(server):
    def pieces():
        body = multipart(instance())
        yield from (body[n : n + 100] for n in range(0, len(body), 100))

    assert post(server, pieces()) == 201


def test_answers_to_head_have_no_body_and_leave_the_connection_usable(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    for path, status in (("submission", 204), ("formList", 200), ("nothing", 404)):
        connection.request("HEAD", f"/key/{server.token}/{path}", headers=VERSION)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (status, b"")
    connection.request("GET", f"/key/{server.token}/formList", headers=VERSION)
    assert connection.getresponse().status == 200


def test_a_connection_that_breaks_leaves_no_half_submission(server):
    instance_id = f"uuid:{uuid.uuid4()}"
    body = multipart(instance(instance_id), [("a.jpg", b"y" * 100_000)])
    head = (
        f"POST /key/{server.token}/submission HTTP/1.1\r\nHost: localhost\r\nX-OpenRosa-Version: 1.0\r\n"
        f"Content-Type: {KIND}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    for cut in (0, 200, 60_000, len(body) - 3):
        answer = raw(server, head + body[:cut])
        assert b" 201 " not in answer
    assert not server.rows("SELECT 1 FROM collect_submission WHERE instance_id = %s", instance_id)
    assert post(server, body) == 201


def test_a_request_over_the_limit_hears_413(server):
    body = multipart(instance(), [("film.mp4", b"z" * 3_100_000)])
    assert post(server, body) == 413
    pieces = (body[n : n + 50_000] for n in range(0, len(body), 50_000))
    assert post(server, pieces) == 413


def test_parallel_identical_sendings_are_one_submission(server):
    for _ in range(15):
        instance_id = f"uuid:{uuid.uuid4()}"
        body = multipart(instance(instance_id), [("a.jpg", b"photo"), ("b.jpg", instance_id.encode())])
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _, body=body: post(server, body), range(12)))
        assert set(answers) == {201}
        files = server.rows(
            "SELECT a.filename FROM collect_attachment a JOIN collect_submission s ON a.submission_id = s.id"
            " WHERE s.instance_id = %s ORDER BY a.filename",
            instance_id,
        )
        assert files == [("a.jpg",), ("b.jpg",)]


def test_parallel_contradicting_sendings_keep_all_bytes(server):
    instance_id = f"uuid:{uuid.uuid4()}"
    bodies = [instance(instance_id, people=n) for n in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda xml: post(server, multipart(xml)), bodies))
    assert sorted(answers) == [201] + [409] * 11
    kept = set(server.rows("SELECT sha256 FROM collect_submission WHERE instance_id = %s", instance_id))
    aside = set(server.rows("SELECT sha256 FROM collect_quarantined WHERE instance_id = %s", instance_id))
    assert len(kept) == 1
    assert kept | aside == {(sha256(xml),) for xml in bodies}


def test_parallel_edits_of_one_submission_take_one_and_keep_the_others(server):
    first = f"uuid:{uuid.uuid4()}"
    post(server, multipart(instance(first)))
    edits = [instance(people=n, deprecated=first) for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda xml: post(server, multipart(xml)), edits))
    assert set(answers) == {201}
    kept = server.rows("SELECT sha256 FROM collect_submission WHERE replaces_id IS NOT NULL")
    aside = server.rows("SELECT sha256 FROM collect_quarantined WHERE code = 'collect.edit_not_current'")
    assert (len(kept), len(aside)) == (1, 9)
    assert {sha for (sha,) in kept + aside} == {sha256(xml) for xml in edits}


@pytest.fixture
def twin(server):
    """A second process that answers for the same office."""
    twin = copy.copy(server)
    twin.port = free_port()
    twin.start()
    yield twin
    twin.kill()


def test_a_lost_phone_is_cut_off_at_once_by_every_process(server, twin):
    token = server.python(LOST_PHONE).strip()

    def send(number):
        return post(server, multipart(instance()), token, (server, twin)[number % 2].port)

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(send, range(60))) == {201}
        server.python(REVOKED)
        assert list(map(send, range(4))) == [403] * 4
        assert set(pool.map(send, range(60))) == {403}
    kept = "SELECT count(*) FROM collect_submission s JOIN collect_device d ON d.id = s.device_id"
    assert server.rows(f"{kept} WHERE d.username = 'lost'") == [(60,)]


def test_the_load_of_the_bench_is_accepted(server):
    from taama.bench.intake import measure

    measured = measure("127.0.0.1", server.port, server.token, connections=16, seconds=1, form_id="count")
    assert measured.refused == 0
    assert measured.acknowledged > 20
