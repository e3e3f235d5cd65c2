"""`taama demo`: Mali, the published series, two simulated rounds sent like phones do, published and served."""

import sys
import time

import click
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.models import Role
from taama.project.commands.run import (
    LOOPBACK,
    check_port,
    prepare_database,
    start_web,
    wait_until_answers,
    work_beside,
)

TITLES = ("Séries publiées 2013-2024", "Séries publiées et cycles simulés 2026")


@click.command(
    help=_("Show everything with real published figures and simulated rounds, on this machine only.")
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help=_("Address to listen on; loopback only.")
)
@click.option("--port", default=8000, show_default=True, help=_("Port to listen on."))
@click.option("--prepare-only", is_flag=True, help=_("Prepare everything, then stop."))
def demo(host, port, prepare_only):
    if host not in LOOPBACK:
        raise TaamaError("project.demo_off_loopback", values={"host": host})
    check_port(host, port, "demo")
    begin = time.monotonic()
    accounts = prepare()
    web = start_web(host, port)
    try:
        wait_until_answers(host, port)
        tell(host, port)
    except BaseException:
        web.terminate()
        raise
    show(host, port, accounts, time.monotonic() - begin)
    if prepare_only:
        web.terminate()
        sys.exit(web.wait() and 0)
    sys.exit(work_beside(web))


def prepare():
    """What needs no server: tables, places, accounts, forms, real figures. Returns the accounts."""
    from taama.project.demo import story  # noqa: PLC0415  heavy: only this command needs it

    step(_("Tables of the database"), prepare_database)
    told = story.is_published(TITLES[1])
    if not told:
        step(_("Places of the country: areas in three versions, lineage, points"), story.load_places)
    step(_("Organisations"), story.make_organisations)
    accounts = step(_("Demo accounts, with new passwords"), story.make_accounts)
    if not told:
        step(_("Forms for phones, French and English"), story.publish_forms)
        step(_("Published figures 2013-2024, each with its source"), story.import_published)
        step(_("Read into facts and published"), lambda: story.publish(TITLES[0]))
    return accounts


def tell(host, port):
    """The simulated rounds, through the same door as phones."""
    from taama.project.demo import story  # noqa: PLC0415  heavy: only this command needs it

    if story.is_published(TITLES[1]):
        return
    send(host, port)
    step(_("Read into facts, checked and published"), lambda: story.publish(TITLES[1]))


def send(host, port):
    """Batch by batch: phones send, the office reads, phones get the new lists."""
    from taama.project.demo import sending, story  # noqa: PLC0415  heavy: only this command needs it

    batches = story.messages()
    device, token = story.make_device()
    tally = sending.Tally()
    label = _("Simulated rounds, sent like phones do")
    with click.progressbar(length=sum(map(len, batches)), label=label, file=sys.stderr) as bar:
        for batch in batches:
            sending.send_all(host, port, f"/key/{token}/submission", batch, tally, bar.update)
            story.read_in()
    story.retire(device)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(tally.answers.items()))
    click.echo("  " + _("answers: %(answers)s") % {"answers": told})


def step(text, work):
    """Do a piece of work and say that it is done and how long it took."""
    begin = time.monotonic()
    click.echo(f"• {text}…", nl=False)
    result = work()
    click.echo(f" {time.monotonic() - begin:.1f} s")
    return result


def show(host, port, accounts, seconds):
    click.echo()
    click.echo(_("Ready after %(seconds).0f s: http://%(host)s:%(port)d") % {
        "seconds": seconds, "host": host, "port": port})  # fmt: skip
    click.echo(_("Demo accounts (this machine only; new passwords at each start):"))
    for username, role, password in accounts:
        click.echo(f"  {username:<12} {password:<18} {Role(role).label}")
    click.echo(_("Ctrl-C stops it."))
