"""Processes that all want the same at once, for `test_made_once`: each build leaves a line in a file."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import django

LOG = Path(os.environ.get("TAAMA_DATA_DIR", ".")) / "builds"


def build():
    with LOG.open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.4)
    return b"report"


def build_and_die():
    if not LOG.exists():
        LOG.write_text("killed\n")
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    return build()


def main(builder, threads):
    django.setup()
    from taama.opendata.views.answering import made_once

    found = []
    readers = [
        threading.Thread(target=lambda: found.append(made_once("ab12", globals()[builder], 60)))
        for _ in range(int(threads))
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    print(found.count(b"report"))


if __name__ == "__main__":
    main(*sys.argv[1:])
