"""The token of a phone's account."""

import base64
import hashlib
import hmac


def token_of(secret):
    """The token that stands in addresses, made of the secret, so that one can be shown again and the other not.

    secret   str
    Returns  str, 32 characters that need no escaping in an address

    >>> len(token_of("abc"))
    32
    """
    digest = hmac.new(secret.encode(), b"taama device token", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()
