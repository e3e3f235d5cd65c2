"""Several web processes of one office: whoever ends is replaced, and none stays behind."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import filled, new_id, send, xform


@pytest.fixture
def office(tmp_path):
    office = TaamaOffice(tmp_path)
    office.publish(xform("census"))
    yield office
    office.stop()


def processes_of(office):
    """The processes begun by the first one."""
    first = office.server.process.pid
    return [int(name) for name in Path(f"/proc/{first}/task/{first}/children").read_text().split()]


def until(true, seconds=20):
    limit = time.monotonic() + seconds
    while not true() and time.monotonic() < limit:
        time.sleep(0.05)
    return true()


def is_gone(process):
    """Ended, or ended and waiting to be buried by whoever runs the machine."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return True


@pytest.mark.slow
def test_a_process_that_ends_is_replaced_and_phones_go_on(office):
    first, second = processes_of(office)
    os.kill(first, signal.SIGKILL)
    names = [new_id() for _ in range(20)]
    assert {send(office.phone.base, filled("census", name)).status for name in names} == {201}
    assert until(lambda: len(processes_of(office)) == 2) and second in processes_of(office)
    assert all(office.count(name) == 1 for name in names)


@pytest.mark.slow
def test_no_process_outlives_the_first_whether_it_is_killed_or_told_to_stop(office):
    begun = processes_of(office)
    os.kill(office.server.process.pid, signal.SIGKILL)
    assert until(lambda: all(map(is_gone, begun)))
    office.server.process.wait()
    office.server.start()
    begun = processes_of(office)
    office.server.process.terminate()
    assert office.server.process.wait(timeout=20) == 0
    assert all(map(is_gone, begun))
    office.server.start()


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_what_is_being_taken_in_is_answered_though_all_are_told_to_stop(office, told):
    """As Ctrl-C does, and a service manager: each process is told, not the first alone."""
    name, answers = new_id(), []
    held = sqlite3.connect(office.server.folder / "taama.sqlite3", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    phone = threading.Thread(
        target=lambda: answers.append(send(office.phone.base, filled("census", name)).status)
    )
    phone.start()
    time.sleep(1)
    os.killpg(office.server.process.pid, told)
    time.sleep(0.5)
    held.execute("COMMIT")
    held.close()
    phone.join(timeout=20)
    assert answers == [201] and office.count(name) == 1
    assert office.server.process.wait(timeout=20) == 0
    assert b"Traceback" not in (office.server.folder / "server.log").read_bytes()
    office.server.start()


CANNOT = """
import os
from taama.project import several
several.QUICK_ENDS = 2
several.keep(2, lambda: os._exit(3))
"""


def test_what_cannot_work_ends_so_that_whoever_watches_knows(tmp_path):
    done = subprocess.run([sys.executable, "-c", CANNOT], capture_output=True, timeout=30, check=False)
    assert done.returncode == 1
