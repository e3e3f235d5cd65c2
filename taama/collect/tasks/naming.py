"""Noting which files submissions name, so that those that have not come can be looked for."""

import logging
from functools import lru_cache

from taama.base.errors import MethodError
from taama.base.policy import WORKER
from taama.collect.actions.reading import note_files
from taama.collect.methods.named import file_questions, files_named
from taama.collect.models import Submission
from taama.forms.models import FormVersion

BATCH = 500
log = logging.getLogger("taama.collect")


def note_named_files():
    """Note the files of one batch of submissions. Returns how many were looked at."""
    waiting = Submission.objects.filter(files_noted=False).order_by("id")
    found = list(waiting.values_list("pk", "form_version_id", "encrypted")[:BATCH])
    asked = {key: _questions(key) for key in {version for _, version, _ in found if version}}
    open_ = [key for key, version, encrypted in found if encrypted or asked.get(version)]
    named = dict.fromkeys((key for key, *_ in found), frozenset())
    raws = Submission.objects.filter(pk__in=open_, raw__isnull=False).values_list(
        "pk", "form_version_id", "raw"
    )
    for key, version, raw in raws.iterator(chunk_size=50):
        named[key] = _named(key, bytes(raw), asked.get(version, frozenset()))
    return note_files(by=WORKER, named=named) if named else 0


@lru_cache(maxsize=256)
def _questions(version):
    """A version never changes."""
    return file_questions(bytes(FormVersion.objects.values_list("xform", flat=True).get(pk=version)))


def _named(key, raw, questions):
    try:
        return files_named(raw, questions)
    except MethodError:
        log.warning("files not noted", extra={"submission": str(key)})
        return frozenset()
