"""What can be known of forms, submissions and what was put aside, and by whom."""

import contextlib
import uuid

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from taama.base.doors import query
from taama.base.errors import NotAllowed
from taama.base.models import Role
from taama.base.policy import RULES, SYSTEM
from taama.collect.methods.instance import derived_id
from taama.collect.models import GONE, Attachment, Device, Finding, NamedFile, Quarantined, Submission
from taama.forms import queries as forms_below
from taama.forms.methods.classing import answers_at, without
from taama.forms.models import Form
from taama.places import queries as places

READERS = (SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.ADMINISTRATOR)
AUDIT = "audit.csv"  # may hold every answer as it was before
KEEPERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)
FORM_CONTENT = ("form_version__xform", "form_version__source")  # heavy


@query("collect.forms", allow=READERS)
def forms(viewer):
    """Forms with the number of those of their submissions that this viewer may see."""
    seen = _seen(viewer, READERS, Submission, "versions__submissions__")
    return Form.objects.annotate(submission_count=Count("versions__submissions", filter=seen or None))


@query("collect.submissions", allow=READERS)
def submissions(viewer, form=None, state=None, tool=None, missing_files=False):
    """Submissions without their content, the newest first."""
    wanted = _seen(viewer, READERS, Submission)
    if missing_files:
        wanted &= Q(pk__in=missing_named(viewer).values("submission")) & ~Q(state__in=GONE)
    for name, value in (("form_version__form", form), ("state", state), ("tool", tool)):
        wanted &= Q(**{name: value}) if value else Q()
    found = Submission.objects.filter(wanted).select_related("form_version__form", "device")
    found = found.defer("raw", *FORM_CONTENT)
    return found.annotate(
        error_count=Count("findings", filter=Q(findings__level="error")),
        warning_count=Count("findings", filter=Q(findings__level="warning")),
    ).order_by("-received_at")


@query("collect.missing_named", allow=READERS)
def missing_named(viewer):
    """Files that instances within reach name and that have not come, by name; in whatever requests others came."""
    come = Attachment.objects.filter(submission=OuterRef("submission"), filename=OuterRef("filename"))
    named = NamedFile.objects.filter(_seen(viewer, READERS, NamedFile))
    return named.filter(~Exists(come)).order_by("filename")


@query("collect.without_files", allow=READERS)
def without_files(viewer, keys):
    """Those of these submissions whose files have not all come: primary keys."""
    return set(missing_named(viewer).filter(submission__in=keys).values_list("submission_id", flat=True))


@query("collect.missing_files", allow=READERS)
def missing_files(viewer, submission):
    """Names of the files of a submission that have not come; not those that answer what this viewer must not see."""
    found = missing_named(viewer).filter(submission=submission)
    if secret := hidden(viewer, submission):
        found = found.exclude(filename__in=answers_at(bytes(submission.raw or b""), secret))
    return list(found.values_list("filename", flat=True))


@query("collect.within_reach", allow=READERS)
def within_reach(viewer, roles=READERS):
    """The submissions that this viewer may see in one of these roles, plainly: for those above to filter and join."""
    return Submission.objects.filter(_seen(viewer, roles, Submission))


@query("collect.submission", allow=READERS)
def submission(viewer, key):
    """One submission with its bytes, or None."""
    seen = _seen(viewer, READERS, Submission)
    found = Submission.objects.filter(seen, pk=key).select_related("form_version__form", "device", "replaces")
    return found.defer(*FORM_CONTENT).first()


@query("collect.hidden", allow=READERS)
def hidden(viewer, item):
    """Paths of the answers that this viewer must not see in a submission or in what was put aside."""
    version = getattr(item, "form_version", None)
    area = getattr(item, "area", "") or (item.device.area if item.device else "")
    return forms_below.hidden(viewer, version.form.form_id if version else getattr(item, "form_id", ""), area)


@query("collect.shown", allow=READERS)
def shown(viewer, item, text):
    """The bytes of a submission or of what was put aside, with this text for the answers that the viewer must not see."""
    return without(bytes(item.raw or b""), hidden(viewer, item), text)


@query("collect.files", allow=READERS)
def files(viewer, submissions):
    """Files that came with these submissions, by name; not those that answer what this viewer must not see."""
    found = Attachment.objects.filter(submission__in=submissions)
    for one in submissions:
        found = found.exclude(submission=one, filename__in=_secret_names(viewer, one))
    return found.filter(submission__in=within_reach(viewer)).order_by("filename")


@query("collect.files_aside", allow=KEEPERS)
def files_aside(viewer, item):
    """Files that came with what was put aside, by name; not those that answer what this viewer must not see."""
    return item.attachments.exclude(filename__in=_secret_names(viewer, item)).order_by("filename")


def _secret_names(viewer, item):
    secret = hidden(viewer, item)
    return answers_at(bytes(item.raw or b""), secret) | {AUDIT} if secret else set()


@query("collect.submission_named", allow=READERS)
def submission_named(viewer, name):
    """The submission with this instance id or record key, without its bytes, or None."""
    wanted = Q(instance_id=name)
    with contextlib.suppress(ValueError):
        wanted |= Q(pk=uuid.UUID(name))
    return Submission.objects.filter(wanted, _seen(viewer, READERS, Submission)).defer("raw").first()


@query("collect.encrypted", allow=(SYSTEM,))
def encrypted(viewer, form):
    """What phones encrypted of a form and is in use, with its bytes and the names of its files, oldest first."""
    used = Submission.objects.filter(form_version__form=form, encrypted=True, raw__isnull=False)
    gone = (Submission.State.WITHDRAWN, Submission.State.REPLACED)
    return (
        used.exclude(state__in=gone).prefetch_related("attachments").order_by("id").iterator(chunk_size=100)
    )


@query("collect.findings", allow=READERS)
def findings(viewer, submission=None, code=None):
    """What the checks say, errors first; of one submission without what speaks of answers that this viewer must not see."""
    found = Finding.objects.filter(_seen(viewer, READERS, Finding))
    if submission is not None:
        found = found.filter(submission=submission).exclude(_speaks_of(hidden(viewer, submission)))
    if code is not None:
        found = found.filter(code=code)
    return found.order_by("level", "code", "row", "id")


def _speaks_of(paths):
    """Findings at these questions or with their answers: checks name a question by its path or by the last step."""
    names = [*paths, *(path.rpartition("/")[2] for path in paths)]
    return Q(field__in=names) | Q(values__has_any_keys=names) if names else Q(pk__in=[])


@query("collect.quarantine", allow=KEEPERS)
def quarantine(viewer, state=Quarantined.State.WAITING):
    """What was put aside, the newest first, each with the rule of its form: `form_known`, `form_days`."""
    found = Quarantined.objects.filter(_seen(viewer, KEEPERS, Quarantined), Q(state=state) if state else Q())
    return _with_form_rule(found).select_related("device").defer("raw").order_by("-received_at")


@query("collect.quarantined", allow=KEEPERS)
def quarantined(viewer, key):
    """One item that was put aside with its bytes and the rule of its form, or None."""
    found = Quarantined.objects.filter(_seen(viewer, KEEPERS, Quarantined), pk=key)
    return _with_form_rule(found).select_related("device").first()


@query("collect.loose_edits", allow=(SYSTEM,))
def loose_edits(viewer):
    """Edits that were accepted without what they edit, the first first."""
    found = Submission.objects.filter(~Q(deprecated_id=""), replaces=None)
    found = found.select_related("form_version__form").defer("raw", *FORM_CONTENT)
    return found.order_by("received_at", "id")


@query("collect.replaced_by_release", allow=KEEPERS)
def replaced_by_release(viewer, quarantined):
    """The submission whose place an item put aside takes when it is accepted, or None.

    The newest in the line of the one that it contradicts or edits; where that never came, of another edit of it.
    """
    conflict = quarantined.code == "collect.instance_conflict"
    name = quarantined.instance_id if conflict else quarantined.deprecated_id
    if not name or quarantined.code == "collect.instance_removed":
        return None
    of_form = Submission.objects.filter(form_version__form__form_id=quarantined.form_id).defer("raw")
    found = of_form.filter(instance_id=name).first() or of_form.filter(deprecated_id=name).first()
    return _line(found)[-1] if found and hasattr(found, "replaced_by") else found


@query("collect.waiting_original", allow=KEEPERS)
def waiting_original(viewer, quarantined):
    """What an edit that was put aside edits, where that waits too; or None."""
    name = quarantined.deprecated_id
    return quarantine(viewer).filter(instance_id=name).first() if name else None


def _with_form_rule(items):
    form = Form.objects.filter(form_id=OuterRef("form_id"))
    return items.annotate(form_known=Exists(form), form_days=Subquery(form.values("keep_days")))


@query("collect.erased_with", allow=(SYSTEM, Role.ADMINISTRATOR))
def erased_with(viewer, submission):
    """What goes when a submission is erased: (submissions, items put aside), those erased before among the former.

    Its edits and what it edited, the same bytes taken in under another name, and what was put aside of them all:
    they speak of the same person.
    """
    line = _line(submission)
    shas = {one.sha256 for one in line}
    names = set(Quarantined.objects.filter(sha256__in=shas).values_list("instance_id", flat=True))
    names |= {derived_id(sha256) for sha256 in shas}
    twins = Submission.objects.filter(instance_id__in=names, sha256__in=shas)
    everything = list({one.pk: one for twin in (submission, *twins) for one in _line(twin)}.values())
    return everything, _aside_of({one.instance_id for one in everything}, {one.sha256 for one in everything})


def _aside_of(names, shas):
    """What was put aside under these names, with these bytes, or as an edit of them, of such an edit, and so on."""
    found = {}
    while True:
        wanted = Q(instance_id__in=names) | Q(sha256__in=shas) | Q(deprecated_id__in=names)
        new = list(Quarantined.objects.filter(wanted).exclude(pk__in=found).defer("raw"))
        if not new:
            return [one for one in found.values() if one.state != Quarantined.State.ERASED]
        found |= {one.pk: one for one in new}
        names = {one.instance_id for one in new}


@query("collect.same_aside", allow=(SYSTEM, Role.ADMINISTRATOR))
def same_aside(viewer, quarantined):
    """An unsettled or discarded item with all others of the same bytes: what goes when it is erased."""
    kept = (Quarantined.State.WAITING, Quarantined.State.DISCARDED)
    return list(Quarantined.objects.filter(sha256=quarantined.sha256, state__in=kept).defer("raw"))


def _line(submission):
    """A submission with all that it replaced and that replaced it."""
    line, current = [submission], submission
    while current := current.replaces:
        line.append(current)
    current = submission
    while hasattr(current, "replaced_by"):
        current = current.replaced_by
        line.append(current)
    return line


@query("collect.may_settle", allow=READERS)
def may_settle(viewer, rule, *records):
    """Whether this viewer may do what a rule names with submissions, items put aside or phones: by role and area."""
    if not viewer.may(rule):
        return False
    roles = RULES[rule].allow
    if "" in viewer.areas(*roles):
        return True
    for model in {type(one) for one in records}:
        keys = {one.pk for one in records if type(one) is model}
        if model.objects.filter(_seen(viewer, roles, model), pk__in=keys).count() != len(keys):
            return False
    return True


@query("collect.require_reach", allow=READERS)
def require_reach(viewer, rule, *records):
    """Raises NotAllowed where `may_settle` says no: by the role, or by the area."""
    viewer.require(rule)
    if not may_settle(viewer, rule, *records):
        raise NotAllowed("places.outside_area")


def _seen(viewer, roles, model, prefix=""):
    """Condition on rows of this model that a viewer with these roles may see; empty when that is all.

    Of a submission its own area decides, or its phone's as long as its own is not known; of everything else that
    phones bring, the phone's.
    """
    if model in (Finding, NamedFile):
        model, prefix = Submission, "submission__"
    if model is Submission:
        return places.seen(viewer, roles, f"{prefix}area", f"{prefix}device__area")
    return places.seen(viewer, roles, f"{prefix}{'' if model is Device else 'device__'}area")
