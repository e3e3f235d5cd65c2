"""What was sent: devices, submissions as they came, what was refused."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taama.base.models import Organisation, Record, Team
from taama.base.sensitivity import S0, S1, S2, S3
from taama.forms.models import FormVersion


class Device(Record):
    """A phone's account: a generated secret for Digest, a token for addresses. Never a person's password."""

    username = models.CharField(max_length=60, unique=True)
    label = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="devices")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="devices")
    area = models.CharField(max_length=80, blank=True)  # where it is used; '' is the whole country
    secret_sealed = models.BinaryField()
    token_hash = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    simulated = models.BooleanField(default=False)

    sensitivity = {
        "username": S2,
        "label": S2,
        "organisation": S1,
        "team": S2,
        "area": S1,
        "secret_sealed": S3,
        "token_hash": S3,
        "revoked_at": S1,
        "simulated": S1,
    }
    journal_without_values = True

    def __str__(self):
        return self.username


class Submission(Record):
    """What was sent, byte for byte. Never changed; edited by a newer one, withdrawn or erased by an action."""

    class Origin(models.TextChoices):
        OPENROSA = "openrosa", _("Phone")
        FILE = "file", _("File")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")  # to be read into facts
        DERIVED = "derived", _("Read into facts")
        HELD = "held", _("Held back by an error")
        UNREAD = "unread", _("Collected only")  # no tool reads this form
        FAILED = "failed", _("Could not be read")  # a fault of ours or of the bytes; nothing is lost
        REPLACED = "replaced", _("Replaced by an edit")
        KEPT_OUT = "kept_out", _("Kept out of the figures")  # by a decision that can be taken back
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ERASED = "erased", _("Erased")

    instance_id = models.CharField(max_length=250, unique=True)
    form_version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, null=True, related_name="submissions"
    )
    tool = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    filename = models.CharField(max_length=200, blank=True)
    raw = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_index=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="submissions")
    team = models.ForeignKey(  # that of the phone when this came
        Team, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    client_device = models.CharField(max_length=120, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    area = models.CharField(max_length=80, blank=True, db_index=True)  # of what it says, once it is read
    attempted = models.BooleanField(default=False)  # its facts may already stand in the lake
    derived_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was withdrawn or erased
    simulated = models.BooleanField(default=False)
    encrypted = models.BooleanField(default=False)  # only who holds the form's private key can read it
    deprecated_id = models.CharField(max_length=250, blank=True)  # of the instance that it says it edits
    files_noted = models.BooleanField(default=False)  # whether the files that it names are in NamedFile

    sensitivity = {
        "instance_id": S1,
        "form_version": S1,
        "tool": S1,
        "origin": S1,
        "filename": S2,
        "raw": S2,
        "sha256": S1,
        "received_at": S1,
        "device": S2,
        "team": S2,
        "client_device": S2,
        "replaces": S1,
        "state": S1,
        "area": S1,
        "attempted": S1,
        "derived_at": S1,
        "reason": S2,
        "simulated": S0,
        "encrypted": S1,
        "deprecated_id": S1,
        "files_noted": S1,
    }

    class Meta:
        indexes = [
            models.Index(fields=["deprecated_id"], name="submission_edits", condition=~Q(deprecated_id="")),
            models.Index(fields=["id"], name="submission_not_noted", condition=Q(files_noted=False)),
            models.Index(fields=["state", "attempted", "id"], name="submission_waiting"),
            models.Index(fields=["form_version", "received_at"], name="submission_form"),
        ]
        constraints = [
            models.CheckConstraint(
                name="submission_raw_unless_erased", condition=Q(raw__isnull=False) | Q(state="erased")
            ),
        ]

    def __str__(self):
        return self.instance_id

    @property
    def content_digest(self):
        return self.sha256


GONE = (Submission.State.REPLACED, Submission.State.WITHDRAWN, Submission.State.ERASED)


class Quarantined(Record):
    """What could not be accepted and must not be lost: the bytes, why, and what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RELEASED = "released", _("Released")  # the submission has the bytes now; of what was mended, both are kept
        DISCARDED = "discarded", _("Discarded")  # seen and not wanted; the bytes go after a month
        ERASED = "erased", _("Erased")

    code = models.CharField(max_length=60)
    instance_id = models.CharField(max_length=250, blank=True, db_index=True)
    form_id = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=60, blank=True)
    deprecated_id = models.CharField(max_length=250, blank=True)
    raw = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="quarantined")
    client_device = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was decided so
    submission = models.ForeignKey(  # what it became
        Submission, on_delete=models.PROTECT, null=True, related_name="came_as"
    )

    sensitivity = {
        "code": S1,
        "instance_id": S1,
        "form_id": S1,
        "version": S1,
        "deprecated_id": S1,
        "raw": S2,
        "sha256": S1,
        "device": S2,
        "client_device": S2,
        "received_at": S1,
        "state": S1,
        "settled_at": S1,
        "reason": S2,
        "submission": S1,
    }

    class Meta:
        indexes = [
            models.Index(fields=["deprecated_id"], name="quarantined_edits", condition=~Q(deprecated_id=""))
        ]
        constraints = [
            models.UniqueConstraint(name="quarantined_once", fields=["instance_id", "sha256", "code"]),
            models.CheckConstraint(
                name="quarantined_raw_unless_settled",
                condition=Q(raw__isnull=False) | Q(state__in=["released", "erased"]),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.instance_id}"

    @property
    def content_digest(self):
        return self.sha256


class Attachment(Record):
    """A file sent with a submission, or with what was put aside; kept under its sha256, the same bytes once."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, null=True, related_name="attachments"
    )
    quarantined = models.ForeignKey(
        Quarantined, on_delete=models.CASCADE, null=True, related_name="attachments"
    )
    filename = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64, db_index=True)
    bytes = models.PositiveBigIntegerField()
    expected = models.BooleanField(default=True)  # named in the instance

    sensitivity = {
        "submission": S1,
        "quarantined": S1,
        "filename": S2,
        "sha256": S1,
        "bytes": S1,
        "expected": S1,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(name="attachment_once", fields=["submission", "filename", "sha256"]),
            models.UniqueConstraint(
                name="attachment_aside_once", fields=["quarantined", "filename", "sha256"]
            ),
            models.CheckConstraint(
                name="attachment_of_one",
                condition=Q(submission__isnull=True, quarantined__isnull=False)
                | Q(submission__isnull=False, quarantined__isnull=True),
            ),
        ]

    def __str__(self):
        return self.filename

    @property
    def content_digest(self):
        return self.sha256


class NamedFile(Record):
    """A file that an instance says belongs to it, whether it has arrived or not."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="named_files")
    filename = models.CharField(max_length=250)

    sensitivity = {"submission": S1, "filename": S2}

    class Meta:
        constraints = [
            models.UniqueConstraint(name="named_file_once", fields=["submission", "filename"]),
        ]

    def __str__(self):
        return self.filename


class Finding(Record):
    """What a check says of a submission. `error` holds its facts back, `warning` publishes them marked."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="findings")
    level = models.CharField(max_length=10)
    code = models.CharField(max_length=80)
    field = models.CharField(max_length=200, blank=True)
    row = models.IntegerField(null=True)
    values = models.JSONField(default=dict)

    sensitivity = {"submission": S1, "level": S1, "code": S1, "field": S1, "row": S1, "values": S2}

    class Meta:
        indexes = [models.Index(fields=["code", "level"], name="finding_code")]

    def __str__(self):
        return f"{self.level} {self.code}"
