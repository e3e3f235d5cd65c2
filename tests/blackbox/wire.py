"""What goes over the wire: plain HTTP, forms and filled forms as text. Nothing of the server that is asked."""

import http.client
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

OPENROSA = {"X-OpenRosa-Version": "1.0"}
BOUNDARY = "1c7ab0ff-5d1e-4a55-9d32-9f6b6e0c4c11"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict  # names in small letters
    body: bytes

    @property
    def text(self):
        return self.body.decode("utf-8")


def ask(address, method="GET", body=None, **headers):
    """One request on a connection of its own. The names of headers are given with _ for -."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def openrosa(address, method="GET", body=None, **headers):
    """A request as a phone makes it."""
    return ask(address, method, body, **{"X_OpenRosa_Version": "1.0"}, **headers)


def part(content, name, filename=None, kind=None):
    """One part of a multipart body."""
    head = f'Content-Disposition: form-data; name="{name}"'
    head += "" if filename is None else f'; filename="{filename}"'
    head += "" if kind is None else f"\r\nContent-Type: {kind}"
    return head.encode() + b"\r\n\r\n" + content


def xml_part(xml):
    return part(xml, "xml_submission_file", "filled.xml", "text/xml")


def joined(*parts):
    """The body of these parts."""
    whole = b"".join(b"--" + BOUNDARY.encode() + b"\r\n" + one + b"\r\n" for one in parts)
    return whole + f"--{BOUNDARY}--\r\n".encode()


def send(base, xml, files=(), query="", first=(), **headers):
    """Send a filled form with its files: (name, bytes) or (name, filename, bytes); `first` go before the form."""

    def as_part(file):
        return part(file[-1], file[0], file[1] if len(file) == 3 else file[0], "application/octet-stream")

    body = joined(*map(as_part, first), xml_part(xml), *map(as_part, files))
    return openrosa(f"{base}/submission{query}", "POST", body, Content_Type=KIND, **headers)


def new_id():
    return f"uuid:{uuid.uuid4()}"


def filled(form_id, instance_id, answers=None, version="1", edits=None):
    """The XML of a filled form, `edits` naming the instance in whose place it comes."""
    texts = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in (answers or {}).items())
    told = "" if version is None else f" version={quoteattr(version)}"
    former = f"<orx:deprecatedID>{edits}</orx:deprecatedID>" if edits else ""
    return (
        f'<?xml version="1.0"?><data xmlns:orx="http://openrosa.org/xforms" id={quoteattr(form_id)}{told}>{texts}'
        f"<orx:meta>{former}<orx:instanceID>{instance_id}</orx:instanceID></orx:meta></data>"
    ).encode()


QUESTIONS = (("people", "int", "input"),)
PICTURES = (("film", "binary", "upload"), ("photo", "binary", "upload"))


def xform(form_id, version="1", questions=QUESTIONS, title=None, lists=(), public_key="", audit=False):
    """The XForm of a small form. `lists` are csv files that it needs on the phone."""
    nodes = "".join(f"<{name}/>" for name, _, _ in questions)
    meta = "<orx:meta><orx:instanceID/>" + ("<orx:audit/>" if audit else "") + "</orx:meta>"
    binds = "".join(f'<bind nodeset="/data/{name}" type="{kind}"/>' for name, kind, _ in questions)
    binds += (
        '<bind nodeset="/data/orx:meta/orx:instanceID" type="string" readonly="true()" jr:preload="uid"/>'
    )
    binds += '<bind nodeset="/data/orx:meta/orx:audit" type="binary"/>' if audit else ""
    asked = "".join(_control(name, control) for name, _, control in questions)
    sources = "".join(f'<instance id="{name[:-4]}" src="jr://file-csv/{name}"/>' for name in lists)
    sealed = f'<submission base64RsaPublicKey="{public_key}"/>' if public_key else ""
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        ' xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">'
        f"<h:head><h:title>{escape(title or form_id)}</h:title><model>{sealed}<instance>"
        f"<data id={quoteattr(form_id)} version={quoteattr(version)}>{nodes}{meta}</data></instance>"
        f"{sources}{binds}</model></h:head><h:body>{asked}</h:body></h:html>"
    )


def _control(name, control):
    kind = ' mediatype="image/*"' if control == "upload" else ""
    return f'<{control} ref="/data/{name}"{kind}><label>{name}</label></{control}>'


def listed(base, query=""):
    """The forms that a phone is offered: form id → what is said of it."""
    answer = openrosa(f"{base}/formList{query}")
    assert answer.status == 200, answer.text
    entries = [_told(form, LIST) for form in ElementTree.fromstring(answer.body)]
    return {entry["formID"]: entry for entry in entries}


def needed(address):
    """The files of a manifest: name → what is said of it."""
    answer = openrosa(address)
    assert answer.status == 200, answer.text
    files = [_told(file, MANIFEST) for file in ElementTree.fromstring(answer.body)]
    return {file["filename"]: file for file in files}


def _told(element, namespace):
    return {child.tag.removeprefix(namespace): child.text or "" for child in element}
