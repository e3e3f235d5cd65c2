"""Files that only the holder of a private key can read: the format of `age`, version 1, for one X25519 key.

Source   C2SP, "The age file encryption format": https://c2sp.org/age; BIP 173 for the writing of keys (Bech32)

What is written here is opened by any program of that format, and the other way round.
"""

import base64
import hmac
import io
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from taama.base.errors import TaamaError

BEGIN = b"age-encryption.org/v1\n"
PUBLIC, PRIVATE = "age", "age-secret-key-"
CHUNK, TAG, LONGEST_HEAD = 1 << 16, 16, 1 << 16
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class Damaged(ValueError):
    """The bytes are not what was written: cut off or changed."""


def new_keys():
    """(private key, public key) as text."""
    private = X25519PrivateKey.generate()
    return _written(PRIVATE, private.private_bytes_raw()).upper(), _written(
        PUBLIC, _raw(private.public_key())
    )


def read_key(text, kind):
    """The 32 bytes of a key; `text` may be a file of keys with remarks, as key programs write it."""
    lines = [line.strip().lower() for line in text.splitlines() if not line.strip().startswith("#")]
    keys = [line for line in lines if line.startswith(kind + "1")]
    values = [LETTERS.find(letter) for letter in keys[0][len(kind) + 1 :]] if len(keys) == 1 else []
    if len(values) != 58 or -1 in values or _checksum(kind, values) != 1:
        raise TaamaError(
            "project.key_malformed", values={"begin": f"{kind}1".upper() if kind == PRIVATE else "age1"}
        )
    return bytes(_regrouped(values[:-6], 5, 8)[:32])


class Sealing(io.RawIOBase):
    """What is written here goes into `file`, sealed for one public key. `close` writes the end; `file` stays open."""

    def __init__(self, file, recipient):
        self.file, self.kept, self.count = file, bytearray(), 0
        file_key, once = os.urandom(16), X25519PrivateKey.generate()
        share = _raw(once.public_key())
        wrapping = _wrapping(once.exchange(X25519PublicKey.from_public_bytes(recipient)), share, recipient)
        body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
        head = BEGIN + b"-> X25519 " + _b64(share) + b"\n" + _b64(body) + b"\n---"
        salt = os.urandom(16)
        self.cipher = _payload(file_key, salt)
        file.write(head + b" " + _b64(_head_code(file_key, head)) + b"\n" + salt)

    def writable(self):
        return True

    def write(self, more):
        self.kept += more
        while (
            len(self.kept) > CHUNK
        ):  # the last chunk is marked: one stays until it is known whether more follow
            self._put(self.kept[:CHUNK], last=False)
            del self.kept[:CHUNK]
        return len(more)

    def close(self):
        if not self.closed:
            self._put(self.kept, last=True)
            super().close()

    def _put(self, chunk, last):
        self.file.write(self.cipher.encrypt(_nonce(self.count, last), bytes(chunk), None))
        self.count += 1


class Opened(io.RawIOBase):
    """A sealed file as it was before, readable from anywhere; nothing of it is written to a disk.

    Raises    TaamaError: `project.key_wrong`; Damaged: on reading what is cut off or changed
    """

    def __init__(self, file, identity):
        self.file, self.at, self.chunk = file, 0, (None, b"")
        file_key = _file_key(file, X25519PrivateKey.from_private_bytes(identity))
        self.cipher, self.begin = _payload(file_key, file.read(16)), file.tell()
        sealed = file.seek(0, io.SEEK_END) - self.begin
        self.chunks = -(-sealed // (CHUNK + TAG))
        self.bytes = max(0, sealed - self.chunks * TAG)
        self._open(max(0, self.chunks - 1))  # the end is there

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.bytes}[whence]
        return self.at

    def readinto(self, target):
        number, inside = divmod(self.at, CHUNK)
        part = self._open(number)[inside : inside + len(target)] if self.at < self.bytes else b""
        target[: len(part)] = part
        self.at += len(part)
        return len(part)

    def _open(self, number):
        if self.chunk[0] != number:
            self.file.seek(self.begin + number * (CHUNK + TAG))
            sealed, last = self.file.read(CHUNK + TAG), number == self.chunks - 1
            try:
                self.chunk = number, self.cipher.decrypt(_nonce(number, last), sealed, None)
            except InvalidTag as error:
                raise Damaged from error
        return self.chunk[1]


def _file_key(file, private):
    """The key of the file, from the part of the head that is for this private key."""
    head = _head(file)
    words = [line.split(b" ") for line in head.splitlines()]
    for (arrow, *kind), body in zip(words, words[1:], strict=False):
        if arrow != b"->" or kind[:1] != [b"X25519"] or len(kind) != 2:
            continue
        share = _unb64(kind[1])
        wrapping = _wrapping(
            private.exchange(X25519PublicKey.from_public_bytes(share)), share, _raw(private.public_key())
        )
        try:
            file_key = ChaCha20Poly1305(wrapping).decrypt(bytes(12), _unb64(body[0]), None)
        except InvalidTag:
            continue
        if not hmac.compare_digest(_head_code(file_key, head), _unb64(words[-1][-1])):
            raise Damaged
        return file_key
    raise TaamaError("project.key_wrong")


def _head(file):
    """The lines of the head, to the one that closes it."""
    lines = [file.readline(LONGEST_HEAD)]
    while not lines[-1].startswith(b"---"):
        lines.append(file.readline(LONGEST_HEAD))
        if not lines[-1].endswith(b"\n") or sum(map(len, lines)) > LONGEST_HEAD:
            raise Damaged
    return b"".join(lines)


def _head_code(file_key, head):
    return hmac.digest(_derived(file_key, b"", b"header"), head[: head.rindex(b"---") + 3], "sha256")


def _wrapping(shared, share, recipient):
    return _derived(shared, share + recipient, b"age-encryption.org/v1/X25519")


def _payload(file_key, salt):
    return ChaCha20Poly1305(_derived(file_key, salt, b"payload"))


def _derived(secret, salt, info):
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def _nonce(number, last):
    return number.to_bytes(11, "big") + bytes([last])


def _raw(public):
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _b64(content):
    return base64.b64encode(content).rstrip(b"=")


def _unb64(text):
    content = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if _b64(content) != text:  # another way to write the same
        raise Damaged
    return content


def _written(kind, content):
    """A key as text that carries a checksum against slips of the pen."""
    values = _regrouped(content, 8, 5)
    code = _checksum(kind, [*values, *[0] * 6]) ^ 1
    values += [code >> 5 * (5 - place) & 31 for place in range(6)]
    return kind + "1" + "".join(LETTERS[value] for value in values)


def _checksum(kind, values):
    code = 1
    for value in [*(ord(c) >> 5 for c in kind), 0, *(ord(c) & 31 for c in kind), *values]:
        top = code >> 25
        code = (code & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(GENERATORS):
            code ^= generator if top >> place & 1 else 0
    return code


def _regrouped(values, width, wanted):
    """Numbers of so many bits as numbers of as many others, filled up with zeros."""
    bits = "".join(f"{value:0{width}b}" for value in values)
    bits += "0" * (-len(bits) % wanted)
    return [int(bits[at : at + wanted], 2) for at in range(0, len(bits), wanted)]
