"""`taama submission`: submissions looked for, taken out of use, erased."""

from pathlib import Path

import click
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.messages import show
from taama.base.policy import OPERATOR
from taama.collect import queries
from taama.collect.actions.quarantine import mend_quarantined
from taama.collect.actions.removal import erase_submission, withdraw_submission
from taama.collect.models import Submission
from taama.forms import queries as forms


def known(found, code, **values):
    if found is None:
        raise TaamaError(code, values=values, status=404)
    return found


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


@submission.command(help=_("Take in a mended file in the place of what was put aside, which is kept as it came."))
@click.argument("key", metavar="ID", type=click.UUID)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@REASON
def mend(key, file, reason):
    item = known(queries.quarantined(OPERATOR, key), "collect.aside_unknown", key=str(key))
    made = mend_quarantined(by=OPERATOR, quarantined=item, raw=file.read_bytes(), reason=reason)
    click.echo(_("Accepted, mended: %(name)s. What came is kept as it came.") % {"name": made.instance_id})


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


commands = [submission]
