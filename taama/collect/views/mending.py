"""What cannot be read is mended: a file is uploaded, what will happen is said, and then a person decides with a reason."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from taama.base import files
from taama.base.errors import MethodError, TaamaError
from taama.base.messages import message
from taama.base.requests import language_now, or_404
from taama.collect import queries
from taama.collect.actions.quarantine import Mended, mend_quarantined
from taama.collect.methods.instance import LARGEST_INSTANCE
from taama.collect.views.beside import changed_lines, side_by_side
from taama.collect.views.shown import page


@require_POST
@login_required
def mend(request, key):
    """Show what a mended file will do; or, confirmed, take it in."""
    item = or_404(queries.quarantined(request.viewer, key))
    queries.require_reach(request.viewer, "collect.mend_quarantined", item)
    if "ticket" in request.POST:
        (path, raw), reason = _left(item, request.POST["ticket"]), request.POST.get("reason", "")
        taken = mend_quarantined(by=request.viewer, quarantined=item, raw=raw, reason=reason)
        path.unlink(missing_ok=True)
        messages.success(request, _("The mended submission is accepted; what came is kept with it."))
        return redirect("collect-submission", key=taken.pk)
    try:
        return page(request, "collect/mend.html", _foretold(request, item))
    except MethodError as error:
        messages.error(request, _told(error))
        return redirect(reverse("collect-aside", args=[key]) + "#mend")


def _foretold(request, item):
    raw, viewer = _uploaded(request), request.viewer
    judged = Mended(viewer, item, raw).judged
    hurdle, held = queries.hurdle(viewer, judged), queries.held_beside(viewer, judged)
    before = side_by_side(viewer, item, judged)
    changed, more = ([], False) if before["readable"] else changed_lines(bytes(item.raw), raw)
    return {
        "item": item, "judged": judged, "version": queries.reading_version(viewer, judged), "hurdle": hurdle,
        "hurdle_text": hurdle and message(hurdle.code, language_now(), hurdle.values),
        "edited": hurdle is None and queries.replaced_by_release(viewer, judged),
        "before": before, "changed": changed, "more_changed": more,
        "beside": held and side_by_side(viewer, held, judged), "ticket": _ticket(item, raw),
    }  # fmt: skip


def _uploaded(request):
    sent = request.FILES.get("file")
    if sent is None:
        raise MethodError("collect.mended_missing")
    if sent.size > LARGEST_INSTANCE:
        raise MethodError("collect.mended_too_large")
    return sent.read()


def _ticket(item, raw):
    """Leaves the file where no backup takes it, and says in a signed word which it is and for which item."""
    incoming = files.Incoming()
    incoming.write(raw)
    return signing.dumps([str(item.pk), incoming.leave(), incoming.hash.hexdigest()], salt="collect.mend")


def _left(item, ticket):
    """(where the file of a ticket is, its bytes)."""
    try:
        key, name, sha256 = signing.loads(ticket, salt="collect.mend", max_age=files.GRACE_SECONDS)
        raw = files.left(name).read_bytes()
    except (signing.BadSignature, FileNotFoundError) as error:
        raise TaamaError("collect.mended_missing") from error
    if key != str(item.pk) or hashlib.sha256(raw).hexdigest() != sha256:
        raise TaamaError("collect.mended_missing")
    return files.left(name), raw


def _told(error):
    text = message(error.code, language_now(), error.values)
    line = _("line %(row)s") % {"row": error.where.row} + ": " if error.where.row else ""
    return f"{line}{text.cause} {text.remedy}"
