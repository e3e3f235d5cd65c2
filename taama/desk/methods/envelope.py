"""Encrypted forms: what a phone sends of them, and opening it with a key that this office never keeps."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from lxml import etree

from taama.base.errors import MethodError, Where
from taama.collect.methods.instance import is_encrypted
from taama.forms.methods.xml import read_xml

SUFFIX = ".enc"
AES_BITS, KEY_BYTES, RSA_BITS = 128, 32, 2048  # other clients open keys of 2048 bits only
OAEP = rsa_padding.OAEP(mgf=rsa_padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


@dataclass(frozen=True)
class Envelope:
    """What the phone tells in the clear of an encrypted instance. `files`: encrypted, in the order of encryption, the
    instance itself last."""

    form_id: str
    version: str | None
    instance_id: str
    key: str
    files: tuple[str, ...]
    signature: str


@dataclass(frozen=True)
class Opened:
    """What was in an envelope: (name, content) of each file, the instance last; whether the signature holds, None
    where there is none."""

    files: tuple
    signed: bool | None


def read_envelope(raw):
    """The envelope that these bytes are, or None when they are a plain instance.

    raw      bytes of an XML instance as a phone sends it
    Raises   MethodError: `desk.envelope_broken` naming what is missing; as `read_xml`
    Source   ODK XForms specification, encryption; phones put its elements in either of two namespaces

    >>> read_envelope(b"<data id='f'/>") is None
    True
    """
    root = read_xml(raw)
    if not is_encrypted(root):
        return None
    texts = {}
    for element in root.iter(etree.Element):
        if text := (element.text or "").strip():
            texts.setdefault(etree.QName(element).localname, []).append(text)
    envelope = Envelope(
        form_id=root.get("id", ""), version=root.get("version"),
        instance_id=_only(texts, "instanceID") or root.get("instanceID", ""),
        key=_only(texts, "base64EncryptedKey"), signature=_only(texts, "base64EncryptedElementSignature"),
        files=(*texts.get("file", ()), *texts.get("encryptedXmlFile", ())[:1]),
    )  # fmt: skip
    for name in ("form_id", "instance_id", "key"):
        if not getattr(envelope, name):
            raise MethodError("desk.envelope_broken", values={"missing": name})
    if not texts.get("encryptedXmlFile"):
        raise MethodError("desk.envelope_broken", values={"missing": "encryptedXmlFile"})
    return envelope


def read_private_key(pem, passphrase=None):
    """The private key in a PEM file, protected or not.

    Raises   MethodError: `desk.key_unreadable`, `desk.key_passphrase` (missing or wrong), `desk.key_not_rsa`
    """
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except TypeError as error:
        raise MethodError("desk.key_passphrase") from error
    except ValueError as error:
        protected = b"ENCRYPTED" in pem
        raise MethodError("desk.key_passphrase" if protected else "desk.key_unreadable") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise MethodError("desk.key_not_rsa")
    return key


def new_private_key(passphrase):
    """A new private key, and the PEM file that holds it under this passphrase: (key, bytes)."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=RSA_BITS)
    lock = serialization.BestAvailableEncryption(passphrase.encode())
    return key, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def public_key_text(key):
    """The public half as a form's setting `public_key` wants it: base64 of the DER, on one line."""
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def open_envelope(envelope, read, key):
    """The files in the clear.

    The signature proves that the files belong together and were not exchanged since. It is made with the public key,
    so that it proves nothing of who sent them.

    envelope  Envelope
    read      function(name of an encrypted file) → its bytes
    key       private key as `read_private_key` gives it
    Returns   Opened
    Raises    MethodError: `desk.other_key` (made for another key), `desk.cannot_open` naming the file
    Source    ODK XForms specification, encryption: AES-256-CFB with PKCS#7, the key under RSA-OAEP-SHA256
    """
    secret = _unwrapped(envelope.key, key, KEY_BYTES)
    starts = _starts(envelope.instance_id, secret)
    files = tuple(
        (name.removesuffix(SUFFIX), _deciphered(read(name), secret, start, name))
        for name, start in zip(envelope.files, starts, strict=False)
    )
    return Opened(files, _holds(envelope, files, key))


def _only(texts, name):
    return texts.get(name, [""])[0]


def _unwrapped(text, key, length=None):
    try:
        found = key.decrypt(base64.b64decode(text), OAEP)
    except (ValueError, binascii.Error) as error:
        raise MethodError("desk.other_key") from error
    if length and len(found) != length:
        raise MethodError("desk.other_key")
    return found


def _starts(instance_id, secret):
    """First vectors of the cipher, one for each file: the seed with one byte more by one each time."""
    seed = bytearray(hashlib.md5(instance_id.encode() + secret, usedforsecurity=False).digest())
    count = 0
    while True:
        spot = count % len(seed)
        seed[spot] = (seed[spot] + 1) % 256
        count += 1
        yield bytes(seed)


def _deciphered(content, secret, start, name):
    cipher = Cipher(algorithms.AES(secret), CFB(start)).decryptor()
    stripper = padding.PKCS7(AES_BITS).unpadder()
    try:
        return stripper.update(cipher.update(content) + cipher.finalize()) + stripper.finalize()
    except ValueError as error:
        raise MethodError("desk.cannot_open", Where(file=name)) from error


def _holds(envelope, files, key):
    if not envelope.signature:
        return None
    lines = [envelope.form_id, *([] if envelope.version is None else [envelope.version])]
    lines += [envelope.key, envelope.instance_id]
    lines += [f"{name}::{hashlib.md5(content, usedforsecurity=False).hexdigest()}" for name, content in files]
    told = hashlib.md5("".join(f"{line}\n" for line in lines).encode(), usedforsecurity=False).digest()
    try:
        return _unwrapped(envelope.signature, key) == told
    except MethodError:
        return False
