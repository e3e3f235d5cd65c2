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
