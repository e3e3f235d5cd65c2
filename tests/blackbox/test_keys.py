"""Who may send: keys in addresses, their end, and Digest where there is no TLS."""

import base64
import hashlib
import re

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.office import answered
from tests.blackbox.wire import KIND, filled, joined, new_id, openrosa, send, xml_part

USERS = f"{CENTRAL}/api/app-users.js"
PLAIN = "phones on a network without TLS accept nothing else; Central wants TLS"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def proof(challenge, phone, method, uri, count=1):
    """The Authorization header with which a phone answers this challenge."""
    told = dict(re.findall(r'(\w+)="?([^",]+)', challenge))
    nc, cnonce = f"{count:08x}", "0123456789abcdef"
    secret = md5(f"{phone.name}:{told['realm']}:{phone.secret}")
    right = md5(f"{secret}:{told['nonce']}:{nc}:{cnonce}:{told['qop']}:{md5(f'{method}:{uri}')}")
    return (
        f'Digest username="{phone.name}", realm="{told["realm"]}", nonce="{told["nonce"]}", uri="{uri}", '
        f'response="{right}", qop={told["qop"]}, nc={nc}, cnonce="{cnonce}", algorithm={told["algorithm"]}'
    )


@pytest.fixture
def digest(office):
    """ask(method, path, …) as a phone that answers a challenge, or None where no challenge is made."""
    challenge = openrosa(f"{office.unkeyed}/formList").headers.get("www-authenticate", "")
    if not challenge.startswith("Digest "):
        return None

    def ask(method, path, phone=office.phone, body=None, count=1, uri=None, **headers):
        uri = uri or f"/openrosa{path}"
        told = proof(challenge, phone, method, uri, count)
        return openrosa(f"{office.unkeyed}{path}", method, body, Authorization=told, **headers)

    return ask


@behaviour("A key that is nobody's opens nothing: 403", f"{USERS} L577")
def test_nobodys_key(office):
    name = new_id()
    assert openrosa(f"{office.wrong_key}/formList").status == 403
    assert send(office.wrong_key, filled("number", name)).status == 403
    assert office.kept("number", name) is None


@behaviour("Somebody's password or name is no key", f"{USERS} L581")
def test_a_password_is_no_key(office):
    for word in (office.phone.name, office.phone.secret or "nothing"):
        assert openrosa(f"{office.host}/key/{word}/formList").status in (403, 404)


@behaviour("A key opens the list, the forms and the way in", f"{USERS} L587")
def test_key(office):
    phone, name = office.new_phone(), new_id()
    assert openrosa(f"{phone.base}/formList").status == 200
    assert send(phone.base, filled("number", name)).status == 201


@behaviour(
    "A key that was revoked opens nothing any more, at once", f"{USERS} L527; {CENTRAL}/api/app-users.js L577"
)
def test_revoked(office):
    phone, name = office.new_phone(), new_id()
    assert openrosa(f"{phone.base}/formList").status == 200
    office.revoke(phone)
    answers = [openrosa(f"{phone.base}/formList"), openrosa(f"{phone.base}/submission", "HEAD")]
    answers.append(send(phone.base, filled("number", name)))
    assert [answer.status for answer in answers] == [403, 403, 403]
    assert office.kept("number", name) is None


@behaviour("What a lost phone had not sent can be sent by the next one", "ours")
def test_successor(office):
    lost, successor, name = office.new_phone(), office.new_phone(), new_id()
    xml = filled("number", name)
    office.revoke(lost)
    assert send(lost.base, xml).status == 403
    assert send(successor.base, xml).status == 201
    assert office.kept("number", name).sender == successor.name


@behaviour("One form sent by two phones is one submission, of the first", "ours")
def test_two_phones(office):
    one, other, name = office.new_phone(), office.new_phone(), new_id()
    xml = filled("number", name)
    assert [send(phone.base, xml).status for phone in (one, other)] == [201, 201]
    assert office.count(name) == 1 and office.kept("number", name).sender == one.name


@behaviour(
    "A key in the query is none",
    f"{CENTRAL}/api/forms/list.js L214",
    differs="one place for the key is enough; those in queries end up in more logs",
)
def test_key_in_the_query(office):
    key = office.phone.base.partition("/key/")[2].partition("/")[0]
    status = openrosa(f"{office.unkeyed}/formList?st={key}").status
    assert status == answered(office, taama=401, central=200)


@behaviour(
    "Digest opens the list, HEAD and POST on plain HTTP",
    "Kobo kpi/authentication.py; Collect OkHttpOpenRosaServerClientProvider",
    differs=PLAIN,
)
def test_digest(office, digest):
    assert (digest is not None) == answered(office, taama=True, central=False)
    if digest:
        name = new_id()
        assert digest("GET", "/formList").status == 200
        assert (
            digest("HEAD", "/submission?deviceID=a%3Ab", uri="/openrosa/submission?deviceID=a%3Ab").status
            == 204
        )
        body = joined(xml_part(filled("number", name)))
        assert digest("POST", "/submission", body=body, count=2, Content_Type=KIND).status == 201
        assert office.kept("number", name).sender == office.phone.name


@behaviour(
    "A wrong secret, another's name or a proof for another address is refused with 401",
    "Kobo openrosa tests",
    differs=PLAIN,
)
def test_wrong_proof(office, digest):
    assert (digest is not None) == answered(office, taama=True, central=False)
    if digest:
        other = office.new_phone()
        forged = type(other)(other.base, office.phone.name, other.secret)
        assert digest("GET", "/formList", phone=forged).status == 401
        assert digest("GET", "/formList", uri="/openrosa/submission").status == 401
        office.revoke(other)
        assert digest("GET", "/formList", phone=other).status == 401


@behaviour("A proof that was listened to sends nothing a second time", "ours", differs=PLAIN)
def test_proof_counts_once(office, digest):
    assert (digest is not None) == answered(office, taama=True, central=False)
    if digest:
        sent = joined(xml_part(filled("number", new_id())))
        assert digest("POST", "/submission", body=sent, count=7, Content_Type=KIND).status == 201
        name = new_id()
        forged = joined(xml_part(filled("number", name)))
        answer = digest("POST", "/submission", body=forged, count=7, Content_Type=KIND)
        assert answer.status == 401 and "stale=true" in answer.headers["www-authenticate"]
        assert office.kept("number", name) is None


@behaviour("Basic is refused on plain HTTP", f"{CENTRAL} and Collect OkHttpOpenRosaServerClientProvider")
def test_basic(office):
    words = base64.b64encode(f"{office.phone.name}:{office.phone.secret}".encode()).decode()
    assert openrosa(f"{office.unkeyed}/formList", Authorization=f"Basic {words}").status == 401
