"""Group commit: whoever comes while a write is under way waits, and is taken along by the next one.

A disk forces one thing at a time, so that one transaction for all who wait costs what one for a single one does.
One thread of a process writes for all: however many wait, one connection to the database is enough.
"""

import fcntl
import threading
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue

from django.conf import settings
from django.db import IntegrityError, OperationalError, close_old_connections, connection

LARGEST_BATCH = 100
TRIES = 3  # of an item that a parallel process was faster with


_turn = threading.local()


@contextmanager
def in_turn():
    """All that write to one SQLite file queue here. SQLite itself lets them sleep and try again, and the unlucky
    one loses for seconds; the lock of a killed process is freed by the kernel.

    A thread whose turn it is already, or that has begun to write, goes on.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or getattr(_turn, "mine", False):
        yield
        return
    with open(settings.TAAMA_DATA_DIR / "intake.lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _turn.mine = True
        try:
            yield
        finally:
            _turn.mine = False


class GroupCommit:
    """`write(items) -> results` in one transaction; `submit(item)` gives back that item's result."""

    def __init__(self, write):
        self.write, self.waiting = write, SimpleQueue()
        self.starting, self.writer = threading.Lock(), None

    def submit(self, item):
        """The result of `item` once it is committed; raises what its own write raised."""
        if connection.in_atomic_block:  # it belongs to what this thread is writing
            return self.write([item])[0]
        place = _Place(item)
        self.waiting.put(place)
        self._have_writer()
        return place.result()

    def _have_writer(self):
        """Started when it is needed, so that each process has its own, also after a fork."""
        with self.starting:
            if self.writer is None or not self.writer.is_alive():
                self.writer = threading.Thread(target=self._write_on, name="group commit", daemon=True)
                self.writer.start()

    def _write_on(self):
        while True:
            batch = [self.waiting.get()]
            with suppress(Empty):
                while len(batch) < LARGEST_BATCH:
                    batch.append(self.waiting.get_nowait())
            self._write_together(batch)

    def _write_together(self, batch):
        """One transaction for all; when it fails, one for each, so that one bad item harms no other."""
        try:
            close_old_connections()
            results = self.write([place.item for place in batch])
        except Exception:
            self._write_one_by_one(batch)
            return
        for place, result in zip(batch, results, strict=True):
            place.set_result(result)

    def _write_one_by_one(self, batch):
        """Ends at the first sign that the database itself is ill: waiting for it once for each would take minutes."""
        ill = None
        for place in batch:
            error = ill or self._write_alone(place)
            ill = error if isinstance(error, OperationalError) else None
            if error:
                place.set_exception(error)

    def _write_alone(self, place):
        """Write it and say so. Returns the error if there was one."""
        for _ in range(TRIES):
            try:
                result = self.write([place.item])[0]
            except IntegrityError as found:
                error = found
            except Exception as found:
                return found
            else:
                place.set_result(result)
                return None
        return error


class _Place(Future):
    """A place in the queue."""

    def __init__(self, item):
        super().__init__()
        self.item = item
