"""`taama backup` and `taama restore`: database, attachments and keys; the lake is derived again."""

import click
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.project import archive
from taama.project.commands.run import prepare_database


@click.command(
    help=_("Write database, attachments and keys to FILE. The lake is not in it: it is derived again.")
)
@click.argument("file", type=click.Path(dir_okay=False))
def backup(file):
    manifest = archive.write(file, progress=lambda text: click.echo(text, err=True))
    click.echo(
        _("%(rows)d rows and %(files)d files kept in %(file)s. It holds secrets: lock it away.")
        % {
            "rows": sum(manifest["rows"].values()),
            "files": len(manifest["entries"]) - len(manifest["rows"]),
            "file": file,
        }
    )


@click.command(help=_("Put FILE back into an empty installation, then derive the facts."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def restore(file):
    from taama.collect.tasks import rebuilding  # noqa: PLC0415  heavy: only this command needs it
    from taama.facts import lake  # noqa: PLC0415  heavy: only this command needs it

    prepare_database()
    manifest = archive.read(file, progress=lambda text: click.echo(text, err=True))
    with lake.writing() as held:
        if not held:
            raise TaamaError("project.lake_busy")
        rebuilding.rebuild()
    click.echo(_("%(rows)d rows restored, facts derived.") % {"rows": sum(manifest["rows"].values())})
