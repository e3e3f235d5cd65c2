"""Pages on which people ask for files of submissions, see how far they are, and fetch them."""

import mimetypes
import time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.requests import language_now, or_404
from taama.desk.actions.exporting import ask_export, delete_export, fetch_export, set_renamings
from taama.desk.models import Export
from taama.desk.queries import exports as queries
from taama.desk.views.asking import Pairs, Wanted, told
from taama.desk.views.ranges import file_answer
from taama.forms.methods.outline import language_code
from taama.places import queries as places

SHOWN = 50
PATIENCE_SECONDS = 1.5  # a small file is ready before a page that waits for it could be read
NAMES = {"fr": "français", "en": "English"}


@never_cache
@login_required
@require_GET
def exports(request):
    """Forms to take out, and what was asked for so far."""
    context = {
        "forms": queries.exportable_forms(request.viewer),
        "exports": queries.exports(request.viewer)[:SHOWN],
    }
    return render(request, "desk/exports.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, form_id):
    """Choose format, language and options of a file."""
    form = or_404(queries.exportable_forms(request.viewer).filter(form_id=form_id).first())
    wanted = _wanted(request, form)
    if not wanted.is_valid():
        context = {"form": form, "wanted": wanted, "keeper": request.viewer.may("desk.set_renamings")}
        return render(request, "desk/ask.html", context, status=422 if wanted.is_bound else 200)
    asked = ask_export(
        by=request.viewer, form=form, options=wanted.options, filters=wanted.filters,
        **{name: wanted.cleaned_data[name] for name in ("key", "format", "language")},
    )  # fmt: skip
    _wait_for(asked)
    return redirect("export", key=asked.pk)


def _wanted(request, form):
    outlines = queries.outlines(request.viewer, form)
    known = dict(NAMES) | {language_code(one): one for _, outline in outlines for one in outline.languages}
    here = language_now()
    languages = sorted(
        ((code, NAMES.get(code, name)) for code, name in known.items()), key=lambda one: one[0] != here
    )
    areas = [(area.key, area.label) for area in places.choices(request.viewer, deepest=2)]
    versions = [name for name, _ in reversed(outlines)]
    return Wanted(request.POST or None, versions=versions, languages=languages, areas=areas)


def _wait_for(asked):
    """A moment, in which a small file is made."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (
        time.monotonic() < until and Export.objects.filter(pk=asked.pk, state=Export.State.WAITING).exists()
    ):
        time.sleep(0.1)


@never_cache
@login_required
@require_safe
def export(request, key):
    """How far a file is, and where to fetch it; the page asks again by itself until it is settled."""
    asked = or_404(queries.export(request.viewer, key))
    code, values = _why_not(request.viewer, asked)
    context = {
        "export": asked, "ahead": queries.waiting_before(request.viewer, asked),
        "percent": 100 * asked.done // asked.steps if asked.steps else 0,
        "chosen": told(request.viewer, asked.filters),
        "text": message(code, language_now(), values) if code else None,
    }  # fmt: skip
    return render(request, "desk/export.html", context)


def _why_not(viewer, asked):
    """(code, values) of why there is no file for this viewer; code "" where there is, or will be."""
    try:
        queries.export_file(viewer, asked)
    except TaamaError as error:
        return error.code, error.values
    return asked.code, asked.values


@login_required
@require_safe
def file(request, key):
    """The file, whole or in pieces; who only asks how large it is takes nothing."""
    asked = or_404(queries.export(request.viewer, key))
    if request.method == "HEAD":
        path = or_404(queries.export_file(request.viewer, asked))
    else:
        path = or_404(fetch_export(by=request.viewer, export=asked))
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return file_answer(request, path, asked.sha256, kind)


@login_required
@require_POST
def delete(request, key):
    """Delete a file before its time."""
    delete_export(by=request.viewer, export=or_404(queries.export(request.viewer, key)))
    messages.success(request, _("The file is deleted."))
    return redirect("exports")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def names(request, form_id):
    """Say which questions are one although their name changed."""
    request.viewer.require("desk.set_renamings")
    form = or_404(queries.exportable_forms(request.viewer).filter(form_id=form_id).first())
    settled, proposed = queries.renamings(request.viewer, form), queries.proposals(request.viewer, form)
    pairs = Pairs(request.POST or None, initial={"pairs": _lines(settled)})
    if pairs.is_valid():
        set_renamings(by=request.viewer, form=form, pairs=pairs.cleaned_data["pairs"])
        messages.success(request, _("The names are kept. Files that are asked for from now on follow them."))
        return redirect("export-ask", form_id=form.form_id)
    return render(request, "desk/names.html", {"form": form, "pairs": pairs, "proposed": _lines(proposed)})


def _lines(pairs):
    return "\n".join(f"{former} = {present}" for former, present in pairs.items())
