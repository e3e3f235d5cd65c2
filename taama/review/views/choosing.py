"""The choice that a reader makes on the list: from the address to `Wanted` and back, and pages by key."""

import contextlib
import uuid
from datetime import date

from django.utils.http import urlencode

from taama.forms import queries as forms
from taama.review.models import Review
from taama.review.queries.reviewing import Wanted

FINDINGS = ("errors", "doubts", "any", "none", "files")
TEXTS = ("area", "device", "enumerator")
PAGE = 50
LAST = uuid.UUID(int=2**128 - 1)


def wanted_of(viewer, given):
    """What the address asks for; nonsense in it is no choice."""
    form_id, *texts = (given.get(name, "").replace("\0", "").strip()[:120] for name in ("form", *TEXTS))
    form = forms.form_named(viewer, form_id) if form_id else None
    texts = dict(zip(TEXTS, texts, strict=True))
    if not viewer.may("review.enumerators"):
        texts["enumerator"] = ""
    return Wanted(
        form=form,
        state=given.get("state") if given.get("state") in Review.State.values else "",
        findings=given.get("findings") if given.get("findings") in FINDINGS else "",
        first=_day(given.get("first")),
        last=_day(given.get("last")),
        **texts,
    )


def address_of(wanted, **more):
    """The choice as it stands in an address, without what was left open."""
    told = {"form": wanted.form and wanted.form.form_id, "first": wanted.first, "last": wanted.last}
    told |= {name: getattr(wanted, name) for name in ("state", "findings", *TEXTS)} | more
    return urlencode({name: value for name, value in told.items() if value})


def is_narrow(wanted):
    """Whether more is chosen than form and state: what a page folds away must be seen then."""
    return any(getattr(wanted, name) for name in ("findings", "first", "last", *TEXTS))


def page_after(found, after):
    """(rows, key of the next page or ""): a page that takes as long at the end of a long list as at its beginning."""
    found = found.filter(pk__lt=_key(after) or LAST)  # bounded: only then does SQLite walk along the keys
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _key(text):
    with contextlib.suppress(ValueError, TypeError):
        return uuid.UUID(text)
    return None


def _day(text):
    with contextlib.suppress(ValueError, TypeError):
        return date.fromisoformat(text)
    return None
