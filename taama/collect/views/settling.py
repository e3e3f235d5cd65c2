"""Several items put aside, decided together: what will become of each is said first; each is judged on its own."""

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.base.requests import language_now
from taama.collect import queries
from taama.collect.actions.quarantine import discard_quarantined, release_quarantined
from taama.collect.models import Quarantined
from taama.collect.views.quarantine import wanted_of
from taama.collect.views.shown import page

MOST = 200  # at once


@dataclass(frozen=True)
class Way:
    """A decision on several: `name` stands in the form that is sent."""

    name: str
    act: Callable
    title: str


WAYS = {
    way.name: way
    for way in (
        Way("accept", release_quarantined, _("Accept these submissions")),
        Way("discard", discard_quarantined, _("Discard these submissions")),
    )
}


@require_POST
@login_required
def settle(request):
    """Say what a decision will do to each of those chosen; or, confirmed with a reason, decide."""
    way = WAYS.get(request.POST.get("way", ""), WAYS["accept"])
    queries.require_reach(request.viewer, way.act.rule.code)
    items = _chosen(request)
    if not items:
        raise TaamaError("collect.nothing_chosen")
    if request.POST.get("sure") != "yes":
        rows = [(item, *_foretold(request.viewer, way, item)) for item in items]
        possible = any(hurdle is None for _item, hurdle, *_rest in rows)
        return page(request, "collect/settle.html", {"way": way, "rows": rows, "possible": possible})
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise TaamaError("collect.reason_missing")
    return page(request, "collect/settled.html", _decided(request.viewer, way, items, reason))


def _chosen(request):
    """Those ticked, or all that fit the choice, without bytes, as they came: originals come before their edits."""
    waiting = queries.quarantine(request.viewer, **wanted_of(request.POST)).order_by("received_at", "id")
    if request.POST.get("all") == "yes":
        return list(waiting[:MOST])
    keys = [key for key in request.POST.getlist("key")[:MOST] if _is_key(key)]
    return list(waiting.filter(pk__in=keys))


def _is_key(text):
    with contextlib.suppress(ValueError):
        return bool(uuid.UUID(text))
    return False


def _foretold(viewer, way, item):
    """(what stands in the way, what it takes the place of, another version that reads it) of one item."""
    if way.name == "discard":
        return None, None, None
    item = queries.quarantined(viewer, item.pk)  # with its bytes, which go before the next one's are read
    hurdle = queries.hurdle(viewer, item)
    if hurdle:
        return message(hurdle.code, language_now(), hurdle.values), None, None
    version = queries.reading_version(viewer, item).version
    return None, queries.replaced_by_release(viewer, item), version if version != item.version else None


def _decided(viewer, way, items, reason):
    """What became of each. What waits for its original is tried again once that is decided."""
    taken, refused, turn = [], [], items
    while turn:
        waits = []
        for item in turn:
            error = _attempt(viewer, way, item, reason)
            if error is None:
                taken.append(item)
            else:
                (waits if error.code == "collect.original_waits" else refused).append((item, error))
        if len(waits) == len(turn):
            refused += waits
            break
        turn = [item for item, _error in waits]
    told = [(item, message(error.code, language_now(), error.values)) for item, error in refused]
    return {"way": way, "taken": taken, "refused": told}


def _attempt(viewer, way, item, reason):
    """The error that kept one from being decided, or None. Its original may have brought it home meanwhile."""
    item = queries.quarantined(viewer, item.pk)
    if item is None:
        return TaamaError("collect.settled_already")
    if way.name == "accept" and item.state == Quarantined.State.RELEASED:
        return None
    try:
        way.act(by=viewer, quarantined=item, reason=reason)
    except TaamaError as error:
        return error
    return None
