"""Proofs of identity that were used: each counts once, whichever process of this server sees it again."""

import hashlib
import shutil

from django.conf import settings

from taama.phones.methods.digest import NONCE_SECONDS


def first_use(claim):
    """Whether this proof comes for the first time; from now on it is used.

    Files, not the database: intake must not pay another commit for it. Old ones go when a new span begins.
    """
    folder = _folder(int(claim.nonce.partition(".")[0], 16) // NONCE_SECONDS)
    proof = f"{claim.nonce} {claim.response.lower()}"  # it covers name, count, method and address
    try:
        (folder / hashlib.sha256(proof.encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _folder(span):
    folder = settings.TAAMA_DATA_DIR / "proofs" / str(span)
    if not folder.exists():
        _drop_before(span - 2)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _drop_before(span):
    """A nonce of these spans is refused for its age."""
    for folder in (settings.TAAMA_DATA_DIR / "proofs").glob("*"):
        if int(folder.name) < span:
            shutil.rmtree(folder, ignore_errors=True)
