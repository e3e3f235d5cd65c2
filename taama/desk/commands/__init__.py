"""`taama export`: submissions of a form as a file. `taama key`, `taama decrypt`: opening what phones encrypted.

The private key stays with who made it: it is read for one run and neither kept nor logged.
"""

import os
import shutil
import sys
import time
from pathlib import Path

import click
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from taama.base import files
from taama.base.errors import MethodError, TaamaError, Where
from taama.base.messages import message, number
from taama.base.models import new_id
from taama.base.policy import OPERATOR
from taama.base.requests import language_now
from taama.base.work import run_until_idle
from taama.collect import queries as collect
from taama.desk.actions.exporting import ask_export, delete_export, fetch_export
from taama.desk.commands.importing import import_files
from taama.desk.methods.envelope import (
    new_private_key,
    open_envelope,
    public_key_text,
    read_envelope,
    read_private_key,
)
from taama.desk.methods.export_fields import FORMATS, LIST, MULTIPLES, WHOLE
from taama.desk.models import Export
from taama.desk.queries import exports as queries
from taama.forms import queries as forms
from taama.review.models import Review

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
OWNER_ONLY = 0o600


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
@click.option("--review", type=click.Choice(Review.State.values), help=_("Only what the review came to."))
@click.option("--area", default="", help=_("Key of an area: only what lies in it."))
def export_form(
    form_id, format_, output, language, labels, multiples, no_groups, first_day, last_day, **chosen
):
    form = queries.exportable_forms(OPERATOR).filter(form_id=form_id).first()
    if form is None:
        raise TaamaError("forms.form_absent", values={"form": form_id}, status=404)
    ending = format_ if format_ in WHOLE else "zip"
    if output.suffix.lower() != f".{ending}":
        raise TaamaError("desk.export_name", Where(file=str(output)), {"format": format_, "ending": ending})
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
    shutil.copyfile(fetch_export(by=OPERATOR, export=asked), output)
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


@click.command(
    help=_("Make a pair of keys for an encrypted form: FILE gets the private one, the public one is shown.")
)
@click.argument("file", type=NEW_FILE)
@click.password_option("--passphrase", help=_("Protects the private key; asked for if not given."))
def key(file, passphrase):
    if not passphrase:
        raise click.BadParameter(_("a private key without a passphrase opens for whoever finds it"))
    made, content = new_private_key(passphrase)
    write_new(file, content)
    click.echo(_("Private key: %(file)s. Keep it and its passphrase away from this server: without them nobody can "
                 "read what phones encrypt.") % {"file": file})  # fmt: skip
    click.echo(_("For the form's settings, column public_key:"))
    click.echo(public_key_text(made))


@click.command(help=_("Open what phones encrypted of a form: one folder for each submission, in FOLDER."))
@click.argument("form_id")
@click.option("--key", "key_file", type=FILE, required=True, help=_("The form's private key (PEM)."))
@click.option("-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), required=True,
              help=_("Folder to write to."))  # fmt: skip
@click.option("--passphrase", help=_("Of the private key; asked for if needed."))
def decrypt(form_id, key_file, folder, passphrase):
    private = unlocked(key_file.read_bytes(), passphrase)
    form = forms.form_named(OPERATOR, form_id)
    if form is None:
        raise TaamaError("forms.form_absent", values={"form": form_id}, status=404)
    opened = closed = 0
    for submission in collect.encrypted(OPERATOR, form):
        try:
            place = folder / folder_name(submission)
            signed = write_opened(place, submission, private)
        except MethodError as error:
            closed += 1
            place = f" ({error.where.file})" if error.where.file else ""
            told = message(error.code, language_now(), error.values)
            click.echo(f"✗ {submission.instance_id}{place}: {told}", err=True)
            continue
        opened += 1
        if not signed:
            (place / "signature.txt").write_text(doubt(signed) + "\n", "utf-8")  # for whoever gets the folder later
            click.echo(f"! {submission.instance_id}: {doubt(signed)}", err=True)
    click.echo(
        ngettext("%(count)d submission opened", "%(count)d submissions opened", opened) % {"count": opened}
    )
    if closed:
        click.echo(
            ngettext("%(count)d could not be opened", "%(count)d could not be opened", closed)
            % {"count": closed}
        )
        sys.exit(1)


def unlocked(pem, passphrase):
    """The private key; its passphrase is asked for when it needs one and none was given."""
    try:
        return read_private_key(pem, passphrase)
    except MethodError as error:
        if error.code != "desk.key_passphrase" or passphrase or not sys.stdin.isatty():
            raise
    return read_private_key(pem, click.prompt(_("Passphrase"), hide_input=True))


def write_opened(folder, submission, private):
    """Write the files in the clear. Returns whether the signature holds."""
    envelope = read_envelope(bytes(submission.raw))
    sent = {each.filename: each.sha256 for each in submission.attachments.all()}
    opened = open_envelope(envelope, lambda name: content_of(sent, name), private)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in opened.files:
        target = folder / Path(name).name
        target.unlink(missing_ok=True)
        write_new(target, content)
    return opened.signed


def content_of(sent, name):
    if name not in sent:
        raise MethodError("desk.encrypted_file_missing", Where(file=name))
    return files.path_of(sent[name]).read_bytes()


def write_new(path, content):
    """A file that only its owner reads, and never over another one."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise TaamaError("desk.file_exists", Where(file=str(path)), status=409) from error


def folder_name(submission):
    return submission.instance_id.replace(":", "_").replace("/", "_")[:120]


def doubt(signed):
    if signed is None:
        return _("it bears no signature: nothing shows whether a file was exchanged")
    return _("its signature does not hold: a file or the envelope was changed after it was sealed")


commands = [import_files, export_form, key, decrypt]
