"""What a desk must know before it takes a batch in, asked in two plain statements.

Querysets would ask the same, but making their SQL costs more than all else that is done for a submission. Which edits
found their original is seen here and not asked: SQLite would look through all that replace nothing.
"""

from django.db import connection

from taama.base.policy import WORKER
from taama.collect import queries
from taama.collect.models import Device, Quarantined, Submission
from taama.forms.models import Form, FormVersion

NAMED = """SELECT 'submission', id FROM collect_submission WHERE instance_id IN ({names})
UNION ALL SELECT 'edit', id FROM collect_submission
WHERE NOT (deprecated_id = '') AND deprecated_id IN ({names})
UNION ALL SELECT state, id FROM collect_quarantined
WHERE instance_id IN ({names}) AND state IN ('waiting', 'released')
UNION ALL SELECT 'waiting', id FROM collect_quarantined
WHERE NOT (deprecated_id = '') AND deprecated_id IN ({names}) AND state = 'waiting'
UNION ALL SELECT 'phone', id FROM collect_device WHERE revoked_at IS NULL AND id IN ({phones})"""
VERSIONS = """SELECT version.id, version.form_id, version.version, form.form_id, form.tool, form.state
FROM forms_formversion version JOIN forms_form form ON form.id = version.form_id WHERE form.form_id IN ({forms})"""
OF_VERSION, OF_FORM = ("id", "form_id", "version"), ("id", "form_id", "tool", "state")  # in the models' order


class Known:
    """`submissions` by instance id, `edits` whose original was missing by its id, `versions` by form id and version,
    `forms` by form id, keys of the `phones` that may still send, whether anything waits `aside` of these names,
    by the sha256 of what was put aside the submissions that people `made` of it."""

    def __init__(self, arrivals):
        instances = [a.instance for a in arrivals if a.instance]
        names = {a.name for a in arrivals} | {i.deprecated_id for i in instances if i.deprecated_id}
        found = _named(names, {a.device.pk for a in arrivals if a.device})
        self.submissions = {s.instance_id: s for s in _submissions(found["submission"] | found["edit"])}
        edits = [s for s in self.submissions.values() if s.pk in found["edit"] and s.replaces_id is None]
        self.edits = {s.deprecated_id: s for s in edits}
        self.aside, self.phones = bool(found["waiting"]), found["phone"]
        self.made = _made(found["released"], self.submissions)
        self.versions, self.forms = self.versions_of({i.form_id for i in instances})

    @staticmethod
    def versions_of(forms):
        """Versions and forms, no more of each than a batch needs; the rest is read when somebody asks for it."""
        found = {}
        for key, form_key, name, *form in _rows(VERSIONS.format(forms=_places(forms)), forms):
            version = FormVersion.from_db("default", OF_VERSION, (_key(key), _key(form_key), name))
            version.form = Form.from_db("default", OF_FORM, (version.form_id, *form))
            found[version.form.form_id, name] = version
        return found, {form_id: version.form for (form_id, _), version in found.items()}

    @staticmethod
    def has_room(device):
        """Whether more of this phone may be put aside."""
        return not queries.full_phones(WORKER, device)


def _named(names, phones):
    """What there is of each kind: keys."""
    given = [Device._meta.pk.get_db_prep_value(key, connection) for key in phones]
    asked = NAMED.format(names=_places(names), phones=_places(given))
    found = {"submission": set(), "edit": set(), "waiting": set(), "released": set(), "phone": set()}
    for kind, key in _rows(asked, [*names, *names, *names, *names, *given]):
        found[kind].add(_key(key))
    return found


def _submissions(keys):
    """Without what is heavy. Few are known already, so that most batches don't even ask."""
    if not keys:
        return []
    heavy = ("raw", "form_version__xform", "form_version__source")
    return Submission.objects.filter(pk__in=keys).select_related("form_version__form").defer(*heavy)


def _made(keys, known):
    """sha256 → Submission; of several, what was decided last. Few were put aside before, so that it is rarely asked."""
    if not keys:
        return {}
    settled = Quarantined.objects.filter(pk__in=keys, submission__isnull=False).order_by("settled_at")
    made = settled.values_list("sha256", "submission_id")
    found = {one.pk: known.get(one.instance_id, one) for one in _submissions({key for _, key in made})}
    return {sha256: found[key] for sha256, key in made}


def _rows(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall()


def _places(values):
    return ", ".join(["%s"] * len(values)) or "NULL"


def _key(value):
    """A UUID, also of a database that keeps it as text."""
    return Device._meta.pk.to_python(value)
