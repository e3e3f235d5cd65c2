"""Dated parameters: the value in force on a day, never a default."""

from datetime import date

import pytest

from taama.base.errors import TaamaError
from taama.base.parameters import read_parameters

TWO = """
[[cut]]
since = 2020-01-01
value = 10
unit = "people"
source = "first rule"

[[cut]]
since = 2024-07-01
value = 5
unit = "people"
source = "second rule"
"""


@pytest.fixture
def parameters(tmp_path):
    path = tmp_path / "parameters.toml"
    path.write_text(TWO)
    return read_parameters(path)


def test_the_rule_in_force_on_the_day_counts(parameters):
    assert parameters.value("cut", date(2024, 6, 30)) == 10
    assert parameters.value("cut", date(2024, 7, 1)) == 5
    assert parameters.at("cut", date(2024, 7, 1)).source == "second rule"


@pytest.mark.parametrize(("name", "when"), [("cut", date(2019, 12, 31)), ("other", date(2024, 1, 1))])
def test_a_missing_date_or_name_raises(parameters, name, when):
    with pytest.raises(TaamaError) as missing:
        parameters.value(name, when)
    assert missing.value.code == "base.parameter_missing"


def test_an_entry_without_source_is_refused(tmp_path):
    path = tmp_path / "p.toml"
    path.write_text('[[a]]\nsince = 2020-01-01\nvalue = 1\nunit = ""\n')
    with pytest.raises(TaamaError) as refused:
        read_parameters(path)
    assert refused.value.values == {"name": "a", "file": "p.toml"}
