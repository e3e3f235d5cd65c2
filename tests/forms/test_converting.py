"""The compiler and the validator: what they take, and where their complaints point."""

import subprocess
import sys
from pathlib import Path

import pytest

from taama.base.messages import LANGUAGES, message
from taama.forms.methods.converting import convert
from taama.forms.methods.outline import read_outline
from taama.forms.tasks import run_validator
from taama.xlsforms.methods.complaints import explain
from taama.xlsforms.methods.reading import read_book
from taama.xlsforms.methods.validating import read_verdict

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).parents[1] / "xlsforms" / "samples" / "menage.md"
SETTINGS = "\n| settings | | |\n| | form_id | version |\n| | f | 1 |\n"


def book(rows, name="f.md"):
    return read_book(("| survey | | | |\n| | type | name | label |\n" + rows + SETTINGS).encode(), name)


def test_the_good_sample_becomes_an_xform_with_both_languages():
    converted = convert(read_book(SAMPLE.read_bytes(), "menage.md"))
    outline = read_outline(converted.compiled.xform)
    assert (outline.form_id, outline.version, outline.languages[0]) == (
        "menage_simule",
        "2026-01",
        "Français (fr)",
    )
    assert "membre/age" in [question.path for question in outline.questions()]
    assert [fault for fault in converted.faults if fault.level == "error"] == []


OR_OTHER = """| survey | | | |
| | type | name | label |
| | select_one l or_other | a | A |
| choices | | | | | |
| | list_name | name | label::Français (fr) | label::English (en) | label::Bamanankan (bm) |
| | l | 1 | Un | One | Kelen |
"""


@pytest.mark.parametrize("text", [SAMPLE.read_text("utf-8"), OR_OTHER], ids=["sample", "or_other"])
def test_bytes_are_the_same_in_every_process(text):
    program = (
        "import hashlib, sys; from taama.forms.methods.converting import compile_form;"
        "print(hashlib.sha256(compile_form(sys.stdin.buffer.read(), 'f.md').xform).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            input=text.encode(),
            capture_output=True,
            cwd=ROOT,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(hashes) == 1


def test_the_names_of_generated_notes_keep_their_row():
    import io

    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.active.title = "survey"
    for row in (("type", "name", "label"), (), ("note", None, "N")):
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert b"generated_note_name_3" in convert(read_book(buffer.getvalue(), "f.xlsx")).compiled.xform


def test_a_group_with_an_attribute_tag_is_compiled():
    text = "| survey | | | | |\n| | type | name | label | instance::tag |\n| | begin_group | g | G | hidden |\n| | text | a | A | |\n| | end_group | | | |"
    assert b'<g tag="hidden">' in convert(read_book((text + SETTINGS).encode(), "f.md")).compiled.xform


@pytest.mark.parametrize(
    ("complaint", "code", "sheet", "row"),
    [
        ("[row : 3] On the 'survey' sheet, the 'name' value 'b' is invalid. Questions, groups, and repeats must be unique", "xlsforms.name_twice", "survey", 4),
        ("Unknown question type 'txt'.", "xlsforms.type_unknown", "survey", 4),
        ("[row : 2] List name not in choices sheet: l", "xlsforms.list_unknown", "survey", 3),
        ("[row : 3] On the 'survey' sheet, the 'label' value is invalid. Reference variables must contain a name from the 'survey' sheet. Could not find the name 'c'.", "xlsforms.reference_unknown", "survey", 4),
        ("The survey element named 'b' has no label or hint.", "xlsforms.label_missing", "survey", 4),
        ("[row : 2] On the 'survey' sheet, the 'parameters' value is invalid. Parameters must be in the form of 'key1=value1 key2=value2.", "forms.parameters_wrong", "survey", 3),
        (
            "The question ${b} is not user-visible so it can't be used as a calculation trigger for question ${a}.",
            "xlsforms.trigger_unknown",
            "survey",
            4,
        ),
        ("To use big-image, you must also specify an image for the survey element named b.", "forms.form_refused", "survey", 4),
        ("Something nobody foresaw", "forms.form_refused", "survey", None),
    ],
)  # fmt: skip
def test_complaints_find_their_row(complaint, code, sheet, row):
    fault = explain(complaint, book("| | text | a | A |\n| | txt | b | B |"))
    assert (fault.code, fault.sheet, fault.row) == (code, sheet, row)
    for language in LANGUAGES:
        assert message(fault.code, language, fault.values).cause


def test_what_only_the_compiler_sees_has_its_row():
    text = "| survey | | | | |\n| | type | name | label | parameters |\n| | range | a | A | start=1 end=5 step=0 |"
    (fault,) = convert(read_book((text + SETTINGS).encode(), "f.md")).faults
    assert (fault.code, fault.row, fault.column) == ("forms.parameters_wrong", 3, "parameters")


def test_warnings_of_the_compiler_are_kept():
    (note,) = convert(book("| | image | a | A |")).faults
    assert (note.code, note.level, note.row) == ("forms.picture_large", "warning", 3)


REFUSED = """XForm is invalid.
Error evaluating field 'b' (/data/b[1]): The problem was located in calculate expression for /data/b
XPath evaluation: cannot handle function 'seleted'
org.javarosa.xpath.XPathUnhandledException: The problem was located in calculate expression for /data/b
\tat org.javarosa.xpath.expr.XPathFuncExpr.eval(XPathFuncExpr.java:1)
\t... 3 more

The following files failed validation:
x.xml

Result: Invalid
"""


def test_the_verdict_of_the_validator_is_told_without_its_noise():
    faults = read_verdict(1, REFUSED, book("| | text | a | A |\n| | text | b | B |"))
    assert "forms.logic_refused" in [fault.code for fault in faults]
    assert any(fault.row == 4 for fault in faults)
    told = " ".join(fault.values["detail"] for fault in faults)
    assert ".java" not in told and "Result" not in told and "/data/" not in told


CIRCLE = """>> XForm is invalid.
org.javarosa.xform.parse.XFormParseException: Cycle detected in form's relevant and calculation logic!
The following nodes are likely involved in the loop:
/data/a
/data/g/b
\tat org.javarosa.xform.parse.XFormParser.parse(XFormParser.java:418)

The following files failed validation:
/tmp/taama-form-x+y/form.xml

Result: Invalid
Validating: /tmp/taama-form-x+y/form.xml
"""


def test_a_circle_is_one_fault_that_names_its_questions():
    (fault,) = read_verdict(1, CIRCLE, book("| | text | a | A |\n| | text | b | B |"))
    assert (fault.code, fault.row, fault.values["detail"]) == ("forms.logic_circle", 3, "${a}, ${b}")


def test_a_valid_form_and_a_silent_failure():
    assert read_verdict(0, "Xform is valid!") == []
    assert [fault.code for fault in read_verdict(1, "")] == ["forms.not_valid"]


def told_by_java(form):
    """What the real validator says, as the worker asks it."""
    steps = run_validator(convert(form).compiled.xform)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return read_verdict(*end.value, form)


@pytest.mark.slow
def test_the_real_validator_takes_the_good_sample_and_refuses_an_unknown_function():
    assert told_by_java(read_book(SAMPLE.read_bytes(), "menage.md")) == []
    text = "| survey | | | | |\n| | type | name | label | calculation |\n| | calculate | a | | seleted(1) |\n| | text | b | B | |"
    bad = read_book((text + SETTINGS).encode(), "f.md")
    assert "forms.logic_refused" in [f.code for f in told_by_java(bad)]
