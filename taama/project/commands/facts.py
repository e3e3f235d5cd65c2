"""`taama facts`: derive the lake again, prove it, list what was published from it."""

import sys

import click
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.policy import OPERATOR
from taama.figures import queries


@click.group(help=_("The facts: everything in the lake can be derived again from what was sent."))
def facts():
    pass


@facts.command(help=_("Derive all facts again, or say what they were at a position of the journal."))
@click.option("--as-of", type=int, help=_("Position of the journal: compare with the snapshots taken there."))
def rebuild(as_of):
    from taama.facts import lake  # noqa: PLC0415  heavy: only this command needs it
    from taama.project import rebuilding  # noqa: PLC0415  heavy: only this command needs it

    if as_of is not None:
        rebuilding.require_position(as_of)
        show_as_of(rebuilding.derived_frames(as_of, progress), as_of)
        return
    with lake.writing() as held:
        if not held:
            raise TaamaError("project.lake_busy")
        rebuilding.rebuild(progress)
    click.echo(_("The lake is rebuilt."))


def show_as_of(frames, as_of):
    """Rows and hash of each table at that position, beside those the snapshots cite; what was erased stays so."""
    from taama.facts import lake  # noqa: PLC0415  heavy: only this command needs it
    from taama.project import rebuilding  # noqa: PLC0415  heavy: only this command needs it

    cited = {told(s): s.tables for s in queries.every_snapshot(OPERATOR) if s.position == as_of}
    erased, broken = rebuilding.erased_since(as_of), False
    for name, frame in sorted(frames.items()):
        digest = lake.content_hash(frame)
        click.echo(f"{name}\t{frame.height}\t{digest[:16]}")
        if erased[name]:
            click.echo("  " + _("Submissions erased since, whose rows are gone for good: %d") % erased[name])
        for code, tables in cited.items():
            before = tables.get(name, {"hash": digest if not frame.height else "", "rows": 0})
            same, fewer = before["hash"] == digest, bool(erased[name]) and frame.height < before["rows"]
            broken |= not (same or fewer)
            click.echo("  " + verdict(same, fewer) % code)
    sys.exit(1 if broken else 0)


def told(snapshot):
    """Its code, and whether it has been withdrawn since."""
    return _("%(code)s (withdrawn)") % {"code": snapshot.code} if snapshot.withdrawn_at else snapshot.code


def verdict(same, fewer):
    if same:
        return _("as in snapshot %s")
    return _("less than in snapshot %s, whose figures stand") if fewer else _("NOT as in snapshot %s")


@facts.command(help=_("Does the lake say what the submissions say? Exit code 1 when it does not."))
def check():
    from taama.project import rebuilding  # noqa: PLC0415  heavy: only this command needs it

    results = rebuilding.check(progress)
    for result in results:
        word = _("equal") if result.equal else _("DIFFERENT")
        click.echo(f"{result.table}\t{result.rows_in_lake}\t{result.rows_derived}\t{word}")
    sys.exit(0 if all(result.equal for result in results) else 1)


@facts.command(help=_("List the published snapshots, and which are withdrawn."))
def snapshots():
    for snapshot in queries.every_snapshot(OPERATOR):
        state = ""
        if snapshot.withdrawn_at:
            state = "\t" + _("withdrawn on %(day)s: %(reason)s") % {
                "day": f"{snapshot.withdrawn_at:%Y-%m-%d}", "reason": snapshot.withdrawn_reason,
            }  # fmt: skip
        click.echo(
            f"{snapshot.code}\t{snapshot.made_at:%Y-%m-%d %H:%M}\t{snapshot.position}\t{snapshot.title}{state}"
        )


def progress(done, tool):
    click.echo(
        _("%(count)d submissions read, the last with the tool %(tool)s") % {"count": done, "tool": tool},
        err=True,
    )
