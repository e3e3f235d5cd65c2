"""Slow work on forms: converting drafts, asking ODK Validate, forgetting what nobody touched."""

import contextlib
import logging
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from taama.base.errors import MethodError
from taama.base.policy import WORKER
from taama.base.work import release_lease, take_lease
from taama.forms import queries
from taama.forms.actions.drafts import begin_conversion, forget_drafts, record_conversion
from taama.forms.methods.converting import Compiled, convert, faults_of_error
from taama.forms.methods.report import examine, stops, told
from taama.xlsforms.methods.book import Fault
from taama.xlsforms.methods.validating import command, jar_path, read_verdict

NICE = ["nice", "-n", "10"] if shutil.which("nice") else []
ATTEMPTS = 3  # a form that kills the worker each time is given up
PATIENCE_SECONDS = 60
SLICE_SECONDS = 0.2  # for which other work waits while ODK Validate looks at a form
LEASE = "forms"
log = logging.getLogger("taama.forms")
_running = {}  # (key of the draft, when it was changed) → its steps, in this process


def convert_drafts():
    """Go on with the draft that waits longest. Returns 1 when there is one; one worker at a time does it."""
    draft = queries.next_draft(WORKER)
    if draft is None:
        _running.clear()
        return 0
    if not take_lease(LEASE):
        return 0
    key = (draft.pk, draft.changed_at)
    if key not in _running:
        _running.clear()
        _running[key] = settle(draft)
    try:
        for _ in _running[key]:
            return 1
    except BaseException:
        _running.clear()
        release_lease(LEASE)
        raise
    _running.clear()
    release_lease(LEASE)
    return 1


def forget_old_drafts():
    """Once a day. Returns 0: there is nothing to repeat."""
    forget_drafts(by=WORKER)
    return 0


def settle(draft):
    """Convert and validate a draft, and note what came of it; whatever happens, it waits no longer.

    Yields while ODK Validate works, so that the worker turns to what phones send.
    """
    if draft.attempts == ATTEMPTS:
        record_conversion(
            by=WORKER, draft=draft, examined=None, found=[told(Fault("forms.conversion_killed"))]
        )
        return
    begin_conversion(by=WORKER, draft=draft)
    examined = None
    try:
        source = bytes(draft.source)
        examined = examine(source, draft.filename, draft.chosen)
        found = yield from judged(source, draft.filename, examined)
    except MethodError as error:
        found = {"found": [told(faults_of_error(error))]}
    except Exception:
        log.exception("conversion failed", extra={"draft": str(draft.pk)})
        found = {"found": [told(Fault("forms.conversion_fault"))]}
    record_conversion(by=WORKER, draft=draft, examined=examined, **found)


def judged(source, filename, examined):
    """Convert a form that was looked through and ask ODK Validate. Yields while that works.

    Returns  what `record_conversion` notes: entries as `found`, the XForm as `compiled`, the verdict as `validated`
    """
    if stops(examined.entries):
        return {"found": []}
    if examined.book is None:
        compiled, faults = Compiled(source), ()
    else:
        made = convert(examined.book)
        compiled, faults = made.compiled, made.faults
    entries = [told(fault) for fault in faults]
    if compiled is None or stops(entries):
        return {"found": entries}
    verdict, validated = yield from _validated(compiled.xform, examined.book)
    return {"found": [*entries, *map(told, verdict)], "compiled": compiled, "validated": validated}


def finished(steps):
    """Go through the steps of such work, for who has nothing else to do. Returns what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def _validated(xform, book):
    """(faults, whether it is valid); None where ODK Validate could not be asked, which is told."""
    if shutil.which("java") is None:
        return [Fault("forms.java_missing", "warning")], None
    try:
        faults = read_verdict(*(yield from run_validator(xform)), book)
    except subprocess.TimeoutExpired:
        return [Fault("forms.validator_slow", "warning", values={"seconds": PATIENCE_SECONDS})], None
    return faults, not faults


def run_validator(xform):
    """ODK Validate on an XForm, behind all other work. Yields while it works; returns (return code, what it wrote)."""
    with tempfile.TemporaryDirectory(prefix="taama-form-") as folder:
        path, said = Path(folder) / "form.xml", Path(folder) / "said.txt"
        path.write_bytes(xform)
        called = [*NICE, *command(shutil.which("java"), jar_path(), str(path))]
        with (
            said.open("wb") as out,
            subprocess.Popen(  # noqa: S603  the form is a file that it reads, no word of the command
                called, cwd=folder, stdout=out, stderr=subprocess.STDOUT
            ) as process,
        ):
            try:
                yield from _until(process, time.monotonic() + PATIENCE_SECONDS)
            finally:
                process.kill()
        return process.returncode, said.read_text(errors="replace")


def _until(process, end):
    while process.poll() is None:
        if time.monotonic() > end:
            raise subprocess.TimeoutExpired(process.args, PATIENCE_SECONDS)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SLICE_SECONDS)
        yield
