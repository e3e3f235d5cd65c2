"""What is erased leaves the tables and the files; a killed worker leaves nothing broken behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from django.utils import timezone

from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.actions.removal import erase_submission
from taama.collect.models import Submission
from taama.desk.models import Export
from taama.desk.queries import exports as queries
from taama.desk.tasks import chunks, filling
from taama.desk.tasks.chunks import Store
from taama.forms.models import FormVersion
from tests.desk.household import ADAMA, export, members, rows, send


def bytes_below(folder):
    return b"".join(path.read_bytes() for path in Path(folder).rglob("*") if path.is_file())


def kept():
    return sorted(key for v in FormVersion.objects.all() for key in Store(v.pk).submissions())


def everything(tmp_path):
    """All text that the tables hold, decompressed."""
    frames = [pl.read_parquet(path) for path in (tmp_path / "tables").rglob("*.parquet")]
    return "\n".join(str(frame.to_dicts()) for frame in frames)


def test_arrivals_are_read_in_the_background(households):
    run_until_idle(["tables"])
    assert kept() == sorted(key.hex for key in Submission.objects.values_list("pk", flat=True))


def test_an_erased_submission_is_gone_from_tables_and_files(households, tmp_path):
    first, path = export(households, format="parquet")
    other, _ = export(households, filters={"versions": ["2"]})
    adama = Submission.objects.get(instance_id="uuid:adama")
    assert "N'Tji" in everything(tmp_path)
    erase_submission(by=OPERATOR, submission=adama, reason="asked for")
    run_until_idle(["erased_rows"])
    assert "N'Tji" not in everything(tmp_path)
    assert b"nfi" not in bytes_below(tmp_path / "tables"), "nor in what describes the tables"
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.state, first.code, path.exists()) == ("gone", "desk.export_erased", False)
    assert other.state == "done", "a file without it stays"
    assert export(households)[0].rows == 2


def test_what_is_erased_while_a_file_is_made_is_not_in_it(households, tmp_path):
    asked, _ = export(households, work=False)
    filling.fill_next()
    erase_submission(
        by=OPERATOR, submission=Submission.objects.get(instance_id="uuid:adama"), reason="asked for"
    )
    run_until_idle(["erased_rows", "exports"])
    asked.refresh_from_db()
    found = members(queries.export_file(OPERATOR, asked))
    assert asked.rows == 2
    assert not any(b"N'Tji" in content for content in found.values())


def test_files_go_after_their_days(households):
    asked, path = export(households)
    Export.objects.update(expires_at=timezone.now())
    run_until_idle(["old_exports"])
    asked.refresh_from_db()
    assert (asked.state, path.parent.exists()) == ("gone", False)


def test_tables_that_were_deleted_are_made_again(households, tmp_path):
    import shutil

    before = members(export(households)[1])
    shutil.rmtree(tmp_path / "tables")
    assert members(export(households)[1]) == before


def test_many_small_chunks_become_one(households):
    for number in range(30):
        send(ADAMA.replace(b"uuid:adama", f"uuid:{number}".encode()))
        filling.fill_next()
    stores = [Store(v.pk) for v in FormVersion.objects.all()]
    assert max(len(store.chunks) for store in stores) < chunks.MOST_SMALL
    assert len(kept()) == len(set(kept())) == 33
    names = {chunk["name"] for store in stores for chunk in store.chunks}
    there = {place.name for store in stores for place in store.folder.iterdir() if place.is_dir()}
    assert there == names
    main = rows(members(export(households)[1])["formulaire.csv"])
    assert len({row["_key"] for row in main}) == 33


KILLED = """
import django; django.setup()
from taama.base.work import run_until_idle
from taama.desk.tasks import filling
filling.BATCH = 40
print("ready", flush=True)
run_until_idle(["tables", "exports"])
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_and_doubles_nothing(tmp_path):
    """The worker is killed again and again while it fills the tables and makes a file."""
    environment = os.environ | {
        "TAAMA_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "taama.project.settings",
    }

    def run(code, **options):
        return subprocess.Popen([sys.executable, "-c", code], env=environment, **options)

    assert run(PREPARE).wait() == 0
    kills = 0
    for wait in (0.02, 0.1, 0.25, 0.4, 0.6, 0.8, 1.0, 1.3):
        worker = run(KILLED, stdout=subprocess.PIPE)
        worker.stdout.readline()
        time.sleep(wait)
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        worker.wait()
        worker.stdout.close()
    assert kills >= 3
    told = subprocess.run([sys.executable, "-c", CHECK], env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["done", "600", "600", "1200"]


PREPARE = """
import django; django.setup()
from taama.project.commands.run import prepare_database
prepare_database()
from taama.base.policy import OPERATOR
from taama.forms.actions.publishing import publish_form
from tests.desk.household import ADAMA, FORM_1, export, send
form = publish_form(by=OPERATOR, source=FORM_1.encode(), filename="hh.md", personal="no").form
send(*(ADAMA.replace(b"uuid:adama", f"uuid:{n}".encode()) for n in range(600)))
export(form, work=False)
"""
CHECK = """
import django; django.setup()
from taama.base.work import run_until_idle
from taama.desk.models import Export
from taama.desk.queries import exports as queries
from taama.base.policy import OPERATOR
from tests.desk.household import members, rows
Export.objects.filter(state="failed", code="desk.export_killed").update(state="waiting", attempts=0)
run_until_idle(["tables", "exports"])
asked = Export.objects.get()
files = members(queries.export_file(OPERATOR, asked))
keys = [row["_key"] for row in rows(files["form.csv" if "form.csv" in files else "formulaire.csv"])]
print(asked.state, len(keys), len(set(keys)), len(rows(files["member.csv"])))
"""
