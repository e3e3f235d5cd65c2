"""What the suite asks of a server besides HTTP: acts at its desk, and what it has kept. One adapter for each server.

An adapter has
    name                           'taama', 'central'
    host, unkeyed, wrong_key       addresses: of the server, without key, with a key that is nobody's
    phone, new_phone(), revoke()   a Phone; all forms are open to it
    publish(xform, media)          media: file name → text
    close(form_id)
    take_away(form_id)             the form is no longer for the phones of these tests
    draft(xform, media)            a Draft, to be tried on a phone; publish_draft(), delete_draft()
    tried(draft, instance_id)      the bytes that were sent to it, or None
    remove(form_id, instance_id)   as somebody does who may undo it
    kept(form_id, instance_id)     Kept or None
    aside(xml)                     files of what was put aside with these bytes; None where nothing is
    count(instance_id)             how many submissions have this name
    total(form_id)                 how many submissions this form has
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phone:
    base: str  # its address with its key
    name: str
    secret: str = ""  # for Digest


@dataclass(frozen=True)
class Draft:
    base: str  # its address, with its key
    key: str  # by which the adapter knows it


@dataclass(frozen=True)
class Kept:
    raw: bytes
    version: str
    told_device: str  # what the phone said of itself
    sender: str  # the account
    files: dict  # name → bytes
    current: bool = True  # neither replaced nor removed


def answered(office, **statuses):
    """The status that this server gives: `answered(office, taama=201, central=409)`."""
    return statuses[office.name]
