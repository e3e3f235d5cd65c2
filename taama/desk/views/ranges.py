"""A file in the pieces that a client asks for, so that a download over a bad link goes on where it broke off."""

import re

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})$")
CHUNK = 1 << 16


def file_answer(request, path, tag, content_type):
    """The file, or the one range of it that was asked for; several ranges at once get the whole file.

    tag   what changes when the file does
    """
    size, etag = path.stat().st_size, f'"{tag}"'
    response = _answer(path, size, _range(request, size, etag))
    response["Accept-Ranges"], response["ETag"] = "bytes", etag
    response["Content-Encoding"] = "identity"  # compressed once more on its way, it could not be taken up again
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = f'attachment; filename="{path.name}"'
    response["Content-Type"] = content_type
    return response


def _answer(path, size, wanted):
    if wanted is None:
        return FileResponse(open(path, "rb"))  # noqa: SIM115  closed by the response
    if wanted == ():
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = wanted
    response = StreamingHttpResponse(_pieces(path, first, last), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _range(request, size, etag):
    """(first, last) byte; None for the whole file; () for what does not exist."""
    asked = RANGE.match(request.headers.get("Range", "").replace(" ", ""))
    if not asked or asked.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:
        return (max(size - int(last), 0), size - 1) if int(last) and size else ()
    first, last = int(first), min(int(last or size), size - 1)
    return (first, last) if first <= last else ()


def _pieces(path, first, last):
    with open(path, "rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
