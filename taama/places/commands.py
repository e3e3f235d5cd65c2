"""`taama places`: load a country, import official boundaries, look up a name."""

import csv
import sys
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.messages import message, number
from taama.base.policy import OPERATOR
from taama.places import queries

TABLES = {
    "AreaVersion": _("Versions of the division"),
    "Area": _("Administrative areas"),
    "Lineage": _("Links between versions"),
    "PopulationFigure": _("Population figures"),
    "Point": _("Points"),
    "Locality": _("Localities"),
    "Site": _("Sites"),
}


@click.group(help=_("Places: administrative areas in versions, localities, sites, points."))
def places():
    pass


@places.command(help=_("Load the data folder of a country; loading it again changes only what changed."))
@click.argument("folder", required=False)
@click.option(
    "--simulated", is_flag=True, help=_("also the invented localities and sites of the demonstration")
)
def load(folder, simulated):
    from taama.places.actions.country import load_country  # noqa: PLC0415  only this command needs it

    summary = load_country(by=OPERATOR, folder=folder or settings.TAAMA_COUNTRY, simulated=simulated)
    for name, (rows, created, changed) in summary.items():
        values = {"name": TABLES[name], "rows": rows, "created": created, "changed": changed}
        click.echo(_("%(name)s: %(rows)d, of them new: %(created)d, changed: %(changed)d") % values)
    for place, name_there in summary.kept:
        values = {"code": place.code, "name": place.name, "there": name_there}
        click.echo(_("Kept as this office entered it: %(code)s %(name)s (in the folder: %(there)s)") % values)


@places.command(help=_("Begin a version of the administrative division."))
@click.argument("version")
@click.option(
    "--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), required=True, help=_("first day in force")
)
@click.option("--label", required=True, help=_("its name in French"))
@click.option("--label-en", required=True, help=_("its name in English"))
@click.option("--source", required=True, help=_("law or publication"))
def begin(version, valid_from, label, label_en, source):
    from taama.places.actions.boundaries import begin_version  # noqa: PLC0415  heavy: loads the map reader

    begun = begin_version(
        by=OPERATOR, code=version, label=label, label_en=label_en, valid_from=valid_from.date(), source=source
    )
    click.echo(_("Version %(version)s begun.") % {"version": begun.code})


@places.command("import", help=_("Import an official boundary file (GeoPackage, Shapefile, GeoJSON, CSV)."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--version", required=True, help=_("version of the administrative division, as 2021-12-20"))
@click.option(
    "--level", type=click.IntRange(0, 4), help=_("0 country, 1 region, 2 cercle, 3 commune, 4 village")
)
@click.option("--layer", default="", help=_("layer of the file, if it has several"))
@click.option("--code", help=_("column of the codes"))
@click.option("--name", help=_("column of the names"))
@click.option("--parent", help=_("column of the codes one level up"))
@click.option("--named", is_flag=True, help=_("the version has no codes: places go by their names"))
@click.option("--source", default="", help=_("who published the file, under which licence"))
@click.option(
    "--tolerance", default=0.002, help=_("degrees by which borders are simplified; 0 keeps every point")
)
@click.option("--report", type=click.Path(path_type=Path), help=_("write what was found to this CSV file"))
@click.option("--check", is_flag=True, help=_("only say what would happen"))
def import_(file, version, level, layer, named, source, tolerance, report, check, **columns):
    from taama.places.actions.boundaries import import_areas  # noqa: PLC0415  heavy: loads the map reader

    done = import_areas(
        by=OPERATOR, path=file, version=version, level=level, layer=layer, named=named, source=source,
        columns={role: header for role, header in columns.items() if header}, tolerance_degrees=tolerance,
        write=not check,
    )  # fmt: skip
    rows = done.rows(get_language())
    for row in rows:
        _show(row)
    if report:
        _write(report, rows)
    values = {
        "read": done.read,
        "new": done.created,
        "changed": done.changed,
        "same": done.unchanged,
        "held": done.held,
    }
    click.echo(
        _("Read: %(read)d. New: %(new)d, changed: %(changed)d, unchanged: %(same)d. Not placed: %(held)d.")
        % values
    )
    if check:
        click.echo(_("Nothing was written."))
    sys.exit(1 if done.held else 0)


@places.command(
    help=_(
        "Enter localities, sites or points from a CSV file: new ones are made, known codes updated, none deleted."
    )
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice(["locality", "site", "point"]), required=True, help=_("what the file lists")
)
@click.option("--source", default="", help=_("who gave the list; the name of the file if not given"))
@click.option("--simulated", is_flag=True, help=_("the places are invented"))
@click.option("--check", is_flag=True, help=_("only say what would happen"))
def add(file, kind, source, simulated, check):
    from taama.places.actions.adding import add_places  # noqa: PLC0415  only this command needs it

    try:
        counts = add_places(
            by=OPERATOR, raw=file.read_bytes(), kind=kind, filename=file.name, source=source,
            simulated=simulated, check=check,
        )  # fmt: skip
    except TaamaError as error:
        tell_faults(error)
        raise
    click.echo(_("New: %(new)d, changed: %(changed)d, unchanged: %(unchanged)d.") % counts)
    if check:
        click.echo(_("Nothing was written."))


def tell_faults(error):
    """Every faulty line; the error that follows says how many."""
    for fault in error.values.get("faults", ()):
        told = message(fault.code, get_language(), fault.values)
        click.echo(f"{fault.line}\t{told.cause} {told.remedy}", err=True)


@places.command(help=_("Areas that a name may mean, with scores; or the place that has a code."))
@click.argument("name")
@click.option("--version", help=_("version of the administrative division, as 2021-12-20"))
@click.option(
    "--level", type=click.IntRange(0, 4), help=_("0 country, 1 region, 2 cercle, 3 commune, 4 village")
)
def find(name, version, level):
    found = queries.coded(OPERATOR, name, version, level) or queries.search(OPERATOR, name, version, level)
    near = [] if found else queries.nearest_names(OPERATOR, name, version)
    if near:
        click.echo(_("No area fits “%(name)s”. The nearest names, of any level:") % {"name": name})
    for one in found or near:
        reason = message(f"places.match_{one.why}", get_language())
        click.echo(f"{number(one.score, get_language(), 2)}  {one.key:<24} {one.name}  ({reason})")
    sys.exit(0 if found else 1)


def _show(row):
    place = " ".join(str(part) for part in (row["row"], row["place"]) if part)
    click.echo(f"{'✗' if row['held'] else '·'} {place}: {row['cause']} {row['remedy']}")


def _write(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, ["row", "place", "cause", "remedy", "held"])
        writer.writeheader()
        writer.writerows(rows)


commands = [places]
