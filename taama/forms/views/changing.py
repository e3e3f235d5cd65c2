"""Closing, reopening and archiving in two steps, and other files for what is published."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from taama.base.requests import or_404
from taama.forms import queries
from taama.forms.actions.publishing import archive_form, close_form, reopen_form, replace_media
from taama.forms.views.drafts import given_files


@dataclass(frozen=True)
class Turn:
    """A change of a form's state. `name` is its address and chooses the words of its page; `before`: from which states."""

    name: str
    act: Callable
    title: str
    done: str
    before: tuple


CLOSE = Turn(
    "close", close_form, gettext_lazy("Close this form"), gettext_lazy("The form is closed."), ("open",)
)
REOPEN = Turn(
    "reopen", reopen_form, gettext_lazy("Open this form again"), gettext_lazy("The form is open."),
    ("closed", "archived"),
)  # fmt: skip
ARCHIVE = Turn(
    "archive", archive_form, gettext_lazy("Archive this form"), gettext_lazy("The form is archived."),
    ("open", "closed"),
)  # fmt: skip
TURNS = (CLOSE, REOPEN, ARCHIVE)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def turn(request, key, turn):
    """What the change means, and then its happening."""
    request.viewer.require(turn.act.rule.code)
    form = or_404(queries.form(request.viewer, key))
    if request.method == "POST":
        turn.act(by=request.viewer, form=form)
        messages.success(request, turn.done)
        return redirect("form", key=key)
    return render(request, "forms/turn.html", {"form": form, "turn": turn})


@login_required
@require_POST
def replace(request, key):
    """Other files for the version that phones have now."""
    request.viewer.require("forms.replace_media")
    form = or_404(queries.form(request.viewer, key))
    version = or_404(queries.versions(request.viewer, form).filter(current=True).first())
    replace_media(by=request.viewer, version=version, files=given_files(request))
    messages.success(request, _("The files are replaced. Phones fetch them when they next look for forms."))
    return redirect("form", key=key)
