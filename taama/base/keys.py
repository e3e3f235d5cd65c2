"""Keys of this server: made once in the data folder, readable by their owner only, kept by backups."""

import os
from functools import cache

from cryptography.fernet import Fernet


def stored_key(folder, name, make):
    """The key `name` in `folder`/keys; `make()` gives it when it is first asked for."""
    path = folder / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path, make())
    return path.read_text("utf-8").strip()


def _create(path, content):
    """Write once, even when two processes start together: the first one wins."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


@cache
def seal(folder, name):
    """What seals and opens secrets that must be read again, under the key `name`."""
    return Fernet(stored_key(folder, name, lambda: Fernet.generate_key().decode()))
