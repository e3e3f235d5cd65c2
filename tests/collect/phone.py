"""A phone for tests: what ODK Collect sends, byte for byte, through Django's test client."""

import hashlib
import re
import uuid
from dataclasses import dataclass

BOUNDARY = "----phone-1f3a"
VERSION = {"X-OpenRosa-Version": "1.0"}
FORM = """
| survey   |         |         |              |
|          | type    | name    | label        |
|          | integer | people  | Combien ?    |
|          | image   | photo   | Photo du site |
| settings |         |         |              |
|          | form_id | version | form_title   |
|          | count   | {version} | Comptage   |
"""


def instance(instance_id=None, people=3, form="count", version="1", deprecated=None, photo="", extra=""):
    """The XML of a filled form. `instance_id` '' leaves it out."""
    instance_id = f"uuid:{uuid.uuid4()}" if instance_id is None else instance_id
    meta = f"<instanceID>{instance_id}</instanceID>" if instance_id else ""
    meta += f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return (
        f'<?xml version="1.0"?><data id="{form}" version="{version}"><people>{people}</people>'
        f"<photo>{photo}</photo>{extra}<meta>{meta}</meta></data>"
    ).encode()


def multipart(xml, files=(), fields=(), boundary=BOUNDARY):
    """The body of a submission: the instance, then files as (name, bytes), then text fields."""
    parts = []
    if xml is not None:
        head = 'Content-Disposition: form-data; name="xml_submission_file"; filename="i.xml"\r\nContent-Type: text/xml'
        parts.append(head.encode() + b"\r\n\r\n" + xml)
    for name, content in files:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: image/jpeg'
        parts.append(head.encode() + b"\r\n\r\n" + content)
    for name, value in fields:
        parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode())
    body = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
    return body + f"--{boundary}--\r\n".encode()


@dataclass
class Phone:
    """`base` is '/key/TOKEN'."""

    client: object
    base: str

    def get(self, path, **headers):
        return self.client.get(self.base + path, headers=VERSION | headers)

    def head(self, path, **headers):
        return self.client.head(self.base + path, headers=VERSION | headers)

    def post(self, body, content_type=f"multipart/form-data; boundary={BOUNDARY}", query="", **headers):
        address = f"{self.base}/submission{query}"
        return self.client.post(address, body, content_type=content_type, headers=VERSION | headers)

    def send(self, xml, files=(), fields=(), **options):
        return self.post(multipart(xml, files, fields), **options)


def text(answer):
    """The message that the phone shows."""
    return re.search(r"<message[^>]*>(.*)</message>", answer.content.decode(), re.DOTALL)[1]


def sha256(content):
    return hashlib.sha256(content).hexdigest()
