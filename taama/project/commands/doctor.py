"""`taama doctor`: is this installation sound and safe? One line for each thing, with the remedy."""

import shutil
import sys

import click
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from taama.base import journal
from taama.collect.models import Quarantined, Submission

ROOM_NEEDED = 2 * 1024**3


@click.command(help=_("Check this installation and say what to mend. Exit code 1 when something is wrong."))
def doctor():
    wrong = False
    for good, text in checks():
        click.echo(("✓ " if good else "✗ ") + text)
        wrong |= not good
    sys.exit(1 if wrong else 0)


def checks():
    """Pairs (good, sentence)."""
    yield disk()
    yield database()
    yield keys()
    yield transport()
    yield journal_whole()
    yield submissions_read()
    yield quarantine_empty()


def disk():
    free = shutil.disk_usage(settings.TAAMA_DATA_DIR).free
    text = _("%(free).1f GB free in the data folder") % {"free": free / 1e9}
    return free > ROOM_NEEDED, text if free > ROOM_NEEDED else text + " — " + _("make room, at least 2 GB")


def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, _("The database answers (%(vendor)s)") % {"vendor": connection.vendor}


def keys():
    folder = settings.TAAMA_DATA_DIR / "keys"
    closed = not any(path.stat().st_mode & 0o077 for path in (folder, *folder.glob("*")) if path.exists())
    return closed, _("Keys are readable by their owner only") if closed else _(
        "Run: chmod 700 on the keys folder and 600 on its files"
    )


def transport():
    if settings.TAAMA_PLAIN_HTTP:
        return False, _(
            "TAAMA_PLAIN_HTTP is set: anybody on this network can read along. Never on the internet."
        )
    return True, _("Cookies travel over TLS only")


def journal_whole():
    verdict = journal.verify()
    if verdict.broken_at:
        return False, _(
            "The journal is broken at entry %(number)d: keep everything, compare with a backup"
        ) % {"number": verdict.broken_at}
    return True, _("The journal is whole: %(sealed)d sealed, %(waiting)d waiting") % {
        "sealed": verdict.sealed,
        "waiting": verdict.unsealed,
    }


def submissions_read():
    failed = Submission.objects.filter(state=Submission.State.FAILED).count()
    pending = Submission.objects.filter(state=Submission.State.PENDING).count()
    text = _("Submissions: %(pending)d waiting, %(failed)d that could not be read") % {
        "pending": pending, "failed": failed,
    }  # fmt: skip
    return not failed, text if not failed else text + " — " + _("see the page /submissions/?state=failed")


def quarantine_empty():
    waiting = Quarantined.objects.filter(state=Quarantined.State.WAITING).count()
    text = _("In quarantine, waiting for a decision: %(count)d") % {"count": waiting}
    return not waiting, text if not waiting else text + " — " + _("see the page /submissions/aside/")
