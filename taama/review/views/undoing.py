"""What was decided on many can be taken back by the person who decided, for a day: a signed word says whose and which."""

import contextlib

from django.core import signing
from django.http import Http404

from taama.base.errors import TaamaError
from taama.review.queries import reviewing

SALT = "review.take_back"
SECONDS = 86_400


def word_of(viewer, begun, ended):
    """The word for all that this viewer decided between two keys: what the journal says of it lies between."""
    return signing.dumps([viewer.id, str(begun), str(ended)], salt=SALT)


def decided(viewer, word):
    """Former state → submissions that can be taken back with this word."""
    viewer.require("review.decide")
    try:
        account, begun, ended = signing.loads(word, salt=SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    if account != viewer.id:
        raise Http404
    former = reviewing.decided_between(viewer, begun, ended)
    if _count(former) > reviewing.AT_MOST:
        raise TaamaError("review.too_many", values={"most": reviewing.AT_MOST})
    return former


def offered(request):
    """What a list offers to take back, and of how many: nothing where the word says nothing to this viewer."""
    word = request.GET.get("undo", "")
    with contextlib.suppress(Http404, TaamaError):
        return {"undo": word, "undoable": _count(decided(request.viewer, word)) if word else 0}
    return {}


def _count(former):
    return sum(len(found) for found in former.values())
