"""What can be known of forms, devices, submissions and what was put aside, and by whom."""

import contextlib
import hashlib
import hmac
import time
import uuid

from django.conf import settings
from django.db.models import Count, Q

from taama.base.doors import query
from taama.base.keys import seal
from taama.base.models import Organisation, Role
from taama.base.policy import ANYONE, DEVICE, SYSTEM
from taama.collect.methods import digest
from taama.collect.methods.device import token_of
from taama.collect.methods.reach import everywhere
from taama.collect.models import Device, Finding, Form, FormMedia, FormVersion, Quarantined, Submission

READERS = (SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.ADMINISTRATOR)
KEEPERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)


@query("collect.forms", allow=READERS)
def forms(viewer):
    """Forms with the number of their submissions."""
    return Form.objects.annotate(submission_count=Count("versions__submissions"))


@query("collect.form_named", allow=READERS)
def form_named(viewer, form_id):
    """The form of this id, or None."""
    return Form.objects.filter(form_id=form_id).first()


@query("collect.submissions", allow=READERS)
@everywhere(READERS)
def submissions(viewer, form=None, state=None, tool=None):
    """Submissions without their content, the newest first."""
    wanted = Q()
    for name, value in (("form_version__form", form), ("state", state), ("tool", tool)):
        wanted &= Q(**{name: value}) if value else Q()
    found = Submission.objects.filter(wanted).select_related("form_version__form", "device")
    found = found.defer("raw", "form_version__xform", "form_version__source")
    return found.annotate(
        error_count=Count("findings", filter=Q(findings__level="error")),
        warning_count=Count("findings", filter=Q(findings__level="warning")),
    ).order_by("-received_at")


@query("collect.submission", allow=READERS)
@everywhere(READERS)
def submission(viewer, key):
    """One submission with its bytes, or None."""
    found = Submission.objects.filter(pk=key).select_related("form_version__form", "device", "replaces")
    return found.defer("form_version__xform", "form_version__source").first()


@query("collect.submission_named", allow=READERS)
@everywhere(READERS)
def submission_named(viewer, name):
    """The submission with this instance id or record key, without its bytes, or None."""
    wanted = Q(instance_id=name)
    with contextlib.suppress(ValueError):
        wanted |= Q(pk=uuid.UUID(name))
    return Submission.objects.filter(wanted).defer("raw").first()


@query("collect.findings", allow=READERS)
@everywhere(READERS)
def findings(viewer, submission=None, code=None):
    """What the checks say, errors first."""
    found = Finding.objects.all()
    if submission is not None:
        found = found.filter(submission=submission)
    if code is not None:
        found = found.filter(code=code)
    return found.order_by("level", "code", "row", "id")


@query("collect.finding_counts", allow=READERS)
@everywhere(READERS)
def finding_counts(viewer, submission):
    """How often each check speaks of a submission: rows {level, code, count}."""
    counted = Finding.objects.filter(submission=submission).values("level", "code")
    return list(counted.annotate(count=Count("id")).order_by("level", "-count", "code"))


@query("collect.quarantine", allow=KEEPERS)
@everywhere(KEEPERS)
def quarantine(viewer, state=Quarantined.State.WAITING):
    """What was put aside, the newest first."""
    found = Quarantined.objects.filter(state=state) if state else Quarantined.objects.all()
    return found.select_related("device").defer("raw").order_by("-received_at")


@query("collect.quarantined", allow=KEEPERS)
@everywhere(KEEPERS)
def quarantined(viewer, key):
    """One item that was put aside with its bytes, or None."""
    return Quarantined.objects.filter(pk=key).select_related("device").first()


@query("collect.devices", allow=KEEPERS)
@everywhere(KEEPERS)
def devices(viewer):
    """Accounts of phones."""
    return Device.objects.select_related("organisation").order_by("username")


@query("collect.organisations", allow=KEEPERS)
@everywhere(KEEPERS)
def organisations(viewer):
    """The organisations that a phone may belong to."""
    return Organisation.objects.order_by("code")


@query("collect.device_named", allow=KEEPERS)
@everywhere(KEEPERS)
def device_named(viewer, username):
    """The account of this name, or None."""
    return Device.objects.filter(username=username).first()


@query("collect.device_token", allow=KEEPERS)
@everywhere(KEEPERS)
def device_token(viewer, device):
    """The token with which a phone is set up again."""
    return token_of(_secret(device))


@query("collect.device_of_token", allow=(ANYONE,))
def device_of_token(viewer, token):
    """The phone that this token stands for, or None."""
    return _active(token_hash=hashlib.sha256(token.encode()).hexdigest())


@query("collect.device_of_password", allow=(ANYONE,))
def device_of_password(viewer, username, password):
    """The phone with this name and secret, or None."""
    device = _active(username=username)
    right = device and hmac.compare_digest(_secret(device).encode(), password.encode())
    return device if right else None


@query("collect.device_of_claim", allow=(ANYONE,))
def device_of_claim(viewer, claim, method, path):
    """The phone that proves its secret by Digest, or None; and whether only its nonce is too old."""
    age = digest.nonce_age(settings.SECRET_KEY.encode(), claim.nonce, time.time())
    device = _active(username=claim.username) if age is not None else None
    if device is None or not digest.is_right(claim, _secret(device), method, path):
        return None, False
    stale = age > digest.NONCE_SECONDS
    return (None if stale else device), stale


@query("collect.current_versions", allow=(DEVICE, SYSTEM))
def current_versions(viewer):
    """The current version of every open form, with the number of files that it needs."""
    found = FormVersion.objects.filter(current=True, form__state=Form.State.OPEN)
    found = found.select_related("form").defer("xform", "source")
    return found.annotate(media_count=Count("media")).order_by("form__form_id")


@query("collect.form_version", allow=(DEVICE, SYSTEM))
def form_version(viewer, key):
    """A version of a form as phones get it, or None. An old or closed one too: a phone may be half-way."""
    return FormVersion.objects.filter(pk=key).defer("source").first()


@query("collect.form_media", allow=(DEVICE, SYSTEM))
def form_media(viewer, key, filename=None):
    """The files of a version, without their content; or the one of this name with it, or None."""
    found = FormMedia.objects.filter(form_version=key).order_by("filename")
    return found.defer("content") if filename is None else found.filter(filename=filename).first()


def _active(**wanted):
    found = Device.objects.filter(revoked_at__isnull=True, **wanted)
    return next(iter(found.only("username", "secret_sealed", "simulated")), None)


def _secret(device):
    return seal(settings.TAAMA_DATA_DIR, "device_key").decrypt(bytes(device.secret_sealed)).decode()
