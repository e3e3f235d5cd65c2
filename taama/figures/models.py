"""Snapshots: figures as they were published, with all that is needed to derive them again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taama.base.models import Record
from taama.base.sensitivity import S0, S1


class Snapshot(Record):
    """What was known at one journal position. A published one never changes; the working one is made anew.

    A withdrawn one is kept with all its figures, and shown to nobody: only that it was, why, and what replaces it.
    """

    class Kind(models.TextChoices):
        WORKING = "working", _("Working")
        PUBLISHED = "published", _("Published")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField(null=True, unique=True)
    title = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    position = models.BigIntegerField()
    tables = models.JSONField(default=dict)  # name → {version, rows, hash}
    tools = models.JSONField(default=dict)  # code → version
    methods = models.JSONField(default=dict)  # code → version
    parameters = models.JSONField(default=dict)  # file → hash
    simulated = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)  # every reader who asks for it is told
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    sensitivity = {
        "kind": S0,
        "number": S0,
        "title": S0,
        "made_at": S0,
        "position": S1,
        "tables": S1,
        "tools": S0,
        "methods": S0,
        "parameters": S0,
        "simulated": S0,
        "withdrawn_at": S0,
        "withdrawn_reason": S0,
        "replaced_by": S0,
    }

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                name="snapshot_one_working", fields=["kind"], condition=Q(kind="working")
            ),
            models.CheckConstraint(
                name="snapshot_published_numbered",
                condition=Q(kind="working", number__isnull=True) | Q(kind="published", number__isnull=False),
            ),
            models.CheckConstraint(
                name="snapshot_withdrawn_with_its_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="", replaced_by__isnull=True)
                | (Q(withdrawn_at__isnull=False, kind="published") & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def code(self):
        """How it is cited: `S12`, or `S·` for the working one."""
        return f"S{self.number}" if self.number else "S·"


class PublishedFigure(Record):
    """One figure of a snapshot, frozen. Fields as in figures.figure.Figure."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=300)
    definition = models.CharField(max_length=80)
    place = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    period = models.CharField(max_length=30)
    as_of = models.DateField()
    unit = models.CharField(max_length=30)
    series = models.CharField(max_length=30)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    category = models.JSONField(default=dict)
    base = models.FloatField(null=True)
    coverage = models.JSONField(null=True)
    age_days = models.IntegerField(null=True)
    grades = models.JSONField(default=dict)
    method = models.CharField(max_length=80, blank=True)
    sources = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    change = models.JSONField(null=True)  # {from, value, percent} or {from, reason, values}
    extra = models.JSONField(default=dict)

    sensitivity = {
        "snapshot": S0,
        "key": S0,
        "definition": S0,
        "place": S0,
        "version": S0,
        "period": S0,
        "as_of": S0,
        "unit": S0,
        "series": S0,
        "value": S0,
        "low": S0,
        "high": S0,
        "category": S0,
        "base": S0,
        "coverage": S0,
        "age_days": S0,
        "grades": S0,
        "method": S0,
        "sources": S1,
        "marks": S0,
        "change": S0,
        "extra": S0,
    }

    class Meta:
        constraints = [models.UniqueConstraint(name="figure_once", fields=["snapshot", "key"])]
        indexes = [
            models.Index(fields=["snapshot", "series", "definition"], name="figure_by_definition"),
            models.Index(fields=["snapshot", "place"], name="figure_by_place"),
        ]

    def __str__(self):
        return self.key
