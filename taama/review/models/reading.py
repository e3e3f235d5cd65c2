"""What the desk reads in a submission, for its lists and its pages on quality. All of it can be read again."""

from django.db import models

from taama.base.models import Record
from taama.base.sensitivity import S0, S1, S2
from taama.collect.models import Submission
from taama.forms.models import Form


class Interview(Record):
    """What one submission says of how it was collected. Small numbers of one enumerator: for supervisors only."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="interview")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="interviews")
    enumerator = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=60, blank=True)  # code of a locality, a site or a point
    round = models.CharField(max_length=40, blank=True)
    day = models.DateField()  # of the interview, by its end; of receipt where it says none
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    asked_minutes = models.FloatField(
        null=True
    )  # on questions, where the phone kept a log; else start to end
    late_hours = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    away_km = models.FloatField(null=True)  # from where it was filled in to the place that it names
    answered = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)  # refused, or not known
    refused = models.BooleanField(default=False)  # the question on consent was answered no
    numbers = models.PositiveIntegerField(default=0)  # whole numbers of two digits or more
    rounded = models.PositiveIntegerField(default=0)  # of them, ending in 0 or 5
    clock_wrong = models.BooleanField(default=False)
    outside_hours = models.BooleanField(default=False)
    doubts = models.PositiveIntegerField(default=0)
    twin = models.ForeignKey(Submission, on_delete=models.SET_NULL, null=True, related_name="twins")
    alike_percent = models.FloatField(null=True)  # answers that are the same as the twin's
    answers = models.BinaryField(null=True)  # hashes of the answers, to find twins

    sensitivity = {
        "submission": S1, "form": S1, "enumerator": S2, "place": S1, "round": S1, "day": S1, "started_at": S2,
        "ended_at": S2, "asked_minutes": S2, "late_hours": S2, "lat": S2, "lon": S2, "away_km": S2, "answered": S1,
        "declined": S1, "refused": S1, "numbers": S1, "rounded": S1, "clock_wrong": S1, "outside_hours": S2, "doubts": S1, "twin": S1,
        "alike_percent": S2, "answers": S2,
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["form", "day"], name="interview_form_day"),
            models.Index(fields=["form", "enumerator", "day"], name="interview_enumerator"),
            models.Index(fields=["form", "place", "day"], name="interview_place"),
        ]

    def __str__(self):
        return f"{self.day} {self.submission_id}"

    @property
    def moment(self):
        """When it was filled in, for rules that rest on the day; its receipt where the phone's clock says nothing."""
        told = None if self.clock_wrong else self.ended_at
        return told or self.submission.received_at


class Doubt(Record):
    """Where a submission breaks a rule of its own form. It holds nothing back."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="doubts")
    code = models.CharField(max_length=60)
    level = models.CharField(max_length=10, default="warning")
    path = models.CharField(max_length=300)
    rows = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict)

    sensitivity = {"submission": S1, "code": S1, "level": S0, "path": S1, "rows": S1, "values": S2}

    class Meta:
        indexes = [models.Index(fields=["code"], name="doubt_code")]

    def __str__(self):
        return f"{self.code} {self.path}"
