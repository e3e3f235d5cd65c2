"""Encrypted forms as they arrive: kept as they are, whatever comes with them and in whichever order."""

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.office import answered
from tests.blackbox.wire import filled, new_id, send, xform

SUBMISSIONS = f"{CENTRAL}/api/submissions.js"
ENCRYPTION = f"{CENTRAL}/other/encryption.js"
KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7"  # nobody's: this server reads none of it
SEALED = [("submission.xml.enc", b"\x00sealed answers"), ("photo.jpg.enc", b"\xffsealed picture")]


@pytest.fixture(scope="module")
def form(office):
    office.publish(xform("sealed", public_key=KEY))
    return "sealed"


def envelope(form_id, instance_id, media=("photo.jpg.enc",)):
    """What a phone tells in the clear of an encrypted instance."""
    files = "".join(f"<media><file>{name}</file></media>" for name in media)
    return (
        f'<data id="{form_id}" version="1" encrypted="yes" xmlns="http://opendatakit.org/submissions">'
        f"<base64EncryptedKey>c2VjcmV0</base64EncryptedKey>"
        f'<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>{instance_id}</orx:instanceID></orx:meta>'
        f"{files}<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>c2lnbmVk</base64EncryptedElementSignature></data>"
    ).encode()


@behaviour("An encrypted form is kept with its files, byte for byte", f"{SUBMISSIONS} L705, L1353")
def test_kept(office, base, form):
    name = new_id()
    assert send(base, envelope(form, name), SEALED).status == 201
    kept = office.kept(form, name)
    assert kept.raw == envelope(form, name) and kept.files == dict(SEALED)


@behaviour(
    "A file that the envelope does not name",
    f"{SUBMISSIONS} L705",
    differs="kept and marked, never thrown away",
)
def test_extraneous(office, base, form):
    name = new_id()
    assert send(base, envelope(form, name), [*SEALED, ("other.enc", b"?")]).status == 201
    assert ("other.enc" in office.kept(form, name).files) == answered(office, taama=True, central=False)


@behaviour("The encrypted answers may come later than the envelope", f"{ENCRYPTION} L730, L766")
def test_answers_later(office, base, form):
    name = new_id()
    assert [send(base, envelope(form, name), [file]).status for file in reversed(SEALED)] == [201, 201]
    assert office.kept(form, name).files == dict(SEALED)


@behaviour("A form in the clear is taken beside encrypted ones", f"{ENCRYPTION} L598, L635")
def test_in_the_clear(office, base, form):
    name = new_id()
    assert send(base, filled(form, name, {"people": "3"})).status == 201
    assert b"<people>3</people>" in office.kept(form, name).raw


@behaviour(
    "The clear and the encrypted file together, as a phone sends them when encrypting failed, are both kept",
    "Collect OpenRosaServerInstanceUploader",
    differs="Central drops the file that the XML does not name",
)
def test_both(office, base, form):
    name = new_id()
    files = [("photo.jpg", b"clear"), ("photo.jpg.enc", b"sealed")]
    assert send(base, envelope(form, name), files).status == 201
    kept = office.kept(form, name).files
    assert kept == answered(office, taama=dict(files), central={"photo.jpg.enc": b"sealed"})


@behaviour(
    "The same envelope again doubles nothing; another one under its name is a conflict", f"{SUBMISSIONS} L503"
)
def test_again(office, base, form):
    name = new_id()
    for _ in range(2):
        assert send(base, envelope(form, name), SEALED).status == 201
    assert office.count(name) == 1
    assert send(base, envelope(form, name, media=())).status == 409
