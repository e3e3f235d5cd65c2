"""What people do at an office's desk while phones send: one order a line on standard input, its answer on output.

The only part of the suite that knows the inside of taama; runs in a process of its own, in the office's environment.
"""

import json
import sys

import django
from django.conf import settings
from django.db import IntegrityError, OperationalError

django.setup()

from taama.base.errors import TaamaError  # noqa: E402  after the set-up
from taama.base.models import Organisation  # noqa: E402  after the set-up
from taama.base.policy import OPERATOR  # noqa: E402  after the set-up
from taama.base.work import run_until_idle  # noqa: E402  after the set-up
from taama.collect import queries  # noqa: E402  after the set-up
from taama.collect.actions import removal  # noqa: E402  after the set-up
from taama.collect.actions.quarantine import release_quarantined  # noqa: E402  after the set-up
from taama.collect.models import Device, Quarantined  # noqa: E402  after the set-up
from taama.forms import queries as forms_queries  # noqa: E402  after the set-up
from taama.forms.actions import assigning, drafts  # noqa: E402  after the set-up
from taama.forms.actions import publishing as forms  # noqa: E402  after the set-up
from taama.forms.methods.settings_code import settings_code  # noqa: E402  after the set-up
from taama.forms.models import FormDraft  # noqa: E402  after the set-up
from taama.forms.tasks import convert_drafts  # noqa: E402  after the set-up
from taama.phones import actions as accounts  # noqa: E402  after the set-up


def publish(xform, media):
    content = {name: text.encode() for name, text in media.items()}
    forms.publish_form(by=OPERATOR, source=xform.encode(), filename="form.xml", media=content, personal="no")


def publish_tool(tool, media):
    content = {name: text.encode() for name, text in media.items()}
    source = (settings.PACKAGE / "mobility" / "tools" / tool / "form.md").read_bytes()
    forms.publish_form(by=OPERATOR, source=source, filename=f"{tool}.md", tool=tool, media=content)


def settings_code_of(server_url):
    return settings_code(server_url, "taama")


def findings():
    run_until_idle(["derive"])
    found = {}
    for code, name in queries.findings(OPERATOR).values_list("code", "submission__instance_id"):
        found.setdefault(code, []).append(name)
    return found


def release(instance):
    try:
        aside = Quarantined.objects.get(instance_id=instance, state=Quarantined.State.WAITING)
        release_quarantined(by=OPERATOR, quarantined=aside)
    except (Quarantined.DoesNotExist, TaamaError, IntegrityError, OperationalError):  # the phone was faster
        return False
    return True


def close(form):
    forms.close_form(by=OPERATOR, form=forms_queries.form_named(OPERATOR, form))


def take_away(form):
    other, _ = Organisation.objects.get_or_create(code="other", defaults={"name": "Autre", "kind": "ngo"})
    assigning.assign_form(by=OPERATOR, form=forms_queries.form_named(OPERATOR, form), organisation=other)


def draft(xform, media):
    brought = drafts.bring_form(by=OPERATOR, source=xform.encode(), filename="form.xml")
    while convert_drafts():
        pass
    found = FormDraft.objects.get(pk=brought.pk)
    if media:
        drafts.attach_files(by=OPERATOR, draft=found, files={n: text.encode() for n, text in media.items()})
    return [str(found.pk), found.token]


def publish_draft(key):
    forms.publish_draft(by=OPERATOR, draft=FormDraft.objects.get(pk=key))


def delete_draft(key):
    drafts.delete_draft(by=OPERATOR, draft=FormDraft.objects.get(pk=key))


def withdraw(instance):
    found = queries.submission_named(OPERATOR, instance)
    removal.withdraw_submission(by=OPERATOR, submission=found, reason="by mistake")


def phone(name):
    made = accounts.create_device(by=OPERATOR, username=name, organisation=Organisation.objects.first())
    return [made.token, made.secret]


def revoke(name):
    accounts.revoke_device(by=OPERATOR, device=Device.objects.get(username=name))


if __name__ == "__main__":
    for line in sys.stdin:
        name, *words = json.loads(line)
        print(json.dumps(globals()[name](*words)), flush=True)
