"""Files that came with a submission: pictures are shown, everything else is only handed out."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.views.decorators.http import require_GET

from taama.base import files
from taama.base.requests import ALONE, or_404
from taama.collect import queries as collect

PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@require_GET
@login_required
def file(request, key, file):
    """A picture to look at, or any other file to keep."""
    found = or_404(collect.submission(request.viewer, key))
    kept = or_404(collect.files(request.viewer, [found]).filter(pk=file).first())
    path = files.path_of(kept.sha256)
    if not path.exists():
        return or_404(None)
    kind = _picture(path)
    content = open(path, "rb")  # noqa: SIM115  the answer closes it
    told = kind or "application/octet-stream"
    answer = FileResponse(content, as_attachment=not kind, filename=kept.filename, content_type=told)
    answer["Content-Security-Policy"] = ALONE
    answer["Cache-Control"] = "private, no-store"
    return answer


def _picture(path):
    """The type of a picture by its first bytes, whatever its name says; "" for everything else."""
    with open(path, "rb") as content:
        begin = content.read(8)
    return next((kind for mark, kind in PICTURES.items() if begin.startswith(mark)), "")
