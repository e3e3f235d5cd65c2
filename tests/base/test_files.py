"""Files kept under their hash: whole or not at all, and never removed under somebody's hands."""

import hashlib
import os
import time

import pytest

from taama.base import files


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.TAAMA_ATTACHMENTS_DIR = tmp_path


def keep(content, age_seconds=0):
    incoming = files.Incoming()
    for n in range(0, len(content), 7):
        incoming.write(content[n : n + 7])
    kept = incoming.keep()
    then = time.time() - age_seconds
    os.utime(files.path_of(kept.sha256), (then, then))
    return kept


def test_the_bytes_are_forced_to_disk_before_the_file_has_its_name_and_its_folder_after(tmp_path, monkeypatch):
    """What a power cut would take otherwise; no kill of a process shows it."""
    done, force, rename = [], os.fsync, os.rename
    keep(b"another")  # so that folders are there

    def forced(descriptor):
        done.append(os.readlink(f"/proc/self/fd/{descriptor}").removeprefix(f"{tmp_path}/"))
        force(descriptor)

    monkeypatch.setattr(files.os, "fsync", forced)
    monkeypatch.setattr(files.os, "rename", lambda *names: (done.append("rename"), rename(*names)))
    kept = keep(b"some bytes")
    steps = [step.partition("/")[0] for step in done if not step.startswith("/")]  # without the folder above
    assert steps == ["incoming", "rename", kept.sha256[:2]]


def test_a_commit_is_forced_to_disk(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,), "FULL: a power cut right after the answer takes nothing"


def test_a_file_is_found_under_its_hash(tmp_path):
    kept = keep(b"some bytes")
    assert kept == files.Kept(hashlib.sha256(b"some bytes").hexdigest(), 10)
    assert files.path_of(kept.sha256).read_bytes() == b"some bytes"
    assert files.path_of(kept.sha256).stat().st_mode & 0o077 == 0
    assert list((tmp_path / "incoming").iterdir()) == []


def test_the_same_bytes_are_kept_once_and_a_damaged_file_is_healed():
    kept = keep(b"some bytes")
    files.path_of(kept.sha256).write_bytes(b"damaged")
    assert keep(b"some bytes") == kept
    assert list(files.addresses()) == [kept.sha256]
    assert files.path_of(kept.sha256).read_bytes() == b"some bytes"


def test_what_was_dropped_leaves_nothing(tmp_path):
    incoming = files.Incoming()
    incoming.write(b"x")
    incoming.drop()
    assert list((tmp_path / "incoming").iterdir()) == []


def test_an_old_file_is_forgotten_and_a_young_one_waits():
    old, young = keep(b"old", age_seconds=7200), keep(b"young")
    assert files.forget(old.sha256)
    assert not files.forget(young.sha256)
    assert list(files.addresses()) == [young.sha256]
    assert files.forget(old.sha256), "forgetting twice is no error"


def test_bytes_that_arrive_again_are_young_again():
    kept = keep(b"x", age_seconds=7200)
    incoming = files.Incoming()
    incoming.write(b"x")
    incoming.keep()
    assert not files.forget(kept.sha256)


def test_leftovers_of_killed_processes_are_swept(tmp_path):
    for name, age in (("a", 90_000), ("b", 10)):
        files.Incoming().drop()
        path = tmp_path / "incoming" / name
        path.write_bytes(b"half")
        then = time.time() - age
        os.utime(path, (then, then))
    assert files.sweep_incoming() == 1
    assert [p.name for p in (tmp_path / "incoming").iterdir()] == ["b"]
