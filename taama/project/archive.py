"""A backup: everything that cannot be derived again, in one zip that either database can read.

Rows as lines of JSON in the order of their foreign keys, attachments, keys, and a manifest with a hash of each entry.
"""

import contextlib
import hashlib
import io
import itertools
import json
import os
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

import taama
from taama.base.errors import TaamaError, Where
from taama.project import age
from taama.project.troubles import file_trouble

FORMAT = 1
# Made anew by migrations, or not worth keeping.
LEFT_OUT = {"contenttypes.ContentType", "auth.Permission", "auth.Group", "sessions.Session", "base.Lease"}
KEPT_FOLDERS = ("keys", "attachments")
CHUNK = 1 << 20
BATCH = 1000
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError)


class Exact(DjangoJSONEncoder):
    """Times to the microsecond: the chain of the journal is made of them."""

    def default(self, value):
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def kept_models():
    """Models whose rows are kept, those pointed to before those that point."""
    models = [m for m in apps.get_models() if m._meta.label not in LEFT_OUT and not m._meta.proxy]
    return serializers.sort_dependencies([(None, models)], allow_cycles=True)


def write(target, progress=lambda text: None, recipient=None, replace=False):
    """Write the backup aside, then give it its name: a backup is whole or not there.

    recipient  bytes of a public key: only its private key opens the backup then
    replace    whether a file of that name may go
    """
    draft = Path(f"{target}.part")
    if os.path.lexists(target) and not replace:
        raise TaamaError("project.backup_exists", where=Where(file=str(target)))
    try:
        manifest = _write_draft(draft, progress, recipient)
        os.replace(draft, target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise file_trouble(error, target) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return manifest


def _write_draft(draft, progress, recipient):
    manifest = {"format": FORMAT, "taama": taama.__version__, "entries": {}, "rows": {}}
    with open(draft, "wb", opener=_private) as file:
        with contextlib.ExitStack() as open_:
            sealed = open_.enter_context(age.Sealing(file, recipient)) if recipient else file
            out = open_.enter_context(zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED, compresslevel=3))
            with consistent_read():
                for model in kept_models():
                    progress(model._meta.label)
                    _write_rows(out, model, manifest)
            for folder in KEPT_FOLDERS:
                progress(folder)
                _write_files(out, folder, manifest)
            out.writestr("manifest.json", json.dumps(manifest, indent=1))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _private(path, flags):
    return os.open(path, flags, 0o600)


@contextlib.contextmanager
def consistent_read():
    """All tables as of one moment, without holding up those who write."""
    begin = (
        "BEGIN DEFERRED"
        if connection.vendor == "sqlite"
        else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    )
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_rows(out, model, manifest):
    name, digest, count = _entry_of(model), hashlib.sha256(), 0
    rows = model._base_manager.order_by("pk").iterator(chunk_size=BATCH)
    with out.open(name, "w", force_zip64=True) as entry:
        for row in rows:
            line = (serializers.serialize("jsonl", [row], cls=Exact).strip() + "\n").encode()
            entry.write(line)
            digest.update(line)
            count += 1
    manifest["entries"][name] = digest.hexdigest()
    manifest["rows"][model._meta.label] = count


def _write_files(out, folder, manifest):
    """Files of the rows: they were there before their rows. One that goes meanwhile was erased on purpose."""
    base = settings.TAAMA_DATA_DIR / folder
    for path in sorted(base.rglob("*")):
        inner = path.relative_to(base)
        if path.name.startswith(".") or inner.parts[0] == "incoming" or not path.is_file():
            continue
        with contextlib.suppress(FileNotFoundError):
            manifest["entries"][f"{folder}/{inner}"] = _write_file(out, path, f"{folder}/{inner}")


def _write_file(out, path, name):
    digest = hashlib.sha256()
    with open(path, "rb") as file, out.open(name, "w", force_zip64=True) as entry:
        while chunk := file.read(CHUNK):
            entry.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()


def read(source, progress=lambda text: None, identity=None):
    """Put a backup back into an empty installation; checks every hash before anything is written.

    Rows come last, in one transaction: broken off before, a restore can be repeated.

    identity   bytes of the private key of an encrypted backup; what it holds is never written in the clear
    """
    with _opened(source, identity) as archive:
        manifest = _checked_manifest(archive, source)
        _refuse_unless_empty()
        for name in manifest["entries"]:
            if not name.startswith("rows/"):
                _read_file(archive, name)
        with transaction.atomic():
            for name in manifest["entries"]:
                if name.startswith("rows/"):
                    progress(name)
                    _read_rows(archive, name)
            _continue_numbers()
    return manifest


@contextlib.contextmanager
def _opened(source, identity):
    with open(source, "rb") as file:
        try:
            archive = zipfile.ZipFile(_in_the_clear(file, identity))
        except DAMAGED as error:
            raise TaamaError(_reason(file), where=Where(file=str(source))) from error
        with archive:
            yield archive


def _in_the_clear(file, identity):
    sealed = file.read(len(age.BEGIN)) == age.BEGIN
    file.seek(0)
    if sealed and identity is None:
        raise TaamaError("project.backup_encrypted", where=Where(file=file.name))
    return io.BufferedReader(age.Opened(file, identity), age.CHUNK) if sealed else file


def _reason(file):
    """Why a file can't be opened as a backup: it is none, or begins like one and its end is missing."""
    file.seek(0)
    begin = file.read(len(age.BEGIN))
    cut = not begin or begin == age.BEGIN or begin.startswith(b"PK\3\4")
    return "project.backup_cut" if cut else "project.backup_unreadable"


def _checked_manifest(archive, source):
    """The manifest, when every entry that it names is there and has its hash."""
    try:
        manifest = json.loads(archive.read("manifest.json"))
        entries, form = manifest["entries"], manifest["format"]
    except DAMAGED as error:
        raise TaamaError("project.backup_unreadable", where=Where(file=str(source))) from error
    if form != FORMAT:
        raise _newer(source, manifest)
    for name, expected in entries.items():
        if _digest(archive, name) != expected:
            raise TaamaError("project.backup_altered", where=Where(file=str(source), field=name))
        _target(name)
    unknown = {n for n in entries if n.startswith("rows/")} - {_entry_of(model) for model in kept_models()}
    if unknown:
        raise _newer(source, manifest)
    return manifest


def _digest(archive, name):
    """The hash of an entry; empty when its bytes can't be read."""
    try:
        with archive.open(name) as entry:
            return hashlib.file_digest(entry, "sha256").hexdigest()
    except DAMAGED:
        return ""


def _newer(source, manifest):
    values = {"version": str(manifest.get("taama", "?")), "here": taama.__version__}
    return TaamaError("project.backup_newer", where=Where(file=str(source)), values=values)


def _refuse_unless_empty():
    for label in ("collect.Submission", "base.User", "base.JournalEntry"):
        if apps.get_model(label)._base_manager.exists():
            raise TaamaError("project.restore_not_empty", values={"table": label})


def _entry_of(model):
    return f"rows/{model._meta.label}.jsonl"


def _read_rows(archive, name):
    model = apps.get_model(name.removeprefix("rows/").removesuffix(".jsonl"))
    with archive.open(name) as entry:
        rows = (row.object for row in serializers.deserialize("jsonl", entry))
        try:
            while batch := list(itertools.islice(rows, BATCH)):
                model._base_manager.bulk_create(batch)
        except DeserializationError as error:
            values = {"version": "?", "here": taama.__version__}
            raise TaamaError("project.backup_newer", where=Where(field=name), values=values) from error


def _continue_numbers():
    """Tables of others number their rows: PostgreSQL must go on after the last one restored."""
    statements = connection.ops.sequence_reset_sql(no_style(), kept_models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _target(name):
    """Where a kept file belongs; a name that leads elsewhere is refused."""
    target = (settings.TAAMA_DATA_DIR / name).resolve()
    inside = [settings.TAAMA_DATA_DIR / folder for folder in KEPT_FOLDERS]
    if not name.startswith("rows/") and not any(target.is_relative_to(folder) for folder in inside):
        raise TaamaError("project.backup_altered", where=Where(field=name))
    return target


def _read_file(archive, name):
    target = _target(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.part")
    with archive.open(name) as entry, open(draft, "wb", opener=_private) as file:
        while chunk := entry.read(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)
