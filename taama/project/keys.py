"""The signing key of this server."""

import secrets

from taama.base.keys import stored_key


def secret_key(folder):
    """The signing key; made on first use."""
    return stored_key(folder, "secret_key", lambda: secrets.token_urlsafe(50))
