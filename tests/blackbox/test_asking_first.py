"""HEAD /submission: the phone asks whether it may send, before it sends."""

from urllib.parse import urlsplit

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.wire import ask, openrosa

SUBMISSIONS = f"{CENTRAL}/api/submissions.js"


@behaviour("HEAD is answered 204 without a body: anything else is no server to a phone", f"{SUBMISSIONS} L24")
def test_may_send(base):
    answer = openrosa(f"{base}/submission", "HEAD")
    assert (answer.status, answer.body) == (204, b"")


@behaviour("A request without the version of OpenRosa is refused with 400", f"{SUBMISSIONS} L30")
@pytest.mark.parametrize("version", [None, "2.0"])
def test_version_of_openrosa(base, version):
    told = {} if version is None else {"X_OpenRosa_Version": version}
    assert ask(f"{base}/submission", "HEAD", **told).status == 400


@behaviour("Without credentials the answer is 401, so that the phone asks for them", f"{SUBMISSIONS} L34")
def test_no_credentials(office):
    assert openrosa(f"{office.unkeyed}/submission", "HEAD").status == 401


@behaviour("A key that is nobody's is refused with 403", f"{SUBMISSIONS} L39")
def test_nobodys_key(office):
    assert openrosa(f"{office.wrong_key}/submission", "HEAD").status == 403


@behaviour("The phone is told how much one request may hold", "Collect OpenRosaServerInstanceUploader")
def test_largest_request(base):
    told = openrosa(f"{base}/submission", "HEAD").headers["x-openrosa-accept-content-length"]
    assert int(told) >= 1_000_000


@behaviour(
    "A Location in the answer names the same host: the phone follows no other",
    "Collect OpenRosaServerInstanceUploader",
)
def test_location_is_on_this_host(base):
    told = openrosa(f"{base}/submission", "HEAD").headers.get("location", base)
    assert urlsplit(told).hostname == urlsplit(base).hostname


@behaviour("What the phone tells of itself in the address is no obstacle", "Collect OpenRosaXmlFetcher")
def test_unknown_words_in_the_address(base):
    assert openrosa(f"{base}/submission?deviceID=collect%3AAb1&x=%C3%A9", "HEAD").status == 204


@behaviour(
    "A clock of twelve hours, or years wrong, in the Date header is no obstacle",
    "Collect OkHttpOpenRosaServerClientProvider; Central lib/http/endpoint.js L305",
)
@pytest.mark.parametrize("date", ["Mon, 23 Nov 2026 03:14:05 GMT", "lun., 23 nov. 1970 11:00:00 UTC", "?"])
def test_date_header(base, date):
    assert openrosa(f"{base}/submission", "HEAD", Date=date).status == 204
