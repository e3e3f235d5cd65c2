"""What is kept about those who act, and the journal of what they did."""

import uuid_utils.compat
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from taama.base.sensitivity import S0, S1, S2, S3


def new_id():
    """A UUIDv7, made where the record is born, so that two offices never collide."""
    return uuid_utils.compat.uuid7()


class Record(models.Model):
    """Base of everything that is kept. `sensitivity` classes each field; `@action` journals each change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sensitivity: dict = {}

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remember what was loaded, so that the journal can say what an action changed."""
        record = super().from_db(db, field_names, values)
        record._as_loaded = dict(zip(field_names, values, strict=True))
        return record

    def __str__(self):
        return f"{type(self).__name__} {self.pk}"


class Organisation(Record):
    class Kind(models.TextChoices):
        DIRECTORATE = "directorate", _("Government directorate")
        COMMISSION = "commission", _("Commission")
        UN = "un", _("United Nations agency")
        NGO = "ngo", _("NGO")
        COMMITTEE = "committee", _("Committee")
        HEALTH_ASSOCIATION = "health_association", _("Community health association")
        MUNICIPALITY = "municipality", _("Municipality")
        DONOR = "donor", _("Donor")

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    simulated = models.BooleanField(default=False)

    sensitivity = {"code": S0, "name": S0, "kind": S0, "simulated": S0}

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Team(Record):
    """People of an organisation who go out together: phones belong to them, forms can be given to them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=60)

    sensitivity = {"organisation": S1, "name": S2}

    class Meta:
        ordering = ["organisation__name", "name"]
        constraints = [models.UniqueConstraint(name="team_once", fields=["organisation", "name"])]

    def __str__(self):
        return f"{self.organisation} · {self.name}"


class Accounts(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username)

    def create_user(self, username, email="", password=None, **fields):
        account = self.model(username=username, email=email, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class User(Record, AbstractBaseUser):
    """An account of a person. What they may do comes from their memberships alone."""

    username = models.CharField(_("username"), max_length=80, unique=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name of the person"), max_length=200, blank=True)
    language = models.CharField(max_length=5, default="fr")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    simulated = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = Accounts()

    sensitivity = {
        "username": S2,
        "email": S2,
        "name": S2,
        "language": S1,
        "is_active": S1,
        "date_joined": S1,
        "simulated": S1,
        "password": S3,
        "last_login": S2,
    }

    def __str__(self):
        return self.username


class Role(models.TextChoices):
    DATA_MANAGER = "data_manager", _("Data manager")
    INFORMATION_OFFICER = "information_officer", _("Information officer")
    VALIDATOR = "validator", _("Validator (directorate or commission)")
    PARTNER = "partner", _("Partner")
    ADMINISTRATOR = "administrator", _("Administrator")


class Membership(Record):
    """A role in an organisation, for an area ('' is the whole country), from one day to another."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)
    area = models.CharField(max_length=80, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    sensitivity = {
        "user": S1,
        "organisation": S1,
        "role": S1,
        "area": S1,
        "from_date": S1,
        "to_date": S1,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=models.Q(to_date__isnull=True) | models.Q(to_date__gte=models.F("from_date")),
            ),
            models.UniqueConstraint(
                name="membership_once", fields=["user", "organisation", "role", "area", "from_date"]
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.role} {self.organisation}"


class JournalEntry(models.Model):
    """One change of one object by one actor. Append-only; `sequence` and `chain` are set when it is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    node = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    detail_digest = models.CharField(max_length=64, blank=True)
    sequence = models.BigIntegerField(null=True, unique=True)
    chain = models.CharField(max_length=64, blank=True)

    sensitivity = {
        "id": S1,
        "node": S1,
        "at": S1,
        "actor_kind": S1,
        "actor": S2,
        "action": S1,
        "object_type": S1,
        "object_id": S1,
        "digest": S1,
        "detail_digest": S1,
        "sequence": S1,
        "chain": S1,
    }

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="journal_object"),
            models.Index(fields=["id"], name="journal_unsealed", condition=models.Q(sequence__isnull=True)),
        ]

    def __str__(self):
        return f"{self.action} {self.object_type} {self.object_id}"


class JournalDetail(models.Model):
    """Which fields an entry changed, from what to what; in a row of its own that can be erased."""

    entry = models.OneToOneField(
        JournalEntry, primary_key=True, on_delete=models.PROTECT, related_name="detail"
    )
    changes = models.JSONField()

    sensitivity = {"entry": S1, "changes": S2}

    def __str__(self):
        return f"detail of {self.entry_id}"


class Lease(models.Model):
    """Who alone may do something now (write the lake, seal the journal), and until when."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField(null=True)

    sensitivity = {"name": S1, "holder": S1, "until": S1}

    def __str__(self):
        return self.name
