"""What is kept about places: areas in versions with their lineage, and the places inside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from taama.base.models import Record
from taama.base.sensitivity import S0, S1

ON_EARTH = models.Q(lat__isnull=True, lon__isnull=True) | models.Q(
    lat__range=(-90, 90), lon__range=(-180, 180)
)


class AreaVersion(Record):
    """The administrative division of a country as it stood from one day to another."""

    country = models.CharField(max_length=3)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.TextField()

    sensitivity = {
        "country": S0, "code": S0, "label": S0, "label_en": S0, "valid_from": S0, "valid_to": S0, "source": S0,
    }  # fmt: skip

    class Meta:
        ordering = ["country", "valid_from"]
        constraints = [
            models.UniqueConstraint(name="area_version_once", fields=["country", "code"]),
            models.CheckConstraint(
                name="area_version_ends_after_it_begins",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.country} {self.code}"


class Area(Record):
    """A unit of one version. `key` is its code, or its name where it has none, with the version: `ML05@2021-12-20`."""

    version = models.ForeignKey(AreaVersion, on_delete=models.PROTECT, related_name="areas")
    key = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    names_other = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    seat = models.CharField(max_length=120, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    outline = models.TextField(blank=True)
    outline_source = models.CharField(max_length=300, blank=True)

    sensitivity = {
        "version": S0, "key": S0, "code": S0, "level": S0, "name": S0, "names_other": S0, "parent": S0, "seat": S0,
        "lat": S0, "lon": S0, "outline": S0, "outline_source": S0,
    }  # fmt: skip

    class Meta:
        ordering = ["level", "key"]
        constraints = [
            models.CheckConstraint(name="area_level_known", condition=models.Q(level__lte=4)),
            models.CheckConstraint(name="area_position_on_earth", condition=ON_EARTH),
            models.UniqueConstraint(
                name="area_code_once_in_version", fields=["version", "code"], condition=~models.Q(code="")
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.key})"


class Lineage(Record):
    """What became of an area of an earlier version. `weight`: share of `before` that lies in `after`, where known."""

    class Kind(models.TextChoices):
        SAME = "same", _("Unchanged")
        RENAME = "rename", _("Renamed")
        RECODE = "recode", _("New code")
        SPLIT = "split", _("Split")
        MERGE = "merge", _("Merged")
        TRANSFER = "transfer", _("A part moved")

    before = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="came_from")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    weight = models.FloatField(null=True, blank=True)
    source = models.TextField()

    sensitivity = {"before": S0, "after": S0, "kind": S0, "weight": S0, "source": S0}

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lineage_once", fields=["before", "after"]),
            models.CheckConstraint(
                name="lineage_weight_is_a_share",
                condition=models.Q(weight__isnull=True) | models.Q(weight__gt=0, weight__lte=1),
            ),
            models.CheckConstraint(name="lineage_of_two", condition=~models.Q(before=models.F("after"))),
        ]

    def __str__(self):
        return f"{self.before_id} {self.kind} {self.after_id}"


class Place(Record):
    """What places inside an area have in common. `code` is their key, and is read by people: `L-ML0506-0012`."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    names_other = models.JSONField(default=list, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="%(class)s_set")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)
    simulated = models.BooleanField(default=False)
    source = models.CharField(max_length=300)

    class Meta:
        abstract = True
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="%(class)s_position_on_earth", condition=ON_EARTH),
            models.CheckConstraint(
                name="%(class)s_closes_after_it_opens",
                condition=models.Q(closed__isnull=True)
                | models.Q(opened__isnull=True)
                | models.Q(closed__gte=models.F("opened")),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.code})"


PLACE = {
    "code": S0,
    "name": S0,
    "names_other": S0,
    "area": S0,
    "opened": S0,
    "closed": S0,
    "simulated": S0,
    "source": S0,
}
POSITION = {"lat": S0, "lon": S0}


class Locality(Place):
    """A village, a neighbourhood of a town or a nomadic fraction."""

    class Kind(models.TextChoices):
        VILLAGE = "village", _("Village")
        NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")
        FRACTION = "fraction", _("Nomadic fraction")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.VILLAGE)

    sensitivity = PLACE | POSITION | {"kind": S0}

    class Meta(Place.Meta):
        verbose_name_plural = "localities"


class Site(Place):
    """A place where displaced people live together. Its position is for partners, not for the public."""

    class Kind(models.TextChoices):
        SPONTANEOUS = "spontaneous", _("Spontaneous site")
        PLANNED = "planned", _("Planned site")
        COLLECTIVE = "collective_centre", _("Collective centre")
        TRANSIT = "transit", _("Transit or reception centre")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SPONTANEOUS)
    locality = models.ForeignKey(
        Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="sites"
    )

    sensitivity = PLACE | {"lat": S1, "lon": S1, "kind": S0, "locality": S0}


class Point(Place):
    """A place where people or herds that pass are observed."""

    class Kind(models.TextChoices):
        FLOW_MONITORING = "flow_monitoring", _("Flow monitoring point")
        ENTRY = "entry", _("Point of entry")
        COUNTING = "counting", _("Counting point")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.FLOW_MONITORING)
    directions = models.JSONField(default=list, blank=True)

    sensitivity = PLACE | POSITION | {"kind": S0, "directions": S0}


class Facility(Place):
    """A health facility."""

    class Kind(models.TextChoices):
        COMMUNITY = "community_health_centre", _("Community health centre")
        REFERENCE = "reference_health_centre", _("Reference health centre")
        HOSPITAL = "hospital", _("Hospital")
        OTHER = "other", _("Other facility")

    kind = models.CharField(max_length=30, choices=Kind.choices, default=Kind.COMMUNITY)

    sensitivity = PLACE | POSITION | {"kind": S0}

    class Meta(Place.Meta):
        verbose_name_plural = "facilities"


class PopulationFigure(Record):
    """How many people an area had on a day, according to a source."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="population")
    as_of = models.DateField()
    people = models.PositiveBigIntegerField()
    source = models.CharField(max_length=300)

    sensitivity = {"area": S0, "as_of": S0, "people": S0, "source": S0}

    class Meta:
        ordering = ["area", "-as_of"]
        constraints = [
            models.UniqueConstraint(name="population_once", fields=["area", "as_of", "source"]),
        ]

    def __str__(self):
        return f"{self.area_id} {self.as_of}: {self.people}"
