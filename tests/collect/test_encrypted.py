"""A form with a public key, from the phone to `taama decrypt`: the office keeps what it cannot read."""

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization

from taama.base.errors import TaamaError
from taama.base.policy import OPERATOR
from taama.collect.models import Submission
from taama.collect.tasks.deriving import derive_pending
from taama.desk.commands import decrypt, key
from taama.desk.methods.envelope import public_key_text, read_private_key
from taama.forms.actions.publishing import publish_form
from tests.collect.phone import multipart
from tests.collect.sealing_phone import sealed

pytestmark = pytest.mark.django_db
SECRET = "deux calebasses"
FORM = """
| survey   |         |         |            |
|          | type    | name    | label      |
|          | text    | story   | Récit      |
|          | image   | photo   | Photo      |
| settings |         |         |            |
|          | form_id | version | public_key |
|          | secret  | 1       | {key}      |
"""
XML = '<data id="secret" version="1"><story>Goundam, le marché</story><photo>a é.jpg</photo></data>'.encode()
PHOTO = ("a é.jpg", b"\xff\xd8 picture")
NAME = "uuid:6f1b2c3d-0000-4000-8000-00000000000a"


@pytest.fixture
def keys(tmp_path):
    """The file that `taama key` wrote, and the key in it."""
    file = tmp_path / "clé.pem"
    told = CliRunner().invoke(key, [str(file)], input=f"{SECRET}\n{SECRET}\n", catch_exceptions=False)
    private = read_private_key(file.read_bytes(), SECRET)
    assert public_key_text(private) in told.output
    assert file.stat().st_mode & 0o077 == 0
    return file, private


@pytest.fixture
def sent(keys, phone):
    """What the phone sends of one filled form: (manifest, files)."""
    source = FORM.format(key=public_key_text(keys[1])).encode()
    publish_form(by=OPERATOR, source=source, filename="secret.md", personal="offered")
    return sealed(keys[1].public_key(), "secret", "1", NAME, XML, [PHOTO])


def opened(keys, folder, passphrase=SECRET):
    arguments = ["secret", "--key", str(keys[0]), "-o", str(folder), "--passphrase", passphrase]
    return CliRunner().invoke(decrypt, arguments, catch_exceptions=False)


def test_phones_get_the_public_key_with_the_form(keys, phone):
    source = FORM.format(key=public_key_text(keys[1])).encode()
    version = publish_form(by=OPERATOR, source=source, filename="secret.md", personal="offered")
    assert f'base64RsaPublicKey="{public_key_text(keys[1])}"'.encode() in bytes(version.xform)


def test_what_a_phone_encrypted_is_kept_shown_as_such_and_opened_by_who_holds_the_key(
    keys, sent, phone, tmp_path
):
    manifest, files = sent
    assert phone.post(multipart(manifest, files)).status_code == 201
    derive_pending()
    kept = Submission.objects.get()
    assert (kept.instance_id, kept.encrypted, kept.state) == (NAME, True, "unread")
    assert all(each.expected for each in kept.attachments.all())

    answer = opened(keys, tmp_path / "clair")
    assert answer.exit_code == 0, answer.output
    folder = next((tmp_path / "clair").iterdir())
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        "submission.xml": XML,
        PHOTO[0]: PHOTO[1],
    }
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_a_form_with_a_tool_leaves_encrypted_answers_to_who_can_read_them(keys, sent, phone):
    form = Submission._meta.get_field("form_version").related_model.objects.get().form
    form.tool = "location_assessment"
    form.save()
    phone.post(multipart(*sent))
    derive_pending()
    assert (Submission.objects.get().state, Submission.objects.get().tool) == ("unread", "")


def test_opening_again_writes_the_same_files(keys, sent, phone, tmp_path):
    phone.post(multipart(*sent))
    for _ in range(2):
        assert opened(keys, tmp_path / "clair").exit_code == 0


def test_a_file_that_has_not_come_yet_is_named_and_the_others_are_opened(keys, sent, phone, tmp_path):
    manifest, files = sent
    phone.post(multipart(manifest, files[1:]))
    other, rest = sealed(keys[1].public_key(), "secret", "1", "uuid:b", XML)
    phone.post(multipart(other, rest))
    answer = opened(keys, tmp_path / "clair")
    assert answer.exit_code == 1
    assert "a é.jpg.enc" in answer.output
    assert [folder.name for folder in (tmp_path / "clair").iterdir()] == ["uuid_b"]


def test_a_changed_envelope_is_opened_with_a_warning(keys, sent, phone, tmp_path):
    manifest, files = sent
    phone.post(multipart(manifest, files))
    other, rest = sealed(keys[1].public_key(), "secret", "2", "uuid:c", XML)
    phone.post(multipart(other.replace(b'version="2"', b'version="1"'), rest))
    answer = opened(keys, tmp_path / "clair")
    assert answer.exit_code == 0
    assert "! uuid:c" in answer.output
    assert f"! {NAME}" not in answer.output


def test_a_wrong_passphrase_opens_nothing(keys, sent, phone, tmp_path):
    phone.post(multipart(*sent))
    with pytest.raises(TaamaError) as caught:
        opened(keys, tmp_path / "clair", "une calebasse")
    assert caught.value.code == "desk.key_passphrase"
    assert not (tmp_path / "clair").exists()


def test_a_key_file_is_never_overwritten(keys):
    before = keys[0].read_bytes()
    with pytest.raises(TaamaError) as caught:
        CliRunner().invoke(key, [str(keys[0])], input="x\nx\n", catch_exceptions=False)
    assert caught.value.code == "desk.file_exists"
    assert keys[0].read_bytes() == before


def test_a_key_is_such_as_other_clients_open(keys):
    assert keys[1].key_size == 2048
    assert b"ENCRYPTED" in keys[0].read_bytes()
    assert serialization.load_pem_private_key(keys[0].read_bytes(), SECRET.encode())
