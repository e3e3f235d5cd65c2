"""Answers that stay true as long as their snapshot: made once on this machine, however many ask, and not sent twice."""

import time
from contextlib import contextmanager, nullcontext, suppress
from hashlib import blake2s
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.files import locks
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag

from taama import __version__
from taama.base.errors import TaamaError
from taama.opendata.queries.withdrawn import kept_for

PAGES = "pages"
DAY_SECONDS = 24 * 3600
PATIENCE_SECONDS = 20  # longer than any report takes, shorter than a browser's patience
GLANCE_SECONDS = 0.03


def lasting(request, parts, build, content_type, file_name=""):
    """A file, or what an interface says: the same for everybody, wherever they ask from."""
    answer = kept(request, parts, build, content_type, DAY_SECONDS)
    if file_name:
        answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer = get_conditional_response(request, etag=answer["ETag"], response=answer)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def kept(request, parts, build, content_type, seconds):
    """What `build` returns as bytes, kept for these seconds under these parts, and named by its own hash."""
    made_of = (__version__, *kept_for(request.viewer), *parts)
    content = made_once(_hash("|".join(map(str, made_of)).encode()), build, seconds)
    answer = HttpResponse(content, content_type=content_type)
    answer["ETag"] = quote_etag(_hash(content))
    patch_cache_control(answer, public=True, max_age=60)
    return answer


def let_go():
    """Forget every answer that is kept on this machine: what was withdrawn lies about no longer."""
    with suppress(OSError):
        caches[PAGES].clear()


def made_once(tag, build, seconds):
    """What is kept under this tag, else what `build` returns: one builds, the others wait for it.

    tag       hexadecimal
    Raises    TaamaError `opendata.being_made` (503) when it takes too long; then nothing was built twice either
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        content = caches[PAGES].get(tag) or _made_alone(tag, build, seconds)
        if content is not None:
            return content
        time.sleep(GLANCE_SECONDS)
    raise TaamaError("opendata.being_made", status=503)


def _made_alone(tag, build, seconds):
    """What `build` returns, or what another has just built; None while another is building."""
    with _alone(tag) as mine:
        if not mine:
            return None
        content = caches[PAGES].get(tag)
        return _made(build, tag, seconds) if content is None else content


def _made(build, tag, seconds):
    content = build()
    with suppress(OSError):  # a full disk: this reader has it all the same
        caches[PAGES].set(tag, content, seconds)
    return content


@contextmanager
def _alone(tag):
    """Yields whether no other thread or process of this machine builds under this tag.

    The lock is the kernel's: it falls with its process. Few files serve all tags, and none is ever removed.
    """
    file = _lock_file(tag[:2])
    with file or nullcontext():
        yield file is None or locks.lock(file, locks.LOCK_EX | locks.LOCK_NB)


def _lock_file(name):
    """None where nothing can be written: then everybody builds."""
    folder = Path(settings.CACHES[PAGES]["LOCATION"])
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open(folder / f"{name}.lock", "wb")
    except OSError:
        return None


def _hash(content):
    return blake2s(content, digest_size=16).hexdigest()
