"""A real server for tests: as in an office, on a port of its own, that can be killed and started again."""

import atexit
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.collect.phone import FORM

SEED = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from taama.base.models import Organisation
from taama.base.policy import OPERATOR
from taama.phones.actions import create_device
from taama.forms.actions.publishing import publish_form
publish_form(by=OPERATOR, source=sys.stdin.read().encode(), filename="count.md")
owner = Organisation.objects.create(code="iom", name="OIM", kind="un")
made = create_device(by=OPERATOR, username="gao-1", organisation=owner)
print(made.secret, made.token)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One office. `database` is None for SQLite or the address of a PostgreSQL server."""

    seeded: dict = {}  # one office for each kind of database, of which all others are copies

    def __init__(self, folder, database=None, **settings):
        self.folder, self.port, self.process = Path(folder), free_port(), None
        self.environment = os.environ | {
            "TAAMA_PLAIN_HTTP": "1", "DJANGO_SETTINGS_MODULE": "taama.project.settings",
            "TAAMA_MAX_SUBMISSION_BYTES": "3000000", **settings,
        }  # fmt: skip
        if database not in self.seeded:
            first = tempfile.mkdtemp(prefix="taama-office-")
            atexit.register(shutil.rmtree, first, ignore_errors=True)
            self.seeded[database] = self._seed(first, database)
        first, former, self.secret, self.token = self.seeded[database]
        shutil.copytree(first, self.folder, dirs_exist_ok=True)
        self._settle(self.folder, _own_database(database, former) if database else None)

    def _settle(self, folder, database):
        self.database = database or f"sqlite:///{folder}/taama.sqlite3"
        self.environment |= {"TAAMA_DATA_DIR": str(folder), "DATABASE_URL": self.database}

    def _seed(self, folder, database):
        """(folder, database, secret, token) of an office with a form and a phone."""
        self._settle(folder, _own_database(database) if database else None)
        return folder, self.database, *self.python(SEED, FORM.format(version="1")).split()

    def python(self, program, given=""):
        """What a program prints that runs beside the server, on the same office."""
        done = subprocess.run(
            [sys.executable, "-c", program], input=given, text=True, capture_output=True, env=self.environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, threads=16, processes=2):
        given = map(str, (self.port, threads, processes))
        command = [sys.executable, "-m", "taama.project.web", "127.0.0.1", *given]
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stderr=log, start_new_session=True)
        self.wait()

    def wait(self, seconds=60):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
                    probe.sendall(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
                    if b" 200 " in probe.recv(20):
                        return
            except OSError:
                time.sleep(0.05)
        self.kill()
        raise TimeoutError((self.folder / "server.log").read_text())

    def kill(self):
        """SIGKILL to the server and all its workers at once: nobody can tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def rows(self, statement, *values):
        """Rows straight from the database, around our own code; values stand as %s."""
        if self.database.startswith("sqlite"):
            connection = sqlite3.connect(self.folder / "taama.sqlite3", timeout=30)
            statement = statement.replace("%s", "?")
        else:
            connection = psycopg.connect(self.database)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def file(self, sha256):
        return (self.folder / "attachments" / sha256[:2] / sha256).read_bytes()


def _own_database(address, former=None):
    """A new database, empty or like a former one."""
    name = f"taama_{secrets.token_hex(4)}"
    like = f" TEMPLATE {urlsplit(former).path[1:]}" if former else ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{like}")
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
