"""A phone that encrypts, written after the specification from the sender's side: names, order, padding, vectors."""

import base64
import hashlib
import os

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms


def sealed(public_key, form_id, version, instance_id, xml, files=()):
    """(manifest, [(name.enc, bytes)]) as a phone sends them; `files`: (name, bytes) in the order of encryption."""
    secret = os.urandom(32)
    key = _wrapped(public_key, secret)
    lines = [form_id, *([version] if version is not None else []), key, instance_id]
    vector = bytearray(hashlib.md5(instance_id.encode() + secret).digest())
    sent = []
    for number, (name, content) in enumerate([*files, ("submission.xml", xml)]):
        vector[number % 16] = (vector[number % 16] + 1) & 0xFF
        sent.append((f"{name}.enc", _ciphered(secret, bytes(vector), content)))
        lines.append(f"{name}::{hashlib.md5(content).hexdigest()}")
    signature = _wrapped(public_key, hashlib.md5(("\n".join(lines) + "\n").encode()).digest())
    return _manifest(form_id, version, instance_id, key, sent, signature), sent


def _manifest(form_id, version, instance_id, key, sent, signature):
    media = "".join(f"<media><file>{name}</file></media>\n" for name, _ in sent[:-1])
    told = "" if version is None else f' version="{version}"'
    return (
        f'<data xmlns="http://www.opendatakit.org/xforms/encrypted" id="{form_id}"{told} encrypted="yes">'
        f"<base64EncryptedKey>{key}</base64EncryptedKey>"
        f'<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>{instance_id}</orx:instanceID></orx:meta>\n'
        f"{media}<encryptedXmlFile>{sent[-1][0]}</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>{signature}</base64EncryptedElementSignature></data>"
    ).encode()


def _wrapped(public_key, content):
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    return base64.b64encode(public_key.encrypt(content, oaep)).decode()


def _ciphered(secret, vector, content):
    missing = 16 - len(content) % 16
    cipher = Cipher(algorithms.AES(secret), CFB(vector)).encryptor()
    return cipher.update(content + bytes([missing]) * missing) + cipher.finalize()
