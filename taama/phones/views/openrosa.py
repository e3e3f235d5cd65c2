"""OpenRosa for phones: list of forms, forms, their files, and submissions. Every answer is OpenRosa, errors too."""

import base64
import binascii
import functools
import hashlib
import logging
import mimetypes
import time

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.urls import Resolver404, resolve, reverse
from django.utils.http import parse_etags
from django.utils.translation.trans_real import parse_accept_lang_header

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.policy import ANONYMOUS
from taama.base.requests import ALONE
from taama.collect.actions.receive import intake
from taama.collect.methods.verdict import Fate
from taama.facts import registry
from taama.forms import queries as forms
from taama.phones import queries
from taama.phones.methods import digest, openrosa
from taama.phones.views.arriving import ArrivalReader, viewer_of
from taama.phones.views.remembered import forget, phone_of
from taama.phones.views.replays import first_use

PREFIXES = ("/openrosa/", "/key/", "/draft/")
XML = "text/xml; charset=utf-8"
# What a browser may show; everything else is only handed out.
SHOWN = ("text/xml", "application/xml", "text/csv", "image/jpeg", "image/png", "audio/", "video/")
# What the phone is told of a conflict; the data manager reads the code's own text.
FOR_PHONES = {
    "collect.instance_conflict": "phones.conflict",
    "collect.instance_removed": "phones.removed",
}
LIST_ROUTES = {"download": "list", "integrity": "integrity"}  # addresses of whoever provides lists
log = logging.getLogger("taama.openrosa")


def openrosa_door(get_response):
    """Phones go straight to their view: no session, cookie or page stands between, and errors are OpenRosa too."""

    def middleware(request):
        if not request.path_info.startswith(PREFIXES):
            return get_response(request)
        return _finished(request, _answer(request))

    return middleware


def _finished(request, response):
    response["X-OpenRosa-Version"] = "1.0"
    response["Content-Security-Policy"], response["X-Content-Type-Options"] = ALONE, "nosniff"
    if not response.get("Content-Type", XML).startswith(SHOWN):
        response["Content-Disposition"] = "attachment"
    response._has_been_logged = True  # by us; a refused phone is no warning
    if response.status_code not in (204, 304) and not response.streaming:
        response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD" and not response.streaming:
        response.content = b""
    return response


def _answer(request):
    try:
        request.get_host()  # a name that isn't ours must fail as a whole: an empty list would clear the phone
        request.resolver_match = match = resolve(request.path_info)
        return match.func(request, *match.args, **match.kwargs)
    except Resolver404:
        return say(request, "phones.no_such_address", status=404)
    except TaamaError as error:
        return say(request, error.code, error.values, error.status)
    except UnreadablePostError:
        return say(request, "phones.multipart_broken", {"detail": "connection lost"}, 400)
    except SuspiciousOperation:
        return say(request, "phones.host_unknown", status=400)
    except (DatabaseError, OSError):
        log.exception("cannot keep")
        return say(request, "phones.cannot_keep", status=503)
    except Exception:
        log.exception("fault")
        return say(request, "phones.fault", status=500)


def for_phones(*methods, strict=True, who=None):
    """Passes whose request it is (`who`: a phone's account) to the view; `strict` asks for OpenRosa's version header."""

    def decorate(view):
        @functools.wraps(view)
        def guarded(request, token=None, **arguments):
            _require(request, methods, strict)
            device, refusal = (who or _who)(request, token)
            request.device, request.token = device, token
            return refusal or view(request, **arguments)

        return guarded

    return decorate


def _require(request, methods, strict):
    if request.method not in methods:
        raise TaamaError("phones.method_unknown", values={"method": request.method}, status=405)
    if strict and request.headers.get("X-OpenRosa-Version") != "1.0":
        raise TaamaError("phones.version_header_missing")


def _who(request, token):
    """(device, None) or (None, the answer that refuses)."""
    if token is not None:
        device = phone_of(token) if request.method == "POST" else queries.device_of_token(ANONYMOUS, token)
        return device, None if device else say(request, "collect.token_unknown", status=403)
    device, stale = _proved(request)
    if device:
        return device, None
    refusal = say(request, "phones.sign_in", status=401)
    refusal["WWW-Authenticate"] = digest.challenge(settings.SECRET_KEY.encode(), time.time(), stale)
    return None, refusal


def _proved(request):
    header = request.headers.get("Authorization", "")
    if claim := digest.read_claim(header):
        device, stale = queries.device_of_claim(ANONYMOUS, claim, request.method, request.path)
        used = device and request.path.endswith("/submission") and not first_use(claim)
        return (None, True) if used else (device, stale)
    if header.lower().startswith("basic ") and request.is_secure():
        return _basic(header[6:]), False
    return None, False


def _basic(encoded):
    try:
        username, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if "\0" in username:  # which PostgreSQL can't even be asked for
        return None
    return queries.device_of_password(ANONYMOUS, username, password)


@for_phones("GET", "HEAD")
def form_list(request):
    """The list of open forms."""
    versions = forms.current_versions(viewer_of(request.device))
    if wanted := request.GET.get("formID", "").replace("\0", ""):
        versions = versions.filter(form__form_id=wanted)
    viewer, keys = viewer_of(request.device), [version.pk for version in versions]
    listed = set().union(*(each.lists_read(viewer, keys) for each in registry.list_providers()))
    entries = [entry for version in versions if (entry := _entry(request, version, version.pk in listed))]
    return cached(request, openrosa.form_list(entries), XML)


@for_phones("GET", "HEAD", strict=False)
def form(request, key):
    """The XForm, byte for byte as published."""
    version = found(forms.form_version(viewer_of(request.device), key))
    return cached(request, bytes(version.xform), XML)


@for_phones("GET", "HEAD")
def manifest(request, key):
    """The files that a form needs: those published with it, then lists that others provide under another name."""
    viewer = viewer_of(request.device)
    version = found(forms.form_version(viewer, key))
    files = [
        {"filename": one.filename, "md5": one.md5}
        | _addresses(request, version, one.filename, download="media")
        for one in queries.form_media(viewer, version.pk)
    ]
    given = {one["filename"] for one in files}
    for one in (one for each in registry.list_providers() for one in each.offered(viewer, version)):
        if one["filename"] not in given:
            files.append(one | _addresses(request, version, one["filename"], **LIST_ROUTES))
    return cached(request, openrosa.manifest(files), XML)


def _addresses(request, version, filename, **routes):
    return {what: _address(request, route, version, filename) for what, route in routes.items()}


@for_phones("GET", "HEAD", strict=False)
def media(request, key, filename):
    """One file that a form needs."""
    viewer = viewer_of(request.device)
    may = forms.may_fetch(viewer, key)
    file = found(queries.form_media(viewer, key, filename) if may else None)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return cached(request, bytes(file.content), kind)


@for_phones("HEAD", "POST")
def submission(request):
    """HEAD says where and how much may be sent; POST takes a submission in."""
    if request.method == "HEAD":
        response = HttpResponse(status=204, content_type=XML)
    else:
        response = _receipt(request, intake.submit(ArrivalReader(request, request.device).read()))
    return announce(request, response)


def announce(request, response):
    """The answer with where and how much may be sent."""
    response["Location"] = request.build_absolute_uri(request.path)
    response["X-OpenRosa-Accept-Content-Length"] = str(settings.TAAMA_MAX_SUBMISSION_BYTES)
    return response


def _receipt(request, receipt):
    """What the phone is told. Put aside is received too: the bytes are safe, and the phone may let go of them."""
    if receipt.fate == Fate.REFUSED:
        forget(request.token)  # asked anew next time
        return say(request, receipt.code, receipt.values, 403)
    if receipt.fate == Fate.CONFLICT:
        return say(request, FOR_PHONES[receipt.code], receipt.values, 409, _languages(request))
    if receipt.fate == Fate.ASIDE:
        why = message(receipt.code, _language(request), receipt.values).cause
        return say(request, "phones.received_aside", {"why": why}, 201)
    return say(request, receipt.code, receipt.values, 201)


def _entry(request, version, listed):
    """One form of the list; a form that breaks here is left out and logged, the others are listed."""
    try:
        return {
            "form_id": version.form.form_id, "name": version.form.title, "version": version.version,
            "md5": version.md5, "download": _address(request, "form", version),
            "manifest": _address(request, "manifest", version) if version.media_count or listed else "",
        }  # fmt: skip
    except Exception:
        log.exception("form left out of the list", extra={"form": str(version.pk)})
        return None


def _address(request, name, version, filename=None):
    arguments = {"key": version.pk} | ({"filename": filename} if filename else {})
    if request.token is not None:
        arguments["token"] = request.token
    return request.build_absolute_uri(
        reverse(f"openrosa-{'key-' if request.token else ''}{name}", kwargs=arguments)
    )


def cached(request, content, kind):
    """The content with its hash as ETag, or 304 when the phone has it already."""
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return unless_known(request, md5, lambda: HttpResponse(content, content_type=kind))


def unless_known(request, digest, answer):
    """The answer with the hash of its content as ETag, or 304 when the phone has it already."""
    etag = f'"{digest}"'
    known = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    response = HttpResponse(status=304) if etag in known else answer()
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


def say(request, code, values=None, status=200, languages=()):
    told = (str(message(code, language, values)) for language in languages or [_language(request)])
    text = "\n".join(told)
    return HttpResponse(openrosa.response(text), status=status, content_type=XML)


def _languages(request):
    """That of French and English which the phone asks for first; both where it asks for none, as ODK Collect does."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return [tag[:2] for tag, _ in asked if tag[:2] in ("fr", "en")][:1] or ["fr", "en"]


def _language(request):
    return _languages(request)[0]


def found(thing):
    if thing is None:
        raise TaamaError("phones.no_such_address", status=404)
    return thing
