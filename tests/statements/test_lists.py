"""Claims and known figures given as lists."""

import pytest

from taama.base.errors import MethodError
from taama.claims.methods import read_claims
from taama.statements.methods import CONSISTENT, INCONSISTENT, check_statements, read_known

LIST = """
[[claim]]
kind = "sum"
total = "nearly 262,103"
parts = ["92,833", 169270]
language = "en"
label = "flows"

[[claim]]
kind = "average"
total = 262103
average = 344
first = "2016-06"
last = "2020-03-18"

[[claim]]
kind = "change"
before = "412 287"
after = "375 539"
direction = "down"
stated = "9 %"

[[claim]]
kind = "change"
before = "51 %"
after = "54 %"
direction = "up"
stated = "3 points de pourcentage"

[[claim]]
kind = "share"
share = "40 %"
whole = 19

[[claim]]
kind = "list"
announced = "quatre"
names = ["Kayes", "Mopti", "Gao"]

[[claim]]
kind = "repeat"
figures = ["239 484", "239 844"]

[[claim]]
kind = "ratio"
numerator = 375539
denominator = 78401
stated = 4.79

[[claim]]
kind = "part"
whole = 203
parts = [41, 23]

[[claim]]
kind = "pairs"
left = ["Mopti", "Gao"]
right = ["Ségou"]

[[claim]]
kind = "dated"
value = 347
unit = "people_per_day"
period = "2020-04"
change = 7
direction = "down"
reference = "2020-03"
"""


def test_a_list_of_every_kind():
    verdicts = check_statements(read_claims(LIST, "claims.toml"))
    expected = [CONSISTENT, INCONSISTENT, CONSISTENT, CONSISTENT] + [INCONSISTENT] * 3
    assert [v.status for v in verdicts[:7]] == expected
    assert [v.status for v in verdicts[7:]] == [CONSISTENT, CONSISTENT, INCONSISTENT, "unchecked"]
    assert [v.claim.row for v in verdicts] == list(range(1, 12))
    assert verdicts[0].claim.label == "flows"
    assert round(verdicts[1].values["recomputed"]) == 189  # 1,387 days


HEADER = "series,unit,period,value,change_percent,keywords,source\n"


def test_known_figures():
    known = read_known(
        "\ufeff" + HEADER + 'FMP,people_per_day,2020-05,207,"+32",FMP|points de suivi,board 52\n', "k.csv"
    )
    assert (known[0].value, known[0].change, known[0].keywords) == (207, 32, ("FMP", "points de suivi"))


@pytest.mark.parametrize(
    ("text", "code", "row", "column"),
    [
        ("series,value\nx,1\n", "statements.known_columns_missing", 1, ""),
        (HEADER + "a,people,2020-05,,,,\n", "statements.known_without_figure", 2, "value"),
        (HEADER + "a,people,2020-05,1,,,\na,people,May,1,,,\n", "base.period_unreadable", 3, "period"),
        (HEADER + "a,people,2020-05,12 or so,,,\n", "claims.number_unreadable", 2, "value"),
        (HEADER + "a,people\n", "statements.known_without_figure", 2, "value"),
    ],
)  # fmt: skip
def test_faulty_known_figures_name_row_and_column(text, code, row, column):
    with pytest.raises(MethodError) as caught:
        read_known(text, "k.csv")
    error = caught.value
    assert (error.code, error.where.file, error.where.row, error.where.column) == (code, "k.csv", row, column)


def test_a_listed_product_is_recomputed():
    entry = '[[claim]]\nkind = "product"\nmany = 1250\neach = 6\nproduct = {}\n'
    found = [check_statements(read_claims(entry.format(n)))[0].status for n in (7500, 9500)]
    assert found == [CONSISTENT, INCONSISTENT]
