"""A draft under an address of its own, for a phone to try it: nothing of it is counted or stands among submissions."""

import functools
import hashlib
import mimetypes
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from taama.base.policy import ANONYMOUS
from taama.forms import queries
from taama.forms.actions.drafts import keep_trial
from taama.phones.methods import openrosa
from taama.phones.views.arriving import ArrivalReader, viewer_of
from taama.phones.views.openrosa import XML, announce, cached, for_phones, found, say


@dataclass(frozen=True)
class TrialPhone:
    """Whoever holds the address of a draft, where a phone with an account would stand."""

    pk: object
    draft: object
    area: str = ""
    organisation_id: str = ""
    team_id: str = ""
    simulated: bool = True


def _who(request, token):
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
    there = queries.trial_files(viewer_of(request.device), request.device.draft)
    files = [
        {"filename": name, "md5": md5, "download": _address(request, "media", filename=name)}
        for name, md5 in there.items()
    ]
    return cached(request, openrosa.manifest(files), XML)


@for_trials("GET", "HEAD", strict=False)
def media(request, filename):
    """One file of the draft."""
    content = found(queries.trial_file(viewer_of(request.device), request.device.draft, filename))
    return cached(request, content, mimetypes.guess_type(filename)[0] or "application/octet-stream")


@for_trials("HEAD", "POST")
def submission(request):
    """Take in what was filled for a trial; its files are named, not kept."""
    response = HttpResponse(status=204, content_type=XML)
    if request.method == "POST":
        got = ArrivalReader(request, request.device).read()
        files = [{"name": file.filename, "bytes": file.bytes} for file in got.files]
        given = {"instance_id": got.name, "raw": got.raw, "sha256": got.sha256, "files": files}
        keep_trial(by=got.by, draft=request.device.draft, **given)
        response = say(request, "forms.trial_received", status=201)
    return announce(request, response)


def _address(request, name, **arguments):
    given = {"token": request.token} | arguments
    return request.build_absolute_uri(reverse(f"openrosa-draft-{name}", kwargs=given))
