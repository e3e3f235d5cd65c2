"""Names of lists, properties and entities, as the specification of ODK Entities allows them."""

import hashlib
import re
import uuid

V4 = re.compile(r"(?:uuid:)?([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})", re.I)
LIST = re.compile(r"(?!__)[^\W\d][\w:-]*")
PROPERTY = re.compile(r"(?!__)[^\W\d][\w.-]*")
RESERVED = ("name", "label")
LONGEST = 120


def identity(text):
    """The identity of an entity in its one spelling, or None when it is no UUID of version 4.

    >>> identity("uuid:F73EA0A0-F51F-4D13-A7CB-C2123BA06F34")
    'f73ea0a0-f51f-4d13-a7cb-c2123ba06f34'
    """
    match = V4.fullmatch((text or "").strip())
    return match[1].lower() if match else None


def identity_of(list_name, key):
    """The identity of an entity that people know by a code of their own: the same code always gives the same one.

    >>> identity_of("sites", "S-1") == identity_of("sites", " S-1 ")
    True
    """
    digest = hashlib.sha256(f"{list_name}\n{key.strip()}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def is_list_name(text):
    """Whether a list may have this name.

    >>> [is_list_name(name) for name in ("ménages", "__x", "a.b", "1a")]
    [True, False, False, False]
    """
    return len(text) <= LONGEST and LIST.fullmatch(text) is not None


def is_property_name(text):
    """Whether a property may have this name; `name` and `label` are the list's own.

    >>> [is_property_name(name) for name in ("hh.size", "Label", "__v", "âge")]
    [True, False, False, True]
    """
    return len(text) <= LONGEST and text.lower() not in RESERVED and PROPERTY.fullmatch(text) is not None


def place_of(values, name):
    """What an entry's property says of where it is; '' when it says nothing.

    >>> place_of({"zone": " ML07 "}, "zone"), place_of({}, "")
    ('ML07', '')
    """
    return values.get(name, "").strip()
