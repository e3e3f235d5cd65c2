"""`taama import`: the tool is found from the content, and what came of it is told in numbers."""

import pytest
from click.testing import CliRunner

from taama.base.errors import TaamaError
from taama.base.policy import OPERATOR
from taama.collect.actions.receive import receive_file
from taama.collect.actions.removal import withdraw_submission
from taama.collect.models import Submission
from taama.desk.commands import import_files
from taama.project.commands.doctor import submissions_read
from tests.collect import files_tool

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_tools")]


def run(*arguments):
    return CliRunner().invoke(import_files, [str(a) for a in arguments], catch_exceptions=False)


def test_a_file_is_read_by_the_tool_that_knows_it(tmp_path, monkeypatch):
    path = tmp_path / "comptes.counts"
    path.write_text("12\n5000\n")
    told = run(path)
    assert told.exit_code == 0, told.output
    kept = Submission.objects.get()
    assert (kept.tool, kept.origin, bytes(kept.raw), kept.filename) == (
        "files",
        "file",
        b"12\n5000\n",
        "comptes.counts",
    )
    assert kept.state == "derived"
    assert f"       2  {files_tool.COUNT.fr}" in told.output
    assert "À vérifier : 1" in told.output.replace("\xa0", " ")
    assert told.output.splitlines()[-1].replace("\xa0", " ").startswith("  ligne 2 : "), "the doubt is told with its line"


def test_a_file_that_could_not_be_read_says_how_it_is_cleared(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError

    path = tmp_path / "a.counts"
    path.write_text("12\n")
    monkeypatch.setattr("taama.collect.tasks.reading.open_all", fail)
    told = run(path)
    kept = Submission.objects.get()
    assert (kept.state, told.exit_code) == ("failed", 1)
    assert f"taama submission withdraw {kept.instance_id} --reason" in told.output
    assert "taama submission withdraw ID --reason" in submissions_read()[1]
    withdraw_submission(by=OPERATOR, submission=kept, reason="unreadable")
    assert submissions_read()[0]


def test_the_same_file_again_is_the_same_submission(tmp_path):
    path = tmp_path / "a.counts"
    path.write_text("12\n")
    run(path)
    told = run(path).output.replace("\xa0", " ")
    assert Submission.objects.count() == 1
    assert "déjà été importé" in told and "Rien n'est compté deux fois" in told


def test_another_file_of_the_same_name_is_told_with_the_way_to_take_the_former_out(tmp_path):
    path = tmp_path / "a.counts"
    path.write_text("12\n")
    assert "Un autre fichier" not in run(path).output
    former = Submission.objects.get()
    path.write_text("13\n")
    assert f"taama submission withdraw {former.instance_id}" in run(path).output
    withdraw_submission(by=OPERATOR, submission=former, reason="replaced")
    path.write_text("14\n")
    assert former.instance_id not in run(path).output


def test_a_file_is_either_simulated_or_real(tmp_path):
    path = tmp_path / "a.counts"
    path.write_text("12\n")
    run(path)
    with pytest.raises(TaamaError) as caught:
        run(path, "--simulated")
    assert caught.value.code == "collect.file_is_simulated"
    assert not Submission.objects.get().simulated


def test_a_file_that_no_tool_knows_is_an_error_with_the_choice(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"\x00")
    with pytest.raises(TaamaError) as caught:
        run(path)
    assert caught.value.code == "facts.file_not_recognised"
    assert "files" in caught.value.values["known"]


def test_a_withdrawn_file_does_not_come_back_by_itself():
    sent = receive_file(by=OPERATOR, raw=b"1\n", filename="a.counts", tool="files")
    withdraw_submission(by=OPERATOR, submission=sent, reason="wrong month")
    with pytest.raises(TaamaError) as caught:
        receive_file(by=OPERATOR, raw=b"1\n", filename="a.counts", tool="files")
    assert caught.value.code == "collect.file_removed"


@pytest.mark.parametrize(
    ("tool", "code"), [("none", "facts.tool_unknown"), ("toy", "collect.file_of_other_tool")]
)
def test_a_file_belongs_to_one_tool(tool, code):
    receive_file(by=OPERATOR, raw=b"1\n", filename="a.counts", tool="files")
    with pytest.raises(TaamaError) as caught:
        receive_file(by=OPERATOR, raw=b"1\n", filename="a.counts", tool=tool)
    assert caught.value.code == code
