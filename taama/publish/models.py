"""What is kept of publishing: who asked for a snapshot, under which title, and what came of it."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taama.base.models import Record, User
from taama.base.sensitivity import S0, S1
from taama.figures.models import Snapshot


class Publication(Record):
    """A snapshot that somebody asked for. The worker makes it in their name; title and note are for every reader."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # begun or not: what is not settled is begun again
        DONE = "done", _("Published")
        FAILED = "failed", _("Failed")

    title = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)  # what changed
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="publications")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=80, blank=True)  # why it failed
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, null=True, related_name="publication")

    sensitivity = {
        "title": S0,
        "note": S0,
        "asked_by": S1,
        "asked_at": S1,
        "state": S1,
        "attempts": S1,
        "begun_at": S1,
        "settled_at": S1,
        "code": S1,
        "values": S1,
        "snapshot": S0,
    }

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="publication_done_has_its_snapshot",
                condition=Q(state="done", snapshot__isnull=False)
                | (~Q(state="done") & Q(snapshot__isnull=True)),
            ),
        ]

    def __str__(self):
        return self.title
