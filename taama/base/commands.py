"""`taama journal`: is the record of who did what whole?"""

import sys

import click
from django.utils.translation import gettext as _

from taama.base import journal as journals
from taama.base.errors import TaamaError


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


commands = [journal]
