"""Files as grids of text, and cells as numbers and dates: nothing is guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.facts.cells import date_within, month_first, read_count, read_date, read_round
from taama.facts.grid import cell_text, decode, read_grid, separator_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le"])
def test_accents_survive_each_encoding(encoding):
    raw = "Ségou;Ménaka;Diré".encode(encoding)
    raw = b"\xff\xfe" + raw if encoding == "utf-16-le" else raw
    assert decode(raw) == "Ségou;Ménaka;Diré"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_in_spite_of_titles_and_commas(separator):
    lines = ["Situation, au 30 septembre", "", separator.join("abcd"), separator.join(["1", "2,5", "x", "y"])]
    assert separator_of("\n".join([*lines, lines[-1]])) == separator


def test_excel_may_name_its_separator():
    sheet = read_grid(b"sep=;\nRegion;PDI\nGao;1\n", "a.csv")[0]
    assert sheet.lines == [(2, ["Region", "PDI"]), (3, ["Gao", "1"])]


def test_rows_are_numbered_as_a_spreadsheet_does():
    sheet = read_grid(b'a,b\n\n"one\ntwo",3\n', "a.csv")[0]
    assert sheet.lines == [(1, ["a", "b"]), (2, []), (3, ["one\ntwo", "3"])]


@given(st.integers(0, 10**9 - 1), st.sampled_from(["{}", "{:,}", "{}.0", " {} ", "{},00", "{}\u00a0"]))
def test_every_way_to_write_a_number_reads_back(number, form):
    assert read_count(form.format(number)) == (number, None)


@given(st.integers(1000, 10**9 - 1), st.sampled_from([" ", "\u00a0", "\u202f", "'", ".", ","]))
def test_every_mark_of_thousands_reads_back(number, mark):
    assert read_count(f"{number:,}".replace(",", mark)) == (number, None)


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**6).filter(
        lambda x: not x.is_integer()
    )
)
def test_a_fraction_from_a_workbook_is_never_thousands(value):
    assert read_count(cell_text(value))[1] is not None


@pytest.mark.parametrize("text", ["", " ", "-", "–", "n/a", "ND", "#N/A", "…"])
def test_no_value_is_neither_zero_nor_a_fault(text):
    assert read_count(text) == (None, None)


@pytest.mark.parametrize(
    "text", ["néant", "12 pers", "≈120", "1,23,4", "1.2.3", "²", "(12)", "O", "12345678901"]
)
def test_what_is_no_number_is_said(text):
    assert read_count(text) == (None, "not_a_number")


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_every_way_to_write_a_day_reads_back(day):
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day.isoformat()}T00:00:00"):
        assert read_date(text) == (day, "day", False)
    assert read_date(f"{day:%m/%d/%Y}", month_before_day=True) == (day, "day", False)


def test_months_stand_for_their_last_day():
    for text in ("2020-02", "02/2020", "février 2020", "Feb 2020", "févr-20"):
        assert read_date(text) == (date(2020, 2, 29), "month", False)


@pytest.mark.parametrize("text", ["2021-02-30", "hier", "32/01/2020", "123", "99999", "2020", "R72"])
def test_no_day_is_made_up(text):
    assert read_date(text)[0] is None


def test_day_comes_first_unless_the_column_shows_otherwise():
    assert not month_first(["05/04/2020", "06/04/2020"])
    assert month_first(["05/04/2020", "05/14/2020"])


def test_days_within_titles_and_names():
    assert date_within("Rapport n° 12, situation au 1er octobre 2021") == (date(2021, 10, 1), "day")
    assert date_within("Baseline_December_2017.xlsx") == (date(2017, 12, 31), "month")
    assert date_within("Matrice de suivi, 45 cercles") == (None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("72", "72"),
        ("R72", "72"),
        ("Round 72", "72"),
        ("cycle n° 8", "8"),
        ("2026-1", "2026-1"),
        ("Baseline_2019", ""),
        ("", ""),
    ],
)
def test_rounds(text, code):
    assert read_round(text) == code
