"""Group commit: whoever comes while a write is under way waits, and is taken along by the next one.

A disk forces one thing at a time, so that one transaction for all who wait costs what one for a single one does.
At any moment one thread of a process writes; it is the thread of one of those who wait, so that nothing runs
beside the requests and nothing has to be started or stopped.
"""

import threading

from django.db import IntegrityError

LARGEST_BATCH = 100
TRIES = 3  # of an item that a parallel process was faster with


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
            while self.leading and not place.done:
                self.changed.wait()
            if place.done:
                return place.outcome()
            self.leading = True
            batch, self.waiting = self.waiting[:LARGEST_BATCH], self.waiting[LARGEST_BATCH:]
        try:
            self._write(batch)
        finally:
            with self.changed:
                self.leading = False
                self.changed.notify_all()
        return place.outcome()

    def _write(self, batch):
        """One transaction for all; when it fails, one for each, so that one bad item harms no other."""
        try:
            results = self.write([place.item for place in batch])
        except Exception:
            for place in batch:
                self._write_alone(place)
            return
        for place, result in zip(batch, results, strict=True):
            place.result, place.done = result, True

    def _write_alone(self, place):
        for _ in range(TRIES):
            try:
                place.result = self.write([place.item])[0]
                place.error = None
                break
            except IntegrityError as error:
                place.error = error
            except Exception as error:
                place.error = error
                break
        place.done = True


class _Place:
    """A place in the queue."""

    def __init__(self, item):
        self.item, self.result, self.error, self.done = item, None, None, False

    def outcome(self):
        if self.error:
            raise self.error
        return self.result


