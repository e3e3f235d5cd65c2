"""`taama submission bring`: filled forms that came by cable or on a card, as ODK Collect keeps them on a phone.

Each goes the way of those that phones send, so that whatever came by both ways stands once.
"""

import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import click
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError, Where
from taama.base.files import Incoming
from taama.base.messages import message
from taama.base.requests import language_now
from taama.collect.actions.desk import SentFile
from taama.collect.actions.receive import intake
from taama.collect.methods.instance import LARGEST_INSTANCE
from taama.collect.methods.named import safe_filename
from taama.collect.methods.verdict import Fate
from taama.phones.views.arriving import CHUNK, arrival, too_large

PHONE_LIST = "metadata/instances.db"  # where ODK Collect notes how far each form is
FINISHED = ("complete", "submitted", "submissionFailed")
PLAIN, SEALED = "{}.xml", "submission.xml"  # an encrypted form is sent as the latter


def bring_all(folder, device, drafts_too):
    """Take in what lies in a folder and say of each what became of it. Ends with 1 where something was not taken."""
    places = [place for home in homes(folder) for place in finished_in(home, drafts_too)]
    if not places:
        raise TaamaError("phones.nothing_to_bring", Where(file=str(folder)), status=404)
    said = Counter(told(place, device) for place in places)
    for words, count in sorted(said.items()):
        click.echo(f"{words}: {count}")
    sys.exit(1 if said[_("not taken")] else 0)


def homes(folder):
    """Folders that hold one folder for each filled form: this one, or the `instances` in it."""
    if instance_file(folder):
        return [folder]
    return [found for found in sorted(folder.rglob("instances")) if found.is_dir()] or [folder]


def finished_in(home, drafts_too):
    """The filled forms of a home; those only that the phone's own list calls finished, unless all are wanted."""
    found = [home] if instance_file(home) else sorted(one for one in home.iterdir() if instance_file(one))
    if drafts_too or not found:
        return found
    finished = finished_names(home)
    for one in found:
        if one.name not in finished:
            click.echo("\t".join((one.name, _("not finished on the phone: left out"))))
    return [one for one in found if one.name in finished]


def finished_names(home):
    """Names of the folders of finished forms, as the phone's list tells."""
    for folder in (home, home.parent):
        if (path := folder / PHONE_LIST).is_file():
            try:
                return {Path(name).parent.name for name, state in phone_list(path) if state in FINISHED}
            except sqlite3.DatabaseError as error:
                raise TaamaError("phones.phone_list_missing", Where(file=str(path))) from error
    raise TaamaError("phones.phone_list_missing", Where(file=str(home)), status=404)


def phone_list(path):
    """(file, state) of each form, read from a copy: what the phone wrote last may stand in a file beside it."""
    with tempfile.TemporaryDirectory(prefix="taama-phone-") as folder:
        for part in path.parent.glob(f"{path.name}*"):
            shutil.copy(part, folder)
        with closing(sqlite3.connect(Path(folder) / path.name)) as opened:
            return opened.execute("SELECT instanceFilePath, status FROM instances").fetchall()


def instance_file(folder):
    """The filled form in a folder, as the phone would send it; None where there is none. Links lead elsewhere."""
    found = (folder / name for name in (SEALED, PLAIN.format(folder.name)))
    whole = folder.is_dir() and not folder.is_symlink()
    return next((file for file in found if whole and file.is_file() and not file.is_symlink()), None)


def told(folder, device):
    """Take in one filled form, say what became of it, and return that in a few words."""
    try:
        receipt = intake.submit(arrival_in(folder, device))
        words, why = WORDS[receipt.fate](), receipt if receipt.fate in TOLD else None
    except (TaamaError, OSError) as error:
        words, why = _("not taken"), error
    click.echo("\t".join((folder.name, words, reason(why))).rstrip())
    return words


def arrival_in(folder, device):
    xml = instance_file(folder)
    if xml.stat().st_size > LARGEST_INSTANCE:
        raise too_large(LARGEST_INSTANCE)
    raw = xml.read_bytes()
    others = (SEALED, PLAIN.format(folder.name))
    files = [
        file for file in sorted(folder.iterdir())
        if file.is_file() and not file.is_symlink() and not file.name.startswith(".") and file.name not in others
    ]  # fmt: skip
    return arrival(device, raw, lambda _instance: tuple(kept(file) for file in files))


def kept(file):
    incoming = Incoming()
    try:
        with file.open("rb") as content:
            while chunk := content.read(CHUNK):
                incoming.write(chunk)
        found = incoming.keep()
    finally:
        incoming.drop()
    return SentFile(safe_filename(file.name), found.sha256, found.bytes)


def reason(why):
    if why is None:
        return ""
    if isinstance(why, OSError):
        return why.strerror or type(why).__name__
    return message(why.code, language_now(), why.values).cause


TOLD = (Fate.ASIDE, Fate.CONFLICT, Fate.REFUSED)
WORDS = {
    Fate.ACCEPTED: lambda: _("received now"),
    Fate.AGAIN: lambda: _("received before, identical"),
    Fate.ASIDE: lambda: _("put aside for a decision"),
    Fate.CONFLICT: lambda: _("put aside, in conflict with what is known"),
    Fate.REFUSED: lambda: _("not taken"),
}
