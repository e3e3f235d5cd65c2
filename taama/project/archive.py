"""A backup: everything that cannot be derived again, in one zip that either database can read.

Rows as lines of JSON in the order of their foreign keys, attachments, keys, and a manifest with a hash of each entry.
"""

import hashlib
import json
import os
import zipfile
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.db import connection, transaction

import taama
from taama.base.errors import TaamaError, Where

FORMAT = 1
# Made anew by migrations, or not worth keeping.
LEFT_OUT = {"contenttypes.ContentType", "auth.Permission", "auth.Group", "sessions.Session", "base.Lease"}
CHUNK = 1 << 20
BATCH = 1000


def kept_models():
    """Models whose rows are kept, those pointed to before those that point."""
    models = [m for m in apps.get_models() if m._meta.label not in LEFT_OUT and not m._meta.proxy]
    return serializers.sort_dependencies([(None, models)], allow_cycles=True)


def write(target, progress=lambda text: None):
    """Write the backup aside, then give it its name: a backup is whole or not there."""
    draft = Path(f"{target}.part")
    manifest = {"format": FORMAT, "taama": taama.__version__, "entries": {}, "rows": {}}
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out,
    ):
        with consistent_read():
            for model in kept_models():
                progress(model._meta.label)
                _write_rows(out, model, manifest)
        for folder in ("keys", "attachments"):
            _write_files(out, folder, manifest)
        out.writestr("manifest.json", json.dumps(manifest, indent=1))
    with open(draft, "rb") as file:
        os.fsync(file.fileno())
    os.replace(draft, target)
    return manifest


@contextmanager
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
    name, digest, count = f"rows/{model._meta.label}.jsonl", hashlib.sha256(), 0
    rows = model._base_manager.order_by("pk").iterator(chunk_size=BATCH)
    with out.open(name, "w", force_zip64=True) as entry:
        for row in rows:
            line = (serializers.serialize("jsonl", [row]).strip() + "\n").encode()
            entry.write(line)
            digest.update(line)
            count += 1
    manifest["entries"][name] = digest.hexdigest()
    manifest["rows"][model._meta.label] = count


def _write_files(out, folder, manifest):
    base = settings.TAAMA_DATA_DIR / folder
    for path in sorted(p for p in base.rglob("*") if p.is_file() and not p.name.startswith(".")):
        name = f"{folder}/{path.relative_to(base)}"
        out.write(path, name)
        with open(path, "rb") as file:
            manifest["entries"][name] = hashlib.file_digest(file, "sha256").hexdigest()


def read(source, progress=lambda text: None):
    """Put a backup back into an empty installation; checks every hash before the first row is written."""
    with _opened(source) as archive:
        manifest = _checked_manifest(archive, source)
        _refuse_unless_empty()
        with transaction.atomic():
            for name in manifest["entries"]:
                if name.startswith("rows/"):
                    progress(name)
                    _read_rows(archive, name)
        for name in manifest["entries"]:
            if not name.startswith("rows/"):
                _read_file(archive, name)
    return manifest


@contextmanager
def _opened(source):
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (zipfile.BadZipFile, FileNotFoundError) as error:
        raise TaamaError("project.backup_unreadable", where=Where(file=str(source))) from error


def _checked_manifest(archive, source):
    if "manifest.json" not in archive.namelist():
        raise TaamaError("project.backup_unreadable", where=Where(file=str(source)))
    manifest = json.loads(archive.read("manifest.json"))
    for name, expected in manifest["entries"].items():
        with archive.open(name) as entry:
            if hashlib.file_digest(entry, "sha256").hexdigest() != expected:
                raise TaamaError("project.backup_altered", where=Where(file=str(source), field=name))
    return manifest


def _refuse_unless_empty():
    for label in ("collect.Submission", "base.User", "base.JournalEntry"):
        if apps.get_model(label)._base_manager.exists():
            raise TaamaError("project.restore_not_empty", values={"table": label})


def _read_rows(archive, name):
    model = apps.get_model(name.removeprefix("rows/").removesuffix(".jsonl"))
    batch = []
    with archive.open(name) as entry:
        for row in serializers.deserialize("jsonl", entry):
            batch.append(row.object)
            if len(batch) == BATCH:
                model._base_manager.bulk_create(batch)
                batch = []
    model._base_manager.bulk_create(batch)


def _read_file(archive, name):
    target = (settings.TAAMA_DATA_DIR / name).resolve()
    if not target.is_relative_to(settings.TAAMA_DATA_DIR):
        raise TaamaError("project.backup_altered", where=Where(field=name))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with archive.open(name) as entry, open(target, "wb") as file:
        while chunk := entry.read(CHUNK):
            file.write(chunk)
    if name.startswith("keys/"):
        target.chmod(0o600)
