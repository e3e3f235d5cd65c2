"""A database that is not there, not ready or not ours, a full disk: the cause, and what to do about this cause."""

import errno
import os

import pytest
from django.db import OperationalError

from taama.base.messages import message
from taama.project.troubles import database_trouble, file_trouble
from tests.project.office import Office

SAID = [
    ("no such table: base_user", "tables_missing", "taama migrate"),
    ("no such column: base_user.colour", "tables_older", "taama migrate"),
    ("database or disk is full", "disk_full", "écrivez ailleurs"),
    ("unable to open database file", "database_file", "lire et écrire"),
    ("file is not a database", "database_file", "restaurez"),
    ("database is locked", "database_busy", "Attendez"),
    ('connection to server at "10.0.0.1", port 5432 failed: Connection refused', "database_down", "Démarrez-le"),
    ('connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory', "database_down", "Démarrez"),
    ("failed to resolve host 'nohost': [Errno -2] Name or service not known", "database_host", "réseau"),
    ('FATAL:  password authentication failed for user "taama"', "database_password", "%40"),
    ("FATAL:  authentification par mot de passe échouée pour l'utilisateur « taama »", "database_password", "%40"),
    ("fe_sendauth: no password supplied", "database_password", "mot de passe"),
    ('FATAL:  database "taama" does not exist', "database_unknown", "createdb"),
    ("FATAL:  la base de données « taama » n'existe pas", "database_unknown", "createdb"),
    ('FATAL:  role "taama" does not exist', "database_role", "createuser"),
    ('FATAL:  Peer authentication failed for user "taama"', "database_not_let_in", "pg_hba.conf"),
    ("permission denied for schema public", "database_not_let_in", "appartenir"),
    ("FATAL:  the database system is starting up", "database_busy", "Attendez"),
    ("something else", "database", "taama doctor"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "name", "remedy"), SAID)
def test_what_a_database_says_gets_the_remedy_of_its_cause(fault, name, remedy):
    trouble = database_trouble(OperationalError(fault))
    told = message(trouble.code, "fr", trouble.values)
    assert trouble.code == f"project.{name}"
    assert remedy in told.remedy
    assert ("taama migrate" in told.remedy) == name.startswith("tables")


def test_a_full_disk_is_the_one_that_was_written_to_not_that_of_the_data(monkeypatch):
    monkeypatch.setenv("TAAMA_DATA_DIR", "/srv/taama/data")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    told = file_trouble(full, "/media/stick/copy.zip")
    assert "/media/stick" in message(told.code, "fr", told.values).cause
    assert "/srv/taama/data" not in str(message(told.code, "fr", told.values))
    assert "/srv/taama/data" in message("project.disk_full_somewhere", "fr", file_trouble(full).values).remedy


@pytest.mark.parametrize("words", ["report", "account list", "places find Mopti", "facts snapshots", "journal verify"])
def test_a_command_before_the_tables_are_made_says_what_to_run(tmp_path, words):
    for language, said in (("fr", "n'existent pas encore"), ("en", "do not exist yet")):
        told = Office(tmp_path / "data").taama(*words.split(), "--lang", language)
        assert told.returncode == 2 and said in told.stderr.replace("\u00a0", " ")
        assert "taama migrate" in told.stderr and str(tmp_path / "data") in told.stderr
        assert "Traceback" not in told.stderr and "no such table" not in told.stderr


def test_the_doctor_names_the_missing_tables_among_the_rest(tmp_path):
    told = Office(tmp_path / "data", TAAMA_PLAIN_HTTP="0").taama("doctor")
    assert told.returncode == 1 and not told.stderr
    assert told.stdout.count("✗") == 1 and "taama migrate" in told.stdout and "✓" in told.stdout


def test_postgresql_that_does_not_let_us_in_is_told_with_the_right_remedy(tmp_path, postgres_url):
    down = Office(tmp_path / "a", "postgresql://taama:s3cret@127.0.0.1:1/taama")
    nowhere = Office(tmp_path / "b", postgres_url.replace("/postgres?", "/nowhere?"))
    for office, remedy in ((down, "systemctl start postgresql"), (nowhere, "createdb")):
        for words in (["run", "--port", "1"], ["report"], ["doctor"]):
            told = office.taama(*words)
            text = told.stdout + told.stderr
            assert told.returncode and remedy in text, text
            assert not any(word in text for word in ("Traceback", "taama migrate", "s3cret"))


@pytest.mark.parametrize("address", ["postgresql://taama:pa/ss@h/taama", "postgresql://taama:pa[ss@h/taama"])
def test_an_address_with_a_bare_sign_in_its_password_is_refused_without_showing_it(tmp_path, address):
    told = Office(tmp_path / "data", address).taama("doctor")
    assert told.returncode == 2 and "%2F" in told.stderr
    assert "Traceback" not in told.stderr and "pa" not in told.stderr.partition("\n")[0].split()
