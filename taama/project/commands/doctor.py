"""`taama doctor`: is this installation sound and safe? One line for each thing, with the remedy."""

import shutil
import sys

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taama.base import journal
from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.collect.models import Quarantined, Submission
from taama.project.troubles import database_trouble

ROOM_NEEDED = 2 * 1024**3


@click.command(help=_("Check this installation and say what to mend. Exit code 1 when something is wrong."))
def doctor():
    wrong = False
    for good, text in checks():
        click.echo(("✓ " if good else "✗ ") + text)
        wrong |= not good
    sys.exit(1 if wrong else 0)


def checks():
    """Pairs (good, sentence). Without tables, what is asked of them is left out."""
    yield disk()
    yield keys()
    yield transport()
    trouble = trouble_of_database()
    yield database(trouble)
    if not trouble:
        yield journal_whole()
        yield submissions_read()
        yield quarantine_empty()


def disk():
    free = shutil.disk_usage(settings.TAAMA_DATA_DIR).free
    text = _("%(free).1f GB free in the data folder") % {"free": free / 1e9}
    return free > ROOM_NEEDED, text if free > ROOM_NEEDED else text + " — " + _("make room, at least 2 GB")


def trouble_of_database():
    """Why the database is of no use yet, or None."""
    try:
        plan = MigrationExecutor(connection)
        waiting = plan.migration_plan(plan.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return database_trouble(error)
    if not waiting:
        return None
    code = "tables_older" if plan.loader.applied_migrations else "tables_missing"
    fault = ", ".join(str(migration) for migration, _backwards in waiting)
    return TaamaError(f"project.{code}", values={"fault": fault, "folder": str(settings.TAAMA_DATA_DIR)})


def database(trouble):
    if trouble:
        return False, str(message(trouble.code, get_language(), trouble.values))
    return True, _("The database answers, its tables are up to date (%(vendor)s)") % {
        "vendor": connection.vendor
    }


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
    return not failed, text if not failed else text + " — " + _(
        "see the page /submissions/?state=failed; to clear one: taama submission withdraw ID --reason WHY"
        " (of an imported file, the ID begins with file:)"
    )


def quarantine_empty():
    waiting = Quarantined.objects.filter(state=Quarantined.State.WAITING).count()
    text = _("In quarantine, waiting for a decision: %(count)d") % {"count": waiting}
    return not waiting, text if not waiting else text + " — " + _("see the page /submissions/aside/")
