"""Group commit: whoever comes while a write is under way waits, and is taken along by the next one.

A disk forces one thing at a time, so that one transaction for all who wait costs what one for a single one does.
At any moment one thread of a process writes; it is the thread of one of those who wait, so that nothing runs
beside the requests and nothing has to be started or stopped.
"""

import fcntl
import threading
from contextlib import contextmanager

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection

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
        self.write = write
        self.changed = threading.Condition()
        self.waiting = []
        self.leading = False

    def submit(self, item):
        """The result of `item` once it is committed; raises what its own write raised."""
        place = _Place(item)
        with self.changed:
            self.waiting.append(place)
        while not place.done:
            batch = self._wait_or_lead(place)
            if batch:
                self._lead(batch)
        if place.error:
            raise place.error
        return place.result

    def _wait_or_lead(self, place):
        """The next batch when it falls to this thread to write it; nothing when its own item is done."""
        with self.changed:
            while self.leading and not place.done:
                self.changed.wait()
            if place.done:
                return []
            self.leading = True
            batch, self.waiting = self.waiting[:LARGEST_BATCH], self.waiting[LARGEST_BATCH:]
            return batch

    def _lead(self, batch):
        try:
            self._write_together(batch)
        finally:
            with self.changed:
                self.leading = False
                self.changed.notify_all()

    def _write_together(self, batch):
        """One transaction for all; when it fails, one for each, so that one bad item harms no other."""
        try:
            results = self.write([place.item for place in batch])
        except Exception:
            self._write_one_by_one(batch)
            return
        for place, result in zip(batch, results, strict=True):
            place.result, place.done = result, True

    def _write_one_by_one(self, batch):
        """Ends at the first sign that the database itself is ill: waiting for it once for each would take minutes."""
        ill = None
        for place in batch:
            if ill is None:
                self._write_alone(place)
                ill = place.error if isinstance(place.error, OperationalError) else None
            else:
                place.error = ill
            place.done = True

    def _write_alone(self, place):
        for _ in range(TRIES):
            try:
                place.result, place.error = self.write([place.item])[0], None
                return
            except IntegrityError as error:
                place.error = error
            except Exception as error:
                place.error = error
                return


class _Place:
    """A place in the queue."""

    def __init__(self, item):
        self.item, self.result, self.error, self.done = item, None, None, False
