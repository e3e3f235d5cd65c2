"""What can be known of exports: of which submissions, with which questions; files asked for and where they are."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.base.sensitivity import LAKE_LIMIT
from taama.collect import queries as collect
from taama.collect.models import Submission
from taama.desk.methods.export_fields import read_list
from taama.desk.methods.export_union import proposed_renamings
from taama.desk.models import Export, Renaming
from taama.forms.methods.outline import read_outline
from taama.forms.models import Form, FormMedia, FormVersion
from taama.review.queries import reviewing
from taama.review.queries.reviewing import Wanted

READERS = collect.READERS
KEEPERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)
KEYS_FILE = "keys.bin"  # of the submissions in a file, 16 bytes each
LEFT = (Submission.State.REPLACED, Submission.State.WITHDRAWN)  # not exported unless asked for


@query("desk.exported_submissions", allow=READERS)
def exported_submissions(viewer, form, filters=None):
    """Submissions of a form that this viewer may take out.

    filters   first_day, last_day (ISO, of receipt), versions, states, review, area: each may be missing
    """
    found = reviewing.selected(viewer, _wanted(form, filters or {}))
    return _with_content(found, chosen=bool(filters and filters.get("states"))).order_by("pk")


def _with_content(found, chosen=False):
    """What is not erased; nor replaced or withdrawn, unless somebody chose by state."""
    found = found.filter(raw__isnull=False)
    return found if chosen else found.exclude(state__in=LEFT)


def _wanted(form, filters):
    first, last = (
        filters.get(name) and date.fromisoformat(filters[name]) for name in ("first_day", "last_day")
    )
    return Wanted(
        form, state=filters.get("review", ""), area=filters.get("area", ""), first=first, last=last,
        states=tuple(filters.get("states", ())), versions=tuple(filters.get("versions", ())),
    )  # fmt: skip


@query("desk.exportable_forms", allow=READERS)
def exportable_forms(viewer):
    """Forms of which something can be taken out, with how many submissions their files hold where nothing is chosen."""
    mine = _with_content(collect.within_reach(viewer).filter(form_version__form=OuterRef("pk")))
    count = mine.order_by().values("form_version__form").annotate(count=Count("pk")).values("count")
    found = Form.objects.filter(sensitivity_class__lte=LAKE_LIMIT)
    return found.annotate(submission_count=Coalesce(Subquery(count), 0))


@query("desk.outlines", allow=READERS)
def outlines(viewer, form):
    """[(name of the version, Outline)] of a form, the oldest first."""
    known = FormVersion.objects.filter(form=form).order_by("published_at")
    return [(name, _outline(md5, key)) for key, name, md5 in known.values_list("pk", "version", "md5")]


@lru_cache(maxsize=64)
def _outline(md5, key):
    """A version never changes; reading a large form takes a quarter of a second."""
    return read_outline(bytes(FormVersion.objects.values_list("xform", flat=True).get(pk=key)))


@query("desk.choice_lists", allow=READERS)
def choice_lists(viewer, form):
    """{name of a file: {code: {language: text}}} of the lists that came with a form, the newest version's first."""
    found = {}
    files = FormMedia.objects.filter(form_version__form=form, filename__iendswith=".csv")
    for file in files.order_by("form_version__published_at"):
        found[file.filename] = found.get(file.filename, {}) | read_list(bytes(file.content))
    return found


@query("desk.renamings", allow=READERS)
def renamings(viewer, form):
    """{former path: present path} of the questions of a form."""
    return next(iter(Renaming.objects.filter(form=form).values_list("pairs", flat=True)), {})


@query("desk.proposals", allow=KEEPERS)
def proposals(viewer, form):
    """{former path: present path} of questions that probably only changed their name, those settled left out."""
    return proposed_renamings(outlines(viewer, form), renamings(viewer, form))


@query("desk.exports", allow=READERS)
def exports(viewer):
    """What this viewer asked for, the newest first. The worker and the command line see everything."""
    found = Export.objects.select_related("form", "asked_by")
    return found if viewer.kind == SYSTEM else found.filter(asked_by=viewer.id)


@query("desk.export", allow=READERS)
def export(viewer, key):
    """One export of this viewer, or None."""
    return exports(viewer).filter(pk=key).first()


@query("desk.waiting_before", allow=READERS)
def waiting_before(viewer, asked):
    """How many exports the worker makes before this one."""
    return Export.objects.filter(state=Export.State.WAITING, asked_at__lt=asked.asked_at).count()


@query("desk.next_export", allow=(SYSTEM,))
def next_export(viewer):
    """The export that has waited longest: one that killed the worker comes after the others. Or None."""
    waiting = Export.objects.filter(state=Export.State.WAITING).select_related("form", "asked_by")
    return waiting.order_by(F("attempts").asc(), "asked_at").first()


@query("desk.export_file", allow=READERS)
def export_file(viewer, asked):
    """Where the file of an export is, or None when there is none (any more).

    Raises TaamaError: `desk.export_narrowed` where it holds submissions that this viewer may no longer see
    """
    path = _folder(asked) / asked.filename
    own = viewer.kind == SYSTEM or str(asked.asked_by_id) == viewer.id
    if not own or asked.state != Export.State.DONE or not path.is_file():
        return None
    require_exportable(viewer, asked.form)
    if not _all_within_reach(viewer, asked):
        raise TaamaError("desk.export_narrowed", values={"form": asked.form.title}, status=403)
    return path


def _all_within_reach(viewer, asked):
    if "" in viewer.areas(*READERS):
        return True
    mine = collect.within_reach(viewer).filter(form_version__form=asked.form)
    return held_keys(viewer, asked) <= {key.bytes for key in mine.values_list("pk", flat=True)}


@query("desk.require_exportable", allow=READERS)
def require_exportable(viewer, form):
    """Raises TaamaError `desk.form_too_sensitive` where nothing of a form is taken out."""
    if form.sensitivity_class > LAKE_LIMIT:
        raise TaamaError("desk.form_too_sensitive", values={"form": form.title}, status=403)


@query("desk.held_keys", allow=READERS)
def held_keys(viewer, asked):
    """Keys of the submissions that the file of an export holds, as bytes; none while it is not made."""
    path = _folder(asked) / KEYS_FILE
    kept = path.read_bytes() if path.exists() else b""
    return {kept[at : at + 16] for at in range(0, len(kept), 16)}


@query("desk.export_folder", allow=(SYSTEM,))
def export_folder(viewer, asked):
    """The folder of an export: its parts, its file, the keys of the submissions in it."""
    return _folder(asked)


def _folder(asked):
    return Path(settings.TAAMA_DATA_DIR) / "exports" / str(asked.pk)
