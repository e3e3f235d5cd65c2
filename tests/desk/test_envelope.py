"""Encrypted instances: opened only with the key, and every exchange of a file is seen."""

import dataclasses

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.base.errors import MethodError
from taama.desk.methods.envelope import open_envelope, read_envelope, read_private_key
from tests.collect.sealing_phone import sealed

XML = "<data id='violences' version='3'><récit>Goundam, le marché</récit></data>".encode()
NAME = "uuid:5b0f2d0e-7a53-4f3a-9d7e-1f2d3c4b5a69"
KEY, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))


def sent(files=(), xml=XML, version="3"):
    manifest, parts = sealed(KEY.public_key(), "violences", version, NAME, xml, files)
    return read_envelope(manifest), dict(parts)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=20), st.binary(min_size=1, max_size=300))
def test_whatever_was_sealed_comes_out_in_its_order(contents, xml):
    files = [(f"photo {n} é.jpg", content) for n, content in enumerate(contents)]
    envelope, parts = sent(files, xml)
    opened = open_envelope(envelope, parts.__getitem__, KEY)
    assert opened.files == (*files, ("submission.xml", xml))
    assert opened.signed is True


def test_a_form_without_version_is_signed_without_one():
    envelope, parts = sent(version=None)
    assert envelope.version is None
    assert open_envelope(envelope, parts.__getitem__, KEY).signed is True


def test_the_envelope_tells_form_and_identity_but_no_answer():
    envelope, _ = sent([("a.jpg", b"x")])
    assert (envelope.form_id, envelope.version, envelope.instance_id) == ("violences", "3", NAME)
    assert envelope.files == ("a.jpg.enc", "submission.xml.enc")
    manifest, _ = sealed(KEY.public_key(), "violences", "3", NAME, XML)
    assert b"Goundam" not in manifest


def test_another_key_opens_nothing():
    envelope, parts = sent()
    with pytest.raises(MethodError) as error:
        open_envelope(envelope, parts.__getitem__, OTHER)
    assert error.value.code == "desk.other_key"


@pytest.mark.parametrize("change", [{"form_id": "autre"}, {"version": "4"}, {"signature": "AAAA"}])
def test_a_changed_envelope_is_opened_and_said_to_be_changed(change):
    envelope, parts = sent()
    opened = open_envelope(dataclasses.replace(envelope, **change), parts.__getitem__, KEY)
    assert opened.files[-1][1] == XML
    assert opened.signed is False


def test_a_missing_signature_is_no_false_one():
    envelope, parts = sent()
    assert open_envelope(dataclasses.replace(envelope, signature=""), parts.__getitem__, KEY).signed is None


def test_a_cut_file_is_named():
    envelope, parts = sent([("a.jpg", b"x" * 40)])
    with pytest.raises(MethodError) as error:
        open_envelope(envelope, (parts | {"a.jpg.enc": parts["a.jpg.enc"][:-3]}).__getitem__, KEY)
    assert (error.value.code, error.value.where.file) == ("desk.cannot_open", "a.jpg.enc")


def test_a_plain_instance_is_no_envelope():
    assert read_envelope(XML) is None


@pytest.mark.parametrize("missing", ["base64EncryptedKey", "encryptedXmlFile", "instanceID"])
def test_a_broken_envelope_says_what_is_missing(missing):
    manifest, _ = sealed(KEY.public_key(), "violences", "3", NAME, XML)
    with pytest.raises(MethodError) as error:
        read_envelope(manifest.replace(missing.encode(), b"other"))
    assert error.value.code == "desk.envelope_broken"


def pem(key, passphrase=None):
    lock = serialization.NoEncryption()
    if passphrase:
        lock = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def test_a_protected_key_needs_its_passphrase():
    protected = pem(KEY, "deux calebasses")
    found = read_private_key(protected, "deux calebasses")
    assert found.private_numbers() == KEY.private_numbers()
    for wrong in (None, "une calebasse"):
        with pytest.raises(MethodError) as error:
            read_private_key(protected, wrong)
        assert error.value.code == "desk.key_passphrase"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no key", "desk.key_unreadable"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "desk.key_not_rsa"),
    ],
    ids=["noise", "elliptic"],
)
def test_what_is_no_rsa_key_is_refused(content, code):
    with pytest.raises(MethodError) as error:
        read_private_key(content)
    assert error.value.code == code
