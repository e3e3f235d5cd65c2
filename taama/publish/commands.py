"""`taama publish`: a new snapshot. `taama report`: its situation report as PDF."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from taama.base.policy import OPERATOR
from taama.base.requests import language_now
from taama.figures.queries import snapshot


@click.command(help=_("Write the situation report of a snapshot as PDF, in the language of --lang."))
@click.option(
    "--snapshot", "number", type=click.IntRange(1), help=_("number of the snapshot; the newest if not given")
)
@click.option("--series", default="", help=_("series of figures; the published one if not given"))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=_("file to write"))
def report(number, series, output):
    from taama.publish.report.build import report as make  # noqa: PLC0415  only this command needs it

    of = snapshot(OPERATOR, number)
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


commands = [report, publish]
