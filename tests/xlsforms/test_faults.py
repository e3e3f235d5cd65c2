"""Every fault of a form is found, at the place where its author looks for it, in both languages, with its repair."""

import re
from collections import Counter
from pathlib import Path

import pytest

from taama.base.messages import LANGUAGES, message
from taama.xlsforms.methods.faults import errors, find_faults
from taama.xlsforms.methods.reading import read_book
from taama.xlsforms.methods.repairing import repair

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.md"))
EVERYWHERE = {"xlsforms.column_ignored", "xlsforms.spaces_around"}


def sample(name):
    return read_book((SAMPLES / f"{name}.md").read_bytes(), f"{name}.md")


def expected(book):
    """What the column `attendu` of a sample announces: {(row, code)}."""
    found = Counter()
    for sheet in book.sheets:
        index = sheet.index("attendu")
        for row in sheet.rows if index is not None else ():
            found.update((row.number, f"xlsforms.{code}") for code in row.cells[index].split())
    return found


def announced(name):
    """What the line `En tête` of a sample announces beyond its rows."""
    text = (SAMPLES / f"{name}.md").read_text("utf-8")
    match = re.search(r"^En tête : (.*)$", text, re.M)
    return Counter(f"xlsforms.{code}" for code in match[1].split()) if match else Counter()


@pytest.mark.parametrize("name", NAMES)
def test_each_fault_is_found_in_its_row_and_no_other(name):
    book = sample(name)
    found = [fault for fault in find_faults(book) if fault.code not in EVERYWHERE]
    wanted = expected(book)
    rows = Counter((fault.row, fault.code) for fault in found)
    assert wanted - rows == Counter()
    assert Counter(code for _, code in (rows - wanted).elements()) == announced(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_fault_says_what_and_what_to_do_in_both_languages(name):
    for fault in find_faults(sample(name)):
        for language in LANGUAGES:
            said = message(fault.code, language, fault.values)
            assert said.cause and said.remedy
            assert not re.search(r"(?<![$'])\{\w+\}", f"{said.cause} {said.remedy}"), (fault, said)
        assert fault.sheet or not fault.row


def test_a_good_form_has_no_faults():
    assert find_faults(sample("menage")) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "menage"])
def test_certain_repairs_mend_what_they_promise(name):
    book = sample(name)
    certain = [f for f in find_faults(book) if any(each.certain for each in f.repairs)]
    left = {(fault.code, fault.row) for fault in repair(book).faults}
    assert certain
    assert not {(fault.code, fault.row) for fault in certain} & left


def only(text, code):
    return [fault for fault in find_faults(read_book(text.encode(), "f.md")) if fault.code == code]


SURVEY = "| survey | | | |\n| | type | name | label |\n"
SETTINGS = "\n| settings | | |\n| | form_id | version |\n| | f | 1 |\n"


def test_faults_carry_column_and_letter():
    (fault,) = only(SURVEY + "| | text | a | ${b} |" + SETTINGS, "xlsforms.reference_unknown")
    assert (fault.sheet, fault.row, fault.column, fault.letter) == ("survey", 3, "label", "D")


def test_a_filtered_list_may_repeat_its_names_once_that_is_allowed():
    text = (
        "| survey | | | | |\n| | type | name | label | choice_filter |\n| | text | r | R | |\n"
        "| | select_one v | v | V | region=${r} |\n| choices | | | | |\n| | list_name | name | label | region |\n"
        "| | v | 1 | Un | a |\n| | v | 1 | Autre | b |" + SETTINGS
    )
    (fault,) = only(text, "xlsforms.choice_twice")
    assert fault.repair.certain
    mended = repair(read_book(text.encode(), "f.md"))
    assert mended.faults == ()
    assert ("settings", "yes") in {(change.sheet, change.after) for change in mended.changes}


def test_two_meanings_under_one_name_are_never_settled_for_the_author():
    text = (
        SURVEY
        + "| | select_one v | v | V |\n| choices | | | |\n| | list_name | name | label |\n| | v | 1 | Un |\n| | v | 1 | Deux |"
        + SETTINGS
    )
    (fault,) = only(text, "xlsforms.choice_twice")
    assert not fault.repair.certain
    assert errors(repair(read_book(text.encode(), "f.md")).faults)


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("lable", "label"), ("Lable::Français (fr)", "label::Français (fr)"), ("constrant message", "constraint_message"),
        ("obligatoire", "required"), ("Libellé", "label"), ("calculations", "calculation"), ("label_french", "label::french"),
        ("repeat_cout", "repeat_count"),
    ],
)  # fmt: skip
def test_misspelt_columns_are_recognised(header, meant):
    first = "" if header.lower().startswith("l") else "label |"
    text = f"| survey | | | |\n| | type | name | {first} {header} |\n| | text | a | A | | |" + SETTINGS
    (fault,) = only(text, "xlsforms.column_misspelt")
    assert (fault.column, fault.values["meant"]) == (header, meant)


def test_a_rule_in_a_misspelt_column_comes_into_force_only_when_somebody_says_so():
    text = (
        "| survey | | | | |\n| | type | name | label | relevent |\n| | text | a | A | ${a} = 1 |" + SETTINGS
    )
    (fault,) = only(text, "xlsforms.column_misspelt")
    assert not fault.repair.certain
    assert repair(read_book(text.encode(), "f.md")).changes == ()


@pytest.mark.parametrize("header", ["remarques", "$given_name", "hxl", "notes KoBo", "instance::db-doc", "bind::odk:length", "media::image::Français (fr)"])  # fmt: skip
def test_columns_of_the_author_and_of_others_are_left_alone(header):
    text = (
        f"| survey | | | | |\n| | type | name | label::Français (fr) | {header} |\n| | text | a | A | x |"
        + SETTINGS
    )
    assert only(text, "xlsforms.column_misspelt") == []
    assert [
        change for change in repair(read_book(text.encode(), "f.md")).changes if change.column == header
    ] == []


def test_a_reference_in_the_notes_of_the_author_does_no_harm():
    text = f"| survey | | | | |\n| | type | name | label | remarques |\n| | text | a | A | voir ${{rien}} et ${{coup |{SETTINGS}"
    assert errors(find_faults(read_book(text.encode(), "f.md"))) == []
