"""What is kept of taking out: who asked for which file, what came of it; questions that changed their name."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taama.base.models import Record, User
from taama.base.sensitivity import S0, S1, Class
from taama.forms.models import Form


class Export(Record):
    """A file of a form's submissions that somebody asked for. The worker makes it in their name; it goes after days."""

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel (.xlsx)")
        CSV = "csv", _("CSV in a zip")
        PARQUET = "parquet", _("Parquet in a zip")
        GPKG = "gpkg", _("GeoPackage (.gpkg)")
        SAV = "sav", _("SPSS (.sav) in a zip")
        DTA = "dta", _("Stata (.dta) in a zip")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # begun or not: what is not settled is begun again, or continued
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        GONE = "gone", _("Deleted")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="exports")
    sensitivity_class = models.PositiveSmallIntegerField(default=Class.S2)  # of the form, at that time
    format = models.CharField(max_length=10, choices=Format.choices)
    language = models.CharField(max_length=20)
    options = models.JSONField(default=dict)  # labels, multiples, groups
    filters = models.JSONField(default=dict)  # first_day, last_day, versions, states, area
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="exports")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField(default=0)  # of the work, as far as it is known
    done = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)  # submissions in it
    simulated = models.BooleanField(default=False)  # whether any of them is
    filename = models.CharField(max_length=200, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True)
    fetches = models.PositiveIntegerField(default=0)  # the journal says who, and when
    fetched_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=80, blank=True)  # why it failed or is gone
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    sensitivity = {
        "form": S1, "sensitivity_class": S0, "format": S1, "language": S1, "options": S1, "filters": S1, "asked_by": S1,
        "asked_at": S1, "state": S1, "attempts": S1, "begun_at": S1, "settled_at": S1, "steps": S1, "done": S1, "rows": S1,
        "simulated": S0, "filename": S1, "bytes": S1, "sha256": S1, "expires_at": S1, "fetches": S1, "fetched_at": S1,
        "code": S1, "values": S1,
    }  # fmt: skip

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["state", "asked_at"], name="export_waiting")]
        constraints = [
            models.CheckConstraint(
                name="export_done_has_its_file", condition=~Q(state="done") | ~Q(sha256=""),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.form_id} {self.format}"

    @property
    def content_digest(self):
        return self.sha256


class Renaming(Record):
    """Questions of a form that are one although their name changed: former path → present path."""

    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="renaming")
    pairs = models.JSONField(default=dict)

    sensitivity = {"form": S1, "pairs": S1}

    def __str__(self):
        return f"renaming of {self.form_id}"
