"""The page that checks a text. What is pasted is answered and forgotten: nothing of it is kept or logged."""

import threading

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.requests import language_now

LONGEST = 40_000  # characters: some fifteen pages, a second or two of work
ONE_AT_A_TIME = threading.Semaphore(1)  # in each process: phones and pages come before long texts


@never_cache
@sensitive_post_parameters("text", "known")
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request):
    text, known = request.POST.get("text", ""), request.POST.get("known", "")
    content = {"text": text, "known": known, "longest": LONGEST}
    if len(text) > LONGEST:
        content["fault"] = _("The text is too long: check it in parts.")
    elif text.strip() and not ONE_AT_A_TIME.acquire(timeout=1):
        content["fault"] = _("Another text is being checked: try again in a few seconds.")
    elif text.strip():
        content |= _released(text, known)
    return render(request, "statements/page.html", content, status=422 if content.get("fault") else 200)


def _released(text, known):
    try:
        return _checked(text, known)
    finally:
        ONE_AT_A_TIME.release()


def _checked(text, known):
    """Sentences with their verdicts, faults first, and how many there are of each; or what is wrong with the known figures."""
    from taama.statements import methods as claims  # noqa: PLC0415  only this page needs it

    language = language_now()
    try:
        figures = claims.read_known(known) if known.strip() else ()
    except TaamaError as error:
        return {"fault": f"{_line(error)}{message(error.code, language, error.values)}"}
    try:
        checked = claims.check_statements(text, figures)
    except TaamaError as error:
        return {"fault": str(message(error.code, language, error.values))}
    sentences = claims.by_sentence(checked)
    counts = {status: sum(s.status == status for s in sentences) for status in claims.STATUSES}
    found = [(s.status, [claims.as_data(v, language) for v in s.verdicts]) for s in sentences]
    return {"sentences": found, "counts": counts, "checked": True}


def _line(error):
    return _("Known figures, line %(row)d: ") % {"row": error.where.row} if error.where.row else ""
