"""Contract tables refuse what they were not promised, and say what and where."""

import polars as pl
import pytest

from taama.base.errors import MethodError
from taama.base.sensitivity import S0, S3
from taama.facts.tables import Column, Table

PEOPLE = Table(
    "test.people",
    ("place", "group"),
    {
        "place": Column("string", S0, "lieu", "place", required=True),
        "group": Column("string", S0, "groupe", "group", choices=("idp", "host")),
        "people": Column("integer", S0, "personnes", "people", unit="people", low=0),
    },
)
ROW = {
    "submission": "s1",
    "tool": "t",
    "tool_version": "1",
    "simulated": False,
    "place": "A",
    "group": "idp",
    "people": 5,
}


def frame(*changes):
    return pl.DataFrame([ROW | change for change in changes])


def test_a_frame_gets_exactly_the_columns_and_types_of_its_table():
    conformed = PEOPLE.conform(frame({"people": "12"}).drop("group"))
    assert conformed.schema == PEOPLE.schema
    assert conformed["people"].to_list() == [12]
    assert conformed["group"].to_list() == [None]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"place": None}, "facts.missing_value", "place"),
        ({"group": "robot"}, "facts.value_outside_choices", "group"),
        ({"people": -1}, "facts.value_too_low", "people"),
        ({"people": "douze"}, "facts.wrong_type", None),
        ({"surprise": 1}, "facts.unknown_column", "surprise"),
    ],
)
def test_a_broken_promise_names_its_column(change, code, column):
    with pytest.raises(MethodError) as broken:
        PEOPLE.conform(frame(change))
    assert broken.value.code == code
    assert column is None or broken.value.where.column == column


def test_the_grain_names_a_row_once_within_its_submission():
    with pytest.raises(MethodError) as broken:
        PEOPLE.conform(frame({}, {"people": 6}))
    assert broken.value.code == "facts.grain_broken"
    assert PEOPLE.conform(frame({}, {"submission": "s2"})).height == 2


def test_confidential_columns_never_enter_the_lake():
    with pytest.raises(ValueError, match="never enter"):
        Column("string", S3, "nom", "name")
