"""Reading multipart/form-data strictly, chunk by chunk, without touching network or disk.

Strict, because a body that ends too early must be refused: half a picture must not pass for a whole one.
"""

import re
from dataclasses import dataclass

from taama.base.errors import MethodError

LONGEST_HEADERS = 16_384
PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))')
PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")


@dataclass(frozen=True)
class Part:
    """Beginning of a part. `filename` is None for a plain field."""

    name: str
    filename: str | None
    kind: str  # its media type


END = object()  # of a part


def boundary_of(content_type):
    """The boundary named by a Content-Type.

    content_type  str
    Returns       bytes
    Raises        MethodError `phones.not_multipart`

    >>> boundary_of('multipart/form-data; boundary="a b"')
    b'a b'
    """
    kind, _, _ = content_type.partition(";")
    found = _parameters(content_type).get("boundary", "")
    if kind.strip().lower() != "multipart/form-data" or not BOUNDARY.fullmatch(found):
        raise MethodError("phones.not_multipart")
    return found.encode("ascii")


class Parts:
    """A reader fed with chunks; gives events: a Part, its bytes, END.

    >>> body = b'--x\\r\\nContent-Disposition: form-data; name="a"\\r\\n\\r\\nhi\\r\\n--x--'
    >>> reader = Parts(b"x")
    >>> [e for e in reader.feed(body) if isinstance(e, bytes)]
    [b'hi']
    >>> reader.close()
    """

    def __init__(self, boundary):
        self.delimiter = b"\r\n--" + boundary
        self.buffer = b"\r\n"  # so that the first delimiter looks like the others
        self.step = self._preamble

    def feed(self, chunk):
        """Events of a further chunk. Raises MethodError `phones.multipart_broken`."""
        self.buffer += chunk
        while self.step:
            events, more = self.step()
            yield from events
            if not more:
                return

    def close(self):
        """Call at the end of the body. Raises MethodError when it ended too early."""
        if self.step:
            raise MethodError("phones.multipart_broken", values={"detail": "unexpected end"})

    def _preamble(self):
        at = self.buffer.find(self.delimiter)
        if at < 0:
            self.buffer = self.buffer[-len(self.delimiter) :]
            return (), False
        self.buffer = self.buffer[at + len(self.delimiter) :]
        self.step = self._after_delimiter
        return (), True

    def _after_delimiter(self):
        if self.buffer.startswith(b"--"):
            self.step = None
            return (), False
        at = self.buffer.find(b"\r\n")
        if at < 0 and len(self.buffer) < 80:
            return (), False
        if at < 0 or self.buffer[:at].strip(b" \t"):
            raise _broken("no line end after the boundary")
        self.buffer = self.buffer[at:]  # keeps the line end: a part may have no headers at all
        self.step = self._headers
        return (), True

    def _headers(self):
        at = self.buffer.find(b"\r\n\r\n")
        if at < 0:
            if len(self.buffer) > LONGEST_HEADERS:
                raise _broken("headers too long")
            return (), False
        part = _part(self.buffer[2:at])
        self.buffer = self.buffer[at + 2 :]  # keeps the line end: an empty part is followed by the delimiter
        self.skip = 2
        self.step = self._body
        return (part,), True

    def _body(self):
        at = self.buffer.find(self.delimiter)
        if at < 0:
            ready = self.buffer[self.skip : -len(self.delimiter)]
            if not ready:
                return (), False
            self.buffer = self.buffer[-len(self.delimiter) :]
            self.skip = 0
            return (ready,), False
        ready = self.buffer[self.skip : at]
        self.buffer = self.buffer[at + len(self.delimiter) :]
        self.step = self._after_delimiter
        return ((ready, END) if ready else (END,)), True


def _part(block):
    headers = {}
    for line in block.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if not colon or not name.strip():
            raise _broken("a header of a part has no colon")
        headers[name.strip().lower()] = _decode(value.strip())
    disposition = headers.get(b"content-disposition", "")
    if not disposition.lower().startswith("form-data"):
        raise _broken("a part has no form-data disposition")
    if headers.get(b"content-transfer-encoding", "binary").lower() not in ("binary", "7bit", "8bit"):
        raise _broken("a part has a transfer encoding")
    given = _parameters(disposition)
    if "name" not in given:
        raise _broken("a part has no name")
    return Part(
        given["name"], given.get("filename"), headers.get(b"content-type", "").partition(";")[0].strip()
    )


def _decode(value):
    """Clients write names as UTF-8 without saying so; the old ones write Latin letters."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def _parameters(header):
    given = {}
    for name, quoted, bare in PARAMETER.findall(header):
        name = name.lower()
        value = quoted.replace('\\"', '"').replace("%22", '"') if quoted else bare.strip()
        if name.endswith("*"):  # filename*=UTF-8''caf%C3%A9.jpg says more than filename
            given[name[:-1]] = _percent_decoded(value.rpartition("'")[2])
        else:
            given.setdefault(name, value)
    return given


def _percent_decoded(text):
    encoded = text.encode("utf-8")
    return _decode(PERCENT.sub(lambda found: bytes([int(found[1], 16)]), encoded))


def _broken(detail):
    return MethodError("phones.multipart_broken", values={"detail": detail})
