"""`taama publish`: a new snapshot. `taama report`: its situation report as PDF. `taama snapshot withdraw`."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from taama.base.policy import OPERATOR
from taama.base.requests import language_now
from taama.figures import queries
from taama.figures.actions import withdraw_snapshot
from taama.opendata.views.answering import let_go


@click.command(help=_("Write the situation report of a snapshot as PDF, in the language of --lang."))
@click.option(
    "--snapshot", "number", type=click.IntRange(1), help=_("number of the snapshot; the newest if not given")
)
@click.option("--series", default="", help=_("series of figures; the published one if not given"))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=_("file to write"))
def report(number, series, output):
    from taama.publish.report.build import report as make  # noqa: PLC0415  only this command needs it

    of = queries.snapshot(OPERATOR, number)
    language = language_now()
    target = output or Path(f"taama-{of.code}.{language}.pdf")
    content = make(OPERATOR, of, language, series)
    target.write_bytes(content)
    click.echo(_("%(file)s written (%(size)d kB)") % {"file": target, "size": len(content) // 1024})


@click.command(help=_("Read what has arrived and freeze its figures as a new snapshot under TITLE."))
@click.argument("title")
def publish(title):
    from taama.publish.tasks import publish_now  # noqa: PLC0415  heavy: loads the dataframe library

    made = publish_now(OPERATOR, title)
    click.echo(_("Snapshot %(code)s published: %(title)s") % {"code": made.code, "title": made.title})


@click.group(help=_("The published snapshots."))
def snapshot():
    pass


@snapshot.command(help=_("Withdraw the snapshot of this NUMBER: readers are told why, nothing is deleted."))
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--reason", default="", help=_("what was wrong, for every reader; needed unless it is withdrawn already")
)
@click.option("--replaced-by", type=click.IntRange(1), help=_("number of the snapshot to be read instead"))
def withdraw(number, reason, replaced_by):
    known = queries.every_snapshot(OPERATOR).filter(number=number).first()
    if replaced_by is None and known and known.replaced_by:
        replaced_by = known.replaced_by.number
    found = withdraw_snapshot(by=OPERATOR, number=number, reason=reason, replaced_by=replaced_by)
    let_go()
    click.echo(_("Snapshot %(code)s is withdrawn.") % {"code": found.code})


commands = [report, publish, snapshot]
