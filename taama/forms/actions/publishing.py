"""Publishing forms, closing and opening them again, other files for what is published."""

import hashlib
from dataclasses import dataclass, replace

from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.journal import changed_fields
from taama.base.models import Role
from taama.base.policy import SYSTEM
from taama.base.sensitivity import S2, S3, Class
from taama.facts import registry
from taama.forms.actions.shelf import Shelf
from taama.forms.methods.attached import check_files
from taama.forms.methods.classing import classes_of, personal_questions, refused_classes
from taama.forms.methods.converting import compile_form
from taama.forms.methods.outline import read_outline
from taama.forms.methods.report import examine, mended_source
from taama.forms.methods.xform import read_xform
from taama.forms.models import Form, FormDraft, FormMedia, FormVersion
from taama.forms.queries import CONFIDED, confidential
from taama.xlsforms.methods.personal import CLASSES, NO

KEEPERS = (SYSTEM, Role.ADMINISTRATOR, Role.INFORMATION_OFFICER, Role.DATA_MANAGER)
ITEMSETS = "itemsets.csv"


def _compiled(*, by, source, filename, tool="", media=None, classes=None, personal="", **_others):
    """What a file gives: the XForm, and with its own lists and those of its tool the files that phones need."""
    compiled = compile_form(source, filename)
    told = examine(source, filename).report()["classes"]
    read = _read(by, compiled.xform, (source, filename), told, classes or {}, personal)
    given = check_files(media or {}, read.xform.files)
    given |= {ITEMSETS: compiled.itemsets} if compiled.itemsets else {}
    return {"read": read, "media": given, "offered": _offered(by, read, tool, given)}


@action("forms.publish_form", allow=KEEPERS, everywhere=True, prepare=_compiled)
def publish_form(
    *, by, source, filename, read, offered, tool="", media=None, sensitivity=None, keep_days=None, classes=None,
    personal="", back=False,
):  # fmt: skip
    """Publish a form for phones: a spreadsheet, a form in Markdown or an XForm, with the files that it needs.

    The same content again changes nothing; new content needs a new version, which retires the former one.

    classes   path or name of a question → its class, "S0" … "S4", or "no" where it asks for no personal datum
    personal  what becomes of questions that seem personal and have no class: "" refuses, "offered" gives each the
              class that is offered, "no" says of all that they ask for no personal datum
    back      whether phones shall go back to a version that another has retired
    """
    wanted = {"tool": tool, "sensitivity": sensitivity, "keep_days": keep_days}
    return _published(by, read, media, offered, back=back, **wanted)


def _reopened(*, by, draft, tool="", classes=None, **_others):
    """A draft as it stands, with the form that its author can open again and the lists of its tool."""
    found = _ready(draft, FormDraft.objects)
    source = bytes(found.source)
    origin = mended_source(examine(source, found.filename, found.chosen), source, found.filename)
    read = _read(by, bytes(found.xform), origin, found.report.get("classes", {}), classes or {})
    given = {media.filename for media in found.media.filter(copied=False).defer("content")}
    given |= {media.filename for media in found.media.defer("content")} & _by_hand(found.form_id)
    return {"read": read, "seen": found.changed_at, "offered": _offered(by, read, tool, given)}


@action("forms.publish_draft", allow=KEEPERS, everywhere=True, prepare=_reopened)
def publish_draft(*, by, draft, read, seen, offered, tool="", sensitivity=None, keep_days=None, classes=None):
    """Publish a draft as it was converted, with its files; the draft and what phones sent to it are deleted.

    sensitivity, classes   as of `publish_form`
    """
    held = _ready(draft, FormDraft.objects.select_for_update().filter(changed_at=seen))
    files = {media.filename: (bytes(media.content), media.copied) for media in held.media.all()}
    own = _by_hand(read.xform.form_id)
    inherited = {
        name: content for name, (content, copied) in files.items() if copied and name not in read.promised
    }
    given = {
        name: content
        for name, (content, copied) in files.items()
        if not copied or name in own & set(inherited)
    }
    done = _published(
        by, read, given, inherited | offered, tool=tool, sensitivity=sensitivity, keep_days=keep_days
    )
    FormDraft.objects.filter(pk=held.pk).delete()
    return Done(done.value, [*done.changed, held])


def _by_hand(form_id):
    """Names of the files that somebody gave to the version that phones have: a tool's own list does not replace them."""
    given = FormMedia.objects.filter(
        form_version__form__form_id=form_id, form_version__current=True, copied=False
    )
    return set(given.values_list("filename", flat=True))


def _ready(draft, among):
    found = among.filter(pk=draft.pk, state=FormDraft.State.READY).first()
    if found is None:
        raise TaamaError("forms.draft_not_ready", Where(file=draft.filename), status=409)
    return found


@dataclass(frozen=True)
class _Read:
    """A form ready to be published. `origin`: (bytes, name) of what its author wrote; `promised`: files made here;
    `classes` of its questions, as they are kept."""

    xform: object
    content: bytes
    origin: tuple
    promised: frozenset
    classes: dict


def _read(by, content, origin, told, given, personal=""):
    xform = read_xform(content, origin[1])
    promised = [each.promised(by, content, origin[1]) for each in registry.list_providers()]
    classes = _classes(by, content, Where(file=origin[1]), told, given, personal)
    return _Read(xform, content, origin, frozenset().union(*promised), classes)


def _classes(by, content, where, told, given, personal):
    """The classes of a form's questions; raises while one that seems personal has none.

    told   path → (row, class in the sheet); given: what somebody decided since, by path or name
    """
    outline = read_outline(content, where.file)
    names = {path: path.rpartition("/")[2] for path in outline.paths()}
    if unknown := set(given).difference(names, names.values()):
        raise TaamaError("forms.question_unknown", where, {"names": sorted(unknown)})
    if wrong := [level for level in given.values() if level not in (*CLASSES, NO)]:
        raise TaamaError("xlsforms.class_unknown", where, {"value": wrong[0]})
    said = {path: level for path, (_row, level) in told.items()}
    said |= {
        path: given.get(path, given.get(name)) for path, name in names.items() if {path, name} & set(given)
    }
    found = personal_questions(outline, said)
    if personal:
        found = [
            replace(one, given=NO if personal == NO else one.offered) if one.undecided else one
            for one in found
        ]
    undecided = [_placed(one.path, told) for one in found if one.undecided]
    if undecided:
        raise TaamaError("forms.class_undecided", where, {"count": len(undecided), "questions": undecided})
    classes = classes_of(outline, found)
    # What another version protects is confidential in this one too.
    kept = {path: max(S3, classes.get(path, 0)) for path in confidential(by, outline.form_id) & set(names)}
    for code, paths in refused_classes(content, classes | kept).items():
        raise TaamaError(code, where, {"questions": [_placed(path, told) for path in paths]})
    return classes


def _placed(path, told):
    """A question with its row in the author's file: `nom (12)`."""
    row = told.get(path, ("", ""))[0]
    return f"{path.rpartition('/')[2]} ({row})" if row else path.rpartition("/")[2]


def _offered(by, read, tool, given):
    """The lists of the form's tool, for the files that nobody gave; an empty one would leave phones without a choice."""
    tool = (
        tool or Form.objects.filter(form_id=read.xform.form_id).values_list("tool", flat=True).first() or ""
    )
    wanted = read.xform.files.difference(given, read.promised)
    lists = registry.offered_by(tool, by) if wanted else {}
    found = {name: lists[name] for name in wanted & set(lists)}
    if empty := sorted(name for name, content in found.items() if content.count(b"\n") < 2):
        raise TaamaError("forms.list_empty", Where(file=read.origin[1]), {"files": empty, "tool": tool})
    return found


def _published(by, read, given, offered, *, tool, sensitivity, keep_days, back=False):
    xform, where = read.xform, Where(file=read.origin[1])
    sensitivity = _sensitivity(tool, sensitivity, where)
    if len(xform.form_id) > 120 or len(xform.version) > 60:
        raise TaamaError("forms.form_id_too_long", where, {"form": xform.form_id[:130]})
    if missing := sorted(xform.files.difference(given, offered, read.promised)):
        raise TaamaError("forms.media_missing", where, {"files": missing})
    form, changed = _form(xform, tool, sensitivity, keep_days)
    version, retired = _version(by, form, read, back)
    shelf, made = Shelf(form_version=version), {name: offered[name] for name in set(offered) - set(given)}
    return Done(version, [*changed, *retired, *shelf.keep(given), *shelf.keep(made, copied=True)])


@action("forms.note_reread", allow=(SYSTEM,))
def note_reread(*, by, form):
    """What was only collected has been given to the form's tool."""
    form.reread = False
    form.save(update_fields=["reread"])
    return Done()


@action("forms.close_form", allow=KEEPERS, everywhere=True)
def close_form(*, by, form):
    """Close a form: phones lose it, new answers are put aside, edits of old ones are still taken."""
    return _set_state(form, Form.State.CLOSED)


@action("forms.reopen_form", allow=KEEPERS, everywhere=True)
def reopen_form(*, by, form):
    """Open a closed or archived form again."""
    return _set_state(form, Form.State.OPEN)


@action("forms.archive_form", allow=KEEPERS, everywhere=True)
def archive_form(*, by, form):
    """Close a form for good: it leaves the lists of people too. Its submissions stay."""
    return _set_state(form, Form.State.ARCHIVED)


def _checked(*, version, files, **_others):
    return {"files": check_files(files, read_xform(bytes(version.xform)).files)}


@action("forms.replace_media", allow=KEEPERS, everywhere=True, prepare=_checked)
def replace_media(*, by, version, files):
    """Put other files in the place of those of a published version; phones fetch them when they next update."""
    return Done(version, Shelf(form_version=version).keep(files))


def _set_state(form, state):
    form.state = state
    form.save(update_fields=["state"])
    return form


def _sensitivity(tool, given, where):
    """The class of the form: the one asked for, or its tool's, or restricted. Above that nothing is published yet."""
    if tool and tool not in registry.tool_codes():
        raise TaamaError("facts.tool_unknown", where, {"tool": tool, "known": registry.tool_codes()})
    found = Class(given) if given is not None else registry.tool(tool).sensitivity if tool else S2
    if found > S2:
        raise TaamaError("forms.form_too_sensitive", where, {"class": found.name})
    return found


def _form(xform, tool, sensitivity, keep_days):
    """The form, made or brought up to date; what nobody read is read once a tool is named."""
    form = Form.objects.select_for_update().filter(form_id=xform.form_id).first()
    if form is None:
        form = Form.objects.create(
            form_id=xform.form_id, title=xform.title[:250], tool=tool, sensitivity_class=sensitivity,
            keep_days=keep_days,
        )  # fmt: skip
        return form, [form]
    form.reread = form.reread or bool(tool and tool != form.tool)
    form.title, form.tool, form.sensitivity_class = xform.title[:250], tool or form.tool, sensitivity
    form.keep_days = form.keep_days if keep_days is None else keep_days
    if not changed_fields(form):
        return form, []
    form.save()
    return form, [form]


def _version(by, form, read, back):
    """This version, current from now on, and the versions that changed by it."""
    md5 = hashlib.md5(read.content, usedforsecurity=False).hexdigest()
    xform, (source, filename) = read.xform, read.origin
    version = form.versions.filter(version=xform.version).defer("source").first()
    if version and version.md5 != md5:
        values = {"form": form.form_id, "version": xform.version}
        raise TaamaError("forms.version_exists", Where(file=filename), values, status=409)
    classes = _kept_classes(by, version, read.classes)
    if version and version.current and version.classes == classes:
        return version, []
    former = list(form.versions.filter(current=True).exclude(version=xform.version).defer("xform", "source"))
    if version and former and not back:
        values = {"form": form.form_id, "version": xform.version, "current": former[0].version}
        raise TaamaError("forms.version_behind", Where(file=filename), values, status=409)
    for other in former:
        other.current = False
        other.save(update_fields=["current"])
    if version:
        version.current, version.classes = True, classes
        version.save(update_fields=["current", "classes"])
    else:
        version = FormVersion.objects.create(
            form=form, version=xform.version, xform=read.content, md5=md5, source=source,
            source_name=filename[:200], published_at=timezone.now(), classes=classes,
        )  # fmt: skip
    return version, [version, *former]


def _kept_classes(by, version, classes):
    """The classes that count from now on: only who may see confidential answers everywhere makes them less so."""
    if version is None or "" in by.areas(*CONFIDED.allow):
        return classes
    return version.classes | {path: max(each, version.classes.get(path, 0)) for path, each in classes.items()}
