"""Lists that phones carry, their entries, and all that was said of each entry: applied, waiting or impossible."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taama.base.models import Record
from taama.base.sensitivity import S0, S1, S2, Class
from taama.collect.models import Submission
from taama.entities.methods.applying import Change
from taama.entities.methods.rows import NOTHING
from taama.forms.models import FormVersion


class EntityList(Record):
    """A list of things that forms fill and read: sites, households, points."""

    name = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200, blank=True)
    sensitivity_class = models.PositiveSmallIntegerField(default=Class.S2)
    area_property = models.CharField(max_length=120, blank=True)  # says where an entry is: area or place
    next_property = models.CharField(
        max_length=120, blank=True
    )  # the same, once all entries are placed by it
    filtered = models.BooleanField(default=False)  # a phone with an area gets only what lies in it
    next_filtered = models.BooleanField(default=False)
    needs_approval = models.BooleanField(default=False)  # what phones make waits for a person
    placing_after = models.UUIDField(null=True)  # entries after this one are still to be placed anew

    sensitivity = {
        "name": S0,
        "title": S0,
        "sensitivity_class": S0,
        "area_property": S0,
        "next_property": S0,
        "filtered": S0,
        "next_filtered": S0,
        "needs_approval": S0,
        "placing_after": S0,
    }

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="list_below_sealing", condition=Q(sensitivity_class__lte=Class.S2)),
            models.CheckConstraint(
                name="list_filtered_by_property", condition=Q(filtered=False) | ~Q(area_property="")
            ),
        ]

    def __str__(self):
        return self.title or self.name

    @property
    def placing(self):
        """Whether entries are being placed by a rule that is not in force before all of them are."""
        return self.placing_after is not None


class EntityProperty(Record):
    """What is kept of every entry of a list, in the order of its columns. Never removed: phones may send it."""

    list = models.ForeignKey(EntityList, on_delete=models.CASCADE, related_name="properties")
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField()

    sensitivity = {"list": S0, "name": S0, "position": S0}

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(name="property_once", fields=["list", "name"])]

    def __str__(self):
        return self.name


class ListPart(Record):
    """The entries of one area: how many, and a digest of their lines that is brought up to date with each change."""

    list = models.ForeignKey(EntityList, on_delete=models.CASCADE, related_name="parts")
    area = models.CharField(max_length=80, blank=True)
    count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, default=NOTHING)

    sensitivity = {"list": S0, "area": S0, "count": S1, "digest": S1}

    class Meta:
        constraints = [models.UniqueConstraint(name="part_once", fields=["list", "area"])]

    def __str__(self):
        return f"{self.list_id} {self.area}"


class FormUse(Record):
    """Which lists a form version fills and reads; made once for each version."""

    form_version = models.OneToOneField(FormVersion, on_delete=models.CASCADE, related_name="entity_use")
    fills = models.JSONField(default=list)
    reads = models.JSONField(default=list)

    sensitivity = {"form_version": S0, "fills": S0, "reads": S0}

    def __str__(self):
        return f"{self.form_version_id} {self.fills} {self.reads}"


class Entity(Record):
    """One thing as it stands after all its changes, which can be derived from them again at any time.

    `row` is its line of the list as phones get it, written when the list had `width` properties; '' when deleted.
    """

    class Conflict(models.TextChoices):
        SOFT = "soft", _("Changed in parallel")
        HARD = "hard", _("Contradictory changes")

    list = models.ForeignKey(EntityList, on_delete=models.PROTECT, related_name="entities")
    name = models.CharField(max_length=36)
    label = models.CharField(max_length=500)
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField()
    area = models.CharField(max_length=80, blank=True)
    next_area = models.CharField(max_length=80, blank=True)  # by the rule that is coming, while it is
    home = models.CharField(
        max_length=80, blank=True
    )  # area of the phone that made it: where nothing better is known
    conflict = models.CharField(max_length=4, choices=Conflict.choices, blank=True)
    resolved = models.PositiveIntegerField(default=0)  # version up to which conflicts are settled
    found_by = models.TextField(blank=True)
    row = models.TextField(blank=True)
    width = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    simulated = models.BooleanField(default=False)

    sensitivity = {
        "list": S0,
        "name": S1,
        "label": S2,
        "values": S2,
        "version": S1,
        "area": S1,
        "next_area": S1,
        "home": S1,
        "conflict": S1,
        "resolved": S1,
        "found_by": S2,
        "row": S2,
        "width": S0,
        "updated_at": S1,
        "deleted_at": S1,
        "simulated": S0,
    }

    class Meta:
        indexes = [
            models.Index(fields=["list", "id"], name="entity_served", condition=Q(deleted_at__isnull=True)),
            models.Index(
                fields=["list", "area", "id"], name="entity_of_area", condition=Q(deleted_at__isnull=True)
            ),
            models.Index(fields=["list", "updated_at"], name="entity_newest"),
            models.Index(fields=["list", "conflict"], name="entity_conflicts", condition=~Q(conflict="")),
        ]
        constraints = [models.UniqueConstraint(name="entity_once", fields=["list", "name"])]

    def __str__(self):
        return self.label


class EntityImport(Record):
    """A table of entries that somebody brought: how far it is taken in."""

    list = models.ForeignKey(EntityList, on_delete=models.PROTECT, related_name="imports")
    filename = models.CharField(max_length=200)
    key = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)  # entries made or changed by it
    received_at = models.DateTimeField()
    simulated = models.BooleanField(default=False)

    sensitivity = {
        "list": S0,
        "filename": S2,
        "key": S0,
        "sha256": S1,
        "lines": S1,
        "done": S1,
        "changed": S1,
        "received_at": S1,
        "simulated": S0,
    }

    def __str__(self):
        return self.filename

    @property
    def content_digest(self):
        return self.sha256


class ImportedFile(Record):
    """The bytes of a table until its last line is taken in; apart, since a row is written anew with all that it holds."""

    imported = models.OneToOneField(EntityImport, on_delete=models.CASCADE, related_name="file")
    raw = models.BinaryField()

    sensitivity = {"imported": S1, "raw": S2}

    def __str__(self):
        return str(self.imported_id)

    @property
    def content_digest(self):
        return self.imported.sha256


class ReadSubmission(Record):
    """A submission that was looked through for what it says of entities."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="entity_reading")

    sensitivity = {"submission": S1}

    def __str__(self):
        return str(self.submission_id)


class EntityChange(Record):
    """What one submission, file or person said of one entity. Applied, it is a version of it.

    It follows from what was sent and can be read again; only `values` are lost when its source is erased.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied")
        HELD = "held", _("Waits for an earlier change")
        APPROVAL = "approval", _("Waits for approval")
        FAILED = "failed", _("Impossible")
        DROPPED = "dropped", _("Not applied")

    list = models.ForeignKey(EntityList, on_delete=models.PROTECT, related_name="changes")
    name = models.CharField(max_length=36, blank=True)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, related_name="entity_changes"
    )
    position = models.PositiveSmallIntegerField(default=0)  # in the submission
    imported = models.ForeignKey(EntityImport, on_delete=models.PROTECT, null=True, related_name="changes")
    key = models.CharField(max_length=260)  # the same wherever and whenever it arrives
    state = models.CharField(max_length=8, choices=State.choices)
    code = models.CharField(max_length=60, blank=True)
    given = models.CharField(max_length=120, blank=True)
    creates = models.BooleanField(default=False)
    updates = models.BooleanField(default=False)
    values = models.JSONField(default=dict)
    moment = models.DateTimeField()
    base = models.PositiveIntegerField(default=0)
    trunk = models.PositiveIntegerField(null=True)
    branch = models.CharField(max_length=36, blank=True)
    version = models.PositiveIntegerField(null=True)
    seen = models.PositiveIntegerField(default=0)
    forced = models.BooleanField(default=False)
    made_at = models.DateTimeField()  # when this row was made: from then on it is held
    erased = models.BooleanField(default=False)

    sensitivity = {
        "list": S0,
        "name": S1,
        "submission": S1,
        "position": S1,
        "imported": S1,
        "key": S1,
        "state": S1,
        "code": S1,
        "given": S2,
        "creates": S1,
        "updates": S1,
        "values": S2,
        "moment": S1,
        "base": S1,
        "trunk": S1,
        "branch": S1,
        "version": S1,
        "seen": S1,
        "forced": S1,
        "made_at": S1,
        "erased": S1,
    }

    class Meta:
        indexes = [
            models.Index(fields=["list", "name", "version"], name="change_of_entity"),
            models.Index(fields=["list", "made_at"], name="change_open", condition=~Q(state="applied")),
        ]
        constraints = [
            models.UniqueConstraint(name="change_once", fields=["key"]),
            models.UniqueConstraint(
                name="change_version_once", fields=["list", "name", "version"], condition=Q(state="applied")
            ),
            models.CheckConstraint(
                name="change_applied_has_version", condition=~Q(state="applied") | Q(version__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.version or self.state}"

    @property
    def said(self):
        """As the method takes it."""
        return Change(
            key=self.key, moment=self.moment, values=self.values, creates=self.creates, updates=self.updates,
            base=self.base, trunk=self.trunk, branch=self.branch, version=self.version or 0, seen=self.seen,
        )  # fmt: skip
