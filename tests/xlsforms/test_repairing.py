"""Repairs: nothing asked is lost, twice is once, references follow, and the mended form can be taken away."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taama.forms.methods.converting import convert
from taama.xlsforms.methods.faults import errors, find_faults
from taama.xlsforms.methods.form import Form
from taama.xlsforms.methods.reading import read_book
from taama.xlsforms.methods.repairing import asked, concerns, repair, repair_key
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
    "urgent",
    "Homme – Femme",
    "oui ET non",
]
LABELS = ["A", "", "Âge de ${a}", "Voir ${âge} et ${1x}", "x | y"]
HEADERS = ["label", "lable", "label::Français (fr)", "label::Français"]
RULES = [
    "constraint",
    "constrant",
    "relevant",
    "relevent",
    "calculation",
    "contrainte",
    "label",
    "notes",
    "",
    "hint",
]
ROW = st.tuples(*map(st.sampled_from, (TYPES, WORDS, LABELS, LOGIC, LOGIC)))
CHOICE = st.tuples(
    st.sampled_from(["l", "l", "m", "L", ""]),
    st.sampled_from(["1", "b c", "2", "", "1"]),
    st.sampled_from(LABELS),
)


@st.composite
def books(draw):
    """A form as nobody should write one."""
    columns = ["type", "name", draw(st.sampled_from(HEADERS)), "relevant", draw(st.sampled_from(RULES))]
    order = draw(st.permutations(range(5)))
    lines = ["survey", ",".join(["", *(columns[i] for i in order)])]
    rows = draw(st.lists(ROW, min_size=1, max_size=9))
    lines += ['"","' + '","'.join(row[i] for i in order) + '"' for row in rows]
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


def ruled(book):
    """(row, column) of each cell that holds a rule."""
    form = Form(book)
    found = form.columns("survey", "relevant", "constraint", "calculation")
    return {
        (row.number, header.name)
        for row in form.sheet("survey").rows
        for index, header in found
        if row.cells[index].strip()
    }


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books())
def test_what_is_certain_puts_no_rule_where_its_author_put_none(source):
    book = readable(source)
    if book is not None:
        assert ruled(repair(book).book) <= ruled(book)


SOUND = {
    "text": [
        "${n} > 1",
        "selected(${c}, 'b c') or ${c} = 'a – b'",
        "not(true())",
        ". != '«' and ../n = 1",
        "",
    ],
    "select_one l": ["${n} > 1", "count(${g}) > 0", "instance('l')/root/item[name = ${c}]/label != ''", ""],
    "calculate": ["if(${n} > 1, 'AND', 'x => y')", "concat(${n}, ' == ', ${c})", "once(today())"],
}


@st.composite
def sound_books(draw):
    """A form as it should be written, with values that look like slips."""
    lines = ["survey", ",type,name,label,relevant,calculation,choice_filter"]
    lines += [
        ",integer,n,Combien ?,,,",
        ",begin_repeat,g,Groupe,,,",
        ",select_one l,c,Choix,,,",
        ",end_repeat,,,,,",
    ]
    for number, kind in enumerate(draw(st.lists(st.sampled_from(sorted(SOUND)), max_size=5))):
        rule = draw(st.sampled_from(SOUND[kind]))
        cells = ("", rule) if kind == "calculate" else (rule, "")
        filtered = draw(st.sampled_from(["", "nom = ${n} and name != 'x'"])) if "select" in kind else ""
        label = draw(st.sampled_from(["Élan => but", "A && B", "« oui » ≥ 5"]))
        lines.append(
            '"","' + '","'.join((kind, f"Q_{number}-é.x".replace("é", "e"), label, *cells, filtered)) + '"'
        )
    lines += ["choices", ",list_name,name,label,nom", ",l,b c,B,1", ",l,a – b,A,2"]
    return "\n".join([*lines, "settings", ",form_id,version", ",f,1"]).encode()


@settings(max_examples=100, deadline=None)
@given(sound_books(), st.sampled_from([(), "likely"]))
def test_a_sound_form_is_never_changed(source, chosen):
    book = read_book(source, "f.csv")
    assert errors(find_faults(book)) == [], "the form is sound"
    assert repair(book, chosen).book == book and repair(book, chosen).changes == ()


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


SURVEY = "| survey | | | | |\n| | type | name | label | relevant |\n"


def doubted(cell, column="relevant", more=""):
    """(fault, what its repairs would put) of the words in a cell of logic that no phone finds."""
    text = (
        SURVEY.replace("relevant", column)
        + f"| | text | a | A | |\n| | text | b | B | {cell} |"
        + more
        + SETTINGS
    )
    found = [
        fault for fault in find_faults(read_book(text.encode(), "f.md")) if fault.code == "xlsforms.bare_name"
    ]
    return [(fault.values["value"], [repair.choice for repair in fault.repairs]) for fault in found]


@pytest.mark.parametrize("column", ["relevant", "constraint", "calculation", "required", "repeat_count"])
def test_a_stray_cell_in_a_column_of_logic_is_a_doubt(column):
    assert doubted("urgent", column) == [("urgent", [])]
    assert doubted("Homme/Femme", column) == [("Homme/Femme", [])]


def test_a_question_or_a_value_that_lacks_its_marks_is_a_doubt_with_an_offer():
    assert doubted("a = 1") == [("a", ["${a} = 1"])]
    choices = "\n| | select_one l | c | C | |\n| choices | | | |\n| | list_name | name | label |\n| | l | oui | Oui |"
    assert doubted("selected(${c}, oui)", more=choices) == [("oui", ["selected(${c}, 'oui')"])]
    assert doubted("${a} = 'oui' and . > ../b or count(/data/a) = position(..)") == []


def test_a_group_may_name_what_lies_in_it_and_a_filter_the_columns_of_its_list():
    text = (
        "| survey | | | | | |\n| | type | name | label | relevant | choice_filter |\n| | begin_group | g | G | a = 1 | |\n"
        "| | integer | a | A | | |\n| | select_one l | c | C | | region = ${a} |\n| | end_group | | | | |\n"
        "| choices | | | | |\n| | list_name | name | label | region |\n| | l | 1 | Un | 2 |" + SETTINGS
    )
    assert find_faults(read_book(text.encode(), "f.md")) == []


@pytest.mark.parametrize("cell", ["Homme – Femme", "oui ET non", "Gao && Mopti"])
def test_a_sentence_that_strayed_into_a_rule_never_becomes_one(cell):
    text = SURVEY + f"| | text | a | A | {cell} |" + SETTINGS
    book = read_book(text.encode(), "f.md")
    for chosen in ((), "likely"):
        assert repair(book, chosen).book == book
    (fault,) = errors(find_faults(book))
    assert (fault.row, fault.letter, fault.repairs) == (3, "E", ())


def test_whether_a_section_repeats_is_asked_unless_its_beginning_says_so():
    head = "| survey | | | | |\n| | type | name | label | repeat_count |\n"
    rows = "| | begin_{0} | g | G | {1} |\n| | text | a | A | |\n| | end_{2} | | | |"
    unsure = read_book((head + rows.format("group", "", "repeat") + SETTINGS).encode(), "f.md")
    (fault,) = errors(find_faults(unsure))
    assert repair(unsure).changes == ()
    assert [each.choice for each in fault.repairs] == ["end_group", "begin_repeat"]
    sure = read_book((head + rows.format("repeat", "3", "group") + SETTINGS).encode(), "f.md")
    assert [change.after for change in repair(sure).changes] == ["end_repeat"]


@pytest.mark.parametrize(
    ("name", "renamed"), [("choice", True), ("setings", True), ("identities", False), ("sum", False)]
)
def test_a_sheet_that_declares_something_comes_into_force_only_when_somebody_says_so(name, renamed):
    text = "| survey | | | |\n| | type | name | label |\n| | note | a | A |\n| choices | | | |\n| | list_name | name | label |\n| | x | 1 | Un |"
    book = read_book(text.encode(), "f.md")
    survey, choices = book.sheets
    mended = repair(replace(book, sheets=(survey, replace(choices, name=name))))
    assert any(change.before == name for change in mended.changes) is renamed


def test_a_column_by_which_a_list_is_filtered_keeps_its_name():
    text = (
        "| survey | | | | |\n| | type | name | label | choice_filter |\n| | text | a | A | |\n| | select_one l | b | B | audo = ${a} |\n"
        "| choices | | | | |\n| | list_name | name | label | audo |\n| | l | 1 | Un | x |" + SETTINGS
    )
    assert find_faults(read_book(text.encode(), "f.md")) == []


def test_edits_find_their_column_also_after_another_was_taken_out():
    text = "choices\n,label,label,label,list_name,name\n,A,A,A,l,1\n,B,B,B,l,2\nsurvey\n,type,name,label\n,select_one l,q,Q\n"
    book = read_book(text.encode(), "f.csv")
    choices = replace(book.sheet("choices"), merged=((3, 4, 3, 3),))
    blank = replace(choices.rows[1], cells=("B", "B", "B", "", "2"))
    book = replace(book, sheets=(replace(choices, rows=(choices.rows[0], blank)), book.sheet("survey")))
    mended = repair(replace(book, kind="xlsx"))
    assert [row.cells for row in mended.book.sheet("choices").rows] == [("A", "l", "1"), ("B", "l", "2")]


def test_a_trigger_is_mended_without_touching_another_that_begins_alike():
    text = (
        "| survey | | | | | |\n| | type | name | label | trigger | calculation |\n| | text | age | A | | |\n"
        "| | text | age2 | B | | |\n| | calculate | c | | age, ${age2} | now() |" + SETTINGS
    )
    (change,) = repair(read_book(text.encode(), "f.md")).changes
    assert change.after == "${age}, ${age2}"


def test_the_difference_tells_what_a_repair_concerns():
    text = (
        "| survey | | | | |\n| | type | name | lable | relevant |\n| | Texte | nom du chef | A | |\n| | select_one OUI | b | B | ${nom du chef} => 5 |\n"
        "| choices | | | |\n| | list_name | name | label |\n| | oui | 1 | Un |" + SETTINGS
    )
    told = {
        (change.column, change.after): concerns(change)
        for change in repair(read_book(text.encode(), "f.md")).changes
    }
    assert told == {
        ("lable", "label"): "", ("type", "text"): "", ("name", "nom_du_chef"): "names",
        ("type", "select_one oui"): "lists", ("relevant", "${nom_du_chef} >= 5"): "logic",
    }  # fmt: skip
