"""Several processes that do the same work: begun from one, which replaces any that ends and ends all when told to."""

import gc
import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # told to, Ctrl-C, the terminal closed
LONGEST_END = 15  # seconds to answer what is under way
QUICK_SECONDS, QUICK_ENDS = 10, 5  # so many ends, each so soon after a beginning: it cannot work
log = logging.getLogger("taama.processes")


class Told:
    """Like an Event of `threading`, but a signal may set it that comes in the middle of waiting for it."""

    def __init__(self):
        self.told, self.bell = False, SimpleQueue()

    def set(self):
        self.told = True
        self.bell.put(None)

    def is_set(self):
        return self.told

    def wait(self, seconds):
        with suppress(Empty):
            self.bell.get(timeout=seconds)


def keep(count, work):
    """Have `count` processes do `work` until this one is told to stop; call it before any thread is begun.

    What was loaded until now they share in memory, and none outlives this one, also when this one is killed.
    """
    gc.freeze()  # the collector must not touch, and so copy, what they share
    lifeline = os.pipe()
    running = {_begin(work, lifeline) for _ in range(count)}
    for each in STOPS:
        signal.signal(each, _stop)
    try:
        _replace_those_that_end(running, work, lifeline)
    finally:
        _end(running)


def _stop(*_):
    """Told once is told: whoever stops a group of processes tells each of them, and so does the first."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(0)


def _replace_those_that_end(running, work, lifeline):
    """Goes on until told to stop, or raises SystemExit 1 where new ones end at once: whoever watches us is to know."""
    quick = 0
    while quick < QUICK_ENDS:
        begun = time.monotonic()
        ended, status = os.wait()
        running.discard(ended)
        log.error("process ended", extra={"code": os.waitstatus_to_exitcode(status)})
        quick = quick + 1 if time.monotonic() - begun < QUICK_SECONDS else 0
        time.sleep(quick)
        running.add(_begin(work, lifeline))
    sys.exit(1)


def _begin(work, lifeline):
    """The number of a new process. Signals wait meanwhile: it must not take one meant for us."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    child = os.fork()
    if not child:
        _be_one(work, lifeline)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    return child


def _be_one(work, lifeline):
    """Do the work and end here: nothing of what called us may go on twice."""
    code = 1
    try:
        for each in STOPS:  # Ctrl-C reaches all of us: the first tells the others
            signal.signal(each, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, _stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        os.close(lifeline[1])
        threading.Thread(target=_end_with, args=(lifeline[0],), daemon=True).start()
        work()
        code = 0
    except Exception:
        log.exception("process failed")
    finally:
        os._exit(code)


def _end_with(lifeline):
    """The other end is open as long as the first process lives."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _end(running):
    for process in running:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)
    until = time.monotonic() + LONGEST_END
    while running and time.monotonic() < until:
        running -= {process for process in running if _is_gone(process)}
        time.sleep(0.05)
    for process in running:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _is_gone(process):
    try:
        return os.waitpid(process, os.WNOHANG)[0] == process
    except ChildProcessError:
        return True
