"""`taama check-statements`: the figures that a text claims, recomputed."""

import json
import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError, Where
from taama.base.requests import language_now

SIGNS = {"inconsistent": "≠", "consistent": "✓", "unchecked": "?"}


@click.command(
    "check-statements",
    help=_(
        "Recompute the figures that a text claims: totals, changes, shares, averages, lists. FILE is plain text, or a "
        "TOML list of claims. Exits with 1 when a statement is inconsistent, with 2 when the file can't be read."
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--known",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("CSV of published figures to hold dated claims against"),
)
@click.option("--json", "as_json", is_flag=True, help=_("write JSON"))
def check_statements(file, known, as_json):
    from taama.claims.methods import read_claims  # noqa: PLC0415  only this command needs it
    from taama.statements import methods as claims  # noqa: PLC0415  only this command needs it

    figures = claims.read_known(read_text(known), known.name) if known else ()
    text, language = read_text(file), language_now()
    statements = read_claims(text, file.name) if file.suffix == ".toml" else text
    verdicts = claims.check_statements(statements, figures)
    if as_json:
        click.echo(json.dumps([claims.as_data(v, language) for v in verdicts], ensure_ascii=False, indent=1))
    else:
        tell(claims.by_sentence(verdicts), claims, language)
    sys.exit(1 if any(v.status == claims.INCONSISTENT for v in verdicts) else 0)


def read_text(path):
    """The text of a file in UTF-8 or, as older tools write, in Windows-1252; `-` is standard input."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except FileNotFoundError as error:
        raise TaamaError("statements.file_missing", Where(file=path.name)) from error
    except OSError as error:
        raise TaamaError(
            "statements.statements_unreadable", values={"file": path.name, "reason": error.strerror}
        ) from error
    if raw.startswith((b"%PDF", b"PK", b"\xd0\xcf")) or b"\0" in raw[:4096]:
        kind = path.suffix or _("binary")
        raise TaamaError("statements.statements_unreadable", values={"file": path.name, "reason": kind})
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def tell(sentences, claims, language):
    """The sentences for a terminal, faults first, each with its verdicts."""
    names = {
        claims.INCONSISTENT: _("inconsistent"),
        claims.PARTLY: _("partly checked"),
        claims.CONSISTENT: _("consistent"),
        claims.UNCHECKED: _("not checkable"),
    }
    for sentence in sentences:
        found = [claims.as_data(verdict, language) for verdict in sentence.verdicts]
        place = _("line %(line)d") % found[0] if found[0]["line"] else _("claim %(row)d") % found[0]
        click.echo(f"{names[sentence.status]} · {place}")
        if words := found[0]["sentence"] or found[0]["label"]:
            click.echo(f"    {words}")
        for each in found:
            click.echo(f"    {SIGNS[each['status']]} {each['text']}")
            if each["arithmetic"]:
                click.echo(f"      {each['arithmetic']}")
    counts = {status: sum(s.status == status for s in sentences) for status in claims.STATUSES}
    click.echo(", ".join(f"{names[status]}: {count}" for status, count in counts.items()))


commands = [check_statements]
