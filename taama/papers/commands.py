"""`taama form paper`: beside the other commands on forms."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from taama.base.policy import OPERATOR
from taama.base.requests import language_now
from taama.forms import queries
from taama.forms.commands import form, wanted_form

FILE_TO_WRITE = click.Path(dir_okay=False, path_type=Path)


@form.command(help=_("Write the paper version of a form as PDF, in the language of --lang."))
@click.argument("form_id")
@click.option(
    "-o", "--output", type=FILE_TO_WRITE, help=_("Name of the file; FORM_ID.LANGUAGE.pdf if not given.")
)
def paper(form_id, output):
    from taama.papers.pdf.build import paper_pdf  # noqa: PLC0415  heavy, and only this command needs it

    found = queries.versions(OPERATOR, wanted_form(form_id)).filter(current=True).first()
    version = queries.version(OPERATOR, found.pk)
    output = output or Path(f"{form_id}.{language_now()}.pdf")
    output.write_bytes(paper_pdf(bytes(version.xform), language_now(), version.published_at))
    click.echo(_("Saved: %(file)s") % {"file": output})


commands = [form]
