"""`taama run`: web and worker in one, for one office."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import click
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from taama.base.errors import TaamaError
from taama.base.work import Worker
from taama.project.several import Told

log = logging.getLogger("taama.run")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
THREADS = 32  # phones whose submissions can share one commit; each but one does without the database
PROCESSES = min(2, len(os.sched_getaffinity(0)))  # each works on one core; the database and the worker need theirs too


@click.command(help=_("Serve the pages and do the work, until Ctrl-C."))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Address to listen on."))
@click.option("--port", default=8000, show_default=True, help=_("Port to listen on."))
@click.option("--threads", default=THREADS, show_default=True, help=_("Threads that answer requests, in each process."))
@click.option("--processes", default=PROCESSES, show_default=True, help=_("Processes that answer requests."))
def run(host, port, threads, processes):
    prepare_database()
    check_port(host, port, "run")
    web = start_web(host, port, threads, processes)
    click.echo(_("taama answers at http://%(host)s:%(port)d") % {"host": host, "port": port})
    sys.exit(work_beside(web))


@click.command(help=_("Bring the tables of the database up to date."))
def migrate():
    prepare_database()


def prepare_database():
    """Bring the tables up to date: quick when they are."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def check_port(host, port, command):
    """Raise, naming the command with the next port, when another program listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            values = {"port": str(port), "free": str(port + 1), "command": command}
            raise TaamaError("project.port_in_use", values=values) from error


def start_web(host, port, threads=THREADS, processes=PROCESSES):
    """The web server, wherever one stands: the folder one calls from must not be taken for the program."""
    environment = os.environ | {
        "TAAMA_DATA_DIR": str(settings.TAAMA_DATA_DIR),
        "TAAMA_LAKE": str(settings.TAAMA_LAKE),
        "MALLOC_ARENA_MAX": "2",  # else each of many threads keeps memory of its own
    }
    command = web_command(host, port, threads, processes)
    return subprocess.Popen(command, cwd=settings.PACKAGE.parent, env=environment)  # noqa: S603  our own words only


def web_command(host, port, threads=THREADS, processes=PROCESSES):
    return [sys.executable, "-m", "taama.project.web", host, *map(str, (port, threads, processes))]


def wait_until_answers(host, port, seconds=60):
    """Until the web server answers; raises when it does not."""
    for _attempt in range(seconds * 10):
        try:
            with socket.create_connection((host, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TaamaError("project.no_answer", values={"seconds": seconds})


def work_beside(web):
    """Work in this process until told to stop or until the web server ends. Returns the exit code."""
    worker, told = Worker(Told()), Told()

    def stop(*_signal):
        told.set()
        worker.stopping.set()

    def watch():
        web.wait()
        worker.stopping.set()

    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # told to, Ctrl-C, the terminal closed
        signal.signal(each, stop)
    threading.Thread(target=watch, daemon=True).start()
    os.nice(5)  # an answer to a phone comes before the work that follows it
    worker.run()
    web.terminate()  # Ctrl-C has reached it too, a service manager has not
    code = web.wait()
    if not told.is_set():
        log.error("web server ended", extra={"code": code})
    return 0 if told.is_set() else code or 1
