"""Trying a draft on a phone: the code that sets it up, and what was sent."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from taama.base.errors import MethodError
from taama.base.requests import language_now, or_404
from taama.forms import queries
from taama.forms.methods.answers import read_answers
from taama.forms.methods.outline import read_outline
from taama.forms.methods.settings_code import settings_code
from taama.forms.methods.xml import shown_xml
from taama.forms.models import FormDraft
from taama.forms.views.drawing import code_svg
from taama.forms.views.shown import told_personal

ADDRESS = "/draft/"  # where phones try drafts; answered by the app that speaks with phones


@never_cache
@login_required
@require_safe
def trial(request, key):
    """The code with which a phone tries a draft, and what phones have sent to it."""
    draft = or_404(queries.draft(request.viewer, key))
    context = {
        "draft": draft, "ready": draft.state == FormDraft.State.READY, "days": queries.TRIAL_DAYS,
        "until": draft.changed_at + timedelta(days=queries.TRIAL_DAYS),
        "address": _address(request, draft), "trials": queries.trials(request.viewer, draft).defer("raw"),
        "files": queries.files_of(request.viewer, draft), "personal": told_personal(request.viewer, draft),
    }  # fmt: skip
    return render(request, "forms/trial.html", context)


@never_cache
@login_required
@require_safe
def code(request, key):
    """The settings code of a draft as a picture."""
    draft = or_404(queries.draft(request.viewer, key))
    name = _("Trial: %(title)s") % {"title": draft.title[:60]}
    response = HttpResponse(
        code_svg(settings_code(_address(request, draft), name)), content_type="image/svg+xml"
    )
    response["Cache-Control"] = "no-store"
    return response


@never_cache
@login_required
@require_safe
def sent(request, key, trial):
    """One thing that a phone sent to a draft, in the words of the form."""
    draft = or_404(queries.draft(request.viewer, key))
    found = or_404(queries.trials(request.viewer, draft).filter(pk=trial).first())
    raw = bytes(found.raw)
    context = {"draft": draft, "trial": found, "answers": _answers(draft, raw), "xml": shown_xml(raw)}
    return render(request, "forms/sent.html", context)


def _address(request, draft):
    return request.build_absolute_uri(f"{ADDRESS}{draft.token}")


def _answers(draft, raw):
    """None where the draft has changed so much, or the instance is so broken, that only its XML can be shown."""
    try:
        return read_answers(raw, read_outline(bytes(draft.xform or b"")), language_now())
    except MethodError:
        return None
