"""`taama device`, `submission`: accounts of phones; submissions brought, looked for, taken out of use."""

import sys
from pathlib import Path

import click
import segno
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.messages import show
from taama.base.models import Organisation
from taama.base.policy import OPERATOR
from taama.collect import queries
from taama.collect.actions.devices import create_device, revoke_device
from taama.collect.actions.removal import erase_submission, withdraw_submission
from taama.collect.commands.bringing import bring_all
from taama.collect.models import Submission
from taama.forms import queries as forms
from taama.forms.methods.settings_code import settings_code


def known(found, code, **values):
    if found is None:
        raise TaamaError(code, values=values, status=404)
    return found


@click.group(help=_("Accounts of phones."))
def device():
    pass


@device.command(help=_("Give a phone an account. Its password is shown once."))
@click.argument("name")
@click.option("--organisation", required=True, help=_("Code of the organisation that it belongs to."))
@click.option("--label", default="", help=_("What people call it."))
@click.option(
    "--area", default="", help=_("Key of the area where it is used; the whole country if not given.")
)
@click.option("--simulated", is_flag=True, help=_("The data are invented."))
def add(name, organisation, label, area, simulated):
    owner = Organisation.objects.filter(code=organisation).first()
    if owner is None:
        known = sorted(Organisation.objects.values_list("code", flat=True))
        raise TaamaError("collect.organisation_unknown", values={"code": organisation, "known": known})
    made = create_device(
        by=OPERATOR, username=name, organisation=owner, label=label, area=area, simulated=simulated
    )
    click.echo(_("Name: %(name)s") % {"name": name})
    click.echo(_("Password, shown this once: %(secret)s") % {"secret": made.secret})
    click.echo(_("Path of the server address: %(path)s") % {"path": f"/key/{made.token}"})


@device.command("list", help=_("Show the phones."))
def list_devices():
    for found in queries.devices(OPERATOR):
        state = _("revoked") if found.revoked_at else _("active")
        click.echo(
            f"{found.username}\t{state}\t{found.organisation.code}\t{found.area or '–'}\t{found.label}"
        )


@device.command(help=_("End a phone's account at once."))
@click.argument("name")
def revoke(name):
    revoke_device(by=OPERATOR, device=wanted_device(name))
    click.echo(_("Revoked: %(name)s") % {"name": name})


@device.command(help=_("Show or save the code with which ODK Collect is set up."))
@click.argument("name")
@click.option("--server", required=True, help=_("Address under which the phone reaches this server."))
@click.option("--project", default="taama", show_default=True, help=_("Name that the phone shows."))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help=_("File .svg or .png."))
def qr(name, server, project, output):
    token = queries.device_token(OPERATOR, wanted_device(name))
    code = segno.make(settings_code(f"{server.rstrip('/')}/key/{token}", project), error="m")
    if output is None:
        code.terminal(out=sys.stdout, compact=True)
        return
    code.save(str(output), scale=8, border=4)
    click.echo(_("Saved: %(file)s") % {"file": output})


def wanted_device(name):
    found = queries.devices(OPERATOR).filter(username=name).first()
    return known(found, "collect.device_unknown", name=name)


REASON = click.option("--reason", required=True, help=_("Why; people who look for it later will read this."))


@click.group(help=_("Submissions on request: out of use, or erased."))
def submission():
    pass


@submission.command(help=_("Take a submission out of use: its facts go, its bytes stay."))
@click.argument("name", metavar="ID")
@REASON
def withdraw(name, reason):
    withdraw_submission(by=OPERATOR, submission=wanted_submission(name), reason=reason)
    click.echo(_("Withdrawn: %(name)s. Its facts are removed within seconds.") % {"name": name})


@submission.command(
    help=_("Erase a submission for good, with its edits, its files and what was put aside of it.")
)
@click.argument("name", metavar="ID")
@REASON
@click.option("--yes", is_flag=True, help=_("Do not ask again."))
def erase(name, reason, yes):
    wanted = wanted_submission(name)
    if not yes:
        question = _("Erase %(name)s, received on %(day)s, for good? Nobody can bring it back. Write yes to confirm") % {
            "name": name, "day": show(wanted.received_at, get_language())}  # fmt: skip
        if click.prompt(question).strip().lower() != pgettext("typed", "yes"):
            raise click.Abort
    again = wanted.state == Submission.State.ERASED
    erase_submission(by=OPERATOR, submission=wanted, reason=reason)
    told = _("Erased already: %(name)s. What came of it later, if anything, is erased now.") if again else _(
        "Erased: %(name)s. Its facts are removed within seconds.")  # fmt: skip
    click.echo(told % {"name": name})


@submission.command(help=_("Take in filled forms copied from a phone or its card: a folder as ODK Collect keeps it."))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--device", required=True, help=_("Account of the phone that they come from, or of its successor."))
@click.option("--drafts-too", is_flag=True, help=_("Also forms that are not finished, or may not be."))
def bring(folder, device, drafts_too):
    phone = wanted_device(device)
    if phone.revoked_at:
        raise TaamaError("collect.device_revoked", values={"name": device}, status=403)
    bring_all(folder, phone, drafts_too)


@submission.command("list", help=_("Show submissions, the newest first."))
@click.option("--form", "form_id", default="", help=_("Only of this form."))
@click.option("--missing-files", is_flag=True, help=_("Only those whose files have not all arrived, with the names."))
def list_submissions(form_id, missing_files):
    form = known(forms.form_named(OPERATOR, form_id), "forms.form_absent", form=form_id) if form_id else None
    for one in queries.submissions(OPERATOR, form=form, missing_files=missing_files).iterator(chunk_size=500):
        files = ", ".join(queries.missing_files(OPERATOR, one)) if missing_files else ""
        form_id = one.form_version.form.form_id if one.form_version else one.filename
        phone = one.device.username if one.device else "–"
        told = (f"{one.received_at:%Y-%m-%d %H:%M}", one.instance_id, form_id, phone, one.get_state_display(), files)
        click.echo("\t".join(told).rstrip())


def wanted_submission(name):
    return known(queries.submission_named(OPERATOR, name), "collect.submission_unknown", name=name)


commands = [device, submission]
