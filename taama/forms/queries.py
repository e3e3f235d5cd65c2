"""What can be known of forms, by people and by phones."""

import hashlib
from datetime import timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from taama.base.doors import query
from taama.base.models import Organisation, Role, Team
from taama.base.policy import ANYONE, DEVICE, SYSTEM, WORKER, declare
from taama.base.sensitivity import LAKE_LIMIT
from taama.facts import registry
from taama.forms.methods.attached import without_entries
from taama.forms.methods.classing import personal_questions
from taama.forms.methods.outline import read_outline
from taama.forms.methods.xform import read_xform
from taama.forms.models import Assignment, Form, FormDraft, FormMedia, FormVersion
from taama.places import queries as places

CONFIDED = declare(
    "forms.see_confidential",
    "query",
    (SYSTEM, Role.DATA_MANAGER),
    "Answers of class S3, each in its own area.",
)
READERS = (SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.ADMINISTRATOR)
HEAVY = ("xform", "source")
EMPTY_LIST = b"name,label,__version\n"
TRIAL_DAYS = 30  # after which what was sent to a draft goes, and its address ends


@query("forms.forms", allow=READERS)
def forms(viewer, archived=False):
    """Forms with the version that phones get now; the archived ones only when they are asked for."""
    now = FormVersion.objects.filter(form=OuterRef("pk"), current=True).values("version")
    found = Form.objects.filter(Q(state=Form.State.ARCHIVED) if archived else ~Q(state=Form.State.ARCHIVED))
    return found.annotate(version_now=Subquery(now)).order_by("title", "form_id")


@query("forms.form", allow=READERS)
def form(viewer, key):
    """The form of this key, or None."""
    return Form.objects.filter(pk=key).first()


@query("forms.form_named", allow=READERS)
def form_named(viewer, form_id):
    """The form of this id, or None."""
    return Form.objects.filter(form_id=form_id).first()


@query("forms.versions", allow=READERS)
def versions(viewer, form):
    """Versions of a form without their content, the newest first."""
    return form.versions.defer(*HEAVY).order_by("-published_at", "-id")


@query("forms.version", allow=READERS)
def version(viewer, key):
    """A version with its XForm, or None."""
    return FormVersion.objects.filter(pk=key).select_related("form").defer("source").first()


@query("forms.confidential", allow=READERS)
def confidential(viewer, form_id):
    """Paths of the questions of a form whose answers are confidential: what one version protects, all do."""
    versions = FormVersion.objects.filter(form__form_id=form_id).values_list("classes", flat=True)
    return frozenset(path for one in versions for path, level in one.items() if level > LAKE_LIMIT)


@query("forms.hidden", allow=READERS)
def hidden(viewer, form_id, area):
    """Paths of the answers that this viewer must not see in what was sent to a form from an area, '' if unknown."""
    reach = places.reached(viewer, CONFIDED.allow)
    return frozenset() if reach is None or area in reach else confidential(viewer, form_id)


@query("forms.current_versions", allow=(DEVICE, SYSTEM))
def current_versions(viewer):
    """The current version of every open form that this phone gets, with the number of files that it needs."""
    found = FormVersion.objects.filter(current=True, form__state=Form.State.OPEN)
    found = found.exclude(form__in=_withheld(viewer)).select_related("form").defer(*HEAVY)
    return found.annotate(media_count=Count("media")).order_by("form__form_id")


@query("forms.form_version", allow=(DEVICE, SYSTEM))
def form_version(viewer, key):
    """A version of a form as phones get it, or None. An old or closed one too: a phone may be half-way."""
    return _fetchable(viewer, key).defer("source").first()


@query("forms.may_fetch", allow=(DEVICE, SYSTEM))
def may_fetch(viewer, key):
    """Whether this phone gets this version, with all that belongs to it."""
    return _fetchable(viewer, key).exists()


def _fetchable(viewer, key):
    return FormVersion.objects.filter(pk=key).exclude(form__in=_withheld(viewer))


def _withheld(viewer):
    """Keys of the forms that are assigned, but to no organisation, team and area of this phone."""
    if viewer.kind != DEVICE:
        return []
    assigned = {}
    for form, *to in Assignment.objects.values_list("form_id", "organisation_id", "team_id", "area"):
        assigned.setdefault(form, []).append(to)
    (own,) = viewer.standings
    return [form for form, all_to in assigned.items() if not any(_meets(viewer, own, *to) for to in all_to)]


def _meets(viewer, own, organisation, team, area):
    """Whether a phone is among those of an assignment; of areas, where the one lies in the other."""
    if organisation is not None and str(organisation) != own.organisation:
        return False
    if team is not None and str(team) != own.team:
        return False
    if not area or not own.area:
        return True
    return own.area in places.within(viewer, {area}) or area in places.within(viewer, {own.area})


@query("forms.assignments", allow=READERS)
def assignments(viewer, form):
    """To whom a form is assigned, with `place`, the area or None; nothing where all phones get it."""
    found = list(form.assignments.select_related("organisation", "team__organisation").order_by(
        "organisation__name", "team__name", "area"
    ))
    areas = {area.key: area for area in places.areas(viewer).filter(key__in=[one.area for one in found])}
    for one in found:
        one.place = areas.get(one.area)
    return found


@query("forms.organisations", allow=READERS)
def organisations(viewer):
    """Organisations to whose phones a form may be given."""
    return Organisation.objects.order_by("name")


@query("forms.teams", allow=READERS, everywhere=True)
def teams(viewer):
    """Teams to whose phones a form may be given, by organisation."""
    return Team.objects.select_related("organisation")


@query("forms.to_reread", allow=(SYSTEM,))
def to_reread(viewer):
    """Forms that a tool reads since: what was only collected waits to be given to it."""
    return Form.objects.filter(reread=True)


@query("forms.drafts", allow=READERS, everywhere=True)
def drafts(viewer):
    """Forms that were brought and are not published, the latest first."""
    found = FormDraft.objects.select_related("author").defer(*HEAVY, "report")
    return found.annotate(trial_count=Count("trials")).order_by("-changed_at")


@query("forms.draft", allow=READERS, everywhere=True)
def draft(viewer, key):
    """One draft, or None."""
    return FormDraft.objects.select_related("author").defer("source").filter(pk=key).first()


@query("forms.personal", allow=READERS, everywhere=True)
def personal(viewer, draft, language):
    """[(row in the author's file or "", Personal)] of a converted draft: what seems personal or has a class."""
    told = draft.report.get("classes", {})
    outline = read_outline(bytes(draft.xform or b""))
    found = personal_questions(outline, {path: level for path, (_row, level) in told.items()}, language)
    return [(told.get(one.path, ("", ""))[0], one) for one in found]


@query("forms.trials", allow=READERS, everywhere=True)
def trials(viewer, draft):
    """What phones sent to a draft, the latest first."""
    return draft.trials.order_by("-received_at")


@query("forms.files_of", allow=(*READERS, DEVICE))
def files_of(viewer, owner):
    """Files that a version or a draft needs: rows {name, media, given, copied}; `media` None where it is missing.

    `given`: a list that the server keeps itself. `copied`: of a draft, from the version that phones have.
    """
    xform = bytes(owner.xform or b"")
    if not xform:
        return []
    there = {media.filename: media for media in owner.media.defer("content")}
    # Which lists there are is no secret from whoever holds the form that names them.
    promised = set().union(*(each.promised(WORKER, xform, "") for each in registry.list_providers()))
    names = sorted(read_xform(xform).files | set(there))
    rows = []
    for name in names:
        copied = name in there and there[name].copied
        given = name in promised and (copied or name not in there)
        rows.append({"name": name, "media": there.get(name), "given": given, "copied": copied})
    return rows


@query("forms.next_draft", allow=(SYSTEM,))
def next_draft(viewer):
    """The draft that waits longest to be converted, or None."""
    return FormDraft.objects.filter(state=FormDraft.State.WAITING).order_by("changed_at").first()


@query("forms.draft_of_token", allow=(ANYONE,))
def draft_of_token(viewer, token):
    """The draft that is tried under this token, once it can be and while its address lasts; or None."""
    begun = timezone.now() - timedelta(days=TRIAL_DAYS)
    found = FormDraft.objects.filter(token=token.replace("\0", ""), state=FormDraft.State.READY)
    return found.filter(changed_at__gte=begun).defer("source", "report").first()


@query("forms.trial_files", allow=(DEVICE,))
def trial_files(viewer, draft):
    """Name → md5 of the files that whoever tries a draft gets.

    Lists of the server and of the published version are for those with an account: here without their entries.
    """
    needed = files_of(viewer, draft)
    return {one["name"]: _trial_md5(one["media"]) for one in needed if one["media"] or one["given"]}


def _trial_md5(media):
    if media and not media.copied:
        return media.md5
    return hashlib.md5(_trial_bytes(media), usedforsecurity=False).hexdigest()


def _trial_bytes(media):
    if media is None:
        return EMPTY_LIST
    content = bytes(media.content)
    return without_entries(media.filename, content) if media.copied else content


@query("forms.trial_file", allow=(DEVICE,))
def trial_file(viewer, draft, filename):
    """The bytes of one of them, or None."""
    if filename not in trial_files(viewer, draft):
        return None
    return _trial_bytes(FormMedia.objects.filter(draft=draft, filename=filename).first())
