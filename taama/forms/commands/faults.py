"""What is wrong with a form and what repairs change, for who publishes from a terminal: the words of the page."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taama.base.errors import TaamaError, Where
from taama.base.messages import NARROW_SPACE, NO_BREAK_SPACE
from taama.forms.methods.report import examine, mended_source, stops
from taama.forms.tasks import finished, judged
from taama.forms.views.shown import told_report

LONGEST = 120


def looked_through(source, filename, repair, dry_run):
    """A form as it is to be published, once everything that was found in it is told.

    Returns  (bytes, name): what was brought, or with `repair` the mended form
    Raises   TaamaError where faults keep the form from phones; on a dry run the command ends with 1
    """
    examined = examine(source, filename)
    found = finished(judged(source, filename, examined))["found"]
    report = examined.report()
    told = told_report(report | {"converted": found})
    _tell(told, [*report["faults"], *found], repair)
    if stops([*report["faults"], *found]):
        _refuse("forms.faults_left", told["errors"], filename, dry_run)
    mendable = sum(not entry["left"] and entry["level"] == "error" for entry in report["faults"])
    if mendable and not repair and not dry_run:
        raise TaamaError("forms.faults_mendable", Where(file=filename), {"count": mendable})
    if mendable and not repair:
        click.echo(_("--repair mends every error; with it the form can be published."))
    return mended_source(examined, source, filename) if repair or mendable else (source, filename)


def _refuse(code, count, filename, dry_run):
    if not dry_run:
        raise TaamaError(code, Where(file=filename), {"count": count})
    text = ngettext(
        "%(n)s error keeps this form from phones.", "%(n)s errors keep this form from phones.", count
    )
    click.echo(text % {"n": count})
    click.get_current_context().exit(1)


def _tell(told, entries, repair):
    if entries:
        click.echo(f"{_counted(told, entries, repair)}\n")
    for sheet, rows in told["sheets"].items():
        click.echo(_("Sheet %(sheet)s") % {"sheet": _plain(sheet)} if sheet else _("The whole form"))
        for row in rows:
            click.echo("\n".join(_fault(row, repair)))
        click.echo()
    if more := told["more_faults"]:
        text = "%(n)s more, shown once these are mended."
        click.echo(ngettext("%(n)s more, shown once these are mended.", text, more) % {"n": more})
    if repair and told["changes"]:
        click.echo("\n".join(_difference(told)) + "\n")


def _counted(told, entries, repair):
    mended, left = told["mended"], [entry["level"] for entry in entries if entry["left"] or not repair]
    errors, doubts = left.count("error"), len(left) - left.count("error")
    done = ngettext("%(n)s mended", "%(n)s mended", mended)
    mends = ngettext("--repair mends %(n)s of them", "--repair mends %(n)s of them", mended)
    counts = (
        ngettext("%(n)s error", "%(n)s errors", errors) % {"n": errors},
        ngettext("%(n)s doubt", "%(n)s doubts", doubts) % {"n": doubts},
        (done if repair else mends) % {"n": mended},
    )
    return ", ".join(counts if mended else counts[:2])


def _fault(row, repair):
    """Lines of one fault: its place, what it is and what to do, the repairs for it."""
    entry, text = row["entry"], row["text"]
    done = repair and not entry["left"]
    place = [_("row %(row)s") % {"row": entry["row"]}] if entry["row"] else []
    letter = f" ({entry['letter']})" if entry["letter"] else ""
    place += [f"{_plain(entry['column'])}{letter}"] if entry["column"] else []
    status = [_("error") if entry["level"] == "error" else _("doubt")]
    status += [] if entry["left"] else [_("--repair mends it")]
    said = _("mended") if done else ", ".join(status)
    yield f"  {' – '.join([', '.join(place), said] if place else [said])}"
    yield f"    {_plain(text.cause if done else str(text), None)}"
    for option in () if done else entry["options"]:
        said = _("offered on the page of forms: %(change)s") if entry["left"] else _("repair: %(change)s")
        yield "    " + said % {"change": _option(option)}


def _option(option):
    before, after, more = (option[name] for name in ("before", "after", "more"))
    others = ngettext("and %(n)s other change", "and %(n)s other changes", more) % {"n": more} if more else ""
    return f"{_turned(before, after)} {others}".strip()


def _turned(before, after):
    before, after = _plain(before), _plain(after)
    if before and after:
        return f"{before} → {after}"
    word, text = (_("put"), after) if after else (_("take out"), before)
    return f"{word} {text}"


def _difference(told):
    """Lines of the difference: each cell before and after."""
    yield _("What the repairs changed")
    for change in told["changes"]:
        concerns = f" [{change['concerns']}]" if change["concerns"] else ""
        cell = f"{_plain(change['sheet'])} {change['letter']}{change['row'] or ''}".strip()
        yield f"  {cell}: {_turned(change['before'], change['after'])}{concerns}"
    if more := told["more_changes"]:
        text = "%(n)s more; the mended form marks every one."
        yield ngettext("%(n)s more; the mended form marks every one.", text, more) % {"n": more}


def _plain(text, most=LONGEST):
    """A text of the form on one line, without what would steer the terminal."""
    if most:
        text = " ".join(text.split())
        text = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(c for c in text if c.isprintable() or c in NARROW_SPACE + NO_BREAK_SPACE)
