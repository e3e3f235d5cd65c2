"""A draft under an address of its own, for a phone to try it: nothing of it is counted or stands among submissions."""

import functools
import hashlib
import mimetypes
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from taama.base.policy import ANONYMOUS
from taama.collect.views.arriving import ArrivalReader, viewer_of
from taama.collect.views.openrosa import XML, announce, cached, for_phones, found, say
from taama.forms import queries
from taama.forms.actions.drafts import keep_trial
from taama.forms.methods import openrosa

EMPTY_LIST = b"name,label,__version\n"  # a list of the server is for those with an account: here it is empty


@dataclass(frozen=True)
class TrialPhone:
    """Whoever holds the address of a draft, where a phone with an account would stand."""

    pk: object
    draft: object
    area: str = ""
    organisation_id: str = ""
    simulated: bool = True


def _who(request, token):
    """(who tries the draft, None), or (None, the answer that refuses)."""
    draft = queries.draft_of_token(ANONYMOUS, token)
    return (
        (TrialPhone(draft.pk, draft), None) if draft else (None, say(request, "forms.trial_over", status=403))
    )


for_trials = functools.partial(for_phones, who=_who)


@for_trials("GET", "HEAD")
def form_list(request):
    """The list of the one draft."""
    draft = request.device.draft
    md5 = hashlib.md5(bytes(draft.xform), usedforsecurity=False).hexdigest()
    entry = {"form_id": draft.form_id, "name": draft.title, "version": draft.version, "md5": md5}
    entry |= {"download": _address(request, "form"), "manifest": _address(request, "manifest")}
    return cached(request, openrosa.form_list([entry]), XML)


@for_trials("GET", "HEAD", strict=False)
def form(request):
    """The XForm of the draft."""
    return cached(request, bytes(request.device.draft.xform), XML)


@for_trials("GET", "HEAD")
def manifest(request):
    """The files that the draft needs, those that are there."""
    files = [
        {"filename": each["name"], "md5": each["media"].md5 if each["media"] else _empty_md5()}
        | {"download": _address(request, "media", filename=each["name"])}
        for each in queries.files_of(viewer_of(request.device), request.device.draft)
        if each["media"] or each["given"]
    ]
    return cached(request, openrosa.manifest(files), XML)


def _empty_md5():
    return hashlib.md5(EMPTY_LIST, usedforsecurity=False).hexdigest()


@for_trials("GET", "HEAD", strict=False)
def media(request, filename):
    """One file of the draft."""
    needed = queries.files_of(viewer_of(request.device), request.device.draft)
    file = found(next((each for each in needed if each["name"] == filename), None))
    kept = queries.draft_media(viewer_of(request.device), request.device.draft, filename)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return cached(
        request, bytes(kept.content) if kept else found(EMPTY_LIST if file["given"] else None), kind
    )


@for_trials("HEAD", "POST")
def submission(request):
    """Take in what was filled for a trial; its files are named, not kept."""
    response = HttpResponse(status=204, content_type=XML)
    if request.method == "POST":
        arrival = ArrivalReader(request, request.device).read()
        files = [{"name": file.filename, "bytes": file.bytes} for file in arrival.files]
        keep_trial(
            by=arrival.by, draft=request.device.draft, instance_id=arrival.name, raw=arrival.raw,
            sha256=arrival.sha256, files=files,
        )  # fmt: skip
        response = say(request, "forms.trial_received", status=201)
    return announce(request, response)


def _address(request, name, **arguments):
    given = {"token": request.token} | arguments
    return request.build_absolute_uri(reverse(f"openrosa-draft-{name}", kwargs=given))
