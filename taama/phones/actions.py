"""Accounts of phones: a generated secret for Digest, a token for addresses, and the end of both."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.base.keys import seal
from taama.base.models import Team
from taama.collect.models import Device
from taama.collect.queries import KEEPERS, require_reach
from taama.phones.methods.token import token_of
from taama.places import queries as places

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


@dataclass(frozen=True)
class NewDevice:
    """A device with its secret and token, which are shown this once."""

    device: Device
    secret: str
    token: str


@action("phones.create_device", allow=KEEPERS)
def create_device(*, by, username, organisation, label="", area="", team="", simulated=False):
    """Give a phone an account, for an area or everywhere. Its secret is made here and shown once."""
    _require_area(by, "phones.create_device", area)
    if not NAME.fullmatch(username):
        raise TaamaError("phones.device_name_malformed", values={"name": username})
    if Device.objects.filter(username=username).exists():
        raise TaamaError("phones.device_exists", values={"name": username}, status=409)
    secret = secrets.token_urlsafe(18)
    token = token_of(secret)
    owner, new = _team(organisation, team)
    device = Device.objects.create(
        username=username, label=label, organisation=organisation, team=owner, area=area, simulated=simulated,
        secret_sealed=seal(settings.TAAMA_DATA_DIR, "device_key").encrypt(secret.encode()),
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
    )  # fmt: skip
    return Done(NewDevice(device, secret, token), [*new, device])


@action("phones.change_device", allow=KEEPERS)
def change_device(*, by, device, label, area, team):
    """Say anew what people call a phone, where it is used and by which team; its account and code stay."""
    require_reach(by, "phones.change_device", device)
    if area != device.area:
        _require_area(by, "phones.change_device", area)
    device.team, new = _team(device.organisation, team)
    device.label, device.area = label, area
    device.save(update_fields=["label", "area", "team"])
    return Done(device, [*new, device])


@action("phones.revoke_device", allow=KEEPERS)
def revoke_device(*, by, device):
    """End a phone's account at once: lost, stolen, or its bearer left."""
    require_reach(by, "phones.revoke_device", device)
    device.revoked_at = device.revoked_at or timezone.now()
    device.save(update_fields=["revoked_at"])
    return device


def _require_area(by, rule, area):
    """Within the reach of who acts, and known."""
    places.require_area(by, rule, area)
    if area:
        places.area(by, area)


def _team(organisation, name):
    """(The team of this name, however it is written, and those made now); (None, []) without a name."""
    if not name:
        return None, []
    found = Team.objects.filter(organisation=organisation, name__iexact=name).first()
    team = found or Team.objects.create(organisation=organisation, name=name)
    return team, [] if found else [team]
