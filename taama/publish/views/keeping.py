"""Pages of a snapshot never change: they are kept for readers without an account, made for each of the others."""

from functools import wraps

from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from taama.base.policy import ANYONE
from taama.base.requests import language_now
from taama.opendata.views.answering import kept
from taama.publish.queries.beginning import first_steps
from taama.publish.queries.reading import WORKING, page_snapshot

SECONDS = 300


def of_snapshot(view):
    """Gives the view the snapshot that was asked for, and keeps its answer; without any, every page says so."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        snapshot = page_snapshot(request.viewer, request.GET.get("snapshot", ""))
        if snapshot is None:
            steps = first_steps(request.viewer) if request.viewer.may("publish.first_steps") else {}
            return private(show(request, "publish/nothing.html", None, steps))
        if request.viewer.kind != ANYONE or request.COOKIES.get("messages"):
            return private(view(request, snapshot, *args, **kwargs))
        return _for_all(request, snapshot, lambda: view(request, snapshot, *args, **kwargs).content)

    return answer


def _for_all(request, snapshot, make):
    """The page as everybody without an account sees it."""
    parts = ("page", snapshot.pk, language_now(), request.get_full_path())
    response = kept(request, parts, make, "text/html; charset=utf-8", SECONDS)
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
        "may_review": request.viewer.may("review.submissions"),
        "may_publish": request.viewer.may("publish.ask_publication"),
    }  # fmt: skip
    return render(request, template, shared | content)


def snapshot_code(snapshot):
    """How a snapshot is named in an address."""
    return WORKING if snapshot is None or snapshot.number is None else str(snapshot.number)
