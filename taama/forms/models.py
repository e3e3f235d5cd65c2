"""What is asked: forms with their versions, byte for byte as phones get them, drafts, and the files that they need."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taama.base.models import Organisation, Record, Team, User
from taama.base.sensitivity import S0, S1, S2, S3, Class


class Form(Record):
    """A questionnaire. `tool` names the tool that reads it; without one it is collected and exported only."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        ARCHIVED = "archived", _("Archived")  # closed, and no longer among the lists of forms

    form_id = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=250)
    tool = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    sensitivity_class = models.PositiveSmallIntegerField(default=Class.S2)
    keep_days = models.PositiveIntegerField(null=True, blank=True)
    reread = models.BooleanField(
        default=False
    )  # a tool was named since: what was only collected waits to be read

    sensitivity = {
        "form_id": S0,
        "title": S0,
        "tool": S0,
        "state": S0,
        "sensitivity_class": S0,
        "keep_days": S0,
        "reread": S0,
    }

    class Meta:
        ordering = ["form_id"]
        constraints = [
            models.CheckConstraint(name="form_below_sealing", condition=Q(sensitivity_class__lte=Class.S2)),
        ]

    def __str__(self):
        return self.title


class FormVersion(Record):
    """One published version: the XForm byte for byte as phones get it, and the source it was made from."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=60)
    xform = models.BinaryField()
    md5 = models.CharField(max_length=32)
    source = models.BinaryField(null=True)
    source_name = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    current = models.BooleanField(default=True)
    classes = models.JSONField(default=dict)  # path of a question → its class, where somebody gave it one

    sensitivity = {
        "form": S0,
        "version": S0,
        "xform": S1,
        "md5": S0,
        "source": S1,
        "source_name": S1,
        "published_at": S0,
        "current": S0,
        "classes": S1,
    }

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(name="form_version_once", fields=["form", "version"]),
            models.UniqueConstraint(name="form_one_current", fields=["form"], condition=Q(current=True)),
        ]

    def __str__(self):
        return f"{self.form.form_id} {self.version}"


class FormDraft(Record):
    """A form that somebody brought and that is not published yet: as it came, what is wrong with it, what was mended.

    `report` holds what reading found, as `methods.report` makes it; `xform` is there once it could be converted.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being checked")
        FAULTY = "faulty", _("To be mended")
        READY = "ready", _("Ready")

    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="form_drafts")
    filename = models.CharField(max_length=200)
    source = models.BinaryField()
    chosen = models.JSONField(default=list)  # keys of the offered repairs that the author wants
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    report = models.JSONField(default=dict)
    form_id = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=250, blank=True)
    xform = models.BinaryField(null=True)
    validated = models.BooleanField(null=True)  # by ODK Validate; None where it could not be asked
    token = models.CharField(max_length=64, unique=True)  # of the address under which phones try it
    attempts = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()

    sensitivity = {
        "author": S2,
        "filename": S1,
        "source": S1,
        "chosen": S1,
        "state": S1,
        "report": S1,
        "form_id": S1,
        "version": S1,
        "title": S1,
        "xform": S1,
        "validated": S1,
        "token": S3,
        "attempts": S1,
        "changed_at": S1,
    }
    journal_without_values = True

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self):
        return self.title or self.filename


class FormMedia(Record):
    """A file that a form version or a draft needs on the phone: a list of localities, a picture."""

    form_version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, null=True, related_name="media")
    draft = models.ForeignKey(FormDraft, on_delete=models.CASCADE, null=True, related_name="media")
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    md5 = models.CharField(max_length=32)
    copied = models.BooleanField(
        default=False
    )  # from the version that phones have, or made by the form's tool

    sensitivity = {"form_version": S0, "draft": S1, "filename": S0, "content": S1, "md5": S0, "copied": S1}

    class Meta:
        ordering = ["filename"]
        constraints = [
            models.UniqueConstraint(name="media_once", fields=["form_version", "filename"]),
            models.UniqueConstraint(name="media_of_draft_once", fields=["draft", "filename"]),
            models.CheckConstraint(
                name="media_of_one",
                condition=Q(form_version__isnull=True, draft__isnull=False)
                | Q(form_version__isnull=False, draft__isnull=True),
            ),
        ]

    def __str__(self):
        return self.filename


class Trial(Record):
    """What a phone sent to a draft: shown to those who make the form, never counted, gone with the draft."""

    draft = models.ForeignKey(FormDraft, on_delete=models.CASCADE, related_name="trials")
    instance_id = models.CharField(max_length=250)
    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=list)  # names and sizes; the files themselves are not kept
    received_at = models.DateTimeField()

    sensitivity = {
        "draft": S1,
        "instance_id": S1,
        "raw": S2,
        "sha256": S1,
        "files": S2,
        "received_at": S1,
    }

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(name="trial_once", fields=["draft", "sha256"])]

    def __str__(self):
        return self.instance_id

    @property
    def content_digest(self):
        return self.sha256


class Assignment(Record):
    """Phones that get a form: those of an organisation or one of its teams, of an area, or of the one in the other.

    A form without any goes to all phones.
    """

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="assignments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.CharField(max_length=80, blank=True)

    sensitivity = {"form": S0, "organisation": S1, "team": S2, "area": S1}

    class Meta:
        constraints = [
            models.UniqueConstraint(name="assignment_of_team_once", fields=["form", "team", "area"]),
            models.UniqueConstraint(
                name="assignment_once", fields=["form", "organisation", "area"], condition=Q(team=None)
            ),
            models.UniqueConstraint(
                name="assignment_of_area_once", fields=["form", "area"], condition=Q(organisation=None)
            ),
            models.CheckConstraint(
                name="assignment_of_somebody", condition=Q(organisation__isnull=False) | ~Q(area="")
            ),
            models.CheckConstraint(
                name="assignment_team_of_organisation", condition=Q(team=None) | Q(organisation__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.form_id} {self.team_id or self.organisation_id or ''} {self.area}"
