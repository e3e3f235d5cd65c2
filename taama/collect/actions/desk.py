"""The desk where arrivals are taken in, batch by batch: known things are read first, changes written last."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from taama.base.policy import WORKER, Viewer
from taama.collect import queries
from taama.collect.actions.known import Known
from taama.collect.methods.instance import Instance, derived_id, read_instance
from taama.collect.methods.verdict import Asked, Earlier, Fate, Verdict, judge
from taama.collect.models import Attachment, Device, Quarantined, Submission

REMOVED = (Submission.State.WITHDRAWN, Submission.State.ERASED)
LONGEST_ID = 250
MOST_UNKNOWN_FILES = 100  # of one instance, that it does not name
EDIT_OF_UNKNOWN = "collect.edit_of_unknown"


@dataclass(frozen=True)
class SentFile:
    """A file that came with an instance and is durable already."""

    filename: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Arrival:
    """What one request brought. `instance` is None when the XML could not be read."""

    by: Viewer
    raw: bytes
    sha256: str
    instance: Instance | None
    files: tuple[SentFile, ...] = ()
    device: Device | None = None
    client_device: str = ""
    simulated: bool = False
    received_at: datetime = field(default_factory=timezone.now)

    @property
    def name(self):
        """The instance's own identity, or one made of its bytes when it has none that could be kept."""
        given = self.instance.instance_id if self.instance else ""
        return given if 0 < len(given) <= LONGEST_ID else derived_id(self.sha256)

    @classmethod
    def of(cls, aside, by, raw=None, sha256=""):
        """What was put aside as it arrived, or as it was mended; without its files, which are here.

        Raises MethodError: it can't be read.
        """
        raw = bytes(aside.raw) if raw is None else raw
        return cls(
            by=by, raw=raw, sha256=sha256 or aside.sha256, instance=read_instance(raw), device=aside.device,
            client_device=aside.client_device, simulated=bool(aside.device and aside.device.simulated),
            received_at=aside.received_at,
        )  # fmt: skip

    def as_aside(self, code, erased=None):
        """What it is put aside as: a new row, unsaved, or an erased one that came again and waits again."""
        asked = self.instance or Instance("", "", "")
        aside = erased or Quarantined(code=code, instance_id=self.name, sha256=self.sha256)
        aside.raw, aside.received_at, aside.state = self.raw, self.received_at, Quarantined.State.WAITING
        aside.form_id, aside.version = asked.form_id[:120], asked.version[:60]
        aside.deprecated_id = asked.deprecated_id[:LONGEST_ID]
        aside.device, aside.client_device, aside.settled_at = self.device, self.client_device, None
        aside.submission = None
        return aside


@dataclass(frozen=True)
class Receipt:
    """What became of an arrival, and under which identity."""

    fate: Fate
    code: str
    instance_id: str
    values: dict = field(default_factory=dict)


class Desk:
    """`take` or `accept` each arrival of a batch, then `write`. `changed` and `actors` are for the journal."""

    def __init__(self, arrivals):
        found = Known(arrivals)
        self.known, self.versions, self.forms = found.submissions, found.versions, found.forms
        self.phones, self.aside, self.edits, self.made = found.phones, found.aside, found.edits, found.made
        self.new, self.replaced, self.joined, self.attached = [], [], [], []
        self.changed, self.actors, self.decided = [], [], None

    def take(self, arrival):
        """Judge an arrival and do what the verdict says. Returns its Receipt."""
        if arrival.device and arrival.device.pk not in self.phones:
            return Receipt(Fate.REFUSED, "collect.token_unknown", arrival.name)
        verdict, same, names = self._met(arrival)
        if self._brings_too_many_unknown(arrival, same, names):
            values = {"most": MOST_UNKNOWN_FILES}
            return Receipt(Fate.REFUSED, "collect.too_many_unknown_files", arrival.name, values)
        added = 0
        if verdict.fate == Fate.ACCEPTED:
            instance = arrival.instance
            version = self.versions[instance.form_id, instance.version]
            self.accept(arrival, arrival.name, version, self.known.get(instance.deprecated_id))
        elif verdict.fate == Fate.AGAIN:
            added = self._attach_again(arrival, same, names)
        elif not self._put_aside(arrival, verdict.code):
            return Receipt(Fate.REFUSED, "collect.aside_full", arrival.name)
        asked = arrival.instance or Instance("", "", "")
        values = {"instance": arrival.name, "form": asked.form_id, "version": asked.version, "files": added}
        code = "collect.received_files" if added else verdict.code
        if verdict.fate == Fate.ACCEPTED and arrival.name != asked.instance_id:
            code = "collect.received_without_id"
        return Receipt(verdict.fate, code, arrival.name, values)

    def take_in(self, aside, arrival, name, version, former, keep_bytes=False):
        """Accept what was put aside, because a person decided so; mended, it keeps the bytes with which it came."""
        submission = self.accept(arrival, name, version, former)
        self.decided = (aside, submission, arrival.by, keep_bytes)
        self.write()
        return submission

    def accept(self, arrival, name, version, former):
        """Make it a submission, in the place of `former` when it edits that one. Returns the Submission."""
        encrypted = arrival.instance.encrypted
        tool = "" if encrypted else version.form.tool
        sender = former or arrival.device  # an edit stays with the team of what it edits
        submission = Submission(
            instance_id=name, form_version=version, tool=tool, origin=Submission.Origin.OPENROSA, encrypted=encrypted,
            raw=arrival.raw, sha256=arrival.sha256, received_at=arrival.received_at, device=arrival.device,
            team_id=sender and sender.team_id, client_device=arrival.client_device, replaces=former, simulated=arrival.simulated,
            deprecated_id=arrival.instance.deprecated_id[:LONGEST_ID],
            state=Submission.State.PENDING if tool else Submission.State.UNREAD,
        )  # fmt: skip
        self.known[name] = submission
        self.new.append((submission, arrival))
        self._note([submission], arrival.by)
        if former is not None:
            self._replace(former, arrival.by)
        self._attach(arrival.by, submission, arrival.files, arrival.instance)
        if former is not None:
            self._bring_forward(arrival, submission, former)
        if name in self.edits:
            self.join(submission, self.edits[name], arrival)
        return submission

    def write(self):
        while self.new or self.replaced or self.joined or self.attached:
            taken = self._write_once()
            if self.decided:
                self.settle(*self.decided)
                self.decided = None
            if self.aside and taken:
                self._bring_home(taken)
                self.bring_edits_home({submission.instance_id: arrival.by for submission, arrival in taken})

    def _write_once(self):
        """Returns what became a submission: (submission, arrival)."""
        new, replaced, joined, attached = self.new, self.replaced, self.joined, self.attached
        self.new, self.replaced, self.joined, self.attached = [], [], [], []
        if new:
            Submission.objects.bulk_create([submission for submission, _ in new])
        if replaced:  # what was withdrawn or erased since it was read stays so
            found = Submission.objects.filter(pk__in=[one.pk for one in replaced])
            found.exclude(state__in=REMOVED).update(state=Submission.State.REPLACED)
        if joined:
            Submission.objects.bulk_update(joined, ["replaces"])
        if attached:
            Attachment.objects.bulk_create(attached)
        return new

    def settle(self, aside, submission, by, keep_bytes=False):
        """What was put aside has become a submission: its files go there, and the bytes are there already."""
        _drop_brought_forward(aside.attachments.all(), submission)
        aside.submission, aside.raw = submission, aside.raw if keep_bytes else None
        answers = (
            read_instance(bytes(submission.raw)).answers if keep_bytes else frozenset()
        )  # mended, it names more
        self._hand_over(aside, submission, by, answers, submission=submission)

    def _hand_over(self, aside, heir, by, answers=frozenset(), **owner):
        """What was put aside is settled: its files go to where its bytes are."""
        aside.state, aside.settled_at = Quarantined.State.RELEASED, timezone.now()
        aside.save(update_fields=["state", "settled_at", "raw", "submission", "reason", "form_id", "version"])
        there = set(heir.attachments.values_list("filename", "sha256"))
        moved = [row for row in aside.attachments.all() if (row.filename, row.sha256) not in there]
        for row in moved:
            row.submission, row.quarantined = owner.get("submission"), owner.get("quarantined")
            row.expected = row.expected or row.filename in answers
        Attachment.objects.bulk_update(moved, ["submission", "quarantined", "expected"])
        aside.attachments.all().delete()
        self._note([aside, *moved], by)

    def _met(self, arrival):
        """The Verdict on what a phone sends, the submission that has its name, the Instance that names its files.

        Of bytes that a person took in before, mended or under another name, that decision holds.
        """
        made = self.made.get(arrival.sha256)
        if made is None:
            return self.judged(arrival), self.known.get(arrival.name), arrival.instance
        if made.state in REMOVED:
            return Verdict(Fate.CONFLICT, "collect.instance_removed"), made, arrival.instance
        mended = arrival.files and made.sha256 != arrival.sha256
        names = read_instance(bytes(made.raw)) if mended else arrival.instance
        return Verdict(Fate.AGAIN, "collect.received_again"), made, names

    def judged(self, arrival):
        """The Verdict on an arrival."""
        instance = arrival.instance
        if instance is None:
            return judge(None, arrival.sha256, None, Asked(), None)
        form = self.forms.get(instance.form_id)
        asked = Asked(
            form=form is not None,
            version=(instance.form_id, instance.version) in self.versions,
            open=form is not None and form.state == form.State.OPEN,
        )
        former = self._earlier(self.known.get(instance.deprecated_id))
        earlier = self._earlier(self.known.get(arrival.name))
        edit = self._earlier(self.edits.get(arrival.name))
        if earlier is None and edit and edit.removed:  # and with it whatever it edits
            earlier = edit
        return judge(instance, arrival.sha256, earlier, asked, former)

    def _earlier(self, found):
        if found is None:
            return None
        form_id = found.form_version.form.form_id if found.form_version_id else ""
        replaced = found.state == Submission.State.REPLACED
        return Earlier(form_id, found.sha256, removed=found.state in REMOVED, replaced=replaced)

    def _replace(self, former, by):
        """What was withdrawn or erased stays so; its edit comes after it all the same."""
        if former.state in REMOVED:
            return
        former.state = Submission.State.REPLACED
        if not former._state.adding:
            self.replaced.append(former)
            self._note([former], by)

    def join(self, submission, edit, arrival):
        """An edit that was accepted without its original takes the place of that one, which has come now."""
        if edit.form_version.form_id == submission.form_version.form_id:
            self._replace(submission, arrival.by)
            edit.replaces = submission
            self.joined.append(edit)
            self._note([edit], arrival.by)
            self._pass_on(submission, arrival)

    def _pass_on(self, submission, arrival):
        """Files that come late for what was edited already: the edits that name them and have none get them too."""
        current = submission
        while hasattr(current, "replaced_by") and current.replaced_by.raw:
            current = current.replaced_by
            there = set(current.attachments.values_list("filename", flat=True))
            there |= {a.filename for a in self.attached if a.submission_id == current.pk}
            instance = read_instance(bytes(current.raw))
            late = [f for f in arrival.files if f.filename in instance.answers - there]
            self._attach(arrival.by, current, late, instance)

    def _attach_again(self, arrival, submission, names):
        """Returns how many files are new."""
        if not arrival.files:
            return 0
        _drop_brought_forward(arrival.files, submission)
        there = set(submission.attachments.values_list("filename", "sha256"))
        there |= {(a.filename, a.sha256) for a in self.attached if a.submission_id == submission.pk}
        added = self._attach(arrival.by, submission, arrival.files, names, there)
        self._pass_on(submission, arrival)
        return added

    def _brings_too_many_unknown(self, arrival, known, names):
        """Files that an instance does not name are kept, but not without end. One that can't be read names none."""
        if not arrival.files or not names:
            return False
        new = {(f.filename, f.sha256) for f in arrival.files if f.filename not in names.answers}
        if not new:
            return False
        waiting = Quarantined.objects.filter(instance_id=arrival.name)
        there = {(a.filename, a.sha256) for a in self.attached if a.submission is known and not a.expected}
        kept = Attachment.objects.filter(expected=False).values_list("filename", "sha256")
        there |= set(kept.filter(quarantined__in=waiting)) | (
            set(kept.filter(submission=known)) if known else set()
        )
        return bool(new - there) and len(new | there) > MOST_UNKNOWN_FILES

    def _attach(self, by, submission, files, instance, there=frozenset()):
        rows = _attachments(files, instance, there, submission=submission)
        self.attached += rows
        self._note(rows, by)
        return len(rows)

    def _bring_forward(self, arrival, submission, former):
        """A file that the edit still names and does not bring is that of before."""
        here = [] if former._state.adding else former.attachments.all()
        before = [*here, *(row for row in self.attached if row.submission is former)]
        named = arrival.instance.answers - {f.filename for f in arrival.files}
        files = [SentFile(row.filename, row.sha256, row.bytes) for row in before if row.filename in named]
        self._attach(arrival.by, submission, files, arrival.instance)

    def _put_aside(self, arrival, code):
        """Rare, so written at once: what comes next in the batch sees it. False where the phone has no room left."""
        aside = Quarantined.objects.filter(instance_id=arrival.name, sha256=arrival.sha256, code=code).first()
        new = aside is None or aside.state == Quarantined.State.ERASED
        there = set() if new else set(aside.attachments.values_list("filename", "sha256"))
        more = new or {(f.filename, f.sha256) for f in arrival.files} - there
        if more and arrival.device and not Known.has_room(arrival.device):
            return False
        if new:
            aside = arrival.as_aside(code, aside)
            aside.save()
            self._note([aside], arrival.by)
        rows = _attachments(arrival.files, arrival.instance, there, quarantined=aside)
        self._note(Attachment.objects.bulk_create(rows), arrival.by)
        self.aside = True
        return True

    def _bring_home(self, new):
        """Put aside before its form was published, sent again now: the files of the first sending come along."""
        taken = {(s.instance_id, s.sha256): (s, arrival) for s, arrival in new}
        names = [name for name, _ in taken]
        waiting = Quarantined.objects.filter(instance_id__in=names, state=Quarantined.State.WAITING)
        for aside in list(waiting.defer("raw")):
            if (aside.instance_id, aside.sha256) in taken:
                submission, arrival = taken[aside.instance_id, aside.sha256]
                self.settle(aside, submission, arrival.by)

    def bring_edits_home(self, sent_by):
        """Edits that waited for what has come now, each named with who sent it; of several, the first is taken."""
        waiting = Quarantined.objects.filter(
            deprecated_id__in=sent_by, state=Quarantined.State.WAITING, code=EDIT_OF_UNKNOWN
        )
        waiting = list(waiting.select_related("device").order_by("received_at", "id"))
        loose = queries.loose_edits(WORKER).filter(deprecated_id__in=[aside.instance_id for aside in waiting])
        self.edits |= {edit.deprecated_id: edit for edit in loose}
        versions, forms = Known.versions_of({aside.form_id for aside in waiting} - set(self.forms))
        self.versions, self.forms = self.versions | versions, self.forms | forms
        for aside in waiting:
            arrival = Arrival.of(aside, sent_by[aside.deprecated_id])
            verdict = self.judged(arrival)
            if verdict.fate == Fate.ACCEPTED:
                instance = arrival.instance
                version = self.versions[instance.form_id, instance.version]
                self.accept(arrival, arrival.name, version, self.known[instance.deprecated_id])
            elif verdict.fate == Fate.AGAIN:
                self.settle(aside, self.known[arrival.name], arrival.by)
            elif verdict.code != aside.code:
                self._recode(aside, verdict.code, arrival.by)

    def _recode(self, aside, code, by):
        """Where it was put aside for that reason too, sent again meanwhile, that one keeps waiting, with all files."""
        others = Quarantined.objects.filter(instance_id=aside.instance_id, sha256=aside.sha256)
        if same := others.filter(code=code).first():
            aside.raw = None
            self._hand_over(aside, same, by, quarantined=same)
        else:
            aside.code = code
            aside.save(update_fields=["code"])
            self._note([aside], by)

    def _note(self, records, by):
        self.changed += records
        self.actors += [by] * len(records)


def _attachments(files, instance, there, **owner):
    """Rows for the files that came, without those that are there, and each once."""
    answers = instance.answers if files and instance else frozenset()
    left = {(f.filename, f.sha256): f for f in files if (f.filename, f.sha256) not in there}
    return [
        Attachment(
            filename=f.filename, sha256=f.sha256, bytes=f.bytes, expected=f.filename in answers, **owner
        )
        for f in left.values()
    ]


def _drop_brought_forward(files, submission):
    """Of the files of an edit's former version, those in whose place others of the same name come."""
    brought = {f.filename: f.sha256 for f in files} if submission.replaces_id else {}
    former = Attachment.objects.filter(submission=submission.replaces_id, filename__in=brought)
    for name, sha256 in former.values_list("filename", "sha256") if brought else ():
        if brought[name] != sha256:
            submission.attachments.filter(filename=name, sha256=sha256).delete()
