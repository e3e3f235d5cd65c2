"""What a phone sent: the few things that intake must know of an instance, read without trusting it."""

import unicodedata
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from taama.forms.methods.xml import read_xml

LARGEST_INSTANCE = 5_000_000  # bytes, from wherever it comes
LONGEST_NAME = 250  # an answer longer than this can't name a file


@dataclass(frozen=True)
class Instance:
    """Identity of one filled form, and its root element for what is seldom asked."""

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str = ""
    encrypted: bool = False
    root: object = field(default=None, repr=False, compare=False)

    @cached_property
    def answers(self):
        """The texts of its leaves, among them names of files."""
        return frozenset() if self.root is None else frozenset(_answers(self.root))


def read_instance(raw):
    """Form, version and identity of an instance.

    raw      bytes of an XML instance as a phone sends it
    Returns  Instance; `instance_id` is '' when the phone gave none
    Raises   MethodError as `read_xml`
    Source   OpenRosa metadata schema; ODK XForms specification, primary instance

    >>> read_instance(b"<data id='f' version='2'><meta><instanceID>uuid:1</instanceID></meta></data>").version
    '2'
    """
    root = read_xml(raw)
    meta = _child(root, "meta")
    return Instance(
        form_id=(root.get("id") or etree.QName(root).namespace or "").strip(),
        version=_attribute(root, "version").strip(),
        instance_id=_text(meta, "instanceID") or _attribute(root, "instanceID").strip(),
        deprecated_id=_text(meta, "deprecatedID"), encrypted=is_encrypted(root),
        root=root,
    )


def is_encrypted(root):
    """Whether an instance is only the envelope of an encrypted one."""
    return root.get("encrypted") == "yes"


def derived_id(sha256):
    """The identity of an instance that came without one: made of its bytes, so that a resend gets the same.

    sha256   hexadecimal hash of the instance
    Returns  str, a name-less UUID (version 8)

    >>> derived_id("00" * 32)
    'uuid:00000000-0000-8000-8000-000000000000'
    """
    number = int(sha256[:32], 16) & ~(0xF << 76) & ~(0x3 << 62) | (8 << 76) | (2 << 62)
    return f"uuid:{uuid.UUID(int=number)}"


def _child(element, name):
    """The first child of this local name: phones put `meta` in several namespaces, or in none."""
    return next((c for c in element if isinstance(c.tag, str) and etree.QName(c).localname == name), None)


def _text(meta, name):
    found = None if meta is None else _child(meta, name)
    return "" if found is None else (found.text or "").strip()


def _attribute(root, name):
    for key, value in root.attrib.items():
        if etree.QName(key).localname == name:
            return value
    return ""


def _answers(root):
    for element in root.iter(etree.Element):
        if len(element) == 0 and element.text and len(element.text) <= LONGEST_NAME:
            yield unicodedata.normalize("NFC", element.text.strip())  # as names of files are kept
