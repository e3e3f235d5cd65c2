"""Lists for phones, under the addresses and the door of OpenRosa: the file, and what is gone from it."""

import zlib

from django.http import HttpResponse, StreamingHttpResponse

from taama.base.errors import TaamaError
from taama.entities.methods.documents import integrity
from taama.entities.methods.names import identity
from taama.entities.queries import serving
from taama.forms import queries as forms
from taama.phones.views.arriving import viewer_of
from taama.phones.views.openrosa import XML, for_phones, unless_known

CSV = "text/csv; charset=utf-8"
GZIP = 16 + zlib.MAX_WBITS


@for_phones("GET", "HEAD", strict=False)
def csv(request, key, filename):
    """A list as this phone gets it, or 304 when it has it already."""
    shown = _shown(request, key, filename)
    response = unless_known(request, shown.hash, lambda: _file(request, shown))
    response["Vary"] = "Accept-Encoding"
    return response


def _file(request, shown):
    if request.method == "HEAD":
        return HttpResponse(content_type=CSV)
    lines = (text.encode() for text in serving.lines(viewer_of(request.device), shown))
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = StreamingHttpResponse(_packed(lines) if packed else lines, content_type=CSV)
    if packed:
        response["Content-Encoding"] = "gzip"
    return response


def _packed(pieces):
    """A list shrinks to a third or less: over a bad link that is what counts."""
    packer = zlib.compressobj(1, zlib.DEFLATED, GZIP)
    for piece in pieces:
        if packed := packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH):
            yield packed
    yield packer.flush()


@for_phones("GET", "HEAD")
def gone(request, key, filename):
    """Which of the entries that a phone names it must let go of."""
    shown = _shown(request, key, filename)
    named = (identity(one) for one in request.GET.get("id", "").split(","))
    fates = serving.fates(viewer_of(request.device), shown.list, [name for name in named if name])
    return HttpResponse(integrity(fates), content_type=XML)


def _shown(request, key, filename):
    viewer = viewer_of(request.device)
    shown = serving.offered_list(viewer, key, filename) if forms.may_fetch(viewer, key) else None
    if shown is None:
        raise TaamaError("phones.no_such_address", status=404)
    return shown
