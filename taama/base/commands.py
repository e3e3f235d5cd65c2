"""`taama journal`, `taama organisation`, `taama account`: who acts here, and the record of what they did."""

import secrets
import sys

import click
from django.utils.translation import gettext as _

from taama.base import actions, queries
from taama.base import journal as journals
from taama.base.errors import TaamaError
from taama.base.models import Organisation, Role
from taama.base.policy import OPERATOR


@click.group(help=_("The journal of all changes."))
def journal():
    pass


@journal.command(help=_("Check the chain from its beginning and name the first broken entry."))
def verify():
    verdict = journals.verify()
    click.echo(_("Sealed entries that fit: %(count)d") % {"count": verdict.sealed})
    click.echo(_("Entries waiting for their seal: %(count)d") % {"count": verdict.unsealed})
    click.echo(_("Details erased on purpose: %(count)d") % {"count": verdict.erased_details})
    if verdict.broken_at:
        raise TaamaError("base.journal_broken", values={"sequence": verdict.broken_at})
    sys.exit(0)


@click.group(help=_("Organisations of the response."))
def organisation():
    pass


@organisation.command("add", help=_("Enter an organisation: a short CODE and its NAME."))
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice(Organisation.Kind.values), required=True, help=_("what kind it is"))
def add_organisation(code, name, kind):
    actions.register_organisation(by=OPERATOR, code=code, name=name, kind=kind)
    click.echo(code)


@organisation.command("list", help=_("List the organisations."))
def list_organisations():
    for one in queries.organisations(OPERATOR):
        click.echo(f"{one.code}\t{one.name}\t{one.get_kind_display()}")


@click.group(help=_("Accounts of people, and what they may do."))
def account():
    pass


@account.command("add", help=_("Make an account with a role in an organisation; its password is shown once."))
@click.argument("username")
@click.option("--organisation", "code", required=True, help=_("code of the organisation"))
@click.option("--role", type=click.Choice(Role.values), required=True, help=_("what the account may do"))
@click.option("--area", default="", help=_("key of the area; the whole country if not given"))
@click.option("--name", default="", help=_("name of the person"))
def add_account(username, code, role, area, name):
    of, password = queries.organisation(OPERATOR, code), secrets.token_urlsafe(12)
    user = actions.create_account(by=OPERATOR, username=username, password=password, name=name)
    actions.give_membership(by=OPERATOR, user=user, organisation=of, role=role, area=area)
    click.echo(password)


@account.command("list", help=_("List the accounts with their roles."))
def list_accounts():
    for user in queries.accounts(OPERATOR):
        roles = ", ".join(f"{m.get_role_display()} ({m.organisation.code})" for m in user.memberships.all())
        state = _("open") if user.is_active else _("closed")
        click.echo(f"{user.username}\t{state}\t{roles}")


@account.command("password", help=_("Give an account a new password, shown once; its sessions end."))
@click.argument("username")
@click.option("--drop-factor", is_flag=True, help=_("Also remove its second factor: the phone is lost."))
def new_password(username, drop_factor):
    user, password = queries.account(OPERATOR, username), secrets.token_urlsafe(12)
    actions.set_password(by=OPERATOR, user=user, password=password)
    if drop_factor:
        actions.drop_second_factor(by=OPERATOR, user=user)
    click.echo(password)


@account.command("close", help=_("Shut an account out at once."))
@click.argument("username")
def close_account(username):
    actions.close_account(by=OPERATOR, user=queries.account(OPERATOR, username))
    click.echo(username)


commands = [journal, organisation, account]
