"""Pages for those who keep lists: all lists, one list, one entry with its versions and conflicts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taama.base.requests import or_404
from taama.entities.actions import entries as actions
from taama.entities.actions.lists import create_list
from taama.entities.queries import lists as queries
from taama.entities.views import shown
from taama.places import queries as places


@require_GET
@login_required
def lists(request):
    """All lists, with what waits in each."""
    found = [(one, shown.class_told(one)) for one in queries.lists(request.viewer)]
    return shown.page(request, "lists", {"lists": found})


@require_POST
@login_required
def add(request):
    """Another list."""
    properties = [name.strip() for name in request.POST.get("properties", "").split(",") if name.strip()]
    asked = {key: request.POST.get(key, "").strip() for key in ("name", "title")}
    made = create_list(by=request.viewer, properties=properties, **asked)
    messages.success(request, _("The list is made. Bring its entries, or publish a form that fills it."))
    return redirect("entities-list", name=made.name)


@require_GET
@login_required
def entries(request, name):
    """One list: its entries, searched and page by page."""
    found = queries.list_named(request.viewer, name)
    page, chosen = shown.entries(request.viewer, found, request.GET)
    columns, rows = shown.lines(request.viewer, found, page, chosen["only"])
    context = {"list": found, "page": page, "rows": rows, "columns": columns}
    return shown.page(request, "list", context | chosen)


@require_GET
@login_required
def entry(request, name, key):
    """One entry: what it is, who said so, where they contradict each other."""
    found = _entry(request, name, key)
    state = queries.standing(request.viewer, found)
    history, standing = shown.history(request.viewer, found, state), shown.standing_of(found)
    sides, disputed = shown.side_by_side(history, state, standing)
    names = ["label", *queries.properties(request.viewer, found.list)]
    context = {
        "list": found.list, "entry": found, "history": history, "sides": sides, "disputed": disputed,
        "fields": [(one, shown.heading(one), standing.get(one, "")) for one in names],
        "area": places.area_names(request.viewer, [found.area]).get(found.area, found.area),
        "not_placed": shown.not_placed(request.viewer, found.list, [found]).get(found.pk),
        "may_erase": request.viewer.may("entities.erase_entry"),
    }  # fmt: skip
    return shown.page(request, "entry", context)


@require_POST
@login_required
def correct(request, name, key):
    """Correct an entry."""
    said = _("The entry is corrected; phones get it at their next update.")
    return _write(request, name, key, actions.correct_entry, said)


@require_POST
@login_required
def settle(request, name, key):
    """Settle the conflicts of an entry."""
    return _write(request, name, key, actions.settle_conflict, _("The conflict is settled."))


def _write(request, name, key, action, said):
    """Do this with the values that somebody chose or wrote, having seen a version."""
    found = _entry(request, name, key)
    values = shown.chosen_values(request, ["label", *queries.properties(request.viewer, found.list)])
    action(by=request.viewer, entity=found, values=values, seen=shown.seen_version(request))
    messages.success(request, said)
    return redirect("entities-entry", name=name, key=key)


@require_POST
@login_required
def turn(request, name, key):
    """Delete, restore or erase an entry."""
    found, asked = _entry(request, name, key), request.POST.get("do")
    if asked == "delete":
        actions.delete_entry(by=request.viewer, entity=found)
    elif asked == "restore":
        actions.restore_entry(by=request.viewer, entity=found)
    elif asked == "erase":
        actions.erase_entry(by=request.viewer, entity=found, reason=request.POST.get("reason", ""))
    messages.success(request, _("Done; phones learn of it at their next update."))
    return redirect("entities-entry", name=name, key=key)


def _entry(request, name, key):
    found = queries.list_named(request.viewer, name)
    return or_404(queries.entry(request.viewer, found, str(key)))
