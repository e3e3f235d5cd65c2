"""`taama export`: submissions of a form as a file."""

import shutil
import time
from pathlib import Path

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.messages import number
from taama.base.models import new_id
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.desk.actions.exporting import ask_export, delete_export
from taama.desk.methods.export_fields import FORMATS, LIST, MULTIPLES
from taama.desk.models import Export
from taama.desk.queries import exports as queries

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    "export",
    help=_("Take out the submissions of FORM: all versions together, repeats as tables of their own."),
)
@click.argument("form_id", metavar="FORM")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="csv",
    show_default=True,
    help=_("Format of the file."),
)
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("File to write.")
)
@click.option("--language", default="", help=_("Language of labels; that of the command if not given."))
@click.option("--labels", is_flag=True, help=_("Answers as people read them, instead of codes."))
@click.option("--multiples", type=click.Choice(MULTIPLES), default=LIST, show_default=True,
              help=_("Several answers to one question: a list, a column of 0 and 1 for each, or both."))  # fmt: skip
@click.option("--no-groups", is_flag=True, help=_("Name columns by the question only, without its groups."))
@click.option("--from", "first_day", type=DAY, help=_("Received from this day."))
@click.option("--to", "last_day", type=DAY, help=_("Received until this day."))
@click.option(
    "--version", "versions", multiple=True, help=_("Only this version of the form; may be repeated.")
)
@click.option("--state", "states", multiple=True, help=_("Only submissions in this state; may be repeated."))
@click.option("--area", default="", help=_("Key of an area: only what lies in it."))
def export_form(
    form_id, format_, output, language, labels, multiples, no_groups, first_day, last_day, **chosen
):
    form = queries.exportable_forms(OPERATOR).filter(form_id=form_id).first()
    if form is None:
        raise TaamaError("forms.form_absent", values={"form": form_id}, status=404)
    days = {"first_day": first_day, "last_day": last_day}
    filters = {name: day.date().isoformat() for name, day in days.items() if day}
    filters |= {
        name: list(value) if isinstance(value, tuple) else value for name, value in chosen.items() if value
    }
    asked = ask_export(
        by=OPERATOR, key=new_id(), form=form, format=format_, language=language or (get_language() or "fr")[:2],
        options={"labels": labels, "multiples": multiples, "groups": not no_groups}, filters=filters,
    )  # fmt: skip
    asked = _made(asked)
    shutil.copyfile(queries.export_file(OPERATOR, asked), output)
    delete_export(by=OPERATOR, export=asked)
    told = {"count": number(asked.rows, (get_language() or "fr")[:2]), "file": output}
    click.echo(_("%(count)s submissions in %(file)s") % told)


def _made(asked):
    """Do the work here, or wait for the worker that holds the tables."""
    while asked.state == Export.State.WAITING:
        if not run_until_idle(["exports"]):
            time.sleep(0.2)
        asked = queries.export(OPERATOR, asked.pk)
    if asked.state != Export.State.DONE:
        raise TaamaError(asked.code, values=asked.values)
    return asked


commands = [export_form]
