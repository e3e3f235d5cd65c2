"""POST /submission: what is taken in, what is refused, and what is put aside so that no phone keeps it for ever."""

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.office import answered
from tests.blackbox.wire import (
    BOUNDARY,
    KIND,
    filled,
    joined,
    listed,
    new_id,
    openrosa,
    part,
    send,
    xform,
    xml_part,
)

SUBMISSIONS = f"{CENTRAL}/api/submissions.js"
ASIDE = "nothing is refused that would then stay on the phone: kept in quarantine, a data manager decides"


def put_aside(office, answer, xml, otherwise):
    """Refused by Central with `otherwise`; taken by taama, and the bytes are there."""
    assert answer.status == answered(office, taama=201, central=otherwise), answer.text
    if office.name == "taama":
        assert office.aside(xml) is not None


@behaviour("A body that is no multipart is refused with 400", f"{SUBMISSIONS} L46")
def test_no_multipart(base):
    xml = filled("number", new_id())
    assert openrosa(f"{base}/submission", "POST", xml, Content_Type="text/xml").status == 400


@behaviour("A multipart without the filled form is refused with 400", f"{SUBMISSIONS} L46")
def test_no_form_in_it(base):
    body = joined(part(b"photo", "a.jpg", "a.jpg", "image/jpeg"))
    assert openrosa(f"{base}/submission", "POST", body, Content_Type=KIND).status == 400


@behaviour("XML that cannot be read", f"{SUBMISSIONS} L57", differs=ASIDE)
def test_unreadable_xml(office, base):
    xml = b"<data><people>" + new_id().encode()
    put_aside(office, send(base, xml), xml, otherwise=400)


@behaviour("A multipart whose boundary is not told is refused with 400", f"{SUBMISSIONS} L65")
def test_no_boundary(base):
    body = joined(xml_part(filled("number", new_id())))
    assert openrosa(f"{base}/submission", "POST", body, Content_Type="multipart/form-data").status == 400


@behaviour("An empty body is refused with 400", f"{SUBMISSIONS} L79")
def test_empty_body(base):
    assert openrosa(f"{base}/submission", "POST", b"", Content_Type=KIND).status == 400


@behaviour("A body that ends too early is refused with 400 and nothing of it is kept", f"{SUBMISSIONS} L79")
def test_early_end(office, base):
    name = new_id()
    body = joined(xml_part(filled("number", name)), part(b"photo" * 999, "a.jpg", "a.jpg", "image/jpeg"))
    for length in (len(body) // 2, len(body) - 9):
        assert openrosa(f"{base}/submission", "POST", body[:length], Content_Type=KIND).status == 400
    assert office.kept("number", name) is None


@behaviour("Parts whose content is missing are refused with 400", f"{SUBMISSIONS} L94")
def test_parts_without_content(base):
    named = 'Content-Disposition: form-data; name="{0}"; filename="{0}"\r\nContent-Type: text/xml\r\n\r\n'
    parts = [f"--{BOUNDARY}\r\n" + named.format(name) for name in ("xml_submission_file", "a.jpg")]
    body = ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()
    assert openrosa(f"{base}/submission", "POST", body, Content_Type=KIND).status == 400


@behaviour("A form that is not known here", f"{SUBMISSIONS} L121", differs=ASIDE)
def test_unknown_form(office, base):
    xml = filled("nowhere", new_id())
    put_aside(office, send(base, xml), xml, otherwise=404)


@behaviour("Without credentials nothing is taken: 401", f"{SUBMISSIONS} L128")
def test_no_credentials(office):
    name = new_id()
    assert send(office.unkeyed, filled("number", name)).status == 401
    assert office.kept("number", name) is None


@behaviour("A form that is closed", f"{SUBMISSIONS} L134", differs=ASIDE)
def test_closed_form(office, base, own_form):
    office.close(own_form)
    xml = filled(own_form, new_id())
    put_aside(office, send(base, xml), xml, otherwise=409)


@behaviour(
    "A form that is not for this phone",
    f"{SUBMISSIONS} L128",
    differs="taken: what was filled before the form was taken away would stay on the phone",
)
def test_form_for_others(office, base, own_form):
    office.take_away(own_form)
    name = new_id()
    answer = send(base, filled(own_form, name))
    assert answer.status == answered(office, taama=201, central=401)
    assert bool(office.kept(own_form, name)) == (office.name == "taama")


@behaviour("A version of the form that was never published", f"{SUBMISSIONS} L144", differs=ASIDE)
def test_unknown_version(office, base):
    xml = filled("number", new_id(), version="-1")
    put_aside(office, send(base, xml), xml, otherwise=404)


@behaviour("A filled form is kept byte for byte under its form, and answered 201", f"{SUBMISSIONS} L154")
def test_kept_as_it_came(office, base):
    name = new_id()
    xml = filled("number", name, {"people": "  é &\t12\n"})
    assert send(base, xml).status == 201
    assert office.kept("number", name).raw == xml


@behaviour("An empty deviceID is no device", f"{SUBMISSIONS} L175")
def test_empty_device(office, base):
    name = new_id()
    assert send(base, filled("number", name), query="?deviceID=").status == 201
    assert office.kept("number", name).told_device == ""


@behaviour("What the phone says of itself is kept with what it sent", f"{SUBMISSIONS} L196")
def test_device(office, base):
    name = new_id()
    assert send(base, filled("number", name), query="?deviceID=imei%3A358240051111110").status == 201
    assert office.kept("number", name).told_device == "imei:358240051111110"


@behaviour("An edit has a device of its own", f"{SUBMISSIONS} L224")
def test_device_of_an_edit(office, base):
    first, second = new_id(), new_id()
    assert send(base, filled("number", first), query="?deviceID=a").status == 201
    assert send(base, filled("number", second, edits=first), query="?deviceID=b").status == 201
    assert office.kept("number", second).told_device == "b"


@behaviour("A very long deviceID or User-Agent is no obstacle", f"{SUBMISSIONS} L1277")
def test_long_device(office, base):
    name = new_id()
    answer = send(base, filled("number", name), query=f"?deviceID={'d' * 300}", User_Agent="u" * 900)
    assert answer.status == 201
    assert office.kept("number", name).told_device.startswith("d" * 100)


@behaviour(
    "An answer to an older version of the form is taken, and kept under that version", f"{SUBMISSIONS} L266"
)
def test_older_version(office, base, own_form):
    for version in ("two", "three"):
        office.publish(xform(own_form, version))
    assert listed(base)[own_form]["version"] == "three"
    name = new_id()
    assert send(base, filled(own_form, name, version="two")).status == 201
    assert office.kept(own_form, name).version == "two"


@behaviour("A submission names the account that sent it", f"{SUBMISSIONS} L289")
def test_sender(office):
    sender, name = office.new_phone(), new_id()
    assert send(sender.base, filled("number", name)).status == 201
    assert office.kept("number", name).sender == sender.name


@behaviour(
    "The same bytes again are answered like the first time, and are one submission",
    f"{SUBMISSIONS} L517; Collect issue 3517",
)
def test_again(office, base):
    name = new_id()
    answers = [send(base, filled("number", name)).status for _ in range(3)]
    assert answers == [201, 201, 201]
    assert office.count(name) == 1


@behaviour("Other bytes under a known name are refused with 409; the first stay", f"{SUBMISSIONS} L503")
def test_conflict(office, base):
    name = new_id()
    first, second = filled("number", name, {"people": "3"}), filled("number", name, {"people": "4"})
    assert send(base, first).status == 201
    assert send(base, second).status == 409
    assert office.kept("number", name).raw == first
    if office.name == "taama":
        assert office.aside(second) == {}, "the second bytes are kept too"


@behaviour(
    "What was removed at the office does not come back by being sent again: 409", f"{SUBMISSIONS} L736"
)
def test_removed(office, base):
    name = new_id()
    xml = filled("number", name)
    assert send(base, xml).status == 201
    office.remove("number", name)
    assert send(base, xml).status == 409


@behaviour(
    "One name on two forms",
    f"{SUBMISSIONS} L804",
    differs="a name stands for one submission in the whole office; the second is kept and a data manager decides",
)
def test_one_name_on_two_forms(office, base):
    name = new_id()
    assert send(base, filled("number", name)).status == 201
    other = filled("pictures", name)
    assert send(base, other).status == answered(office, taama=409, central=201)
    if office.name == "taama":
        assert office.aside(other) == {}


@behaviour(
    "An instance without a name",
    "Central lib/model/frames/submission.js",
    differs="gets a name made of its bytes, so that sending it again finds it",
)
def test_without_name(office, base, own_form):
    xml = f'<data id="{own_form}" version="1"><people>3</people></data>'.encode()
    assert [send(base, xml).status for _ in range(2)] == [201, 201]
    assert office.total(own_form) == answered(office, taama=1, central=2)


@behaviour(
    "A document type in the XML, with which files could be stolen or memory filled, does no harm", "ours"
)
def test_document_type(office, base):
    name = new_id()
    entity = b'<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    xml = entity + filled("number", name, {"people": "X"})[21:].replace(b">X<", b">&x;<")
    answer = send(base, xml)
    assert b"root:" not in answer.body
    assert answer.status == answered(office, taama=400, central=201)


@behaviour(
    "Every answer to a phone is OpenRosa with a message, refusals too",
    "Collect OpenRosaClient; Central lib/http/endpoint.js",
)
def test_answers_are_openrosa(office, base):
    answers = [
        send(base, filled("number", new_id())), send(base, filled("nowhere", new_id())),
        openrosa(f"{office.wrong_key}/formList"), openrosa(f"{base}/submission", "POST", b"", Content_Type=KIND),
    ]  # fmt: skip
    for answer in answers[: None if office.name == "taama" else 2]:
        assert answer.headers["x-openrosa-version"] == "1.0"
        assert "text/xml" in answer.headers["content-type"]
        assert "<OpenRosaResponse" in answer.text and "</message>" in answer.text


@behaviour(
    "The message is in the language of the phone",
    "ours",
    differs="Central speaks English only; an enumerator reads French",
)
@pytest.mark.parametrize(
    ("asked", "word"), [("fr-ML,fr;q=0.9", "Envoi reçu"), ("en-GB,en;q=0.8", "received")]
)
def test_language(office, base, asked, word):
    answer = send(base, filled("number", new_id()), Accept_Language=asked)
    assert (word in answer.text) == (office.name == "taama")
