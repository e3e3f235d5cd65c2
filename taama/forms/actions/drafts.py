"""Forms before they are published: brought, mended, converted, tried on phones."""

import secrets
from datetime import timedelta

from django.db.models import TextField
from django.db.models.functions import Cast, Length
from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.policy import DEVICE, SIGNED_IN, SYSTEM
from taama.forms.actions.publishing import ITEMSETS, KEEPERS
from taama.forms.actions.shelf import Shelf
from taama.forms.methods.attached import check_files
from taama.forms.methods.report import examine, mended_source, stops, with_version_taken, without_nul
from taama.forms.methods.xform import read_xform
from taama.forms.models import FormDraft, FormMedia, FormVersion, Trial
from taama.forms.queries import TRIAL_DAYS

DRAFT_DAYS, MOST_TRIALS, MOST_BYTES, MOST_NAMES = 180, 500, 50_000_000, 200
LONGEST = 300_000  # a larger source is looked through by the worker: a request must not wait for it


def _brought(*, source, filename, **_others):
    return {"examined": _examined(source, _name(filename), ())}


@action("forms.bring_form", allow=KEEPERS, everywhere=True, prepare=_brought)
def bring_form(*, by, source, filename, examined):
    """Bring a form in as a draft: every fault is looked for, what is certain is mended, the worker converts it."""
    draft = FormDraft(
        author_id=by.id if by.kind == SIGNED_IN else None, filename=_name(filename), source=source,
        token=secrets.token_urlsafe(24), changed_at=timezone.now(),
    )  # fmt: skip
    _look_through(draft, examined)
    draft.save()
    return draft


def _chosen(*, draft, chosen, **_others):
    chosen, found = without_nul(sorted(chosen)), _held(draft, FormDraft.objects)
    return {"chosen": chosen, "examined": _examined(bytes(found.source), found.filename, chosen)}


@action("forms.choose_repairs", allow=KEEPERS, everywhere=True, prepare=_chosen)
def choose_repairs(*, by, draft, chosen, examined):
    """Mend a draft again, with these of the offered repairs and without the others."""
    held = _held(draft, FormDraft.objects.select_for_update())
    held.chosen = chosen
    held.attempts, held.report, held.state = 0, {}, FormDraft.State.WAITING
    _look_through(held, examined)
    held.changed_at = timezone.now()
    held.save()
    return held


def _checked(*, draft, files, **_others):
    wanted = read_xform(bytes(draft.xform)).files if draft.xform else frozenset()
    return {"files": check_files(files, wanted)}


@action("forms.attach_files", allow=KEEPERS, everywhere=True, prepare=_checked)
def attach_files(*, by, draft, files):
    """Give a draft files that it needs: lists of choices, pictures."""
    return Done(draft, Shelf(draft=draft).keep(files))


@action("forms.delete_draft", allow=KEEPERS, everywhere=True)
def delete_draft(*, by, draft):
    """Delete a draft with what phones sent to it."""
    FormDraft.objects.filter(pk=draft.pk).delete()
    return draft


@action("forms.begin_conversion", allow=(SYSTEM,))
def begin_conversion(*, by, draft):
    """Note that the worker begins, so that a form that kills it each time is given up. Decides nothing: no journal."""
    draft.attempts += 1
    FormDraft.objects.filter(pk=draft.pk).update(attempts=draft.attempts)
    return Done(draft)


def _converted(*, draft, examined, compiled=None, **_others):
    return {
        "examined": examined and _judged(examined, bytes(draft.source), draft.filename),
        "wanted": read_xform(bytes(compiled.xform)).files if compiled else frozenset(),
    }


@action("forms.record_conversion", allow=(SYSTEM,), prepare=_converted)
def record_conversion(*, by, draft, examined, wanted, found=(), compiled=None, validated=None):
    """Note what became of a draft, unless its author has changed it meanwhile.

    examined   Examined, or None where nothing could be read
    wanted     names of the files that the XForm asks for
    found      entries of what the compiler and the validator said
    """
    held = FormDraft.objects.select_for_update().filter(pk=draft.pk, changed_at=draft.changed_at).first()
    if held is None:
        return Done()
    if examined:
        _take(held, examined)
    held.report = held.report | {"converted": without_nul(list(found))}
    held.validated, held.xform = validated, compiled.xform if compiled else None
    faults = [*held.report.get("faults", ()), *found]
    held.state = FormDraft.State.FAULTY if stops(faults) or not compiled else FormDraft.State.READY
    held.save()
    return Done(held, [held, *(_furnished(held, compiled, wanted) if compiled else ())])


@action("forms.keep_trial", allow=(DEVICE,))
def keep_trial(*, by, draft, instance_id, raw, sha256, files):
    """Keep what a phone sent to a draft, apart from all submissions; the oldest go when there is very much.

    Whoever holds the address may send: what they can fill of the disk has an end.
    """
    files = files[:MOST_NAMES]
    found, is_new = Trial.objects.get_or_create(
        draft=draft, sha256=sha256,
        defaults={"instance_id": instance_id[:250], "raw": raw, "files": without_nul(files), "received_at": timezone.now()},
    )  # fmt: skip
    if not is_new and files:
        known = {each["name"] for each in found.files}
        found.files = [*found.files, *(each for each in files if each["name"] not in known)][:MOST_NAMES]
        found.save(update_fields=["files"])
    Trial.objects.filter(pk__in=_beyond(draft)).delete()
    return Done(found, [found] if is_new else [])


def _beyond(draft):
    """Keys of the oldest trials of a draft, beyond what is kept of it in number and bytes."""
    sized = draft.trials.annotate(bytes=Length("raw") + Length(Cast("files", TextField())))
    spare, total = [], 0
    for place, (key, size) in enumerate(sized.order_by("-received_at", "-pk").values_list("pk", "bytes")):
        total += size
        if place >= MOST_TRIALS or total > MOST_BYTES:
            spare.append(key)
    return spare


@action("forms.forget_drafts", allow=(SYSTEM,))
def forget_drafts(*, by):
    """Delete drafts that nobody touched for half a year, and trials of a month ago."""
    now = timezone.now()
    Trial.objects.filter(received_at__lt=now - timedelta(days=TRIAL_DAYS)).delete()
    old = list(
        FormDraft.objects.filter(changed_at__lt=now - timedelta(days=DRAFT_DAYS)).defer("source", "xform")
    )
    FormDraft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    return Done(len(old), old)


def _name(filename):
    return without_nul(filename).replace("\\", "/").rpartition("/")[2][-200:]


def _held(draft, among):
    found = among.filter(pk=draft.pk).first()
    if found is None:
        raise TaamaError("forms.draft_absent", Where(file=draft.filename), status=404)
    return found


def _examined(source, filename, chosen):
    """A form looked through; None where that is left to the worker."""
    return _judged(examine(source, filename, chosen), source, filename) if len(source) <= LONGEST else None


def _judged(examined, source, filename):
    """What looking through found, and whether the version is still free."""
    published = {
        version.version: version
        for version in FormVersion.objects.filter(form__form_id=examined.form_id).defer("xform")
    }
    same = published.get(examined.version)
    if same and (same.source is None or bytes(same.source) != mended_source(examined, source, filename)[0]):
        return with_version_taken(examined, set(published))
    return examined


def _look_through(draft, examined):
    if examined is None:
        return
    _take(draft, examined)
    draft.xform, draft.validated = None, None
    draft.state = FormDraft.State.FAULTY if stops(draft.report["faults"]) else FormDraft.State.WAITING


def _take(draft, examined):
    draft.report = examined.report()
    told = without_nul([examined.form_id, examined.version, examined.title])
    draft.form_id, draft.version, draft.title = told[0][:120], told[1][:60], told[2][:250]


def _furnished(draft, compiled, wanted):
    """Files that a draft gets by itself: its long lists, and those of the version that phones have now."""
    files = {ITEMSETS: compiled.itemsets} if compiled.itemsets else {}
    there = set(draft.media.values_list("filename", flat=True)) | set(files)
    former = FormMedia.objects.filter(form_version__form__form_id=draft.form_id, form_version__current=True)
    copies = {media.filename: bytes(media.content) for media in former.filter(filename__in=wanted - there)}
    shelf = Shelf(draft=draft)
    return [*shelf.keep(files), *shelf.keep(copies, copied=True)]
