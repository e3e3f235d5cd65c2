"""The whole journey: `taama demo` from an empty folder to published figures, and everything that survives a loss."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import zipfile
from subprocess import DEVNULL

import pytest

from taama.bench.office import free_port
from tests.project.office import ROOT, Office, Serving, own_database

pytestmark = pytest.mark.slow
ACCOUNTS = {"donnees", "information", "validation", "partenaire", "admin"}
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
COMPARED = ("computed", "kept", "tables", "journal", "rows")


@pytest.fixture(scope="module")
def before(prepared):
    return prepared[0].step("state")


@pytest.fixture(scope="module")
def saved(prepared, tmp_path_factory):
    """A backup of the demonstration."""
    file = tmp_path_factory.mktemp("backups") / "backup.zip"
    done = prepared[0].taama("backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture
def empty(request, tmp_path):
    """An office where nothing stands yet, on either database."""

    def make(database="sqlite", name="empty"):
        address = own_database(request.getfixturevalue("postgres_url")) if database == "postgres" else ""
        return Office(tmp_path / name, address)

    return make


def accounts(text):
    """Account → password of what the demonstration printed."""
    found = re.findall(r"^ +(\w+) +(\S+) +[A-ZÉ]\w+[^:\n]*$", text, re.M)
    assert not re.search(r"data_manager|information_officer", text), "codes are for machines"
    return dict(found)


def test_the_demonstration_prepares_itself_and_prints_its_accounts(prepared):
    _, done = prepared
    assert done.returncode == 0, done.stderr
    assert set(accounts(done.stdout)) == ACCOUNTS
    assert len(set(accounts(done.stdout).values())) == len(ACCOUNTS)
    assert re.search(r"réponses\s: \d+ × 201\n", done.stdout)
    assert re.search(r"http://127\.0\.0\.1:\d+", done.stdout)


def test_a_second_start_keeps_what_is_there_and_gives_new_passwords(prepared, demo, before):
    again = demo.taama("demo", "--prepare-only", "--port", str(free_port()))
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("•") < prepared[1].stdout.count("•"), "work is done again"
    assert not set(accounts(again.stdout).values()) & set(accounts(prepared[1].stdout).values())
    after = demo.step("state")
    assert [after[part] for part in ("computed", "kept", "tables")] == [
        before[part] for part in ("computed", "kept", "tables")
    ]


def test_a_demonstration_killed_half_way_goes_on_where_it_was(empty, before):
    """Killed while phones send: the next start sends the rest, and nothing is counted twice."""
    office, words = empty(), ("demo", "--prepare-only", "--port")
    first = office.start("-m", "taama.project.cli", *words, str(free_port()), stdout=DEVNULL, stderr=DEVNULL)
    Serving.wait_until(lambda: office.submissions() > 200, 120)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert office.submissions() < before["rows"]["collect.Submission"]
    again = office.taama(*words, str(free_port()))
    assert again.returncode == 0, again.stderr
    after = office.step("state")
    assert [rows for rows, _ in after["tables"].values()] == [rows for rows, _ in before["tables"].values()]
    assert values(after["computed"]) == values(before["computed"])


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


def values(figures):
    return {figure["key"]: figure["value"] for figure in figures}


@pytest.mark.parametrize("host", ["::", "192.168.1.4", "example.org"])
def test_the_demonstration_does_not_leave_this_machine(empty, host):
    office = empty()
    done = office.taama("demo", "--prepare-only", "--host", host)
    assert done.returncode == 2
    assert host in done.stderr and "taama run" in done.stderr
    assert not (office.folder / "taama.sqlite3").exists()


@pytest.mark.parametrize("command", [["demo", "--prepare-only"], ["run"]])
def test_a_port_in_use_is_said_with_its_remedy(empty, command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = empty().taama(*command, "--port", str(port), "--lang", "en")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"Port {port} is already taken by another program.",
        f"Stop it, or choose another port: taama {command[0]} --port {port + 1}.",
    ]


@pytest.mark.parametrize("database", DATABASES)
def test_after_the_loss_of_everything_the_figures_are_the_same(demo, before, empty, saved, database):
    shutil.rmtree(demo.folder)
    office = empty(database)
    done = office.taama("restore", str(saved))
    assert done.returncode == 0, done.stderr
    after = office.step("state")
    for part in COMPARED:
        assert after[part] == before[part], part
    assert all(after["equal"].values())
    assert office.taama("facts", "check").returncode == 0
    assert office.taama("journal", "verify").returncode == 0


@pytest.mark.postgres
def test_from_postgresql_back_to_sqlite_nothing_changes(before, empty, saved, tmp_path):
    there, back = empty("postgres", "there"), empty("sqlite", "back")
    assert there.taama("restore", str(saved)).returncode == 0
    again = tmp_path / "again.zip"
    assert there.taama("backup", str(again)).returncode == 0
    assert back.taama("restore", str(again)).returncode == 0
    after = back.step("state")
    for part in COMPARED:
        assert after[part] == before[part], part


ENGINES = ["duckdb", pytest.param("spark", marks=pytest.mark.spark)]


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_on_every_figure_of_the_demonstration(demo, engine):
    by_polars, by_other = demo.step("figures_of", "polars"), demo.step("figures_of", engine)
    assert len(by_polars) > 1000
    assert by_other == by_polars


def readme_lines():
    """Commands of the README that come to an end by themselves."""
    text = (ROOT / "README.md").read_text("utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines() if line.startswith("taama ")]
    return [line for line in lines if line != "taama run"]


@pytest.mark.parametrize("line", readme_lines())
def test_commands_of_the_readme_run(demo, tmp_path, line):
    (tmp_path / "text.txt").write_text("Au 30 avril 2023, 375 539 personnes, soit 300 000 et 75 539.", "utf-8")
    shutil.copy(ROOT / "taama/series/tools/published_baseline/examples/english_with_tags.csv", tmp_path / "workbook.xlsx")
    boundary = {"type": "Polygon", "coordinates": [[[-4.2, 14.4], [-4.1, 14.4], [-4.1, 14.5], [-4.2, 14.4]]]}
    feature = {"type": "Feature", "properties": {"admin3Pcode": "ML05060199", "admin3Name": "Essai"}, "geometry": boundary}
    (tmp_path / "communes.gpkg").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    form = "| survey | | | |\n| | type | name | label |\n| | integer | a | A |\n| settings | | |\n| | form_id | version |\n| | enquete | 1 |\n"
    (tmp_path / "enquete.md").write_text(form, "utf-8")
    done = demo.taama(*line.split()[1:], cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout.strip() and "Traceback" not in done.stderr


def test_a_restored_office_works_on(empty, saved):
    """Phones keep their accounts, people their passwords; what is sent again is known, what is new is taken."""
    office = empty()
    assert office.taama("restore", str(saved)).returncode == 0
    assert (office.folder / "keys" / "secret_key").stat().st_mode & 0o077 == 0
    told = office.step("send_again_and_new")
    assert told == {"again": 201, "new": 201, "submissions": 1, "known": 0}


def damaged(content):
    """Each way in which a copy of a backup goes wrong, with the bytes that are left."""
    middle = len(content) // 2
    yield "cut", content[:middle]
    yield "empty", b""
    yield "text", b"not a zip"
    yield "turned", content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize("kind", ["cut", "empty", "text", "turned"])
def test_a_damaged_backup_is_refused_and_nothing_is_restored(empty, saved, tmp_path, kind):
    file = tmp_path / "damaged.zip"
    file.write_bytes(dict(damaged(saved.read_bytes()))[kind])
    office = empty()
    done = office.taama("restore", str(file))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and str(file) in done.stderr
    assert not [key for key in (office.folder / "keys").iterdir() if key.name == "device_key"]
    assert office.step("rows")["base.User"] == 0


def rewritten(source, target, change, more=None):
    """A copy of a backup with its manifest changed by `change`, and perhaps one more entry."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        if more:
            new.writestr(more, b"x")
            manifest["entries"][more] = hashlib.sha256(b"x").hexdigest()
        change(manifest)
        for name in old.namelist():
            new.writestr(name, json.dumps(manifest) if name == "manifest.json" else old.read(name))


@pytest.mark.parametrize(
    ("change", "more", "said"),
    [
        (lambda manifest: manifest.update(format=2), None, "plus récente"),
        (lambda manifest: None, "rows/health.Alert.jsonl", "plus récente"),
        (lambda manifest: None, "keys/../../outside", "empreinte"),
        (lambda manifest: manifest["entries"].update({"keys/secret_key": "0" * 64}), None, "empreinte"),
    ],
    ids=["format", "table", "path", "hash"],
)
def test_a_backup_that_is_not_ours_as_it_stands_is_refused(empty, saved, tmp_path, change, more, said):
    rewritten(saved, tmp_path / "other.zip", change, more)
    office = empty()
    done = office.taama("restore", str(tmp_path / "other.zip"))
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
    assert office.step("rows")["base.User"] == 0
    assert not (tmp_path / "outside").exists()


def test_a_backup_is_not_restored_over_what_is_there(demo, before, saved):
    done = demo.taama("restore", str(saved))
    assert done.returncode == 2
    assert "collect.Submission" in done.stderr
    assert demo.step("state") == before


@pytest.mark.parametrize("size", [0, 40, 100_000])
def test_a_backup_that_was_cut_off_is_said_to_be_incomplete(empty, saved, tmp_path, size):
    (tmp_path / "cut.zip").write_bytes(saved.read_bytes()[:size])
    told = empty().taama("restore", str(tmp_path / "cut.zip"))
    assert told.returncode == 2 and "incomplète" in told.stderr and "Copiez-la" in told.stderr


def test_a_backup_does_not_take_the_place_of_another_unless_told(demo, tmp_path):
    file = tmp_path / "backup.zip"
    file.write_bytes(b"the last good one")
    refused = demo.taama("backup", str(file))
    assert refused.returncode == 2 and "--replace" in refused.stderr
    assert file.read_bytes() == b"the last good one"
    assert demo.taama("backup", str(file), "--replace").returncode == 0
    assert zipfile.is_zipfile(file)


def test_an_encrypted_backup_tells_nothing_without_its_key_and_everything_with_it(demo, before, empty, tmp_path):
    file, key, other = tmp_path / "backup.zip.age", tmp_path / "key.txt", tmp_path / "other.txt"
    public = re.search(r"age1\w+", demo.taama("backup-key", str(key)).stdout)[0]
    assert key.stat().st_mode & 0o077 == 0 and demo.taama("backup-key", str(key)).returncode == 2
    assert demo.taama("backup", str(file), "--to-key", public[:-1]).returncode == 2 and not file.exists()
    done = demo.taama("backup", str(file), "--to-key", public)
    assert done.returncode == 0 and "clé privée" in done.stdout
    assert not zipfile.is_zipfile(file) and b"manifest" not in file.read_bytes()
    (tmp_path / "cut").write_bytes(file.read_bytes()[:-1000])
    office = empty()
    office.taama("backup-key", str(other))
    for words, said in (
        ([str(file)], "chiffrée"),
        ([str(file), "--key", str(other)], "pour cette clé"),
        ([str(tmp_path / "cut"), "--key", str(key)], "incomplète"),
    ):
        told = office.taama("restore", *words)
        assert told.returncode == 2 and said in told.stderr and "Traceback" not in told.stderr
    assert office.taama("restore", str(file), "--key", str(key)).returncode == 0
    after = office.step("state")
    assert [after[part] for part in COMPARED] == [before[part] for part in COMPARED]


def test_a_backup_is_whole_or_not_there_and_for_its_owner_only(demo, tmp_path):
    done = demo.taama("backup", str(tmp_path / "nowhere" / "backup.zip"))
    assert done.returncode == 2 and "nowhere" in done.stderr and "Traceback" not in done.stderr
    file = tmp_path / "backup.zip"
    assert demo.taama("backup", str(file)).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_of_an_office_at_work_is_of_one_moment(demo, empty, tmp_path):
    """While phones send, a backup is taken; what it holds fits together."""
    with Serving(demo):
        sender = demo.start("-m", "tests.project.steps", "send_many", "300")
        try:
            done = demo.taama("backup", str(tmp_path / "busy.zip"))
        finally:
            sender.wait(120)
    assert done.returncode == 0, done.stderr
    office = empty()
    assert office.taama("restore", str(tmp_path / "busy.zip")).returncode == 0
    assert office.taama("journal", "verify").returncode == 0
    assert office.taama("facts", "check").returncode == 0


def test_the_facts_of_a_snapshot_are_derived_again_row_for_row(demo):
    """Whatever was edited and sent since: at the position of a snapshot its tables are what they were."""
    positions = dict(demo.step("positions"))
    changed = demo.step("edit_and_send")
    assert changed["rows_before"] != changed["rows_after"], "nothing has changed in the lake"
    for code, position in positions.items():
        done = demo.taama("facts", "rebuild", "--as-of", str(position))
        assert done.returncode == 0, done.stdout
        assert done.stdout.count(f"identique à l'instantané {code}") == 6, done.stdout
    now = demo.taama("facts", "rebuild", "--as-of", "1")
    assert "instantané" not in now.stdout


def test_after_an_erasure_published_figures_stand_and_say_so(demo):
    told = demo.step("erase_one_source")
    assert told["values_before"] == told["values_after"], "a published number has changed"
    assert told["marked_before"] == 0
    assert 0 < told["marked_after"] < told["figures"]
    assert told["total_and_part"] == [True, True], "a part lists no source: it rests on those of its total"
    assert told["page_says"] and told["api_says"]
    assert all(told["etags_changed"]), "a reader would keep the old page"
    assert told["working_changed"]
    code, position = demo.step("positions")[-1]
    then = demo.taama("facts", "rebuild", "--as-of", str(position))
    assert then.returncode == 0, "an erasure is no fault of the lake"
    assert f"moins que dans l'instantané {code}, dont les chiffres restent" in then.stdout
    assert "Envois effacés depuis, dont les lignes sont effacées définitivement : 1" in plain(then.stdout)
    assert f"identique à l'instantané {code}" in then.stdout, "tables that it did not feed are what they were"
