"""What can be known of forms, by people and by phones."""

from django.db.models import Count, OuterRef, Subquery

from taama.base.doors import query
from taama.base.models import Role
from taama.base.policy import DEVICE, SYSTEM
from taama.forms.models import Form, FormVersion

READERS = (SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.ADMINISTRATOR)


@query("forms.forms", allow=READERS)
def forms(viewer):
    """Forms with the version that phones get now."""
    now = FormVersion.objects.filter(form=OuterRef("pk"), current=True).values("version")
    return Form.objects.annotate(version_now=Subquery(now))


@query("forms.form_named", allow=READERS)
def form_named(viewer, form_id):
    """The form of this id, or None."""
    return Form.objects.filter(form_id=form_id).first()


@query("forms.current_versions", allow=(DEVICE, SYSTEM))
def current_versions(viewer):
    """The current version of every open form, with the number of files that it needs."""
    found = FormVersion.objects.filter(current=True, form__state=Form.State.OPEN)
    found = found.select_related("form").defer("xform", "source")
    return found.annotate(media_count=Count("media")).order_by("form__form_id")


@query("forms.form_version", allow=(DEVICE, SYSTEM))
def form_version(viewer, key):
    """A version of a form as phones get it, or None. An old or closed one too: a phone may be half-way."""
    return FormVersion.objects.filter(pk=key).defer("source").first()


@query("forms.to_reread", allow=(SYSTEM,))
def to_reread(viewer):
    """Forms that a tool reads since: what was only collected waits to be given to it."""
    return Form.objects.filter(reread=True)
