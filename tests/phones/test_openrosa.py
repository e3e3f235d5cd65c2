"""OpenRosa as phones use it: what breaks a phone must never be answered."""

import hashlib
import time

import pytest
from lxml import etree

from taama.base.policy import OPERATOR
from taama.collect.models import Quarantined, Submission
from taama.forms.actions.publishing import close_form
from taama.forms.models import Form, FormVersion
from taama.phones.actions import revoke_device
from taama.phones.methods import digest
from taama.phones.views.replays import first_use
from tests.collect.phone import BOUNDARY, VERSION, instance, multipart, text

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
PICTURE_FORM = """
| survey   |         |         |              |                  |
|          | type    | name    | label        | media::image     |
|          | integer | people  | Combien ?    | échelle.png      |
|          | select_one_from_file places.csv | place | Lieu |   |
| settings |         |         |              |                  |
|          | form_id | version |              |                  |
|          | with_files | 1    |              |                  |
"""
FILES = {"échelle.png": b"png", "places.csv": b"name,label\na,A\n"}


def path_of(url):
    return "/" + url.split("/", 3)[3]


def listed(answer):
    return [
        {child.tag.removeprefix(LIST): child.text for child in form}
        for form in etree.fromstring(answer.content)
    ]


def test_the_list_has_all_that_a_phone_insists_on(phone, form):
    answer = phone.get("/formList?deviceID=collect:abc&verbose=true")
    assert answer.status_code == 200
    assert "text/xml" in answer["Content-Type"]
    (entry,) = listed(answer)
    version = FormVersion.objects.get()
    assert (entry["formID"], entry["name"], entry["version"]) == ("count", "Comptage", "1")
    assert entry["hash"] == "md5:" + hashlib.md5(bytes(version.xform)).hexdigest()
    assert "manifestUrl" not in entry
    assert entry["downloadUrl"].startswith(f"http://testserver{phone.base}/forms/")


def test_the_form_is_served_byte_for_byte(phone, form, client):
    (entry,) = listed(phone.get("/formList"))
    answer = client.get(path_of(entry["downloadUrl"]))
    assert answer.status_code == 200
    assert "md5:" + hashlib.md5(answer.content).hexdigest() == entry["hash"]
    assert "text/xml" in answer["Content-Type"]


def test_every_answer_is_openrosa_errors_too(phone, form, client):
    answers = [
        phone.get("/formList"), phone.head("/submission"), phone.get("/nothing"), phone.send(b"<broken"),
        phone.post(b"", content_type="text/plain"), client.get("/openrosa/formList", headers=VERSION),
        client.get("/key/wrong/formList", headers=VERSION), client.get(f"{phone.base}/formList"),
        client.put(f"{phone.base}/submission", headers=VERSION),
    ]  # fmt: skip
    assert [a.status_code for a in answers] == [200, 204, 404, 201, 400, 401, 403, 400, 405]
    for answer in answers:
        assert answer["X-OpenRosa-Version"] == "1.0"
        assert "text/xml" in answer["Content-Type"]


@pytest.mark.parametrize("version", [None, "2.0", ""])
def test_the_version_header_is_demanded(phone, form, client, version):
    headers = {} if version is None else {"X-OpenRosa-Version": version}
    for answer in (
        client.get(f"{phone.base}/formList", headers=headers),
        client.head(f"{phone.base}/submission", headers=headers),
    ):
        assert answer.status_code == 400


def test_one_broken_form_does_not_hide_the_others(phone, form, publish, monkeypatch):
    other = publish(source=PICTURE_FORM, media=FILES).form
    Form.objects.filter(pk=other.pk).update(title="")
    broken = Form.objects.create(form_id="broken\x01", title="\x0b", tool="")
    FormVersion.objects.create(
        form=broken, version="1", xform=b"", md5="", published_at=other.versions.get().published_at
    )
    entries = {entry["formID"]: entry for entry in listed(phone.get("/formList"))}
    assert set(entries) == {"count", "with_files"}
    assert entries["with_files"]["name"] == "with_files"


def test_a_form_that_cannot_even_be_described_is_left_out(phone, form, publish, monkeypatch):
    from taama.phones.views import openrosa

    publish(source=PICTURE_FORM, media=FILES)
    whole = openrosa._address

    def fail_for_files(request, name, version, filename=None):
        if version.form.form_id == "with_files":
            raise RuntimeError("boom")
        return whole(request, name, version, filename)

    monkeypatch.setattr(openrosa, "_address", fail_for_files)
    assert [entry["formID"] for entry in listed(phone.get("/formList"))] == ["count"]


def test_the_list_can_be_asked_for_one_form(phone, form, publish):
    publish(source=PICTURE_FORM, media=FILES)
    assert [entry["formID"] for entry in listed(phone.get("/formList?formID=with_files"))] == ["with_files"]


def test_odd_bytes_in_addresses_do_no_harm(phone, form):
    assert phone.get("/formList?formID=%00&deviceID=%00%ff").status_code == 200
    assert phone.send(instance(), query="?deviceID=%00%ff%0a").status_code == 201
    assert phone.get("/forms/%00.xml").status_code == 404
    assert phone.client.get("/key/%00/formList", headers=VERSION).status_code == 403


def test_a_closed_form_leaves_the_list(phone, form):
    close_form(by=OPERATOR, form=form)
    answer = phone.get("/formList")
    assert answer.status_code == 200
    assert listed(answer) == []


def test_only_the_current_version_is_listed(phone, publish):
    publish("1")
    first = listed(phone.get("/formList"))[0]
    publish("2")
    (entry,) = listed(phone.get("/formList"))
    assert entry["version"] == "2"
    assert entry["hash"] != first["hash"]
    assert phone.client.get(path_of(first["downloadUrl"])).status_code == 200, "a phone may be half-way"


def test_manifest_and_files(phone, publish, client):
    publish(source=PICTURE_FORM, media=FILES)
    (entry,) = listed(phone.get("/formList"))
    answer = client.get(path_of(entry["manifestUrl"]), headers=VERSION)
    assert "text/xml" in answer["Content-Type"]
    found = {}
    for file in etree.fromstring(answer.content):
        told = {child.tag.removeprefix(MANIFEST): child.text for child in file}
        got = client.get(path_of(told["downloadUrl"]))
        assert told["hash"] == "md5:" + hashlib.md5(got.content).hexdigest()
        found[told["filename"]] = got.content
    assert found == FILES


def test_a_new_list_of_places_is_an_update_without_a_new_version(phone, publish, client):
    publish(source=PICTURE_FORM, media=FILES)
    before = client.get(path_of(listed(phone.get("/formList"))[0]["manifestUrl"]), headers=VERSION).content
    publish(source=PICTURE_FORM, media=FILES | {"places.csv": b"name,label\nb,B\n"})
    after = client.get(path_of(listed(phone.get("/formList"))[0]["manifestUrl"]), headers=VERSION).content
    assert before != after


def test_what_did_not_change_is_not_sent_again(phone, publish, client):
    publish(source=PICTURE_FORM, media=FILES)
    (entry,) = listed(phone.get("/formList"))
    manifest = client.get(path_of(entry["manifestUrl"]), headers=VERSION)
    file = etree.fromstring(manifest.content).find(f"{MANIFEST}mediaFile/{MANIFEST}downloadUrl").text
    for address in (f"{phone.base}/formList", path_of(entry["downloadUrl"]), path_of(file)):
        first = client.get(address, headers=VERSION)
        again = client.get(address, headers=VERSION | {"If-None-Match": f'W/{first["ETag"]}, "other"'})
        assert (again.status_code, again.content) == (304, b"")
        assert again["X-OpenRosa-Version"] == "1.0"
        assert client.get(address, headers=VERSION | {"If-None-Match": '"other"'}).status_code == 200


def test_head_submission_says_where_and_how_much(phone, form, settings):
    settings.TAAMA_MAX_SUBMISSION_BYTES = 5_000_000
    answer = phone.head("/submission?deviceID=x")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Location"] == f"http://testserver{phone.base}/submission"
    assert answer["X-OpenRosa-Accept-Content-Length"] == "5000000"


def test_a_revoked_phone_is_refused_everywhere(phone, form, new_device):
    revoke_device(by=OPERATOR, device=new_device.device)
    answers = [phone.get("/formList"), phone.head("/submission"), phone.send(instance())]
    assert [a.status_code for a in answers] == [403, 403, 403]
    assert "nouveau code de configuration" in text(answers[0])


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("fr-ML,fr;q=0.9", "mal formé"),
        ("", "mal formé"),
        ("en-GB,en;q=0.8,fr;q=0.5", "malformed"),
        ("bm,de", "mal formé"),
    ],
)
def test_messages_speak_the_language_of_the_phone(phone, form, asked, word):
    answer = phone.post(multipart(instance())[:-30], **{"Accept-Language": asked})
    assert answer.status_code == 400
    assert word in text(answer)


def test_an_unknown_host_is_told_so(phone, form):
    answer = phone.get("/formList", Host="10.0.0.9")
    assert answer.status_code == 400
    assert "TAAMA_HOSTS" in text(answer)


def test_digest_is_offered_and_basic_needs_tls(client, form, new_device):
    import base64

    basic = "Basic " + base64.b64encode(f"gao-1:{new_device.secret}".encode()).decode()
    plain = client.get("/openrosa/formList", headers=VERSION | {"Authorization": basic})
    assert plain.status_code == 401
    assert plain["WWW-Authenticate"].startswith("Digest ")
    safe = client.get("/openrosa/formList", headers=VERSION | {"Authorization": basic}, secure=True)
    assert safe.status_code == 200
    wrong = "Basic " + base64.b64encode(b"gao-1:no").decode()
    assert (
        client.get("/openrosa/formList", headers=VERSION | {"Authorization": wrong}, secure=True).status_code
        == 401
    )
    nul = "Basic " + base64.b64encode(b"gao\0-1:x").decode()
    for nonsense in (nul, "Basic ***", "Digest", "Digest username=gao-1", "Bearer x"):
        answer = client.get("/openrosa/formList", headers=VERSION | {"Authorization": nonsense}, secure=True)
        assert answer.status_code == 401


def test_phones_need_neither_cookie_nor_form_token(phone, form):
    phone.client.handler.enforce_csrf_checks = True
    answer = phone.send(instance())
    assert answer.status_code == 201
    assert not answer.cookies


def proof(secret, method, address, nonce, count=1, cnonce="c"):
    """An Authorization header by Digest, as a phone makes it."""

    def md5(text):
        return hashlib.md5(text.encode()).hexdigest()

    nc = f"{count:08x}"
    right = md5(f"{md5(f'gao-1:taama:{secret}')}:{nonce}:{nc}:{cnonce}:auth:{md5(f'{method}:{address}')}")
    return (
        f'Digest username="gao-1", realm="taama", nonce="{nonce}", uri="{address}", response="{right}", '
        f'qop=auth, nc={nc}, cnonce="{cnonce}"'
    )


@pytest.fixture
def by_digest(client, new_device, settings):
    """Sends with a proof for a nonce of the server."""
    path, nonce = "/openrosa/submission", digest.nonce(settings.SECRET_KEY.encode(), time.time())

    def send(xml, **told):
        header = proof(new_device.secret, "POST", path, nonce, **told)
        sent = VERSION | {"Authorization": header}
        return client.post(
            path, multipart(xml), content_type=f"multipart/form-data; boundary={BOUNDARY}", headers=sent
        )

    return send


def test_a_proof_of_digest_counts_once(form, by_digest):
    assert by_digest(instance("uuid:a")).status_code == 201
    again = by_digest(instance("uuid:forged"))
    assert again.status_code == 401
    assert "stale=true" in again["WWW-Authenticate"]
    assert not Submission.objects.filter(instance_id="uuid:forged").exists()
    assert by_digest(instance("uuid:b"), count=2).status_code == 201, "the phone counts on"
    assert by_digest(instance("uuid:c"), cnonce="other").status_code == 201, "another phone, same second"


def test_used_proofs_are_forgotten_when_too_old_to_matter(settings, tmp_path):
    settings.TAAMA_DATA_DIR = tmp_path
    for moment in (600, 1200, 6000):
        assert first_use(digest.Claim(nonce=f"{moment:x}.s", response="r"))
        assert not first_use(digest.Claim(nonce=f"{moment:x}.s", response="r"))
    assert [folder.name for folder in (tmp_path / "proofs").iterdir()] == ["10"]


def test_the_list_may_be_asked_for_with_one_proof_twice(form, client, new_device, settings):
    nonce = digest.nonce(settings.SECRET_KEY.encode(), time.time())
    header = proof(new_device.secret, "GET", "/openrosa/formList", nonce)
    for _ in range(2):
        answer = client.get("/openrosa/formList", headers=VERSION | {"Authorization": header})
        assert answer.status_code == 200


def test_an_instance_that_would_swell_in_memory_is_put_aside_unparsed(phone, form, monkeypatch):
    xml = instance("uuid:a", extra="<a/>" * 200_001)
    monkeypatch.setattr(etree, "fromstring", lambda *a: pytest.fail("parsed"))
    assert phone.send(xml).status_code == 201
    kept = Quarantined.objects.get()
    assert (kept.code, bytes(kept.raw)) == ("collect.xml_unreadable", xml)


def test_a_large_but_honest_instance_is_taken(phone, form):
    assert phone.send(instance("uuid:a", extra="<a>1</a>" * 150_000)).status_code == 201
    assert Submission.objects.get().state == "unread"


def test_an_instance_beyond_all_measure_is_refused(phone, form):
    answer = phone.send(instance("uuid:a", extra="x" * 5_000_000))
    assert answer.status_code == 413
    assert "5\xa0Mo" in text(answer)
