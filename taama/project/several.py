"""Several processes that do the same work: begun from one, which replaces any that ends and ends all when told to."""

import gc
import logging
import os
import signal
import sys
import threading
import time

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # told to, Ctrl-C, the terminal closed
REST_SECONDS = 1  # before one that ended is replaced: what cannot start must not take the machine
log = logging.getLogger("taama.processes")


def keep(count, work):
    """Have `count` processes do `work` until this one is told to stop; call it before any thread is begun.

    What was loaded until now they share in memory, and none outlives this one, also when this one is killed.
    """
    gc.freeze()  # the collector must not touch, and so copy, what they share
    lifeline = os.pipe()
    running = {_begin(work, lifeline) for _ in range(count)}
    for each in STOPS:
        signal.signal(each, lambda *_: sys.exit(0))
    try:
        while True:
            running.add(_replaced(running, work, lifeline))
    finally:
        _end(running)


def _replaced(running, work, lifeline):
    """Wait until one ends; the process that goes on in its place."""
    ended, status = os.wait()
    running.discard(ended)
    log.error("process ended", extra={"code": os.waitstatus_to_exitcode(status)})
    time.sleep(REST_SECONDS)
    return _begin(work, lifeline)


def _begin(work, lifeline):
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for each in STOPS:
            signal.signal(each, signal.SIG_DFL)
        os.close(lifeline[1])
        threading.Thread(target=_end_with, args=(lifeline[0],), daemon=True).start()
        work()
        code = 0
    except Exception:
        log.exception("process failed")
    finally:
        os._exit(code)  # nothing of what called us may go on twice


def _end_with(lifeline):
    """The other end is open as long as the first process lives."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _end(running):
    for process in running:
        os.kill(process, signal.SIGTERM)
    for process in running:
        os.waitpid(process, 0)
