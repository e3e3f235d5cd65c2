"""Repairs: nothing asked is lost, twice is once, references follow, and the mended form can be taken away."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taama.forms.methods.converting import convert
from taama.xlsforms.methods.faults import errors, find_faults
from taama.xlsforms.methods.reading import read_book
from taama.xlsforms.methods.repairing import asked, repair, repair_key
from taama.xlsforms.methods.writing import write_markdown, write_xlsx

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.md"))
SETTINGS = "\n| settings | | |\n| | form_id | version |\n| | f | 1 |\n"

WORDS = ["a", "b", "âge", "nom du chef", "1x", "meta", "a", "", "A", " a ", "db:person", "data", "oui"]
TYPES = [
    "text", "Integer", "texte", "select_one l", "select_multiple l", "select one m", "begin_group", "begin_repeat", "end_group",
    "end_repeat", "END GROUP", "note", "calculate", "numeric", "n'importe", "", "audit", "select_one_from_file v", "rank l",
]  # fmt: skip
LOGIC = [
    "",
    "${a} > 1",
    "${A} => 1",
    "${nom du chef} = ‘x’",
    "${rien} && ${a}",
    "(${a}",
    "../meta/a = 1",
    "selected(${a}, 'b c')",
]
LABELS = ["A", "", "Âge de ${a}", "Voir ${âge} et ${1x}", "x | y"]
HEADERS = ["label", "lable", "label::Français (fr)", "label::Français"]
ROW = st.tuples(*map(st.sampled_from, (TYPES, WORDS, LABELS, LOGIC, LOGIC)))
CHOICE = st.tuples(
    st.sampled_from(["l", "l", "m", "L", ""]),
    st.sampled_from(["1", "b c", "2", "", "1"]),
    st.sampled_from(LABELS),
)


@st.composite
def books(draw):
    """A form as nobody should write one."""
    header = draw(st.sampled_from(HEADERS))
    lines = [
        "survey",
        f",type,name,{header},relevant,{draw(st.sampled_from(['constraint', 'constrant', 'relevant']))}",
    ]
    lines += ['"","' + '","'.join(row) + '"' for row in draw(st.lists(ROW, min_size=1, max_size=9))]
    lines += ["choices", ",list_name,name,label"]
    lines += ['"","' + '","'.join(row) + '"' for row in draw(st.lists(CHOICE, max_size=5))]
    if draw(st.booleans()):
        lines += ["settings", ",form_id,version,default_language", ",f,1,francais"]
    return "\n".join(lines).encode()


def readable(source):
    from taama.base.errors import MethodError

    try:
        return read_book(source, "f.csv")
    except MethodError:
        return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books(), st.sampled_from([(), "likely"]))
def test_repairing_drops_no_question_and_twice_is_once(source, chosen):
    book = readable(source)
    if book is None:
        return
    once = repair(book, chosen)
    assert asked(once.book) >= asked(book)
    again = repair(once.book)
    assert (again.book, again.changes) == (once.book, ())
    assert [fault for fault in once.faults if any(each.certain for each in fault.repairs)] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books())
def test_a_form_without_faults_of_ours_is_taken_by_the_compiler(source):
    book = readable(source)
    if book is None:
        return
    mended = repair(book, "likely")
    converted = convert(mended.book)
    assert converted.compiled or converted.faults
    if not errors(mended.faults):
        assert converted.compiled, converted.faults
        assert convert(mended.book).compiled == converted.compiled


@pytest.mark.parametrize("name", NAMES)
def test_a_mended_form_survives_being_written_and_read(name):
    mended = repair(read_book((SAMPLES / f"{name}.md").read_bytes(), f"{name}.md"), "likely")
    sheets = [(sheet.name, sheet.headers, [row.cells for row in sheet.rows]) for sheet in mended.book.sheets]
    for again in (
        read_book(write_xlsx(mended.book, mended.changes), "f.xlsx"),
        read_book(write_markdown(mended.book).encode(), "f.md"),
    ):
        assert [(s.name, s.headers, [row.cells for row in s.rows]) for s in again.sheets] == sheets
        assert repair(again).changes == ()
    assert write_xlsx(mended.book) == write_xlsx(mended.book)


def test_a_new_name_goes_wherever_the_old_one_was_referred_to():
    text = (
        "| survey | | | | | |\n| | type | name | label | relevant | calculation |\n"
        "| | text | nom du chef | Nom | | |\n"
        "| | begin_group | meta | Infos de ${nom du chef} | ${nom du chef} != '' | |\n"
        "| | calculate | total | | | count(../../meta/total) + count(${last-saved#nom du chef}) |\n"
        "| | end_group | | | | |\n| settings | | | |\n| | form_id | version | instance_name |\n| | f | 1 | ${nom du chef} |\n"
    )
    mended = repair(read_book(text.encode(), "f.md"))
    written = write_markdown(mended.book)
    assert "nom du chef" not in written and "meta/" not in written
    assert "${last-saved#nom_du_chef}" in written and "../../metadata/total" in written
    assert errors(mended.faults) == [] and convert(mended.book).compiled
    change = next(each for each in mended.changes if each.column == "instance_name")
    assert (change.sheet, change.row, change.before, change.after, change.why) == (
        "settings", 9, "${nom du chef}", "${nom_du_chef}", "xlsforms.name_malformed",
    )  # fmt: skip


def test_what_is_offered_is_done_only_when_chosen():
    text = "| survey | | | |\n| | type | name | label |\n| | numeric | a | A |" + SETTINGS
    book = read_book(text.encode(), "f.md")
    assert repair(book).changes == ()
    (fault,) = errors(find_faults(book))
    whole = next(each for each in fault.repairs if each.choice == "integer")
    assert [change.after for change in repair(book, {repair_key(fault, whole)}).changes] == ["integer"]
    assert [change.after for change in repair(book, "likely").changes] == ["decimal"]


def test_a_bar_too_many_is_joined_where_only_one_text_can_hold_it():
    text = (
        "| survey | | | | |\n| | type | name | label | required |\n| | text | a | Oui | non ? | yes |"
        + SETTINGS
    )
    book = read_book(text.encode(), "f.md")
    mended = repair(book, "likely")
    assert mended.book.sheet("survey").rows[0].cells == ("text", "a", "Oui | non ?", "yes")
    assert mended.faults == ()


def test_a_choice_with_a_space_takes_its_conditions_along():
    mended = repair(read_book((SAMPLES / "listes.md").read_bytes(), "listes.md"), "likely")
    written = write_markdown(mended.book)
    assert "selected(${d}, 'eau_potable')" in written and "| eau_potable |" in written


def test_workbooks_hold_no_formulas():
    text = "| survey | | | |\n| | type | name | label |\n| | note | a | =1+1 |" + SETTINGS
    written = write_xlsx(read_book(text.encode(), "f.md"))
    assert read_book(written, "f.xlsx").sheet("survey").rows[0].cells[2] == "=1+1"
