"""Disk full, database read-only: what cannot be kept is not acknowledged, and the server serves on when it is mended.

A full disk is a small one of its own in memory (where tests may mount), else a limit on the size of each file.
"""

import contextlib
import os
import resource
import sqlite3
import subprocess
from urllib.parse import urlsplit

import psycopg
import pytest

from taama.base.views import ROOM_NEEDED
from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import PICTURES, filled, new_id, openrosa, xform
from tests.collect.odk_collect import Broken, OdkCollect

MEGABYTES = 24 + ROOM_NEEDED // 1_000_000  # less is a full disk from the beginning
MAY_MOUNT = os.geteuid() == 0
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
pytestmark = pytest.mark.slow


def done(*words):
    return subprocess.run(words, capture_output=True).returncode == 0


@pytest.fixture
def address(request):
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else None


@contextlib.contextmanager
def small_disk(folder):
    """Yields whether a disk of its own could be mounted there."""
    folder.mkdir()
    mounted = MAY_MOUNT and done("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", folder)
    try:
        yield mounted
    finally:
        if mounted:
            done("umount", "-l", folder)


@contextlib.contextmanager
def filled_up(office, mounted):
    """Leaves room for a few submissions only."""
    ballast = office.server.folder / "ballast"
    if mounted:
        with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(65_536))
        with open(ballast, "r+b") as file:
            file.truncate(ballast.stat().st_size - 400_000)
    else:
        limit_files(office, max(path.stat().st_size for path in office.server.folder.rglob("*")) + 100_000)
    yield
    ballast.unlink(missing_ok=True)
    if not mounted:
        limit_files(office, resource.RLIM_INFINITY)


def limit_files(office, most):
    listed = subprocess.run(["ps", "-eo", "pid=,pgid="], capture_output=True, text=True).stdout
    for pid, group in (line.split() for line in listed.splitlines()):
        if int(group) == office.server.process.pid:
            resource.prlimit(int(pid), resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@pytest.fixture
def phone(tmp_path):
    """A phone with forty filled forms, a picture of 30 kB with each second one."""
    made = OdkCollect(tmp_path / "phone")
    for number in range(40):
        files = [(f"{number}.jpg", os.urandom(30_000))] if number % 2 else []
        made.fill(f"{number:02}", filled("pictures", new_id(), {"photo": f"{number}.jpg"}), files)
    return made


def content_of(phone):
    """name on the phone → (instance id, bytes, files)"""
    found = {}
    for name in phone.waiting:
        folder = phone.folder / "instances" / name
        xml = (folder / f"{name}.xml").read_bytes()
        instance_id = xml.partition(b"instanceID>")[2].partition(b"<")[0].decode()
        files = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != f"{name}.xml"}
        found[name] = (instance_id, xml, files)
    return found


def assert_kept(office, content, names):
    for name in names:
        instance_id, xml, files = content[name]
        kept = office.kept("pictures", instance_id)
        assert kept and (kept.raw, kept.files) == (xml, files), name


def opened(folder, address):
    office = TaamaOffice(folder, address)
    office.publish(xform("pictures", questions=PICTURES))
    return office


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("own disk", "sqlite"),
        ("limit on files", "sqlite"),
        pytest.param("own disk", "postgres", marks=pytest.mark.postgres),
    ],
    indirect=["address"],
)
def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path, address, phone, kind, monkeypatch):
    if kind == "limit on files":
        monkeypatch.setattr("tests.collect.test_faults_storage.MAY_MOUNT", False)
    elif not MAY_MOUNT:
        pytest.skip("only who may mount has a small disk")
    with small_disk(tmp_path / "disk") as mounted:
        office = opened(tmp_path / "disk", address)
        phone.scan(office.settings_code(office.phone))
        content = content_of(phone)
        with filled_up(office, mounted):
            phone.send_all()
            acknowledged = list(phone.receipts)
            assert 0 < len(phone.waiting) == 40 - len(acknowledged), "the disk was not full"
            assert any("restent sur le téléphone" in text for text in phone.shown), phone.shown[-3:]
            assert_kept(office, content, acknowledged)
            assert openrosa(f"{office.phone.base}/formList").status == 200, "what needs no room is served"
        phone.send_all()
        assert (len(phone.receipts), phone.waiting) == (40, []), phone.shown[-3:]
        assert_kept(office, content, content)
        assert all(office.count(instance_id) == 1 for instance_id, _, _ in content.values())
        whole(office)
        office.stop()


def whole(office):
    """Nothing is broken in the database itself."""
    if office.server.database.startswith("sqlite"):
        assert office.server.rows("PRAGMA integrity_check") == [("ok",)]
    assert office.server.rows("SELECT count(*) FROM collect_quarantined") == [(0,)]


@contextlib.contextmanager
def read_only(office):
    """As after a restoration by another account (SQLite), or on a standby (PostgreSQL)."""
    server = office.server
    server.kill()
    path = server.folder / "taama.sqlite3"
    if not server.database.startswith("sqlite"):
        switch(server.database, "on")
    else:
        with sqlite3.connect(path) as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if not (done("mount", "--bind", path, path) and done("mount", "-o", "remount,ro,bind", path)):
            path.chmod(0o400)
    server.start()
    try:
        yield
    finally:
        server.kill()
        writable(server, path)
    server.start()


def writable(server, path):
    if not server.database.startswith("sqlite"):
        switch(server.database, "off")
    elif not done("umount", "-l", path):
        path.chmod(0o600)


def switch(address, state):
    name = urlsplit(address).path[1:]
    writing = {"options": "-c default_transaction_read_only=off"}
    with psycopg.connect(address, autocommit=True, **writing) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {state}")


@pytest.mark.parametrize("address", DATABASES, indirect=True)
def test_a_read_only_database_acknowledges_nothing_and_loses_nothing(tmp_path, address, phone):
    office = opened(tmp_path / "office", address)
    phone.scan(office.settings_code(office.phone))
    content = content_of(phone)
    for name in phone.waiting[:5]:
        phone.send(name)
    with read_only(office):
        for name in phone.waiting[:5]:
            with pytest.raises(Broken, match="503"):
                phone.send(name)
        assert len(phone.waiting) == 35
        assert_kept(office, content, phone.receipts)
    phone.send_all()
    assert phone.waiting == [], phone.shown[-3:]
    assert_kept(office, content, content)
    whole(office)
    office.stop()
