"""Answers that belong to no domain: health, the language, refused forms, what is too large."""

import shutil

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
DRAINED_BYTES = 50_000_000
ROOM_NEEDED = 200_000_000  # two of the largest submissions


def health(request):
    """200 when the database answers and there is room for what phones send. For a watchdog; says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if shutil.disk_usage(settings.TAAMA_DATA_DIR).free < ROOM_NEEDED:
        return JsonResponse({"status": "disk full"}, status=503)
    return JsonResponse({"status": "ok"})


def ask_administrator(request, *_address, **_parts):
    """What the sign-in library does by e-mail, a person does here."""
    return render(request, "base/ask.html")


def csrf_failure(request, reason=""):
    return _apart("403_csrf.html", 403)


def bad_request(request, exception=None):
    """400, or 413 for what is too large; read to its end first, else the sender's browser shows no answer at all."""
    if not isinstance(exception, TOO_LARGE):
        return _apart("400.html", 400)
    left = DRAINED_BYTES
    while left > 0 and (chunk := request.read(65_536)):
        left -= len(chunk)
    return _apart("413.html", 413)


def _apart(template, status):
    """A page that needs nothing of the request, which may be what is wrong."""
    return HttpResponse(get_template(template).render(), status=status)


def in_language(request, language):
    """Remembers the reader's language and goes back: a link, so that pages without a form can be kept for all."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    goal = request.GET.get("next", "/")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(goal, allowed_hosts=hosts, require_https=request.is_secure())
    response = HttpResponseRedirect(goal if safe else "/")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")
    patch_cache_control(response, private=True, no_cache=True)
    return response
