"""What a phone downloads: the list of forms, forms, manifests and files."""

import hashlib
from xml.etree import ElementTree

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.office import answered
from tests.blackbox.wire import LIST, ask, filled, listed, needed, new_id, openrosa, send, xform

FORM_LIST = f"{CENTRAL}/api/forms/list.js"
FORMS = f"{CENTRAL}/api/forms/forms.js"
VERSIONS = f"{CENTRAL}/api/forms/versions.js"
USERS = f"{CENTRAL}/api/app-users.js"
PLACES = "name,label\nML05,Mopti\n"


def md5(content):
    return f"md5:{hashlib.md5(content).hexdigest()}"


@pytest.fixture
def with_list(office):
    """The id of a form that needs places.csv."""
    form_id = f"list{new_id()[5:13]}"
    office.publish(xform(form_id, lists=["places.csv"]), {"places.csv": PLACES})
    return form_id


@behaviour("The list of forms wants credentials", f"{FORM_LIST} L109")
def test_list_without_credentials(office):
    assert openrosa(f"{office.unkeyed}/formList").status == 401


@behaviour(
    "The list is OpenRosa in text/xml; every form has all that a phone insists on",
    f"{FORM_LIST} L126; Collect Kxml2OpenRosaResponseParser",
)
def test_list(base, own_form):
    answer = openrosa(f"{base}/formList?deviceID=collect%3Aa")
    assert answer.headers["content-type"].replace(" ", "") == "text/xml;charset=utf-8"
    assert answer.headers["x-openrosa-version"] == "1.0"
    root = ElementTree.fromstring(answer.body)
    assert root.tag == f"{LIST}xforms"
    for entry in listed(base).values():
        assert entry["formID"] and entry["name"] and entry["downloadUrl"].startswith("http")
        assert entry["hash"].startswith("md5:") and "version" in entry


@behaviour(
    "The hash of a form is that of the bytes that are served, each time the same",
    f"{FORM_LIST} L126; Collect ServerFormUseCases",
)
def test_hash(base, own_form):
    for _ in range(2):
        entry = listed(base)[own_form]
        assert entry["hash"] == md5(ask(entry["downloadUrl"]).body)


@behaviour("The list can be asked for one form", f"{FORM_LIST} L153")
def test_one_form(base, own_form):
    assert set(listed(base, f"?formID={own_form}")) == {own_form}


@behaviour("Asked for a form that is not there, the list is empty", f"{FORM_LIST} L174")
def test_no_such_form(base):
    assert listed(base, "?formID=xyz") == {}


@behaviour("With a key, all addresses in the answers carry it", f"{FORM_LIST} L187, L214")
def test_addresses_carry_the_key(base, with_list):
    entry = listed(base)[with_list]
    assert entry["downloadUrl"].startswith(base) and entry["manifestUrl"].startswith(base)
    assert needed(entry["manifestUrl"])["places.csv"]["downloadUrl"].startswith(base)


@behaviour("A form that is not for this phone is not in its list", f"{FORM_LIST} L116, L187")
def test_for_others(office, base, own_form):
    assert own_form in listed(base)
    office.take_away(own_form)
    assert own_form not in listed(base)


@behaviour("A closed form is not in the list", f"{FORM_LIST} L241")
def test_closed(office, base, own_form):
    office.close(own_form)
    assert own_form not in listed(base)


@behaviour("A form whose id needs escaping can be listed, downloaded and filled", f"{FORM_LIST} L286")
def test_odd_id(office, base):
    form_id, name = f"with spaces é {new_id()[5:9]}", new_id()
    office.publish(xform(form_id, lists=["places.csv"]), {"places.csv": PLACES})
    entry = listed(base)[form_id]
    assert md5(ask(entry["downloadUrl"]).body) == entry["hash"]
    assert set(needed(entry["manifestUrl"])) == {"places.csv"}
    assert send(base, filled(form_id, name)).status == 201
    assert office.kept(form_id, name)


@behaviour("Only forms that need files have a manifest", f"{FORM_LIST} L301")
def test_manifest_where_needed(base, own_form, with_list):
    forms = listed(base)
    assert "manifestUrl" in forms[with_list] and "manifestUrl" not in forms[own_form]


@behaviour("A title with letters that XML forbids or escapes breaks no list", "ours")
def test_odd_title(office, base):
    form_id = f"title{new_id()[5:13]}"
    office.publish(xform(form_id, title="Évaluation <72> & “retour” 🌍"))
    assert listed(base)[form_id]["name"] == "Évaluation <72> & “retour” 🌍"


@behaviour(
    "A new version has another hash: the phone sees that it must update",
    f"{CENTRAL}/other/form-versioning.js L11; Collect ServerFormUseCases",
)
def test_new_version(office, base, own_form):
    before = listed(base)[own_form]
    office.publish(xform(own_form, "2"))
    after = listed(base)[own_form]
    assert (before["version"], after["version"]) == ("1", "2")
    assert before["hash"] != after["hash"]


@behaviour("A new version leaves what was sent for the former one", f"{CENTRAL}/other/form-versioning.js L41")
def test_sent_before(office, base, own_form):
    name = new_id()
    assert send(base, filled(own_form, name)).status == 201
    office.publish(xform(own_form, "2"))
    assert office.kept(own_form, name).version == "1"


@behaviour("A form is served as the bytes that were published", f"{FORMS} L929")
def test_form(office, base):
    form_id = f"bytes{new_id()[5:13]}"
    xml = xform(form_id, title="Écrit tel quel")
    office.publish(xml)
    answer = ask(listed(base)[form_id]["downloadUrl"])
    assert answer.text == xml
    assert "xml" in answer.headers["content-type"]


@behaviour("A form is served to nobody with another key", f"{FORMS} L925")
def test_form_with_another_key(office, base, own_form):
    address = listed(base)[own_form]["downloadUrl"]
    assert ask(address.replace(base, office.wrong_key)).status == 403
    assert ask(address.replace(base, office.unkeyed)).status == 401


@behaviour("The manifest of a form that needs nothing is empty, not missing", f"{FORMS} L1217")
def test_empty_manifest(base, own_form):
    assert needed(listed(base)[own_form]["downloadUrl"].removesuffix(".xml") + "/manifest") == {}


@behaviour("The manifest is refused to another key", f"{FORMS} L1211")
def test_manifest_with_another_key(office, base, with_list):
    address = listed(base)[with_list]["manifestUrl"].replace(base, office.wrong_key)
    assert openrosa(address).status == 403


@behaviour(
    "The manifest names each file with the hash of its bytes and an address that serves them",
    f"{FORMS} L1228, L1491; {VERSIONS} L462",
)
def test_manifest(base, with_list):
    answer = openrosa(listed(base)[with_list]["manifestUrl"])
    assert "text/xml" in answer.headers["content-type"] and answer.headers["x-openrosa-version"] == "1.0"
    (told,) = needed(listed(base)[with_list]["manifestUrl"]).values()
    served = ask(told["downloadUrl"])
    assert (told["filename"], served.text) == ("places.csv", PLACES)
    assert told["hash"] == md5(served.body)
    assert "csv" in served.headers["content-type"]


@behaviour(
    "The manifest of an older version stays as it was",
    f"{VERSIONS} L404",
    differs="Central names a version in an address of its own; taama keeps the address that the phone was given",
)
def test_manifest_of_an_older_version(office, base, with_list):
    address = listed(base)[with_list]["manifestUrl"]
    before = needed(address)["places.csv"]["hash"]
    office.publish(xform(with_list, "2", lists=["places.csv"]), {"places.csv": PLACES + "ML06,Tombouctou\n"})
    after = needed(listed(base)[with_list]["manifestUrl"])["places.csv"]["hash"]
    assert before != after
    assert needed(address)["places.csv"]["hash"] == answered(office, taama=before, central=after)


@behaviour("What did not change is answered 304 to the ETag of before", f"{FORMS} L1596")
def test_unchanged(base, with_list):
    address = needed(listed(base)[with_list]["manifestUrl"])["places.csv"]["downloadUrl"]
    first = ask(address)
    again = ask(address, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert ask(address, If_None_Match='"other"').status == 200


@behaviour("The latest content has another ETag", f"{FORMS} L1628")
def test_changed(office, base, with_list):
    first = ask(needed(listed(base)[with_list]["manifestUrl"])["places.csv"]["downloadUrl"])
    office.publish(xform(with_list, "2", lists=["places.csv"]), {"places.csv": PLACES + "ML06,Tombouctou\n"})
    address = needed(listed(base)[with_list]["manifestUrl"])["places.csv"]["downloadUrl"]
    second = ask(address, If_None_Match=first.headers["etag"])
    assert second.status == 200 and second.headers["etag"] != first.headers["etag"]
    assert "Tombouctou" in second.text


@behaviour("A file or form that is not there is 404", f"{FORMS} L1461, L1482")
def test_not_there(base, with_list):
    address = needed(listed(base)[with_list]["manifestUrl"])["places.csv"]["downloadUrl"]
    assert ask(address.replace("places.csv", "other.csv")).status == 404
    assert openrosa(f"{base}/forms/nothing.xml").status == 404


@behaviour(
    "A closed form and its files",
    f"{USERS} L601",
    differs="still served: a phone may be half-way through the download of what it fills",
)
def test_closed_form_and_files(office, base, with_list):
    entry = listed(base)[with_list]
    file = needed(entry["manifestUrl"])["places.csv"]["downloadUrl"]
    office.close(with_list)
    for address in (entry["downloadUrl"], entry["manifestUrl"], file):
        assert openrosa(address).status == answered(office, taama=200, central=403)
