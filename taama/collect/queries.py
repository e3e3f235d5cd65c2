"""What can be known of forms, submissions and what was put aside, and by whom."""

import contextlib
import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Length

from taama.base import queries as base
from taama.base.doors import query
from taama.base.errors import MethodError, NotAllowed
from taama.base.models import JournalEntry, Role
from taama.base.policy import RULES, SYSTEM
from taama.collect.methods.instance import derived_id, read_instance
from taama.collect.models import GONE, Attachment, Device, Finding, NamedFile, Quarantined, Submission
from taama.forms import queries as forms_below
from taama.forms.methods.classing import answers_at, without
from taama.forms.models import Form, FormVersion
from taama.places import queries as places

READERS = (SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.ADMINISTRATOR)
AUDIT = "audit.csv"  # may hold every answer as it was before
KEEPERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)
FORM_CONTENT = ("form_version__xform", "form_version__source")  # heavy
WANTED = {"code": "code", "form_id": "form_id", "device": "device__username"}
CONFLICT, REMOVED = "collect.instance_conflict", "collect.instance_removed"


@dataclass(frozen=True)
class Hurdle:
    """Why an item put aside can't be accepted as it is. `there`: what has its name; `original`: what must be decided first."""

    code: str
    values: dict = field(default_factory=dict)
    there: Submission | None = None
    original: Quarantined | None = None


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


@query("collect.withheld", allow=READERS)
def withheld(viewer, item):
    """Whether nothing of what was put aside may be shown: of no known form, it may hold confidential answers anywhere."""
    if item.form_id and Form.objects.filter(form_id=item.form_id).exists():
        return False
    reach = places.reached(viewer, forms_below.CONFIDED.allow)
    return reach is not None and (item.device.area if item.device else "") not in reach


@query("collect.shown", allow=READERS)
def shown(viewer, item, text):
    """The bytes of a submission or of what was put aside, with this text for the answers that the viewer must not see."""
    if isinstance(item, Quarantined) and withheld(viewer, item):
        return text.encode()
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
    if withheld(viewer, item):
        return item.attachments.none()
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
def quarantine(viewer, state=Quarantined.State.WAITING, **wanted):
    """What was put aside, the newest first, each with the rule of its form: `form_known`, `form_days`.

    wanted   code, form_id, device (its name): what is blank or None leaves the choice open
    """
    chosen = {WANTED[name]: value for name, value in wanted.items() if value}
    found = Quarantined.objects.filter(_seen(viewer, KEEPERS, Quarantined), Q(state=state) if state else Q())
    found = _with_form_rule(found.filter(**chosen)).select_related("device").defer("raw")
    return found.order_by("-received_at")


@query("collect.discarded_by", allow=KEEPERS)
def discarded_by(viewer, items):
    """Primary key of an item put aside → name of who discarded it, the last time; none where no account did."""
    keys = [str(item.pk) for item in items]
    deeds = JournalEntry.objects.filter(object_type="collect.quarantined", object_id__in=keys)
    deeds = deeds.filter(action="collect.discard_quarantined", actor_kind="signed_in").order_by("at", "id")
    actors = {uuid.UUID(key): actor for key, actor in deeds.values_list("object_id", "actor")}
    names = base.names_of(viewer, set(actors.values()))
    return {key: names[actor] for key, actor in actors.items() if actor in names}


@query("collect.full_phones", allow=KEEPERS)
def full_phones(viewer, device=None):
    """Phones, or this one, of which no more is put aside, each with the `waiting` submissions and their `megabytes`.

    A lost or broken phone must not fill the disk of an office.
    """
    waiting = Quarantined.objects.filter(_seen(viewer, KEEPERS, Quarantined), state=Quarantined.State.WAITING)
    waiting = waiting.filter(**{"device": device} if device else {"device__isnull": False}).order_by()
    files = Attachment.objects.filter(quarantined__in=waiting).values_list("quarantined__device")
    sizes = dict(files.annotate(Sum("bytes")))
    found = waiting.values_list("device").annotate(count=Count("id"), bytes=Sum(Length("raw")))
    held = {key: (count, size + sizes.get(key, 0)) for key, count, size in found}
    most, megabytes = settings.TAAMA_ASIDE_PER_PHONE, settings.TAAMA_ASIDE_MEGABYTES_PER_PHONE
    full = {
        key for key, (count, size) in held.items()
        if (most and count >= most) or (megabytes and size >= megabytes * 1_000_000)
    }  # fmt: skip
    phones = list(Device.objects.filter(pk__in=full).order_by("username"))
    for phone in phones:
        phone.waiting, phone.megabytes = held[phone.pk][0], held[phone.pk][1] // 1_000_000
        phone.most_waiting, phone.most_megabytes = most, megabytes
    return phones


@query("collect.next_aside", allow=KEEPERS)
def next_aside(viewer, item):
    """The next that waits for the same reason, down the list and then from its top, or None."""
    waiting = quarantine(viewer, code=item.code).exclude(pk=item.pk)
    return waiting.filter(received_at__lte=item.received_at).first() or waiting.first()


@query("collect.quarantine_counts", allow=KEEPERS)
def quarantine_counts(viewer, what, **wanted):
    """How many wait by `code`, `form_id` or `device`, the most first: [(value, count)]. `wanted` as for `quarantine`."""
    found = quarantine(viewer, **wanted | {what: None}).order_by()
    counted = found.values_list(WANTED[what]).annotate(count=Count("id")).order_by("-count", WANTED[what])
    return [(value, count) for value, count in counted if value]


@query("collect.quarantined", allow=KEEPERS)
def quarantined(viewer, key):
    """One item that was put aside with its bytes and the rule of its form, or None."""
    found = Quarantined.objects.filter(_seen(viewer, KEEPERS, Quarantined), pk=key)
    return _with_form_rule(found).select_related("device").first()


@query("collect.filled_with", allow=READERS)
def filled_with(viewer, submissions):
    """Of those that were put aside and are read with another version than they name: primary key → that they name."""
    keys = within_reach(viewer).filter(pk__in=[one.pk for one in submissions]).values("pk")
    came = Quarantined.objects.filter(submission__in=keys, submission__form_version__isnull=False)
    other = came.exclude(version=F("submission__form_version__version"))
    return dict(other.order_by("settled_at").values_list("submission", "version"))


@query("collect.mended_from", allow=READERS)
def mended_from(viewer, submission):
    """What came in the place of a mended submission, with its bytes as they came; for those who see what was put aside."""
    if not viewer.may("collect.quarantined"):
        return Quarantined.objects.none()
    came = Quarantined.objects.filter(_seen(viewer, KEEPERS, Quarantined), submission=submission)
    return came.filter(raw__isnull=False).defer("raw").order_by("received_at")


@query("collect.loose_edits", allow=(SYSTEM,))
def loose_edits(viewer):
    """Edits that were accepted without what they edit, the first first.

    That they replace nothing is asked in a way that no index answers: SQLite would look through all that replace nothing.
    """
    edits = Submission.objects.exclude(deprecated_id="").filter(deprecated_id__gt="")
    found = edits.filter(pk=Coalesce("replaces", "pk"))
    found = found.select_related("form_version__form").defer("raw", *FORM_CONTENT)
    return found.order_by("received_at", "id")


@query("collect.replaced_by_release", allow=KEEPERS)
def replaced_by_release(viewer, quarantined):
    """The submission whose place an item put aside takes when it is accepted, or None.

    The newest in the line of the one that it contradicts or edits; where that never came, of another edit of it.
    """
    if quarantined.code == REMOVED:
        return None
    return _met(quarantined, Submission.objects.filter(form_version__form__form_id=quarantined.form_id))


@query("collect.held_beside", allow=KEEPERS)
def held_beside(viewer, quarantined):
    """What is held of what an item put aside contradicts or edits, of whatever form, with its bytes; None out of reach."""
    found = _met(quarantined, Submission.objects.all())
    return found and submission(viewer, found.pk)


def _met(quarantined, among):
    """The newest version of what an item meets among these submissions, or None."""
    meets = quarantined.code in (CONFLICT, REMOVED)
    name = quarantined.instance_id if meets else quarantined.deprecated_id
    if not name:
        return None
    among = among.defer("raw")
    found = among.filter(instance_id=name).first() or among.filter(deprecated_id=name).first()
    return _line(found)[-1] if found and hasattr(found, "replaced_by") else found


@query("collect.name_on_release", allow=KEEPERS)
def name_on_release(viewer, quarantined):
    """The name under which an item put aside is accepted: its own, or one made of its bytes where its own is taken."""
    return (
        derived_id(quarantined.sha256) if quarantined.code in (CONFLICT, REMOVED) else quarantined.instance_id
    )


@query("collect.reading_version", allow=KEEPERS)
def reading_version(viewer, quarantined):
    """The version of its form with which an item put aside is read: the one that was filled, else the current one."""
    versions = FormVersion.objects.filter(form__form_id=quarantined.form_id).select_related("form")
    versions = versions.defer("xform", "source")
    named = versions.filter(version=quarantined.version).first()
    return named or versions.filter(current=True).first()


@query("collect.hurdle", allow=KEEPERS)
def hurdle(viewer, quarantined):
    """What stands in the way of accepting an item put aside, given with its bytes: a Hurdle, or None."""
    try:
        read_instance(bytes(quarantined.raw or b""))
    except MethodError as error:
        return Hurdle("collect.cannot_release", {"why": error.code})
    if not quarantined.form_id:
        return Hurdle("collect.form_not_named")
    name = name_on_release(viewer, quarantined)
    if there := Submission.objects.filter(instance_id=name).defer("raw").first():
        return Hurdle("collect.already_there", {"instance": name}, there=there)
    former = replaced_by_release(viewer, quarantined)
    if former is None and (original := waiting_original(viewer, quarantined)):
        return Hurdle("collect.original_waits", {"instance": quarantined.deprecated_id}, original=original)
    if former and not may_settle(viewer, "collect.release_quarantined", former):
        return Hurdle("places.outside_area")
    if former and hidden(viewer, former) - hidden(
        viewer, quarantined
    ):  # its files would come to where they are seen
        return Hurdle("collect.original_confidential")
    if reading_version(viewer, quarantined) is None:
        return Hurdle("collect.form_unknown", {"form": quarantined.form_id})
    return None


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
    everything, aside = {submission.pk: submission}, {}
    new, new_aside = [submission], []
    while new or new_aside:
        everything |= {one.pk: one for each in new for one in _line(each)}
        aside |= {one.pk: one for one in new_aside}
        members = [*everything.values(), *aside.values()]
        names = {name for one in members for name in (one.instance_id, one.deprecated_id) if name}
        names |= {derived_id(one.sha256) for one in members}
        same = Q(sha256__in={one.sha256 for one in members}) | Q(submission__in=everything)
        new, new_aside = _called(names, everything, aside, same)
    return list(everything.values()), [one for one in aside.values() if one.state != Quarantined.State.ERASED]


def _called(names, everything, aside, same=None):
    """Submissions and items put aside, besides those known, that edit what has one of these names; with `same`, also
    those that have them, and items of the same bytes or that became one of the known."""
    edit = ~Q(deprecated_id="") & Q(deprecated_id__in=names)
    wanted = edit if same is None else edit | Q(instance_id__in=names) | same
    found = list(Submission.objects.filter(edit).exclude(pk__in=everything).defer("raw"))
    if same is not None:
        found += Submission.objects.filter(instance_id__in=names).exclude(pk__in=everything).defer("raw")
    return found, list(Quarantined.objects.filter(wanted).exclude(pk__in=aside).defer("raw"))


@query("collect.erased_with_aside", allow=(SYSTEM, Role.ADMINISTRATOR))
def erased_with_aside(viewer, quarantined):
    """What goes when an unsettled or discarded item is erased: (submissions, items), itself among the latter.

    All others of the same bytes; and where nothing was accepted under its name, what edits it, taken in early or not.
    """
    kept = (Quarantined.State.WAITING, Quarantined.State.DISCARDED)
    same = Quarantined.objects.filter(sha256=quarantined.sha256, state__in=kept).defer("raw")
    everything, aside = {}, {one.pk: one for one in same}
    names = {one.instance_id for one in aside.values()}
    names -= set(Submission.objects.filter(instance_id__in=names).values_list("instance_id", flat=True))
    while names:
        new, new_aside = _called(names, everything, aside)
        new = [one for each in new for one in _line(each)]
        everything |= {one.pk: one for one in new}
        aside |= {one.pk: one for one in new_aside}
        names = {one.instance_id for one in (*new, *new_aside)}
    return list(everything.values()), [one for one in aside.values() if one.state != Quarantined.State.ERASED]


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
