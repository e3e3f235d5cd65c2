"""Two versions of a form: every difference once, with what it means for the answers."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.base.messages import LANGUAGES, message
from taama.forms.methods.comparing import COMPATIBLE, ENDS, MEANING, compare
from taama.forms.methods.converting import convert
from taama.forms.methods.outline import read_outline
from taama.xlsforms.methods.reading import read_book

SAMPLE = (Path(__file__).parents[1] / "xlsforms" / "samples" / "menage.md").read_text("utf-8")


def outline(text):
    return read_outline(convert(read_book(text.encode(), "menage.md")).compiled.xform)


def differences(*changes):
    after = SAMPLE
    for old, new in changes:
        assert old in after, old
        after = after.replace(old, new)
    found = compare(outline(SAMPLE), outline(after))
    for each in found:
        for language in LANGUAGES:
            assert "{" not in message(each.code, language, each.values).cause
            assert message(f"forms.effect_{each.effect}", language).cause
    return [(each.code.removeprefix("forms.difference_"), each.effect, each.path) for each in found]


def test_equal_forms_do_not_differ():
    assert differences() == []
    assert differences(("2026-01", "2026-02")) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("| | note | merci |", "| | text | nom | Nom du chef | Name of head |\n| | note | merci |", [("added", COMPATIBLE, "nom")]),
        ("| | text | prenom | Prénom | First name | | yes |", "| | note | prenom | Prénom | First name | | |",
         [("type", MEANING, "membre/prenom"), ("logic", COMPATIBLE, "membre/prenom")]),
        ("| | integer | taille |", "| | decimal | taille |", [("type", COMPATIBLE, "taille")]),
        ("Combien de personnes vivent ici ?", "Combien de personnes vivent ici", [("label", COMPATIBLE, "taille")]),
        ("Combien de personnes vivent ici ?", "Combien d'enfants sont nés ici ?", [("label", MEANING, "taille")]),
        ("Sans les visiteurs", "Avec les visiteurs", [("hint", COMPATIBLE, "taille")]),
        ("| | besoin | vivres | Vivres | Food | |", "", [("choice_removed", MEANING, "membre/besoins")]),
        ("| | besoin | eau |", "| | besoin | abri | Abri | Shelter | |\n| | besoin | eau |", [("choice_added", COMPATIBLE, "membre/besoins")]),
        ("| | besoin | eau | Eau |", "| | besoin | eau | Bois de chauffe |", [("choice_label", MEANING, "membre/besoins")]),
        ("| | besoin | eau | Eau |", "| | besoin | eau_potable | Eau |", [("choice_renamed", MEANING, "membre/besoins")]),
        ("${age} < 18 | not", "${age} < 15 | not", [("logic", MEANING, "membre/besoins")]),
        (". <= 60", ". <= 80", [("logic", COMPATIBLE, "taille")]),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_named_with_its_effect(old, new, expected):
    assert differences((old, new)) == expected


def test_a_question_under_another_name_is_recognised_by_its_text():
    found = differences(("| | dateTime | heure |", "| | dateTime | visite |"))
    assert found == [("renamed", ENDS, "visite")]


def test_a_removed_group_is_said_once():
    start, end = SAMPLE.index("| | begin_group | lieu"), SAMPLE.index("| | integer | taille")
    (found,) = differences((SAMPLE[start:end], ""))
    assert found == ("removed", ENDS, "lieu")


def test_a_renamed_group_is_said_once_and_its_questions_not_at_all():
    assert differences(("| | begin_group | lieu |", "| | begin_group | endroit |")) == [
        ("renamed", ENDS, "endroit")
    ]


def test_a_question_that_enters_a_repeat_may_mean_something_else():
    line = next(line for line in SAMPLE.splitlines() if "| dateTime | heure |" in line)
    found = differences(
        (line + "\n", ""), ("| | end_repeat", line.replace("${taille}", "") + "\n| | end_repeat")
    )
    assert found == [("moved", MEANING, "membre/heure")]


def test_another_order_names_only_what_moved():
    lines = {
        name: next(each for each in SAMPLE.splitlines() if f" {name} |" in each)
        for name in ("enfants", "merci")
    }
    found = differences(
        (lines["merci"] + "\n", ""), (lines["enfants"], lines["merci"] + "\n" + lines["enfants"])
    )
    assert found == [("order", COMPATIBLE, "merci")]


PIECES = [
    "| | besoin | eau | Eau | Water | |",
    "| | besoin | vivres | Vivres | Food | |",
    "Sans les visiteurs",
    ". <= 60",
    "En années",
]


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(PIECES)))
def test_a_difference_is_seen_from_both_sides(gone):
    after = SAMPLE
    for piece in gone:
        after = after.replace(piece, ". <= 61" if piece.startswith(".") else "")
    outlines = outline(SAMPLE), outline(after)
    forth, back = compare(*outlines), compare(*reversed(outlines))
    assert len(forth) == len(back) == len(gone)


RENAMED = """
| survey |
| | type | name | label | relevant | required | required_message | choice_filter |
| | integer | {0} | Combien ? | | yes | {1} | |
| | select_one oui | vu | Les ${{{0}}} personnes ? | ${{{0}}} > 2 | | | {2} |
| choices |
| | list_name | name | label | kind |
| | oui | oui | Oui | a |
| settings |
| | form_id | version |
| | f | 1 |
"""


def told(*after):
    both = (outline(RENAMED.format(*texts)) for texts in (("nombre", "Dites combien", "kind='a'"), after))
    return [(one.code.removeprefix("forms.difference_"), one.effect, one.path) for one in compare(*both)]


def test_a_question_that_got_another_name_changes_nothing_where_it_is_only_named():
    assert told("effectif", "Dites combien", "kind='a'") == [("renamed", ENDS, "effectif")]


def test_messages_and_filters_of_choices_are_compared_too():
    assert told("nombre", "Il faut un nombre", "kind='a'") == [("required_message", COMPATIBLE, "nombre")]
    assert told("nombre", "Dites combien", "kind='b'") == [("logic", MEANING, "vu")]
