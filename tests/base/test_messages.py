"""Numbers and texts as a reader of each language writes them."""

import pytest

from taama.base import messages


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (262103, "262\u202f103", "262,103"),
        (-8420, "\u22128\u202f420", "\u22128,420"),
        (4.7, "4,7", "4.7"),
        (0, "0", "0"),
    ],
)
def test_numbers(value, fr, en):
    assert messages.number(value, "fr") == fr
    assert messages.number(value, "en") == en


def test_per_cent_has_its_space_in_french_only():
    assert messages.percent(41, "fr") == "41\u00a0%"
    assert messages.percent(41.26, "en", 1) == "41.3%"


def test_a_message_is_filled_in_with_values_of_the_language():
    text = messages.message(
        "base.parameter_missing", "fr", {"name": "x", "when": __import__("datetime").date(2024, 5, 1)}
    )
    assert "1er mai 2024" in text.cause
    assert "parameters.toml" in text.remedy


def test_an_unknown_code_is_a_fault_that_shows():
    with pytest.raises(KeyError):
        messages.message("no.such_code", "fr")


def test_a_missing_value_stays_visible_instead_of_hiding_the_message():
    assert "{name}" in messages.message("base.parameter_missing", "en", {}).cause


@pytest.mark.parametrize(
    ("typed", "typeset"),
    [
        ("Lisez « cela » : oui ; non ?", "Lisez «\u00a0cela\u00a0»\u00a0: oui\u202f; non\u202f?"),
        ("{share} % des lieux, 41 %.", "{share}\u00a0% des lieux, 41\u00a0%."),
        ("jusqu'à 100 %% du total", "jusqu'à 100\u00a0%% du total"),
        ("à 10:30, http://127.0.0.1:8000/data?bom=1", "à 10:30, http://127.0.0.1:8000/data?bom=1"),
        ("ajoutez ?bom=1 si a != b, %(count)d fois", "ajoutez ?bom=1 si a != b, %(count)d fois"),
    ],
)
def test_french_punctuation_never_begins_a_line(typed, typeset):
    assert messages.typeset_french(typed) == typeset
    assert messages.typeset_french(typeset) == typeset


def test_only_french_messages_are_typeset_and_values_stay_as_given():
    values = {"name": "X", "value": "a : b", "expected": {"fr": "0 ou 1", "en": "0 or 1"}}
    french = messages.message("base.setting_unreadable", "fr", values).cause
    assert french.endswith("vaut «\u00a0a : b\u00a0», qui n'est pas 0 ou 1.")
    assert "\u00a0" not in str(messages.message("base.setting_unreadable", "en", values))
