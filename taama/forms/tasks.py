"""Slow work on forms: converting drafts, asking ODK Validate, forgetting what nobody touched."""

import logging
import shutil
import subprocess
import tempfile
from pathlib import Path

from taama.base.errors import MethodError
from taama.base.policy import WORKER
from taama.base.work import lease
from taama.forms import queries
from taama.forms.actions.drafts import begin_conversion, forget_drafts, record_conversion
from taama.forms.methods.converting import Compiled, convert, faults_of_error
from taama.forms.methods.report import examine, stops, told
from taama.xlsforms.methods.book import Fault
from taama.xlsforms.methods.validating import command, jar_path, validate

ATTEMPTS = 3  # a form that kills the worker each time is given up
PATIENCE_SECONDS = 60
log = logging.getLogger("taama.forms")


def convert_drafts():
    """Convert the draft that waits longest. Returns how many were settled; one worker at a time does it."""
    if queries.next_draft(WORKER) is None:
        return 0
    with lease("forms") as held:
        draft = queries.next_draft(WORKER) if held else None
        if draft is not None:
            settle(draft)
        return int(draft is not None)


def forget_old_drafts():
    """Once a day. Returns 0: there is nothing to repeat."""
    forget_drafts(by=WORKER)
    return 0


def settle(draft):
    """Convert and validate a draft, and note what came of it; whatever happens, it waits no longer."""
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
        found = _converted(source, draft.filename, examined)
    except MethodError as error:
        found = {"found": [told(faults_of_error(error))]}
    except Exception:
        log.exception("conversion failed", extra={"draft": str(draft.pk)})
        found = {"found": [told(Fault("forms.conversion_fault"))]}
    record_conversion(by=WORKER, draft=draft, examined=examined, **found)


def _converted(source, filename, examined):
    """What `record_conversion` notes: entries, the XForm, the verdict of ODK Validate."""
    if stops(examined.entries):
        return {}
    if examined.book is None:
        compiled, faults = Compiled(source), ()
    else:
        made = convert(examined.book)
        compiled, faults = made.compiled, made.faults
    entries = [told(fault) for fault in faults]
    if compiled is None or stops(entries):
        return {"found": entries}
    verdict, validated = _validated(compiled.xform, examined.book)
    return {"found": [*entries, *map(told, verdict)], "compiled": compiled, "validated": validated}


def _validated(xform, book):
    """(faults, whether it is valid); None where ODK Validate could not be asked, which is told."""
    if shutil.which("java") is None:
        return [Fault("forms.java_missing", "warning")], None
    try:
        faults = validate(xform, run_validator, book)
    except subprocess.TimeoutExpired:
        return [Fault("forms.validator_slow", "warning", values={"seconds": PATIENCE_SECONDS})], None
    return faults, not faults


def run_validator(xform):
    """ODK Validate on an XForm: (return code, what it wrote)."""
    with tempfile.TemporaryDirectory(prefix="taama-form-") as folder:
        path = Path(folder) / "form.xml"
        path.write_bytes(xform)
        done = subprocess.run(  # noqa: S603  the form is a file that it reads, never a word of the command
            command(shutil.which("java"), jar_path(), str(path)), cwd=folder, timeout=PATIENCE_SECONDS,
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
    return done.returncode, done.stderr + done.stdout
