"""What is asked: forms with their versions, byte for byte as phones get them, and the files that they need."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taama.base.models import Record
from taama.base.sensitivity import S0, S1, Class


class Form(Record):
    """A questionnaire. `tool` names the tool that reads it; without one it is collected and exported only."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    form_id = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=250)
    tool = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    sensitivity_class = models.PositiveSmallIntegerField(default=Class.S2)
    keep_days = models.PositiveIntegerField(null=True, blank=True)
    reread = models.BooleanField(default=False)  # a tool was named since: what was only collected waits to be read

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

    sensitivity = {
        "form": S0,
        "version": S0,
        "xform": S1,
        "md5": S0,
        "source": S1,
        "source_name": S1,
        "published_at": S0,
        "current": S0,
    }

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(name="form_version_once", fields=["form", "version"]),
            models.UniqueConstraint(name="form_one_current", fields=["form"], condition=Q(current=True)),
        ]

    def __str__(self):
        return f"{self.form.form_id} {self.version}"


class FormMedia(Record):
    """A file that a form version needs on the phone: a list of localities, a picture."""

    form_version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="media")
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    md5 = models.CharField(max_length=32)

    sensitivity = {"form_version": S0, "filename": S0, "content": S1, "md5": S0}

    class Meta:
        constraints = [models.UniqueConstraint(name="media_once", fields=["form_version", "filename"])]

    def __str__(self):
        return self.filename
