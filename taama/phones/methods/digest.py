"""HTTP Digest for phones, without state: the nonce carries its time under a seal of ours.

Phones that reach the server without TLS accept nothing else. The secret is generated, never a person's password.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

REALM = "taama"
NONCE_SECONDS = 600
PAIR = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(frozen=True)
class Claim:
    """What a client says in its Authorization header."""

    username: str = ""
    realm: str = ""
    nonce: str = ""
    uri: str = ""
    response: str = ""
    qop: str = ""
    nc: str = ""
    cnonce: str = ""
    algorithm: str = "MD5"


def nonce(key, now):
    """A nonce of this moment.

    key      bytes, secret of the server
    now      seconds since 1970
    Returns  str
    """
    moment = f"{int(now):x}"
    return f"{moment}.{_seal(key, moment)}"


def nonce_age(key, given, now):
    """Age of a nonce in seconds, None when it isn't ours.

    >>> nonce_age(b"k", nonce(b"k", 1000), 1030), nonce_age(b"other", nonce(b"k", 1000), 1030)
    (30, None)
    """
    moment, _, seal = given.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(key, moment).encode()):
        return None
    return int(now) - int(moment, 16)


def challenge(key, now, stale=False):
    """The value of WWW-Authenticate."""
    fields = f'realm="{REALM}", nonce="{nonce(key, now)}", algorithm=MD5, qop="auth"'
    return f"Digest {fields}{', stale=true' if stale else ''}"


def read_claim(header):
    """The Claim of an Authorization header; None when it is of another scheme.

    >>> read_claim('Digest username="a", nc=00000001').nc
    '00000001'
    """
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "digest":
        return None
    given = {name.lower(): quoted or bare for name, quoted, bare in PAIR.findall(rest)}
    return Claim(**{name: given[name] for name in Claim.__dataclass_fields__ if name in given})


def is_right(claim, secret, method, path):
    """Whether the claim proves knowledge of the secret for this method and path.

    claim    Claim
    secret   str
    method   'GET', 'HEAD', 'POST'
    path     str, the path that was really asked for: a claim for another one is refused
    Returns  bool
    Source   RFC 7616, with MD5 and qop=auth, which is what phones speak
    """
    if claim.realm != REALM or claim.qop != "auth" or claim.algorithm.upper() != "MD5":
        return False
    if claim.uri.partition("?")[0] != path or not (claim.nc and claim.cnonce):
        return False
    ours = _md5(
        f"{_md5(f'{claim.username}:{REALM}:{secret}')}:{claim.nonce}:{claim.nc}:{claim.cnonce}:auth:"
        f"{_md5(f'{method}:{claim.uri}')}"
    )
    return hmac.compare_digest(ours.encode(), claim.response.lower().encode())


def _seal(key, moment):
    return hmac.new(key, moment.encode(), hashlib.sha256).hexdigest()[:32]


def _md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
