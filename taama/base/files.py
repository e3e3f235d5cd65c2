"""Files kept under the sha256 of their bytes, durable before anybody is told that they are.

A file is written beside its place, forced to disk, renamed to its address, and the folder is forced too.
The same bytes are kept once. Rows in the database say who needs a file; `forget` removes one that nobody needs.
"""

import hashlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

GRACE_SECONDS = 3600  # a file this young may belong to a row that is not committed yet
LEFT = ".left"  # how the name of a file ends that waits for somebody to confirm it


@dataclass(frozen=True)
class Kept:
    sha256: str
    bytes: int


class Incoming:
    """A file on its way in: `write` chunks, then `keep` it or `drop` it."""

    def __init__(self):
        folder = _folder("incoming")
        self.path = folder / secrets.token_hex(16)
        self.file = open(self.path, "xb", opener=_private)  # noqa: SIM115  closed by keep and drop
        self.hash = hashlib.sha256()
        self.bytes = 0

    def write(self, chunk):
        self.file.write(chunk)
        self.hash.update(chunk)
        self.bytes += len(chunk)

    def keep(self):
        """Make it durable under its address. Renaming over an equal file is harmless and renews its age."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        address = self.hash.hexdigest()
        folder = _folder(address[:2])
        os.rename(self.path, folder / address)
        _force(folder)
        return Kept(address, self.bytes)

    def leave(self):
        """Leave it among what is on its way in, for somebody to confirm within the hour: in no backup. Returns its name."""
        self.file.close()
        return self.path.rename(self.path.with_suffix(LEFT)).stem

    def drop(self):
        self.file.close()
        self.path.unlink(missing_ok=True)


def path_of(address):
    """Where the bytes of this sha256 are, or would be."""
    return Path(settings.TAAMA_ATTACHMENTS_DIR) / address[:2] / address


def left(name):
    """Where the file is that was left under this name, or was."""
    return (_folder("incoming") / name).with_suffix(LEFT)


def forget(address, grace_seconds=GRACE_SECONDS):
    """Remove a file that no row needs. A young one stays for the next sweep. Returns whether it is gone.

    It is moved aside and looked at before it is removed: the same bytes may be arriving this very moment.
    """
    path, aside = path_of(address), _folder("incoming") / f"{address}.{secrets.token_hex(8)}"
    try:
        os.rename(path, aside)
    except FileNotFoundError:
        return True
    young = time.time() - aside.stat().st_mtime < grace_seconds
    if young:
        os.rename(aside, path)
    else:
        aside.unlink()
    return not young


def addresses():
    """Every address under which a file is kept."""
    for folder in sorted(Path(settings.TAAMA_ATTACHMENTS_DIR).glob("[0-9a-f][0-9a-f]")):
        for path in folder.iterdir():
            yield path.name


def sweep_incoming(older_than_seconds=86_400):
    """Remove what broken connections and killed processes left half written, and what nobody confirmed. Returns how many."""
    removed = 0
    for path in _folder("incoming").iterdir():
        longest = GRACE_SECONDS if path.suffix == LEFT else older_than_seconds
        if time.time() - path.stat().st_mtime > longest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _folder(name):
    folder = Path(settings.TAAMA_ATTACHMENTS_DIR) / name
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _force(folder.parent)
    return folder


def _force(folder):
    """A renamed file survives a power cut only when its folder reached the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _private(path, flags):
    return os.open(path, flags, 0o600)
