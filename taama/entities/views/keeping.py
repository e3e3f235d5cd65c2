"""Pages for how a list is kept: its rules, what waits in it, tables that are brought into it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.requests import language_now, or_404
from taama.entities.actions import lists as actions
from taama.entities.actions.entries import accept_change, refuse_change
from taama.entities.actions.importing import import_entries
from taama.entities.queries import lists as queries
from taama.entities.views import shown

LARGEST_FILE = 50_000_000
MOST_SHOWN = 200


@login_required
def rules(request, name):
    """What a list is called, where its entries lie, who gets them, whether new ones are approved."""
    found = queries.list_named(request.viewer, name)
    if request.method == "POST":
        return _keep(request, found)
    fills, reads = queries.form_uses(request.viewer, found)
    context = {
        "list": found,
        "class": shown.class_told(found),
        "properties": queries.properties(request.viewer, found),
        "placing": queries.placing(request.viewer, found),
    }
    return shown.page(request, "rules", context | {"fills": fills, "reads": reads})


def _keep(request, found):
    given = {key: request.POST.get(key, "") for key in ("title", "area_property")}
    flags = {key: key in request.POST for key in ("filtered", "needs_approval")}
    changed = actions.change_list(by=request.viewer, entity_list=found, **given, **flags)
    if changed.placing:
        messages.success(request, _("Saved. The rule of areas holds once all entries are placed."))
    else:
        messages.success(request, _("The list is kept like this from now on."))
    return redirect("entities-rules", name=found.name)


@require_POST
@login_required
def place_again(request, name):
    """Place all entries of a list anew."""
    found = queries.list_named(request.viewer, name)
    actions.place_again(by=request.viewer, entity_list=found)
    messages.success(request, _("The entries are being placed anew."))
    return redirect("entities-rules", name=name)


@require_GET
@login_required
def waiting(request, name):
    """What was sent about a list and is not applied."""
    found = queries.list_named(request.viewer, name)
    changes = list(queries.open_changes(request.viewer, found)[:MOST_SHOWN])
    labels = queries.labels(request.viewer, found, [one.name for one in changes])
    rows = [
        (one, labels.get(one.name), shown.told(one), shown.waiting_for_person(one), shown.sayings(one))
        for one in changes
    ]
    return shown.page(request, "waiting", {"list": found, "rows": rows})


@require_POST
@login_required
def decide(request, name, key):
    """Accept or refuse a new entry."""
    change = or_404(queries.open_change(request.viewer, key))
    if request.POST.get("do") == "accept":
        accept_change(by=request.viewer, change=change)
        messages.success(request, _("The entry is accepted."))
    else:
        refuse_change(by=request.viewer, change=change)
        messages.success(request, _("The entry is refused."))
    return redirect("entities-waiting", name=name)


@login_required
def bring(request, name):
    """Bring a table into a list: every fault with its line, or the lines on their way."""
    found = queries.list_named(request.viewer, name)
    context = {"list": found, "imports": queries.imports(request.viewer, found)[:10]}
    file = request.FILES.get("file")
    if request.method == "POST" and file is not None:
        faults = _bring(request, found, file)
        if not faults:
            messages.success(request, _("The file is in order; its lines are being taken in."))
            return redirect("entities-import", name=name)
        context |= {"faults": faults, "filename": file.name}
    return shown.page(request, "import", context, 400 if "faults" in context else 200)


def _bring(request, found, file):
    """The faults of a file, each with its sentence; none when it was taken in."""
    if file.size > LARGEST_FILE:
        raise TaamaError("entities.file_too_large", values={"most": LARGEST_FILE // 1_000_000}, status=413)
    given = {"raw": file.read(), "filename": file.name, "key": request.POST.get("key", "").strip()}
    try:
        import_entries(by=request.viewer, entity_list=found, **given)
    except TaamaError as error:
        if error.code != "entities.file_faulty":
            raise
        return [(one.line, message(one.code, language_now(), one.values)) for one in error.values["faults"]]
    return []
