"""`taama backup` and `taama restore`: database, attachments and keys; the lake is derived again."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.desk.commands import write_new
from taama.project import age, archive
from taama.project.commands.run import prepare_database

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    help=_("Write database, attachments and keys to FILE. The lake is not in it: it is derived again.")
)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--to-key", "public", help=_("Encrypt for this public key (age1…): whoever finds the file can't read it.")
)
@click.option("--replace", is_flag=True, help=_("Replace a file of that name."))
def backup(file, public, replace):
    recipient = age.read_key(public, age.PUBLIC) if public else None
    manifest = archive.write(file, lambda text: click.echo(text, err=True), recipient, replace)
    told = _("%(rows)d rows and %(files)d files kept in %(file)s.") % {
        "rows": sum(manifest["rows"].values()),
        "files": len(manifest["entries"]) - len(manifest["rows"]),
        "file": file,
    }
    secret = _("It holds secrets in the clear: lock it away, or encrypt it with --to-key.")
    closed = _("Only the private key opens it: without that key nobody can restore it.")
    click.echo(f"{told} {closed if public else secret}")


@click.command(
    "backup-key",
    help=_("Make a pair of keys for encrypted backups: FILE gets the private one, the public one is shown."),
)
@click.argument("file", type=click.Path(dir_okay=False))
def backup_key(file):
    private, public = age.new_keys()
    write_new(file, f"# public key: {public}\n{private}\n".encode())
    click.echo(
        _(
            "Private key: %(file)s. Keep two copies away from this server and from the backups: without it no backup"
            " can be restored, and whoever has it reads them all."
        )
        % {"file": file}
    )
    click.echo(_("For each backup: taama backup FILE --to-key %(key)s") % {"key": public})


@click.command(help=_("Put FILE back into an empty installation, then derive the facts."))
@click.argument("file", type=FILE)
@click.option("--key", "key_file", type=FILE, help=_("File with the private key of an encrypted backup."))
def restore(file, key_file):
    from taama.facts import lake  # noqa: PLC0415  heavy: only this command needs it
    from taama.project import rebuilding  # noqa: PLC0415  heavy: only this command needs it

    identity = age.read_key(key_file.read_text("utf-8", errors="replace"), age.PRIVATE) if key_file else None
    prepare_database()
    manifest = archive.read(file, lambda text: click.echo(text, err=True), identity)
    with lake.writing() as held:
        if not held:
            raise TaamaError("project.lake_busy")
        rebuilding.rebuild()
    click.echo(_("%(rows)d rows restored, facts derived.") % {"rows": sum(manifest["rows"].values())})
