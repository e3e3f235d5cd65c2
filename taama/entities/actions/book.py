"""The book of a batch: entries with all that was said of them are read first, changes written last."""

from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from taama.entities.methods.applying import HELD_DAYS, advance, settle
from taama.entities.methods.rows import moved, row
from taama.entities.methods.search import found_by
from taama.entities.models import Entity, EntityChange, EntityList, EntityProperty, ListPart
from taama.entities.queries.areas import placed

State = EntityChange.State
ALIVE = (State.APPLIED, State.HELD, State.APPROVAL)
LABEL, LONGEST_LABEL = "label", 500
BATCH = 500
CHANGING = ("state", "code", "version", "seen", "forced", "values", "given", "erased")


class Book:
    """`say` changes, `turn` what waits, then `write`. One writer of a list at a time: the list's row is locked."""

    def __init__(self, by, subjects, now=None):
        """`subjects`: pairs (key of a list, identity of an entry)."""
        self.by, self.now = by, now or timezone.now()
        keys = sorted({key for key, _ in subjects})
        self.lists = {
            one.pk: one for one in EntityList.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        }
        self.properties = {key: _properties(key) for key in keys}
        names = [name for _, name in subjects]
        self.entities = {(e.list_id, e.name): e for e in _all(Entity.objects.filter(list__in=keys), names)}
        self.changes = defaultdict(list)
        for one in _all(EntityChange.objects.filter(list__in=keys, state__in=ALIVE), names):
            self.changes[one.list_id, one.name].append(one)
        self.gone, self.come = defaultdict(list), defaultdict(list)
        self.touched, self.written, self.origins, self.places = {}, {}, {}, {}

    def say(self, changes, home="", simulated=False):
        """Note new changes; those that can't be taken say why. `home`: area of the phone that they come from."""
        for one in changes:
            self.written[one.pk] = one
            subject = (one.list_id, one.name)
            entity = self.entities.get(subject)
            if one.state == State.HELD and entity is not None and entity.deleted_at:
                one.state, one.code = State.FAILED, "entities.deleted"
            if one.state == State.HELD and self._needs_approval(one):
                one.state, one.code = State.APPROVAL, "entities.waits_for_approval"
            self.changes[subject].append(one)
            self.origins.setdefault(subject, {"home": home, "simulated": simulated})

    def _needs_approval(self, one):
        makes = one.creates and not one.base and (one.list_id, one.name) not in self.entities
        return makes and one.submission_id is not None and self.lists[one.list_id].needs_approval

    def turn(self, accepted=frozenset()):
        """Apply what can be applied, in all entries of the batch. `accepted`: keys of what waits for nothing more."""
        for subject in list(self.changes):
            if subject not in self.entities or not self.entities[subject].deleted_at:
                self._turn(subject, accepted)
        return self

    def _turn(self, subject, accepted):
        rows = {one.key: one for one in self.changes[subject] if one.state in (State.APPLIED, State.HELD)}
        applied = sorted(
            (c for c in (one.said for one in rows.values()) if c.version), key=lambda c: c.version
        )
        waiting = sorted(
            (c for c in (one.said for one in rows.values()) if not c.version), key=lambda c: c.moment
        )
        outcome = advance(applied, waiting, accepted | self._overdue(subject, rows))
        for change in outcome.applied:
            one = rows[change.key]
            one.state, one.code, one.forced = State.APPLIED, "", change.forced
            one.version, one.seen = change.version, change.seen
            self.written[one.pk] = one
        for change in outcome.twice:
            rows[change.key].state, rows[change.key].code = State.FAILED, "entities.exists_already"
            self.written[rows[change.key].pk] = rows[change.key]
        for change in outcome.held:
            rows[change.key].code = rows[change.key].code or "entities.waits_for_earlier"
        if outcome.applied:
            self.settle(subject)

    def _overdue(self, subject, rows):
        """Keys of what waited long enough. What would make an entry of a list with approval waits for a person."""
        until = self.now - timedelta(days=HELD_DAYS)
        late = [one for one in rows.values() if one.state == State.HELD and one.made_at <= until]
        if subject in self.entities or not self.lists[subject[0]].needs_approval:
            return {one.key for one in late}
        for one in late:
            one.state, one.code = State.APPROVAL, "entities.waits_for_approval"
            self.written[one.pk] = one
        return set()

    def settle(self, subject):
        """Work out an entry anew from all its changes."""
        applied = [one for one in self.changes[subject] if one.state == State.APPLIED]
        entity = self.entities.get(subject) or self._new(subject)
        state = settle([one.said for one in applied], entity.resolved)
        values = dict(state.values)
        self._widen(subject[0], values)
        entity.label = (values.pop(LABEL, "").strip() or entity.name[:8])[:LONGEST_LABEL]
        entity.values, entity.conflict = values, str(state.kind)
        entity.version = max(one.version for one in applied)
        entity.found_by = found_by(entity.name, {LABEL: entity.label} | values)
        self.touched[subject] = entity

    def _new(self, subject):
        self.entities[subject] = Entity(list_id=subject[0], name=subject[1], **self.origins.get(subject, {}))
        return self.entities[subject]

    def _widen(self, key, values):
        """A property that was not known yet becomes one: nothing that was sent is lost."""
        known = self.properties[key]
        for name in sorted(values.keys() - set(known) - {LABEL}):
            EntityProperty.objects.create(list_id=key, name=name, position=len(known))
            known.append(name)

    def write(self):
        """Write all of it. Returns the changes that were written, for the journal."""
        self._place()
        for (key, _), entity in self.touched.items():
            self._exchange(key, entity)
        new = [entity for entity in self.touched.values() if entity._state.adding]
        old = [entity for entity in self.touched.values() if not entity._state.adding]
        Entity.objects.bulk_create(new, batch_size=BATCH)
        fields = [f.name for f in Entity._meta.concrete_fields if f.name not in ("id", "list", "name")]
        Entity.objects.bulk_update(old, fields, batch_size=100)
        self._write_parts()
        return self._write_changes()

    def _place(self):
        """Where each entry that changed lies by the rule in force, and by the one that may be coming."""
        for key, known in self.lists.items():
            entities = [entity for (of, _), entity in self.touched.items() if of == key]
            now = placed(self.by, entities, known.area_property)
            later = placed(self.by, entities, known.next_property) if known.placing else {}
            self.places |= {one.pk: (now[one.pk], later.get(one.pk, "")) for one in entities}

    def _exchange(self, key, entity):
        """The entry's line as it was leaves the part of its area, as it is now comes into that of its new one."""
        if entity.row:
            self.gone[key, entity.area].append(entity.row)
        before = getattr(entity, "_as_loaded", {})
        entity.area, entity.next_area = self.places[entity.pk]
        if (before.get("version"), before.get("deleted_at")) != (entity.version, entity.deleted_at):
            entity.updated_at = self.now
        known = self.properties[key]
        entity.row, entity.width = ("" if entity.deleted_at else row(entity, known)), len(known)
        if entity.row:
            self.come[key, entity.area].append(entity.row)

    def _write_parts(self):
        for key, area in sorted({*self.gone, *self.come}, key=str):
            gone, come = self.gone[key, area], self.come[key, area]
            part = ListPart.objects.filter(list=key, area=area).first() or ListPart(list_id=key, area=area)
            part.digest, part.count = moved(part.digest, gone, come), part.count + len(come) - len(gone)
            part.save()

    def _write_changes(self):
        changes = list(self.written.values())
        new = [one for one in changes if one._state.adding]
        there = [one for one in changes if not one._state.adding]
        EntityChange.objects.bulk_create(new, batch_size=BATCH)
        EntityChange.objects.bulk_update(there, CHANGING, batch_size=100)
        return changes


def _properties(key):
    return list(EntityProperty.objects.filter(list=key).values_list("name", flat=True))


def _all(rows, names):
    """Rows of these names, some hundreds at a time."""
    unique = sorted(set(names))
    for start in range(0, len(unique), BATCH):
        yield from rows.filter(name__in=unique[start : start + BATCH])
