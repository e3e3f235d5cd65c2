"""An office of its own for tests: a data folder, a database, commands as people type them, a server as it runs."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

import taama
from taama.bench.office import free_port

ROOT = Path(taama.__file__).parent.parent


class Office:
    """`database` is '' for SQLite in the folder, or the address of a database of its own on PostgreSQL."""

    def __init__(self, folder, database="", **settings):
        self.folder = Path(folder)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TAAMA_")}
        kept.pop("DATABASE_URL", None)
        self.environment = kept | {
            "TAAMA_DATA_DIR": str(self.folder), "TAAMA_PLAIN_HTTP": "1", "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "taama.project.settings", "LC_ALL": "fr_FR.UTF-8", **settings,
        }  # fmt: skip
        if database:
            self.environment["DATABASE_URL"] = database

    def copy(self, folder, **settings):
        """The same office in another folder, as after copying its files. Only for SQLite."""
        shutil.copytree(self.folder, folder)
        return Office(folder, **settings)

    def start(self, *words, cwd=ROOT, **options):
        """A process of this office, in its own process group."""
        command = [sys.executable, *words]
        return subprocess.Popen(command, env=self.environment, cwd=cwd, text=True, start_new_session=True, **options)

    def run(self, *words, **options):
        done = self.start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        out, err = done.communicate(timeout=300)
        return subprocess.CompletedProcess(words, done.returncode, out, err)

    def taama(self, *words, **options):
        """A command as people type it."""
        return self.run("-m", "taama.project.cli", *words, **options)

    def look(self, statement, *values):
        """The first value of a statement, read around our own code; None before the tables are made. Only SQLite."""
        try:
            with contextlib.closing(sqlite3.connect(self.folder / "taama.sqlite3", timeout=30)) as base:
                return (base.execute(statement, values).fetchone() or [None])[0]
        except sqlite3.OperationalError:
            return None

    def submissions(self):
        return self.look("SELECT count(*) FROM collect_submission") or 0

    def waiting(self):
        """Submissions that wait to be read into facts."""
        return self.look("SELECT count(*) FROM collect_submission WHERE state = 'pending'")

    def state_of(self, instance_id):
        return self.look("SELECT state FROM collect_submission WHERE instance_id = ?", instance_id)

    def holder(self, lease):
        return self.look("SELECT holder FROM base_lease WHERE name = ?", lease)

    def step(self, name, *words):
        """A step of `tests.project.steps` inside this office; what it returns."""
        done = self.run("-m", "tests.project.steps", name, *words)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1], parse_float=_number)


class Serving:
    """`taama run` of an office, from its start to its end. `log` holds what it wrote on its error stream."""

    def __init__(self, office, *words):
        self.office, self.port, self.words = office, free_port(), words
        self.address = f"http://127.0.0.1:{self.port}"
        self.log_file = office.folder / "server.log"

    def __enter__(self):
        self.office.folder.mkdir(exist_ok=True)
        with open(self.log_file, "w") as log, open(self.office.folder / "server.out", "w") as out:
            words = ("-m", "taama.project.cli", "run", "--port", str(self.port), *self.words)
            self.process = self.office.start(*words, stdout=out, stderr=log)
        self.wait_until(self.answers, 60)
        return self

    def __exit__(self, *_error):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def answers(self):
        try:
            return self.get("/health").status == 200
        except OSError:
            assert self.process.poll() is None, self.log
            return False

    def get(self, path, data=None, **headers):
        """The answer, whatever its status; redirections are followed."""
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            return urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            return error

    def stop(self, seconds=30):
        """SIGTERM, as a service manager does. Returns the exit code."""
        self.process.terminate()
        return self.process.wait(seconds)

    def processes(self):
        """Ids of all living processes of this server's group."""
        listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True).stdout
        rows = [line.split() for line in listed.splitlines()]
        return [int(pid) for pid, group, state in rows if int(group) == self.process.pid and state[0] != "Z"]

    @property
    def log(self):
        return self.log_file.read_text("utf-8")

    @staticmethod
    def wait_until(holds, seconds):
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"not within {seconds} s"
            time.sleep(0.1)


def _number(text):
    """A float as it is published: sums of parallel threads may differ in the last of seventeen digits."""
    return float(f"{float(text):.12g}")


def own_database(address):
    """The address of a new, empty database on this PostgreSQL server."""
    name = f"taama_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
