"""`taama entities`: lists, bringing tables into them, taking them out."""

import sys
from pathlib import Path

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError, Where
from taama.base.messages import number
from taama.base.policy import OPERATOR
from taama.entities.actions.importing import import_entries
from taama.entities.actions.lists import create_list
from taama.entities.queries import lists as queries
from taama.entities.queries import serving
from taama.entities.tasks.reading import take_imports
from taama.places.commands import tell_faults

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help=_("Lists that phones carry: sites, households, points."))
def entities():
    pass


@entities.command("list", help=_("Show the lists."))
def list_lists():
    for one in queries.lists(OPERATOR):
        counts = (shown(count) for count in (one.entry_count, one.conflict_count, one.open_count))
        click.echo("\t".join([one.name, *counts, f"S{one.sensitivity_class}", one.title]))


@entities.command(
    "import", help=_("Bring a CSV file into a list: new entries are made, others changed, none deleted.")
)
@click.argument("name", metavar="LIST")
@click.argument("file", type=FILE)
@click.option(
    "--key", default="", help=_("Column with the code of each entry, when there is no column `name`.")
)
@click.option("--create", is_flag=True, help=_("Make the list if there is none of this name."))
@click.option("--simulated", is_flag=True, help=_("The data are invented."))
def import_file(name, file, key, create, simulated):
    if create and name not in {one.name for one in queries.lists(OPERATOR)}:
        create_list(by=OPERATOR, name=name)
    found = queries.list_named(OPERATOR, name)
    try:
        taken = import_entries(
            by=OPERATOR,
            entity_list=found,
            raw=file.read_bytes(),
            filename=file.name,
            key=key,
            simulated=simulated,
        )
    except TaamaError as error:
        tell_faults(error)
        raise
    done = taken_in(found, taken)
    told = {"lines": shown(done.done), "changed": shown(done.changed)}
    click.echo(_("Taken in: %(lines)s lines, %(changed)s entries made or changed") % told)


def taken_in(found, taken):
    """The import once the last of its lines is taken in; a bar says how far it is."""
    with click.progressbar(length=taken.lines, label=_("Lines"), file=sys.stderr) as bar:
        while True:
            done = queries.imports(OPERATOR, found).get(pk=taken.pk)
            bar.update(done.done - bar.pos)
            if done.done >= done.lines:
                return done
            take_imports()


@entities.command(help=_("Write a list as CSV: it can be brought in again."))
@click.argument("name", metavar="LIST")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(name, file):
    found = serving.served(OPERATOR, [name]).get(name)
    if found is None:
        raise TaamaError("entities.list_unknown", Where(), {"name": name}, status=404)
    with open(file, "w", encoding="utf-8", newline="") as out:
        out.writelines(serving.lines(OPERATOR, found))
    click.echo(_("Saved: %(file)s") % {"file": file})


def language():
    return (get_language() or "fr")[:2]


def shown(count):
    return number(count, language())


commands = [entities]
