"""`taama device`: accounts of phones; `taama submission bring`: what came from a phone by cable or card."""

import sys
from pathlib import Path

import click
import segno
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.models import Organisation
from taama.base.policy import OPERATOR
from taama.collect.commands import known, submission
from taama.forms.methods.settings_code import settings_code
from taama.phones import queries
from taama.phones.actions import create_device, revoke_device
from taama.phones.commands.bringing import bring_all


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
@click.option("--team", default="", help=_("Name of the team to which it is entrusted."))
@click.option("--simulated", is_flag=True, help=_("The data are invented."))
def add(name, organisation, label, area, team, simulated):
    owner = Organisation.objects.filter(code=organisation).first()
    if owner is None:
        known = sorted(Organisation.objects.values_list("code", flat=True))
        raise TaamaError("phones.organisation_unknown", values={"code": organisation, "known": known})
    made = create_device(
        by=OPERATOR, username=name, organisation=owner, label=label, area=area, team=team, simulated=simulated
    )
    click.echo(_("Name: %(name)s") % {"name": name})
    click.echo(_("Password, shown this once: %(secret)s") % {"secret": made.secret})
    click.echo(_("Path of the server address: %(path)s") % {"path": f"/key/{made.token}"})


@device.command("list", help=_("Show the phones."))
def list_devices():
    for found in queries.devices(OPERATOR):
        state = _("revoked") if found.revoked_at else _("active")
        click.echo(
            f"{found.username}\t{state}\t{found.organisation.code}\t{found.team.name if found.team else '–'}"
            f"\t{found.area or '–'}\t{found.label}"
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
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help=_("File .svg or .png."))
def qr(name, server, project, output):
    phone = wanted_device(name)
    if phone.revoked_at:
        raise TaamaError("phones.device_revoked", values={"name": name}, status=403)
    token = queries.device_token(OPERATOR, phone)
    code = segno.make(settings_code(f"{server.rstrip('/')}/key/{token}", project), error="m")
    if output is None:
        code.terminal(out=sys.stdout, compact=True)
        return
    code.save(str(output), scale=8, border=4)
    click.echo(_("Saved: %(file)s") % {"file": output})


def wanted_device(name):
    found = queries.devices(OPERATOR).filter(username=name).first()
    return known(found, "phones.device_unknown", name=name)


@submission.command(
    help=_("Take in filled forms copied from a phone or its card: a folder as ODK Collect keeps it.")
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--device", required=True, help=_("Account of the phone that they come from, or of its successor.")
)
@click.option("--drafts-too", is_flag=True, help=_("Also forms that are not finished, or may not be."))
def bring(folder, device, drafts_too):
    phone = wanted_device(device)
    if phone.revoked_at:
        raise TaamaError("phones.device_revoked", values={"name": device}, status=403)
    bring_all(folder, phone, drafts_too)


commands = [device]
