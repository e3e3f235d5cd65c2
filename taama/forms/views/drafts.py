"""Pages on which people bring a form, see what is wrong with it, have it mended and publish it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taama.base.errors import MethodError, TaamaError, Where
from taama.base.messages import message
from taama.base.requests import language_now, or_404
from taama.base.sensitivity import Class
from taama.facts import registry
from taama.forms import queries
from taama.forms.actions.drafts import attach_files, bring_form, choose_repairs, delete_draft
from taama.forms.actions.publishing import publish_draft
from taama.forms.methods.report import examine, mended_source
from taama.forms.views.shown import counts, levels, likely, told_personal, told_report, tool_name
from taama.xlsforms.methods.reading import MOST_BYTES

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request):
    """Bring a form; where it can't be read at all, say why and offer to bring another."""
    request.viewer.require("forms.bring_form")
    if request.method != "POST":
        return render(request, "forms/bring.html")
    try:
        return redirect("form-draft", key=_brought(request).pk)
    except MethodError as error:
        text = message(error.code, language_now(), error.values)
        return render(request, "forms/bring.html", {"text": text, "where": error.where}, status=422)


def _brought(request):
    file = request.FILES.get("file")
    if file is None:
        raise MethodError("forms.file_not_given")
    if file.size > MOST_BYTES:
        raise MethodError("xlsforms.file_too_large", Where(file=file.name), {"most": MOST_BYTES // 1_000_000})
    return bring_form(by=request.viewer, source=file.read(), filename=file.name)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request, key):
    """A draft with all that is wrong with it; POST takes which repairs are wanted."""
    found = or_404(queries.draft(request.viewer, key))
    if request.method == "POST":
        given = (
            value for name, values in request.POST.lists() if name.startswith("chosen") for value in values
        )
        chosen = likely(found) if "likely" in request.POST else {value for value in given if value}
        choose_repairs(by=request.viewer, draft=found, chosen=chosen)
        return redirect("form-draft", key=key)
    return render(request, "forms/draft.html", _shown(request.viewer, found))


def _shown(viewer, draft):
    known = {"form": queries.form_named(viewer, draft.form_id), "files": queries.files_of(viewer, draft)}
    known |= {"draft": draft, "personal": told_personal(viewer, draft)}
    return told_report(draft.report, draft.chosen) | known


@login_required
@require_safe
def mended(request, key):
    """The form with its repairs, to be opened in a spreadsheet program; the file itself where nothing was mended."""
    found = or_404(queries.drafts(request.viewer).defer(None).filter(pk=key).first())
    source = bytes(found.source)
    content, name = mended_source(examine(source, found.filename, found.chosen), source, found.filename)
    ending = name.rpartition(".")[2].lower()
    response = HttpResponse(content, content_type=KINDS.get(ending, "application/octet-stream"))
    response.headers["Content-Disposition"] = _attachment(name)
    return response


def _attachment(name):
    from django.utils.http import content_disposition_header  # noqa: PLC0415  only here

    return content_disposition_header(True, name)


@login_required
@require_POST
def attach(request, key):
    """Files that the draft needs."""
    found = or_404(queries.draft(request.viewer, key))
    attach_files(by=request.viewer, draft=found, files=given_files(request))
    messages.success(request, _("The files are attached."))
    return redirect("form-draft", key=key)


def given_files(request):
    """Name → bytes of the files that came with a request; raises when there is none."""
    files = {file.name: file.read() for file in request.FILES.getlist("files")}
    if not files:
        raise TaamaError("forms.file_not_given")
    return files


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, key):
    """What publishing means, and then its happening."""
    request.viewer.require("forms.publish_draft")
    found = or_404(queries.draft(request.viewer, key))
    if request.method == "POST":
        given = {"tool": request.POST.get("tool", ""), "keep_days": _days(request)} | _classes(request)
        version = publish_draft(by=request.viewer, draft=found, **given)
        messages.success(request, _("Published. Phones get it when they next look for forms."))
        return redirect("form", key=version.form_id)
    return render(request, "forms/publish.html", _to_publish(request.viewer, found))


def _to_publish(viewer, draft):
    form = queries.form_named(viewer, draft.form_id)
    missing = [f["name"] for f in queries.files_of(viewer, draft) if not (f["media"] or f["given"])]
    return {
        "draft": draft, "form": form, "missing": missing, "tools": [(code, tool_name(code)) for code in registry.tool_codes()], "tool_name": tool_name(form.tool if form else ""), "levels": levels()[:3],
        "doubts": counts(draft.report)["doubts"], "level": f"S{form.sensitivity_class}" if form else "S2", "personal": told_personal(viewer, draft),
    }  # fmt: skip


def _classes(request):
    """The classes that were chosen: of the form, and of its questions."""
    whole, given = request.POST.get("sensitivity"), request.POST
    chosen = {
        name.removeprefix("class:"): given[name]
        for name in given
        if name.startswith("class:") and given[name]
    }
    return {"sensitivity": Class[whole] if whole in Class.__members__ else None, "classes": chosen}


def _days(request):
    text = request.POST.get("keep_days", "").strip()
    return min(int(text), 36_500) if text.isascii() and text.isdigit() and int(text) else None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, key):
    """What deleting a draft means, and then its happening."""
    request.viewer.require("forms.delete_draft")
    found = or_404(queries.draft(request.viewer, key))
    if request.method == "POST":
        delete_draft(by=request.viewer, draft=found)
        messages.success(request, _("The draft is deleted."))
        return redirect("forms")
    return render(request, "forms/delete.html", {"draft": found, "trials": found.trials.count()})
