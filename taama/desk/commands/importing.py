"""`taama import`: files taken in, and what was read of them, line by line where something is doubtful."""

import csv
import sys
import time
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taama.base.messages import message, number, show
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect import queries
from taama.collect.actions.desk import REMOVED
from taama.collect.actions.receive import receive_file
from taama.collect.models import Submission
from taama.facts import registry
from taama.facts.files import check_invented, choose_tool
from taama.facts.tools import ERROR

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)
SHOWN = 10
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command("import", help=_("Take in files and say what was read, repaired and doubted."))
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--tool", default="", help=_("Tool that reads the files. Found from their content when not given.")
)
@click.option("--simulated", is_flag=True, help=_("The data are invented."))
@click.option("--verbose", is_flag=True, help=_("Show every line that was held back or is doubtful."))
@click.option(
    "--findings", type=OUTPUT, help=_("File .csv for every line that was held back or is doubtful.")
)
def import_files(files, tool, simulated, verbose, findings):
    begun, taken = timezone.now(), []
    for path in files:
        raw = path.read_bytes()
        chosen = tool or choose_tool(raw, path.name)
        check_invented(raw, path.name, simulated)
        click.echo(_("%(file)s: read with the tool %(tool)s") % {"file": path.name, "tool": chosen})
        taken.append(receive_file(by=OPERATOR, raw=raw, filename=path.name, tool=chosen, simulated=simulated))
        tell_earlier(taken[-1], begun)
    wait_until_read([submission.pk for submission in taken])
    read = [queries.submission(OPERATOR, submission.pk) for submission in taken]
    sound = [tell(submission, None if verbose else SHOWN) for submission in read]
    if findings:
        save_findings(findings, read)
        click.echo(_("Saved: %(file)s") % {"file": findings})
    sys.exit(0 if all(sound) else 1)


def wait_until_read(keys, seconds=120):
    """Do the work here, or wait for the worker that holds the lake."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        run_until_idle(["derive"])
        if not queries.submissions(OPERATOR, state=Submission.State.PENDING).filter(pk__in=keys).exists():
            break
        time.sleep(0.5)
    run_until_idle()


def tell_earlier(submission, begun):
    """Whether this very file, or another of its name, was imported before, and what that means for the figures."""
    day = submission.received_at
    if day < begun:
        click.echo(
            _(
                "This file was imported already, on %(day)s, as %(name)s. Nothing is counted twice, nothing has changed."
            )
            % {"day": show(day, language()), "name": submission.filename}
        )
        return
    same_name = queries.submissions(OPERATOR, tool=submission.tool).filter(filename=submission.filename)
    for other in same_name.exclude(pk=submission.pk).exclude(state__in=REMOVED):
        click.echo(
            _(
                "Another file of this name was imported on %(day)s; both are kept. If this one replaces it: taama"
                " submission withdraw %(id)s --reason WHY"
            )
            % {"day": show(other.received_at, language()), "id": other.instance_id}
        )


def tell(submission, most):
    """Print what became of an imported file. Returns whether all of it was read and its totals agree."""
    click.echo("\n" + said(submission.filename, submission.get_state_display()))
    read = submission.state == Submission.State.DERIVED
    if submission.state == Submission.State.FAILED:
        cleared = _("To clear it: taama submission withdraw %(id)s --reason WHY")
        click.echo("  " + cleared % {"id": submission.instance_id})
    sent = opened(submission) if read else None
    if sent is not None:
        of_file = _("lines of the file")
        click.echo(f"  {shown(sent.main.height):>8}  {of_file}")
    for table in registry.tool(submission.tool).facts:
        click.echo(f"  {shown(facts_of(table, submission).height):>8}  {getattr(table, language())}")
    held, doubted = by_level(submission)
    tell_findings(_("Held back"), held, most)
    tell_findings(_("To be checked"), doubted, most)
    tool = registry.tool(submission.tool)
    return read and tell_totals(submission, tool.tally(sent) if tool.tally else []) and not held


def by_level(submission):
    """What holds lines back, and what is doubtful, in the order of the file."""
    found = sorted(queries.findings(OPERATOR, submission), key=lambda one: (one.row or 0, one.code))
    return [one for one in found if one.level == ERROR], [one for one in found if one.level != ERROR]


def tell_findings(title, found, most):
    """The lines that checks speak of, each with its place and the reason."""
    if found:
        click.echo(said(title, shown(len(found))))
    for one in found[:most]:
        click.echo("  " + said(place_of(one), message(one.code, language(), one.values).cause))
    if most is not None and len(found) > most:
        click.echo(
            "  " + _("… and %(count)s more; --verbose shows them all") % {"count": shown(len(found) - most)}
        )


def place_of(finding):
    sheet = sheet_of(finding)
    place = [_("sheet “%(name)s”") % {"name": sheet}] if sheet else []
    place += [_("line %(number)d") % {"number": finding.row}] if finding.row else []
    return ", ".join(place)


def said(what, text):
    return _("%(what)s: %(text)s") % {"what": what, "text": text} if what else text


def sheet_of(finding):
    sheet = finding.values.get("sheet", "")
    return sheet if isinstance(sheet, str) else ""


def tell_totals(submission, tallies):
    """People by the file and by the facts, where the tool counts them. Returns whether they agree."""
    if not tallies:
        return True
    people, *titles = _("People"), _("total line"), _("its lines"), _("held back"), _("facts")
    click.echo(f"{people:<32}" + "".join(f"{title:>16}" for title in titles))
    agreed = [tell_tally(tally, people_in_facts(tally, submission)) for tally in tallies]
    click.echo(_("The totals agree to the person.") if all(agreed) else _("The totals do not agree."))
    return all(agreed)


def tell_tally(tally, facts):
    """One line of the table. It agrees when nothing is held back or lost and the file's own total is its sum."""
    numbers = (tally.stated, tally.lines, tally.held or None, facts)
    columns = "".join(f"{'–' if each is None else shown(each):>16}" for each in numbers)
    known = {tally.lines, facts} | ({tally.stated} - {None})
    told = _("differs by %(count)s") % {"count": shown(max(known) - min(known))} if len(known) > 1 else ""
    click.echo(f"  {message(tally.code, language()).cause:<30}{columns}  {told}".rstrip())
    return not told


def people_in_facts(tally, submission):
    table, wanted = tally.facts
    return facts_of(table, submission).filter(**wanted)["people"].sum()


def opened(submission):
    """The lines of a file as its tool sees them; None for what is no file."""
    from taama.collect.tasks import reading  # noqa: PLC0415  heavy: only when something was read

    tool = registry.tool(submission.tool)
    return reading.open_all(tool, [submission], reading.context(tool)) if tool.open else None


def facts_of(table, submission):
    import narwhals as nw  # noqa: PLC0415  heavy: only when something was read

    from taama.facts import engines  # noqa: PLC0415  heavy: only when something was read

    mine = nw.col("submission") == str(submission.pk)
    return engines.collect(engines.read(table).filter(mine))


def save_findings(path, read):
    """Everything that checks said, as a table that a spreadsheet opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        titles = (
            _("file"),
            _("sheet"),
            _("line"),
            _("column"),
            _("level"),
            _("code"),
            _("reason"),
            _("remedy"),
        )
        writer.writerow(titles)
        for submission in read:
            for finding in queries.findings(OPERATOR, submission):
                text, sheet = message(finding.code, language(), finding.values), sheet_of(finding)
                level = _("held back") if finding.level == ERROR else _("to be checked")
                cells = (
                    submission.filename,
                    sheet,
                    finding.row or "",
                    finding.field,
                    level,
                    finding.code,
                    *vars(text).values(),
                )
                writer.writerow([harmless(cell) for cell in cells])


def harmless(cell):
    """A text that a spreadsheet would take for a formula stays a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def language():
    return (get_language() or "fr")[:2]


def shown(count):
    return number(count, language())
