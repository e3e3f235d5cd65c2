"""The command line speaks one language at a time: the words of its library are French too."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import taama

PACKAGE = Path(taama.__file__).parent
TABLE = PACKAGE / "project" / "locale" / "fr" / "LC_MESSAGES" / "click.po"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
FIELD = re.compile(r"\{\w+(?:!r)?\}|%\(\w+\)s")
ENGLISH = re.compile(r"\b(Show this|Usage:|Options:|Commands:|Error|Try|Missing|default:|required|Invalid)\b")
# Said to who writes a command or works on Windows, never to who uses ours.
NOT_FOR_USERS = {
    "{editor}: Editing failed", "{editor}: Editing failed: {e}", "Windows error: {error}",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}", "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
    "Did you mean to pass '--{name}'?",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Invalid start character for option ({option})",
    "Shell completion is not supported for Bash versions older than 4.4.",
    "Couldn't detect Bash version, shell completion is not supported.", "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
}  # fmt: skip


def said_by_click():
    found = set()
    for path in Path(click.__file__).parent.glob("*.py"):
        with path.open("rb") as file:
            for _line, text, *_ in extract("python", file, KEYWORDS):
                found.add(text if isinstance(text, str) else text[0])
    return found


def french():
    with TABLE.open("rb") as file:
        return {(m.id if isinstance(m.id, str) else m.id[0]): m for m in read_po(file, locale="fr") if m.id}


def taama_says(*words, **shell):
    kept = {k: v for k, v in os.environ.items() if k not in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    done = subprocess.run(
        [sys.executable, "-m", "taama.project.cli", *words], env=kept | shell, capture_output=True, text=True
    )
    return done.returncode, (done.stdout + done.stderr).replace("\u00a0", " ").replace("\u202f", " ")


def test_every_word_of_the_library_has_its_french_and_no_other_is_left_over():
    assert said_by_click() - NOT_FOR_USERS == set(french())


def test_its_french_keeps_the_fields():
    for text, entry in french().items():
        known = set(FIELD.findall(" ".join([entry.id] if isinstance(entry.id, str) else entry.id)))
        told = [entry.string] if isinstance(entry.string, str) else entry.string
        assert all(one.strip() and set(FIELD.findall(one)) <= known for one in told), text


@pytest.mark.parametrize("words", [["report"], ["run"], ["places", "find"], ["places", "begin"], ["places", "import"]])
def test_what_an_option_takes_is_french_too(words):
    french = taama_says("--lang", "fr", *words, "--help")[1]
    assert not re.search(r"\b(TEXT|INTEGER|RANGE|FLOAT|FILE|PATH)\b|%Y", french.partition("Options")[2]), french
    assert re.search(r"TEXTE|ENTIER|AAAA-MM-JJ", french)
    assert not re.search(r"TEXTE|ENTIER|AAAA", taama_says("--lang", "en", *words, "--help")[1])


def test_help_is_french_throughout():
    for words in (["--lang", "fr", "--help"], ["--lang", "fr", "run", "--help"]):
        code, text = taama_says(*words)
        assert code == 0 and "Usage :" in text and "Options :" in text and "Afficher cette aide" in text
        assert not ENGLISH.search(text), text
    assert "Commandes :" in taama_says("--help", LANG="fr_FR.UTF-8")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["publish"], "Erreur : Il manque l'argument 'TITLE'."),
        (["publisch"], "Vouliez-vous dire 'publish' ?"),
        (
            ["report", "--snapshot", "0"],
            "Erreur : Valeur non valable pour '--snapshot' : 0 est hors des limites x>=1.",
        ),
        (["report", "--paper"], "Erreur : L'option '--paper' n'existe pas."),
    ],
)
def test_faults_are_french_with_the_way_out(words, said):
    code, text = taama_says(*words, LANG="fr_FR.UTF-8")
    assert code == 2 and said in text and "--help » affiche l'aide" in text
    assert not ENGLISH.search(text), text


def test_english_stays_english():
    code, text = taama_says("--lang", "en", "publish", LANG="fr_FR.UTF-8")
    assert code == 2 and "Error: Missing argument 'TITLE'." in text and "Erreur" not in text


def test_a_language_that_we_do_not_speak_is_refused_in_the_shells():
    code, text = taama_says("--lang", "de", "--help", LANG="fr_FR.UTF-8")
    assert (code, text) == (
        2,
        "Erreur : Valeur non valable pour --lang : 'de' n'est pas l'une des valeurs 'fr', 'en'.\n",
    )
    assert "not one of" in taama_says("--lang=de", LANG="en_GB.UTF-8")[1]
