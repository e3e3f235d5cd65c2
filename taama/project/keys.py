"""The keys of this server, made once in the data folder and kept by backups."""

import os
import secrets


def secret_key(folder):
    """The signing key; made on first use, readable by its owner only."""
    path = folder / "keys" / "secret_key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path, secrets.token_urlsafe(50))
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
