"""What every request goes through: the log line, errors turned into answers, and what every page knows."""

import logging
import time

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from taama.base.errors import TaamaError
from taama.base.messages import message

log = logging.getLogger("taama.requests")
ALONE = "default-src 'none'; sandbox"  # what others wrote may run nothing on our address


# What an answer other than the wanted one is called in the log: (event, level).
REFUSED = {
    400: ("bad request", logging.WARNING), 401: ("not signed in", logging.INFO), 403: ("refused", logging.WARNING),
    404: ("not found", logging.INFO), 405: ("method not allowed", logging.INFO), 409: ("conflict", logging.WARNING),
    413: ("too large", logging.WARNING), 429: ("too many requests", logging.WARNING),
}  # fmt: skip


def log_middleware(get_response):
    """One line for each request: the route, not the address, which may hold a token."""

    def middleware(request):
        begin = time.perf_counter()
        response = get_response(request)
        event, level = _event_of(response.status_code)
        route = getattr(request.resolver_match, "route", "") if request.resolver_match else ""
        log.log(
            level,
            event,
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - begin) * 1000, 1),
            },
        )
        return response

    return middleware


def _event_of(status):
    """(event, level) of an answer."""
    if status >= 500:
        return "server fault", logging.ERROR
    return (
        REFUSED.get(status, ("client fault", logging.WARNING))
        if status >= 400
        else ("request", logging.DEBUG)
    )


def error_middleware(get_response):
    """Turns a TaamaError that a view raised into a page, or into JSON for an API, in the reader's language."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, error):
        if isinstance(error, TaamaError):
            return answer_error(request, error)
        return None

    middleware.process_exception = process_exception
    return middleware


def answer_error(request, error):
    language = language_now()
    text = message(error.code, language, error.values)
    if request.path.startswith("/api/"):
        body = {"code": error.code, "cause": text.cause, "remedy": text.remedy, "where": _where(error)}
        return JsonResponse({"error": body}, status=error.status)
    context = {"error": error, "text": text, "where": _where(error)}
    return render(request, "base/error.html", context, status=error.status)


def _where(error):
    return {name: value for name, value in vars(error.where).items() if value not in ("", None)}


def language_now():
    """`fr` or `en`: the language in which this request is answered."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def page_context(request):
    return {"demo": settings.TAAMA_DEMO, "language": language_now(), "navigation": navigation(request)}


def navigation(request):
    """The entries of settings.TAAMA_NAVIGATION that this viewer may open; a chosen snapshot is kept on the way."""
    now = request.resolver_match.url_name if request.resolver_match else ""
    chosen = request.GET.get("snapshot", "")
    entries = []
    for name, label, rule, of_snapshot in settings.TAAMA_NAVIGATION:
        if not rule or request.viewer.may(rule):
            pin = "?" + urlencode({"snapshot": chosen}) if chosen and of_snapshot else ""
            entries.append({"url": reverse(name) + pin, "label": label, "current": name == now})
    return entries


def or_404(thing):
    """The thing, or 404: what lies outside a viewer's area is not there for them."""
    if thing is None:
        raise Http404
    return thing
