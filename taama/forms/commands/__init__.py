"""`taama form`: forms that phones get."""

from contextlib import contextmanager, nullcontext
from pathlib import Path

import click
from django.db import transaction
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.policy import OPERATOR
from taama.base.sensitivity import Class
from taama.forms import queries
from taama.forms.actions.assigning import assign_form, unassign_form
from taama.forms.actions.publishing import archive_form, close_form, publish_form, reopen_form
from taama.forms.commands.faults import looked_through
from taama.xlsforms.methods.personal import CLASSES, NO, read_class

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help=_("Forms that phones get."))
def form():
    pass


@form.command(help=_("Publish a form: .xlsx, .xls, .csv, .md or XForm .xml."))
@click.argument("file", type=FILE)
@click.option("--tool", default="", help=_("Tool that reads its submissions."))
@click.option("--media", multiple=True, type=FILE, help=_("A file that the form needs; may be repeated."))
@click.option("--keep-days", type=int, help=_("Days after which submissions are erased."))
@click.option(
    "--class", "said", multiple=True, metavar="[NAME=]CLASS",
    help=_("Class of the form, S0 to S2, or of a question: NAME=S3; NAME=no where it asks for no personal data."),
)  # fmt: skip
@click.option(
    "--personal", type=click.Choice(["offered", "no"]), default=None,
    help=_("For all other questions that seem personal: the class that is offered, or not personal data."),
)  # fmt: skip
@click.option("--back", is_flag=True, help=_("Let phones go back to a version that another has retired."))
@click.option(
    "--repair", is_flag=True, help=_("Mend what is certain, show the difference, publish the mended form.")
)
@click.option(
    "--dry-run", is_flag=True,
    help=_("Only check, publish nothing; 1 when there are errors that --repair does not mend."),
)  # fmt: skip
def publish(file, tool, media, keep_days, said, personal, back, repair, dry_run):
    source, filename = looked_through(file.read_bytes(), file.name, repair, dry_run)
    files = {path.name: path.read_bytes() for path in media}
    named = dict(each.split("=", 1) for each in said if "=" in each)
    whole = [_class(each, CLASSES) for each in said if "=" not in each]
    with _undone() if dry_run else nullcontext():
        version = publish_form(
            by=OPERATOR, source=source, filename=filename, tool=tool, media=files, keep_days=keep_days,
            sensitivity=Class[whole[-1]] if whole else None, personal=personal or "", back=back,
            classes={name: _class(each, (*CLASSES, NO)) for name, each in named.items()},
        )  # fmt: skip
    told = {"form": version.form.form_id, "version": version.version or "–"}
    published = _("Published: %(form)s, version %(version)s")
    click.echo((_("Can be published: %(form)s, version %(version)s") if dry_run else published) % told)


@contextmanager
def _undone():
    """What happens within is taken back: a rehearsal, which meets all that would stop it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _class(text, known):
    if (found := read_class(text)) not in known:
        raise TaamaError("xlsforms.class_unknown", values={"value": text})
    return found


@form.command("list", help=_("Show the forms."))
def list_forms():
    for found in queries.forms(OPERATOR):
        state, tool = found.get_state_display(), found.tool or "–"
        click.echo(f"{found.form_id}\t{state}\t{found.version_now or '–'}\t{tool}\t{found.title}")


@form.command(help=_("Close a form: phones lose it, new answers are put aside."))
@click.argument("form_id")
def close(form_id):
    close_form(by=OPERATOR, form=wanted_form(form_id))
    click.echo(_("Closed: %(form)s") % {"form": form_id})


@form.command(help=_("Open a closed form again."))
@click.argument("form_id")
def reopen(form_id):
    reopen_form(by=OPERATOR, form=wanted_form(form_id))
    click.echo(_("Open: %(form)s") % {"form": form_id})


@form.command(help=_("Close a form for good: it leaves the list of forms too. Its submissions stay."))
@click.argument("form_id")
def archive(form_id):
    archive_form(by=OPERATOR, form=wanted_form(form_id))
    click.echo(_("Archived: %(form)s") % {"form": form_id})


@form.command(help=_("Give a form only to phones of an organisation, one of its teams, an area; or show who gets it."))
@click.argument("form_id")
@click.option("--organisation", default="", help=_("Code of the organisation whose phones get it."))
@click.option("--team", default="", help=_("Name of the team of that organisation whose phones get it."))
@click.option("--area", default="", help=_("Key of the area whose phones get it."))
@click.option(
    "--remove", is_flag=True, help=_("Take it from them instead; from all who were named, if none is given.")
)
def assign(form_id, organisation, team, area, remove):
    found = wanted_form(form_id)
    if team and not organisation:
        raise click.UsageError(_("--team needs --organisation: two organisations may have teams of one name."))
    owner = _wanted_organisation(organisation) if organisation else None
    group = _wanted_team(owner, team) if team else None
    if remove:
        named = queries.assignments(OPERATOR, found)
        alike = [one for one in named if (one.organisation, one.team, one.area) == (owner, group, area)]
        unassign_form(by=OPERATOR, assignments=alike if owner or area else named)
    elif owner or area:
        assign_form(by=OPERATOR, form=found, organisation=owner, team=group, area=area)
    for one in queries.assignments(OPERATOR, found):
        owner = one.organisation.code if one.organisation else "–"
        click.echo(f"{owner}\t{one.team.name if one.team else '–'}\t{one.area or '–'}")
    if not queries.assignments(OPERATOR, found):
        click.echo(_("All phones get it."))


def _wanted_organisation(code):
    found = queries.organisations(OPERATOR).filter(code=code).first()
    if found is None:
        known = sorted(queries.organisations(OPERATOR).values_list("code", flat=True))
        raise TaamaError("forms.organisation_unknown", values={"code": code, "known": known}, status=404)
    return found


def _wanted_team(organisation, name):
    found = queries.teams(OPERATOR).filter(organisation=organisation, name=name).first()
    if found is None:
        known = [team.name for team in queries.teams(OPERATOR).filter(organisation=organisation)]
        values = {"name": name, "organisation": organisation.code, "known": known}
        raise TaamaError("forms.team_unknown", values=values, status=404)
    return found


def wanted_form(form_id):
    found = queries.form_named(OPERATOR, form_id)
    if found is None:
        raise TaamaError("forms.form_absent", values={"form": form_id}, status=404)
    return found


commands = [form]
