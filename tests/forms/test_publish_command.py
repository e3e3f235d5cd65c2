"""`taama form publish`: every fault told in the reader's language, mended where that is certain, or only checked."""

import io
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from taama.forms.methods.converting import compile_form
from taama.forms.models import Form, FormVersion
from taama.project import cli
from tests.forms.conftest import FAULTY, GOOD

BAD = FAULTY.lstrip()
GOOD_1 = GOOD.lstrip().format(form_id="count", version="1")
MENDABLE = """\
| survey   |         |             |             |                |
|          | type    | name        | lable       | relevant       |
|          | entier  | people      | Combien ?   |                |
|          | decimal | nb bœufs    | Troupeaux ? | ${People} => 1 |
| settings |         |             |             |                |
|          | form_id | version     |             |                |
|          | herds   | 1           |             |                |
"""


@pytest.fixture
def says(db, validator, tmp_path, capsys):
    """What the command says of a form: (exit code, what it prints, what stopped it), with plain spaces."""

    def says(source, *options, name="form.md", language="fr"):
        path = tmp_path / name
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
        with pytest.raises(SystemExit) as left:
            cli.main(["--lang", language, "form", "publish", str(path), *options])
        told = capsys.readouterr()
        plain = (text.replace("\u202f", " ").replace("\u00a0", " ") for text in (told.out, told.err))
        return left.value.code or 0, *plain

    return says


def as_xlsx(text):
    book, sheet = openpyxl.Workbook(), None
    for line in text.strip().splitlines():
        name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if name:
            sheet = book.create_sheet(name)
        else:
            sheet.append([cell or None for cell in cells])
    book.remove(book["Sheet"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_csv(text):
    lines = ([cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines())
    return "\n".join(";".join(cells) for cells in lines)


def test_every_fault_is_told_with_its_place_cause_remedy_and_what_would_mend_it(says):
    code, told, stopped = says(BAD)
    assert code == 2 and "Corrigez-les dans votre fichier" in stopped and not Form.objects.exists()
    assert told.startswith("5 erreurs, 1 doute, dont 3 que --repair corrige\n")
    assert (
        "ligne 4, relevant (E) – erreur" in told
        and "${peple} ne désigne aucune question. Corrigez le nom" in told
    )
    assert "proposé sur la page des formulaires : ${peple} > 1 → ${people} > 1" in told
    assert (
        "ligne 3, Type (B) – erreur, --repair le corrige" in told and "réparation : entier → integer" in told
    )


def test_in_english_too(says):
    code, told, stopped = says(BAD, language="en")
    assert code == 2 and "Correct them in your file" in stopped
    assert "row 4, relevant (E) – error" in told and "offered on the page of forms: tel → text" in told
    assert "--repair mends 3 of them" in told and "Sheet survey" in told


@pytest.mark.parametrize(
    ("name", "turned"),
    [("form.md", str.encode), ("form.xlsx", as_xlsx), ("form.xls", as_xlsx), ("form.csv", as_csv)],
)
def test_the_mended_form_is_published_and_the_difference_shown(says, name, turned):
    code, told, _ = says(turned(MENDABLE), "--repair", name=name)
    assert code == 0 and "Publié : herds, version 1" in told
    assert ": nb bœufs → nb_boeufs [noms sous lesquels les réponses sont gardées]" in told
    assert ": ${People} => 1 → ${people} >= 1 [logique]" in told and "lable → label\n" in told
    version = FormVersion.objects.get()
    assert b"/data/nb_boeufs" in bytes(version.xform) and version.source_name == "form.xlsx"


def test_without_being_asked_nothing_is_mended(says):
    code, told, stopped = says(MENDABLE)
    assert code == 2 and "Ajoutez --repair" in stopped
    assert "Ce que les réparations ont changé" not in told and not Form.objects.exists()


@pytest.mark.parametrize(
    ("source", "options", "code", "said"),
    [
        (GOOD_1, (), 0, "Peut être publié : count, version 1"),
        (MENDABLE, (), 0, "--repair corrige toutes les erreurs"),
        (MENDABLE, ("--repair",), 0, "Peut être publié : herds, version 1"),
        (BAD, ("--repair",), 1, "3 erreurs empêchent ce formulaire d'aller sur les téléphones"),
        (BAD, (), 1, "3 erreurs empêchent ce formulaire d'aller sur les téléphones"),
    ],
)
def test_a_dry_run_publishes_nothing_and_tells_by_its_code_whether_it_could(
    says, source, options, code, said
):
    found, told, stopped = says(source, "--dry-run", *options)
    assert (found, stopped) == (code, "") and said in told
    assert not Form.objects.exists() and not FormVersion.objects.exists()


def test_a_dry_run_meets_what_would_stop_it_beyond_the_form(says):
    personal = GOOD_1.replace("| integer            | people ", "| text | telephone").replace(
        "Combien", "Téléphone"
    )
    code, _, stopped = says(personal, "--dry-run")
    assert code == 2 and "telephone" in stopped
    assert says(personal, "--dry-run", "--personal", "no")[0] == 0
    assert says(GOOD_1)[0] == 0
    code, _, stopped = says(GOOD_1.replace("Combien", "À combien"), "--dry-run")
    assert code == 2 and "version" in stopped, "phones have this version with other content"


def test_an_xform_is_judged_line_by_line(says):
    xform = compile_form(GOOD_1.encode(), "f.md").xform
    assert says(xform, "--dry-run", name="f.xml")[0] == 0
    broken = xform.replace(b'nodeset="/data/people"', b'nodeset="/data/people" relevant="(1"')
    code, told, _ = says(broken, "--dry-run", name="f.xml")
    assert code == 1 and "relevant – erreur" in told and "ligne " in told


def test_what_the_validator_refuses_is_not_published_here_either(says, validator):
    validator |= {
        "code": 1,
        "text": "org.javarosa.xpath.XPathException: XPath evaluation: no function /data/people",
    }
    code, told, _ = says(GOOD_1)
    assert code == 2 and "ligne 4 – erreur" in told and not Form.objects.exists()


def test_a_form_that_nobody_can_read_is_told_in_one_sentence(says):
    code, told, stopped = says(b"PK\x03\x04 broken", "--dry-run", name="f.xlsx")
    assert (code, told) == (2, "") and "ne peut pas être ouvert" in stopped


def test_nothing_in_a_form_steers_the_terminal(says):
    told = says(BAD.replace("numeric", "num\x1b[2Jeric").replace("people", "peo\u202eple"), "--dry-run")[1]
    assert "\x1b" not in told and "\u202e" not in told and "num[2Jeric" in told


@pytest.mark.parametrize(("language", "said"), [("fr", "Feuille survey"), ("en", "Sheet survey")])
def test_the_command_itself_where_nobody_can_answer_and_nothing_can_be_written(tmp_path, language, said):
    """As a job of the night calls it: no keyboard, a folder that is read only, no Java."""
    folder = tmp_path / "brought"
    folder.mkdir()
    (folder / "form.md").write_text(BAD)
    (folder / "form.md").chmod(0o444)
    folder.chmod(0o555)
    environment = os.environ | {
        "TAAMA_DATA_DIR": str(tmp_path / "office"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/taama.sqlite3",
        "PATH": "/nowhere",
    }
    command = [sys.executable, "-m", "taama.project.cli", "--lang", language]
    for words in (["migrate"], ["form", "publish", "--dry-run", "--repair", "form.md"]):
        done = subprocess.run(
            [*command, *words], cwd=folder, env=environment | {"PYTHONPATH": str(Path(cli.__file__).parents[2])},
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 1 and said in done.stdout and done.stderr == ""
    assert [path.name for path in folder.iterdir()] == ["form.md"]
