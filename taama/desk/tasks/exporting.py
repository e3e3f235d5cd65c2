"""Making the files that people asked for: a little at a time, so that the worker's other work goes on meanwhile.

An export is a chain of steps. Each finished part is a file that a killed worker finds again; the parts of another
selection, or of tables that changed since, are made anew.
"""

import hashlib
import logging
import shutil
import time

from taama.base.errors import TaamaError
from taama.base.policy import OPERATOR, WORKER
from taama.base.viewers import viewer_of_user
from taama.base.work import lease
from taama.desk.actions.exporting import begin_export, fail_export, fulfil_export, note_progress
from taama.desk.queries import exports as queries
from taama.desk.tasks.chunks import LEASE
from taama.desk.tasks.selecting import select
from taama.desk.tasks.writing import write_file

SLICE_SECONDS = 1.0
ATTEMPTS = 3  # an export that kills the worker each time is given up
log = logging.getLogger("taama.desk")
_running = {}  # key of the export → its steps, in this process


def export_some():
    """Work for about a second on the export that has waited longest. Returns 1 when there was one."""
    asked = queries.next_export(WORKER)
    if asked is None:
        return 0
    with lease(LEASE) as held:
        if held:
            _advance(asked)
    return int(held)


def abandon():
    """Forget how far this process is: what stood in the tables has changed."""
    _running.clear()


def _advance(asked):
    if asked.pk not in _running:
        abandon()
        if asked.attempts == ATTEMPTS:
            fail_export(by=WORKER, export=asked, code="desk.export_killed", values={"attempts": ATTEMPTS})
            return
        _running[asked.pk] = _steps(begin_export(by=WORKER, export=asked))
    until = time.monotonic() + SLICE_SECONDS
    try:
        for done, steps in _running[asked.pk]:
            if time.monotonic() > until:
                note_progress(by=WORKER, export=asked, done=done, steps=steps)
                return
    except TaamaError as error:
        fail_export(by=WORKER, export=asked, code=error.code, values=error.values)
    except FileNotFoundError:  # another process changed the tables in between: begin again, the parts stay
        log.info("export begun again", extra={"export": str(asked.pk)})
    except Exception:
        log.exception("export failed", extra={"export": str(asked.pk)})
        fail_export(by=WORKER, export=asked, code="desk.export_fault", values={})
    abandon()


def _steps(asked):
    """Make the file. Yields (steps done, steps known) after each."""
    by = OPERATOR if asked.asked_by_id is None else viewer_of_user(asked.asked_by)
    selection = yield from select(by, asked)
    folder = queries.export_folder(WORKER, asked)
    _prepare(folder, selection)
    path = yield from write_file(folder, selection)
    fulfil_export(
        by=WORKER, export=asked, filename=path.name, bytes=path.stat().st_size, sha256=_sha256(path),
        rows=selection.wanted.height, simulated=selection.simulated,
    )  # fmt: skip
    shutil.rmtree(folder / "parts", ignore_errors=True)


def _prepare(folder, selection):
    """Keep the parts of the same selection only; note which submissions the file will hold."""
    mark = folder / "selection.txt"
    if not mark.exists() or mark.read_text("ascii") != selection.fingerprint:
        shutil.rmtree(folder, ignore_errors=True)
    (folder / "parts").mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = selection.wanted["#submission"].sort()
    (folder / queries.KEYS_FILE).write_bytes(b"".join(map(bytes.fromhex, keys)))
    mark.write_text(selection.fingerprint, "ascii")


def holds(asked, keys):
    """Whether the file of an export holds any of these submissions, named by the 32 digits of their keys."""
    return not queries.held_keys(WORKER, asked).isdisjoint(map(bytes.fromhex, keys))


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
