"""Pages of what was put aside: the list, one item beside what it meets, its bytes, and its acceptance."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from taama.base.errors import NotAllowed
from taama.base.messages import message
from taama.base.requests import language_now, or_404
from taama.collect import queries
from taama.collect.actions.desk import REMOVED
from taama.collect.actions.quarantine import release_quarantined, take_back_discarded
from taama.collect.methods.keeping import kept_until
from taama.collect.models import Quarantined
from taama.collect.views.beside import side_by_side
from taama.collect.views.removing import onward, removals_of
from taama.collect.views.shown import page, xml_shown

PAGE = 50
REASONS = {
    "collect.xml_unreadable": gettext_lazy("XML cannot be read"),
    "collect.form_not_named": gettext_lazy("Form not named"),
    "collect.form_unknown": gettext_lazy("Form not published"),
    "collect.version_unknown": gettext_lazy("Version not published"),
    "collect.form_closed": gettext_lazy("Form closed"),
    "collect.edit_of_unknown": gettext_lazy("Edit, its original has not come"),
    "collect.edit_of_other_form": gettext_lazy("Edit of another form's submission"),
    "collect.edit_not_current": gettext_lazy("Edit of a version no longer current"),
    "collect.instance_conflict": gettext_lazy("Other content, same identifier"),
    "collect.instance_removed": gettext_lazy("Withdrawn or erased before"),
}
TO_MEND = ("collect.cannot_release", "collect.form_not_named")
CHOICE = ("code", "form_id", "device")


def wanted_of(given):
    """The choice that an address or a form makes; nonsense in it is no choice."""
    wanted = {name: given.get(name, "").replace("\0", "").strip()[:120] for name in CHOICE}
    return wanted | {"code": wanted["code"] if wanted["code"] in REASONS else ""}


@require_GET
@login_required
def quarantine(request):
    """What was put aside and waits for a decision: how many for which reason, and those of one choice."""
    wanted = wanted_of(request.GET)
    found = Paginator(queries.quarantine(request.viewer, **wanted), PAGE).get_page(request.GET.get("page"))
    rows = [(item, text_of(item), _kept_until(item)) for item in found]
    chosen = {name: value for name, value in wanted.items() if value}
    context = {"page": found, "rows": rows, "wanted": wanted, "chosen": chosen, "filters": _address(chosen)}
    context["full"] = queries.full_phones(request.viewer)
    return page(request, "collect/quarantine.html", context | _counts(request.viewer, wanted))


@require_GET
@login_required
def discarded(request):
    """What was discarded and is kept for a while, the last first: by whom, when and why."""
    found = queries.quarantine(request.viewer, state=Quarantined.State.DISCARDED).order_by("-settled_at")
    found = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = queries.discarded_by(request.viewer, found)
    rows = [(item, text_of(item), names.get(item.pk, ""), _kept_until(item)) for item in found]
    return page(request, "collect/discarded.html", {"page": found, "rows": rows})


def _address(chosen):
    return urlencode(chosen) + "&" if chosen else ""


def _counts(viewer, wanted):
    """What there is to choose by, each with how many wait."""
    counts = {name: queries.quarantine_counts(viewer, name, **wanted) for name in CHOICE}
    rest = {name: value for name, value in wanted.items() if value and name != "code"}
    reasons = [
        (code, REASONS.get(code, code), count, urlencode(rest | {"code": code}))
        for code, count in counts["code"]
    ]
    return {
        "reasons": reasons,
        "rest": urlencode(rest),
        "forms": counts["form_id"],
        "devices": counts["device"],
    }


@require_GET
@login_required
def aside(request, key):
    """One item that was put aside, with its content beside what it meets."""
    item, viewer = or_404(queries.quarantined(request.viewer, key)), request.viewer
    waiting = item.state == Quarantined.State.WAITING
    context = {
        "item": item, "text": text_of(item), "xml": xml_shown(viewer, item), "waiting": waiting,
        "files": queries.files_aside(viewer, item), "kept_until": _kept_until(item),
        "removals": removals_of(viewer, item), "became": item.submission_id and queries.submission(viewer, item.submission_id),
        "who": queries.discarded_by(viewer, [item]).get(item.pk, ""), **_rights(viewer, item), **(_decision(viewer, item) if waiting else {}),
    }  # fmt: skip
    return page(request, "collect/aside.html", context)


def _rights(viewer, item):
    """Whether its bytes may be read, and why not; whether it may wait again."""
    withheld, secret = queries.withheld(viewer, item), queries.hidden(viewer, item)
    why = message("collect.bytes_withheld", language_now()) if withheld else None
    discarded = item.state == Quarantined.State.DISCARDED
    return {
        "withheld": why, "may_download": item.raw is not None and not withheld and not secret,
        "may_take_back": discarded and queries.may_settle(viewer, "collect.take_back_discarded", item),
    }  # fmt: skip


def _decision(viewer, item):
    """What accepting it would do, what stands in the way, what it meets."""
    may = queries.may_settle(viewer, "collect.release_quarantined", item)
    hurdle, held = queries.hurdle(viewer, item), queries.held_beside(viewer, item)
    return {
        "may_release": may and hurdle is None, "may_settle": may, "hurdle": hurdle,
        "hurdle_text": hurdle and message(hurdle.code, language_now(), hurdle.values),
        "may_publish": viewer.may("forms.bring_form"), "to_mend": hurdle is not None and hurdle.code in TO_MEND,
        "edited": hurdle is None and queries.replaced_by_release(viewer, item),
        "read_with": queries.reading_version(viewer, item),
        "beside": held and side_by_side(viewer, held, item),
        "three_ways": held and item.code == "collect.edit_not_current" and held.state not in REMOVED,
        "next": queries.next_aside(viewer, item),
    }  # fmt: skip


@require_GET
@login_required
def aside_xml(request, key):
    """The bytes as they came, to be mended or compared."""
    item = or_404(queries.quarantined(request.viewer, key))
    if not _rights(request.viewer, item)["may_download"]:
        raise NotAllowed(rule="forms.see_confidential")
    response = HttpResponse(bytes(item.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{item.sha256[:12]}.xml"'
    return response


@require_POST
@login_required
def release(request, key):
    """Take in what was put aside."""
    item = or_404(queries.quarantined(request.viewer, key))
    reason = request.POST.get("reason", "")
    release_quarantined(by=request.viewer, quarantined=item, reason=reason)
    messages.success(request, _("The submission is accepted."))
    return onward(request.viewer, item)


@require_POST
@login_required
def take_back(request, key):
    """Let what was discarded wait again."""
    item = or_404(queries.quarantined(request.viewer, key))
    take_back_discarded(by=request.viewer, quarantined=item, reason=request.POST.get("reason", ""))
    messages.success(request, _("The submission waits for a decision again."))
    return redirect("collect-aside", key=key)


def _kept_until(item):
    discarded_at = item.settled_at if item.state == Quarantined.State.DISCARDED else None
    office_days = settings.TAAMA_KEEP_ASIDE_DAYS
    return kept_until(item.received_at, discarded_at, item.form_days, item.form_known, office_days)


def text_of(item):
    """Why an item was put aside, and what can be done."""
    values = {"instance": item.instance_id, "form": item.form_id, "version": item.version}
    return message(item.code, language_now(), values)
