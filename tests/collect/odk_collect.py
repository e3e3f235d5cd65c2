"""A phone with ODK Collect, byte for byte: what it keeps, what it asks, how it sends, and a weak link in between.

After the code of ODK Collect (open-rosa, collect_app) and what its HTTP libraries write; no code of theirs is here.
"""

import base64
import hashlib
import json
import random
import re
import shutil
import socket
import threading
import time
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

AGENT = "org.odk.collect.android/v2026.1.1 Dalvik/2.1.0 (Linux; U; Android 12; simulated)"
DEVICE = "collect:wAfNsi4XyzSimu1e"
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
MOST_FILES, DEFAULT_LIMIT = 100, 10_000_000
KINDS = {"jpg": "image/jpeg", "csv": "text/csv", "mp4": "video/mp4"}


class Broken(OSError):
    """The link broke in the middle, or the answer is none that the phone takes."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict
    body: bytes


class Wire:
    """One kept-alive connection, opened again when it broke, to `host` on a `port` that may be a weak link's."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def exchange(self, request, head=False):
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.sendall(request)
            return self._reply(head)
        except OSError as error:
            self.close()
            raise Broken(str(error)) from error

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def _reply(self, head):
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        told, _, body = got.partition(b"\r\n\r\n")
        first, *lines = told.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split()[1])
        length = 0 if head or status in (204, 304) else int(headers["content-length"])
        while len(body) < length:
            body += self._more()
        return Reply(status, headers, body)

    def _more(self):
        got = self.socket.recv(65_536)
        if not got:
            raise Broken("unexpected end of stream")
        return got


@dataclass
class OdkCollect:
    """A phone. All that survives a dead battery lies in `folder`; `name` and `secret` are for Digest.

    `old` writes parts as versions before 2025 do, with a length of each.
    """

    folder: Path
    name: str = ""
    secret: str = ""
    link: int = 0  # port of a weak link that stands before the server
    old: bool = False
    receipts: list = field(default_factory=list)  # ids that were acknowledged to the end
    shown: list = field(default_factory=list)  # what the enumerator read
    challenge: dict = field(default_factory=dict)
    count: int = 0

    def __post_init__(self):
        (self.folder / "instances").mkdir(parents=True, exist_ok=True)
        self.wire, self.limits = None, {}

    # settings and forms

    def scan(self, code):
        """Take over the settings of a QR code."""
        general = json.loads(zlib.decompress(base64.b64decode(code)))["general"]
        (self.folder / "settings.json").write_text(json.dumps(general))

    @property
    def settings(self):
        return json.loads((self.folder / "settings.json").read_text())

    def refresh(self):
        """Download what the server offers. Returns the ids of the forms."""
        forms = {}
        for entry in ElementTree.fromstring(self._xml("/formList")):
            told = {child.tag.removeprefix(LIST): child.text for child in entry}
            if not (told["formID"] and told["name"] and told["downloadUrl"]):
                raise Broken("one form that lacks something spoils the whole list")
            forms[told["formID"]] = told
        for form_id, told in forms.items():
            self._download(self.folder / "forms" / form_id, told)
        return sorted(forms)

    def _download(self, folder, told):
        folder.mkdir(parents=True, exist_ok=True)
        content = self._get(told["downloadUrl"], "text/xml")
        assert told["hash"] == f"md5:{hashlib.md5(content).hexdigest()}"
        (folder / "form.xml").write_bytes(content)
        for entry in ElementTree.fromstring(self._xml(told["manifestUrl"])) if "manifestUrl" in told else ():
            file = {child.tag.removeprefix(MANIFEST): child.text for child in entry}
            content = self._get(file["downloadUrl"])
            assert file["hash"] == f"md5:{hashlib.md5(content).hexdigest()}"
            (folder / Path(file["filename"]).name).write_bytes(content)

    def _xml(self, address):
        return self._get(address, "text/xml", openrosa=True)

    def _get(self, address, kind="", openrosa=False):
        address = address if address.startswith("http") else self.settings["server_url"] + address
        reply = self._ask("GET", f"{address}?deviceID={DEVICE.replace(':', '%3A')}")
        if reply.status != 200:
            raise Broken(f"{reply.status} at {address}")
        if kind not in reply.headers["content-type"]:
            raise Broken("network proxy?")
        if openrosa and "x-openrosa-version" not in reply.headers:
            raise Broken("not OpenRosa")
        return reply.body

    # filling and sending

    def fill(self, name, xml, files=()):
        """Keep a finalised form."""
        folder = self.folder / "instances" / name
        folder.mkdir()
        (folder / f"{name}.xml").write_bytes(xml)
        for filename, content in files:
            (folder / filename).write_bytes(content)

    @property
    def waiting(self):
        return sorted(path.name for path in (self.folder / "instances").iterdir())

    def send_all(self):
        """Send what waits, one after the other. A form whose sending fails waits for the next time."""
        for name in self.waiting:
            try:
                self.send(name)
            except Broken as error:
                self.shown.append(f"Error: {error}")

    def send(self, name):
        address = f"{self.settings['server_url']}/submission?deviceID={DEVICE.replace(':', '%3A')}"
        if address not in self.limits:
            self.limits[address] = self._may_send(address)
        folder = self.folder / "instances" / name
        xml = folder / f"{name}.xml"
        files = sorted(path for path in folder.iterdir() if path != xml and not path.name.startswith("."))
        for some, last in split(xml, files, self.limits[address]):
            reply = self._ask("POST", address, self._parts(xml, some, last))
            message = re.search(r"<message[^>]*>(.*)</message>", reply.body.decode(), re.DOTALL)
            self.shown.append(message[1] if message else str(reply.status))
            if reply.status not in (201, 202):
                raise Broken(f"{reply.status}: {self.shown[-1]}")
        self.receipts.append(name)
        if self.settings["delete_send"]:
            shutil.rmtree(folder)

    def _may_send(self, address):
        reply = self._ask("HEAD", address)
        if reply.status != 204:
            raise Broken(f"HEAD {reply.status}: is this an OpenRosa endpoint?")
        if location := unquote(reply.headers.get("location", "")):
            assert urlsplit(location).hostname == urlsplit(address).hostname
        return int(reply.headers.get("x-openrosa-accept-content-length", DEFAULT_LIMIT))

    def _parts(self, xml, files, last):
        boundary = str(uuid.uuid4())
        parts = [self._part("xml_submission_file", xml.name, "text/xml", xml.read_bytes())]
        for file in files:
            kind = KINDS.get(file.suffix[1:].lower(), "application/octet-stream")
            parts.append(self._part(file.name, file.name, kind, file.read_bytes()))
        if not last:
            parts.append(self._part("*isIncomplete*", None, None, b"yes"))
        whole = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
        return boundary, whole + f"--{boundary}--\r\n".encode()

    def _part(self, name, filename, kind, content):
        lines = [f"Content-Disposition: form-data; name={quoted(name)}"]
        lines[0] += f"; filename={quoted(filename)}" if filename else ""
        lines += [f"Content-Type: {kind}"] if kind else []
        lines += [f"Content-Length: {len(content)}"] if self.old else []
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content

    # the wire

    def _ask(self, method, address, content=None):
        """The reply, after as many rounds of Digest as the server wants."""
        for _ in range(3):
            sent_proof = bool(self.challenge)
            reply = self._exchange(method, address, content)
            if reply.status != 401 or not self.secret:
                return reply
            offered = reply.headers.get("www-authenticate", "")
            if not offered.startswith("Digest") or (sent_proof and "stale=true" not in offered):
                return reply
            self.challenge = {n: q or b for n, q, b in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', offered)}
            self.count = 0
        return reply

    def _exchange(self, method, address, content):
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [
            f"{method} {target} HTTP/1.1", f"User-Agent: {AGENT}", "X-OpenRosa-Version: 1.0", f"Date: {clock()}",
            *([f"Authorization: {self._proof(method, target)}"] if self.challenge else []),
        ]  # fmt: skip
        if content:
            lines += [
                f"Content-Type: multipart/form-data; boundary={content[0]}",
                f"Content-Length: {len(content[1])}",
            ]
        lines += [f"Host: {parts.netloc}", "Connection: Keep-Alive", "Accept-Encoding: gzip", "", ""]
        request = "\r\n".join(lines).encode() + (content[1] if content else b"")
        kept = self.wire is not None and self.wire.socket is not None
        self.wire = self.wire or Wire(self.link or parts.port)
        try:
            return self.wire.exchange(request, method == "HEAD")
        except Broken:
            if not kept:
                raise
        return self.wire.exchange(
            request, method == "HEAD"
        )  # a kept connection was dead: once more, the same bytes

    def _proof(self, method, target):
        self.count += 1
        told, nc, cnonce = self.challenge, f"{self.count:08x}", f"{random.getrandbits(64):016x}"
        known = md5(f"{self.name}:{told['realm']}:{self.secret}")
        right = md5(f"{known}:{told['nonce']}:{nc}:{cnonce}:auth:{md5(f'{method}:{target}')}")
        return (
            f'Digest username="{self.name}", realm="{told["realm"]}", nonce="{told["nonce"]}", uri="{target}", '
            f'response="{right}", qop=auth, nc={nc}, cnonce="{cnonce}", algorithm={told["algorithm"]}'
        )


def split(xml, files, limit):
    """Which files go in which request: (files, whether it is the last)."""
    some, size = [], xml.stat().st_size
    for number, file in enumerate(files):
        some.append(file)
        size += file.stat().st_size
        further = files[number + 1] if number + 1 < len(files) else None
        if further and (len(some) > MOST_FILES or size + further.stat().st_size > limit):
            yield some, False
            some, size = [], xml.stat().st_size
    yield some, True


def quoted(name):
    return '"' + name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22") + '"'


def clock():
    """The date as the phone writes it: twelve hours, without saying which."""
    return datetime.now(UTC).strftime("%a, %d %b %Y %I:%M:%S GMT")


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class WeakLink:
    """A link of so many bytes a second each way, which breaks where `cuts` say: one entry for each connection.

    A cut is ("up", bytes) after that much was sent, ("down", bytes) after that much of answers came, or None. After
    the last one the link holds.
    """

    def __init__(self, server_port, bytes_per_second, cuts=()):
        self.server_port, self.pace, self.cuts = server_port, bytes_per_second, list(cuts)
        self.listener, self.broken, self.carried = socket.create_server(("127.0.0.1", 0)), 0, 0
        self.port, self.lock = self.listener.getsockname()[1], threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                phone, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server_port))
            except OSError:
                return
            way, most = (self.cuts.pop(0) if self.cuts else None) or ("", 0)
            for name, source, target in (("up", phone, server), ("down", server, phone)):
                limit = most if way == name else None
                threading.Thread(target=self._carry, args=(source, target, limit), daemon=True).start()

    def _carry(self, source, target, limit):
        """At the pace of the link, in pieces of a few packets; RST where it breaks."""
        carried = 0
        try:
            while data := source.recv(1024):
                if limit is not None and carried + len(data) >= limit:
                    target.sendall(data[: limit - carried])
                    self._cut(source, target)
                    return
                with self.lock:
                    self.carried += len(data)
                    time.sleep(len(data) / self.pace)
                target.sendall(data)
                carried += len(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _cut(self, *both):
        self.broken += 1
        for each in both:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            each.shutdown(socket.SHUT_RDWR)
            each.close()
