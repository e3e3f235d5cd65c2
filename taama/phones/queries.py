"""What can be known of phones, and which phone it is that asks."""

import hashlib
import hmac
import time

from django.conf import settings

from taama.base.doors import query
from taama.base.keys import seal
from taama.base.models import Organisation, Team
from taama.base.policy import ANYONE, DEVICE, SYSTEM
from taama.collect.models import Device
from taama.collect.queries import KEEPERS, require_reach
from taama.forms.models import FormMedia
from taama.phones.methods import digest
from taama.phones.methods.reach import rows_inside
from taama.phones.methods.token import token_of
from taama.places import queries as places


@query("phones.devices", allow=KEEPERS)
def devices(viewer):
    """Accounts of phones."""
    return (
        Device.objects.filter(places.seen(viewer, KEEPERS, "area"))
        .select_related("organisation", "team__organisation")
        .order_by("username")
    )


@query("phones.organisations", allow=KEEPERS)
def organisations(viewer):
    """The organisations that a phone may belong to."""
    return Organisation.objects.order_by("code")


@query("phones.teams", allow=KEEPERS)
def teams(viewer):
    """Teams of the phones within reach, by organisation."""
    return Team.objects.filter(devices__in=devices(viewer)).distinct().select_related("organisation")


@query("phones.device_token", allow=KEEPERS)
def device_token(viewer, device):
    """The token with which a phone is set up again."""
    require_reach(viewer, "phones.device_token", device)
    return token_of(_secret(device))


@query("phones.device_of_token", allow=(ANYONE,))
def device_of_token(viewer, token):
    """The phone that this token stands for, or None."""
    return _active(token_hash=hashlib.sha256(token.encode()).hexdigest())


@query("phones.device_of_password", allow=(ANYONE,))
def device_of_password(viewer, username, password):
    """The phone with this name and secret, or None."""
    device = _active(username=username)
    right = device and hmac.compare_digest(_secret(device).encode(), password.encode())
    return device if right else None


@query("phones.device_of_claim", allow=(ANYONE,))
def device_of_claim(viewer, claim, method, path):
    """The phone that proves its secret by Digest, or None; and whether only its nonce is of another time."""
    age = digest.nonce_age(settings.SECRET_KEY.encode(), claim.nonce, time.time())
    device = _active(username=claim.username) if age is not None else None
    if device is None or not digest.is_right(claim, _secret(device), method, path):
        return None, False
    stale = abs(age) > digest.NONCE_SECONDS  # from the future too: our clock was wrong then
    return (None if stale else device), stale


@query("phones.form_media", allow=(DEVICE, SYSTEM))
def form_media(viewer, key, filename=None):
    """The files of a version; or the one of this name, or None. A phone with an area gets its part of the lists.

    Their content is only read when it is asked for, or when the phone has an area.
    """
    found = FormMedia.objects.filter(form_version=key).order_by("filename")
    reach = places.reached(viewer, (DEVICE,))
    if filename is not None:
        file = found.filter(filename=filename).first()
        return file if file is None or reach is None else _part(file, reach)
    whole = found.defer("content")
    return whole if reach is None else [_part(file, reach) for file in whole]


def _part(file, reach):
    """A list with the rows of these areas only; its hash is that of what remains."""
    if file.filename.lower().endswith(".csv"):
        file.content = rows_inside(bytes(file.content), reach)
        file.md5 = hashlib.md5(file.content, usedforsecurity=False).hexdigest()
    return file


def _active(**wanted):
    found = Device.objects.filter(revoked_at__isnull=True, **wanted)
    return next(iter(found.only("username", "area", "organisation", "team", "secret_sealed", "simulated")), None)


def _secret(device):
    return seal(settings.TAAMA_DATA_DIR, "device_key").decrypt(bytes(device.secret_sealed)).decode()
