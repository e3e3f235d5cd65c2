"""Pages of a snapshot never change: they are kept in memory for anonymous readers, and named by an ETag."""

from functools import wraps
from hashlib import blake2s

from django.core.cache import caches
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import http_date, quote_etag

from taama.base.policy import ANYONE
from taama.base.requests import language_now
from taama.opendata.queries.withdrawn import withdrawn_count
from taama.publish.queries.reading import WORKING, page_snapshot

SECONDS = 300


def of_snapshot(view):
    """Gives the view the snapshot that was asked for, and keeps its answer; without any, every page says so."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        snapshot = page_snapshot(request.viewer, request.GET.get("snapshot", ""))
        if snapshot is None:
            return private(show(request, "publish/nothing.html", None, {}))
        if request.viewer.kind != ANYONE or request.COOKIES.get("messages"):
            return private(view(request, snapshot, *args, **kwargs))
        return _kept(request, snapshot, lambda: view(request, snapshot, *args, **kwargs).content)

    return answer


def _kept(request, snapshot, make):
    key = _key(request, snapshot)
    content = caches["pages"].get(key)
    if content is None:
        content = make()
        caches["pages"].set(key, content, SECONDS)
    return _public(content, snapshot)


def _key(request, snapshot):
    left = withdrawn_count(request.viewer)
    parts = (str(snapshot.pk), str(left), language_now(), request.get_full_path())
    return "page:" + blake2s("|".join(parts).encode()).hexdigest()


def _public(content, snapshot):
    response = HttpResponse(content)
    response["ETag"] = quote_etag(blake2s(content, digest_size=16).hexdigest())
    response["Last-Modified"] = http_date(snapshot.made_at.timestamp())
    patch_cache_control(response, public=True, max_age=60)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def private(response):
    """An answer for one reader: asked for again each time, kept by nobody in between."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def show(request, template, snapshot, content):
    """The page with what every page of a snapshot shows: which one it is, and whether it is pinned."""
    pinned = request.GET.get("snapshot", "")
    shared = {
        "snapshot": snapshot, "pin": f"?snapshot={snapshot_code(snapshot)}" if pinned else "",
        "permalink": f"?snapshot={snapshot_code(snapshot)}", "is_working": pinned == WORKING,
        "may_open": request.viewer.may("collect.submission"),
    }  # fmt: skip
    return render(request, template, shared | content)


def snapshot_code(snapshot):
    """How a snapshot is named in an address."""
    return WORKING if snapshot is None or snapshot.number is None else str(snapshot.number)
