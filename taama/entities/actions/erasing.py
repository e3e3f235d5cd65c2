"""Taking out of entries what nobody may know any longer."""

from taama.base.models import JournalDetail
from taama.entities.actions.book import Book, State
from taama.entities.models import EntityChange


class Erasure:
    """Empties changes and works their entries out anew; `changed` is for the journal, which forgets the values too."""

    def __init__(self, by, rows):
        self.book = Book(by, [(row.list_id, row.name) for row in rows])
        self.erased = {row.pk for row in rows}
        for subject, changes in self.book.changes.items():
            touched = [one for one in changes if one.pk in self.erased]
            self.book.written |= {one.pk: self._empty(one) for one in touched}
            if any(one.state == State.APPLIED for one in touched):
                self._work_out(subject)
        others = [self._empty(row) for row in rows if row.pk not in self.book.written]
        EntityChange.objects.bulk_update(others, ["values", "given", "erased"])
        self.changed = [*self.book.write(), *others]
        self._drop_traces()

    def _empty(self, one):
        one.values, one.given, one.erased = {}, "", True
        one.journal_without_values = True
        return one

    def _work_out(self, subject):
        """A version of its own says that something went, so that phones let go of it too; an entry of which
        nothing is left goes."""
        applied = [one for one in self.book.changes[subject] if one.state == State.APPLIED]
        self.book.say([self._note(subject, max(one.version for one in applied))])
        self.book.settle(subject)
        if not any(one.values for one in applied):
            entity = self.book.entities[subject]
            entity.deleted_at = entity.deleted_at or self.book.now

    def _note(self, subject, last):
        note = EntityChange(
            list_id=subject[0], name=subject[1], state=State.APPLIED, version=last + 1, seen=last, base=last,
            updates=True, moment=self.book.now, made_at=self.book.now, erased=True,
        )  # fmt: skip
        note.key = f"erased:{note.pk}"
        return note

    def _drop_traces(self):
        keys = [str(one.pk) for one in (*self.changed, *self.book.touched.values())]
        JournalDetail.objects.filter(entry__object_id__in=keys).delete()
