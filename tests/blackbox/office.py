"""What the suite asks of a server besides HTTP: acts at its desk, and what it has kept. One adapter for each server.

An adapter has
    name                           'taama', 'central'
    host, unkeyed, wrong_key       addresses: of the server, without key, with a key that is nobody's
    phone, new_phone(), revoke()   a Phone; all forms are open to it
    publish(xform, media)          media: file name → text
    close(form_id)
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
