"""Published figures gathered by hand: each with its source, its precision, its contradictions."""

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import taama
from taama.base.errors import TaamaError
from taama.mobility.tables import STOCK
from taama.series.tables import PUBLISHED_FLOW
from taama.series.tools.published_series.tool import recognises, tool
from tests.series.published import KNOWN, as_csv, as_workbook, conformed, opened, said, the

DATA = Path(taama.__file__).parent / "series" / "data" / "mali"
STOCK_HEADER = ["as_of", "round", "place", "group", "people", "households", "source", "note"]
FLOW_HEADER = ["month", "incoming", "outgoing", "people", "people_per_day", "source"]
MALI = "MLI@2021-12-20"


def sent(*lines, header=STOCK_HEADER):
    return opened(as_csv([header, *lines]), its=tool)


def line(day="2021-09-30", place=MALI, group="idp", people=1000, households="", source="Bulletin 1", note=""):
    return [day, "", place, group, people, households, source, note]


def facts(sent, table=STOCK):
    return conformed(sent, table, its=tool)


def file(name):
    return opened((DATA / name).read_bytes(), name, its=tool)


# The figures of Mali


def test_the_national_series_of_45_figures():
    stock = facts(file("national_series.csv"))
    idp = stock.filter(pl.col("group") == "idp").sort("date")
    assert idp.height == 45
    assert idp["place"].unique().to_list() == [MALI]
    assert (idp["date"].min(), idp["date"].max()) == (date(2013, 11, 30), date(2024, 9, 30))
    known = dict(zip(idp["date"], idp["people"], strict=True))
    assert known[date(2019, 12, 31)] == 207_751
    assert known[date(2021, 9, 30)] == 401_736
    assert known[date(2024, 9, 30)] == 378_363
    assert idp["people"].sum() == 9_487_065
    assert set(stock["group"]) == {"idp", "returned_idp", "repatriate", "refugee_abroad"}
    assert stock["source"].null_count() == 0
    assert (stock["source"].str.len_chars() < 120).all()


def test_a_month_is_not_made_a_day():
    idp = facts(file("national_series.csv")).filter(pl.col("group") == "idp").sort("date")
    months = idp.filter(pl.col("precision") == "month")["date"].to_list()
    assert [d.isoformat()[:7] for d in months] == ["2013-11", "2015-11", "2016-01", "2022-08", "2022-12"]


def test_the_series_shows_where_it_breaks():
    found = {
        (each["code"], each["values"]["since"])
        for each in said(file("national_series.csv"), tool)
        if "since" in each["values"]
    }
    assert ("series.break_household_size", "2023-04-30") in found
    assert ("series.break_implausible", "2019-01-31") in found


def test_regional_snapshots_name_the_geography_in_which_they_were_counted():
    stock = facts(file("regional_snapshots.csv"))
    versions = dict(stock.group_by("date").agg(pl.col("geography").unique().first()).sort("date").rows())
    assert versions == {
        date(2013, 11, 30): "2015-04-08", date(2021, 9, 30): "2021-12-20", date(2022, 7, 31): "2021-12-20",
        date(2023, 4, 30): "2023", date(2023, 9, 30): "2023",
    }  # fmt: skip
    assert set(stock["place"]) <= set(KNOWN["places.areas"]["key"])
    people = {
        (row["place"], row["date"].year): row["people"]
        for row in stock.filter(pl.col("date") < date(2023, 9, 1)).to_dicts()
    }
    assert people["ML05@2021-12-20", 2022] == 189_356
    assert people["mopti@2023", 2023] == 73_242
    assert people["bandiagara@2023", 2023] == 82_005


def test_regions_add_up_to_the_national_figure_where_all_were_counted():
    national = facts(file("national_series.csv")).filter(pl.col("group") == "idp")
    regions = (
        facts(file("regional_snapshots.csv"))
        .group_by("date")
        .agg(pl.col("people").sum().alias("regions"), pl.len())
    )
    both = regions.join(national, on="date").sort("date")
    complete = both.filter(pl.col("len") >= 9)
    assert complete["regions"].to_list() == complete["people"].to_list() == [283_726, 401_736]
    assert (both["regions"] <= both["people"]).all()


def test_flows_keep_what_the_publication_claims():
    flow = facts(file("flow_series.csv"), PUBLISHED_FLOW).sort("month")
    assert flow.height == 7
    march = flow.filter(pl.col("month") == date(2022, 3, 1)).to_dicts()[0]
    assert (march["incoming"], march["outgoing"], march["people"], march["people_per_day"]) == (
        24_325,
        18_532,
        42_857,
        1382,
    )
    assert march["change_percent_claimed"] == 10
    assert not [each for each in said(file("flow_series.csv"), tool) if each["level"] == "error"]


def test_declared_breaks_are_complete_in_both_languages():
    with (DATA / "breaks.csv").open(encoding="utf-8") as lines:
        breaks = list(csv.DictReader(lines))
    keys = set(KNOWN["places.areas"]["key"])
    for each in breaks:
        assert date.fromisoformat(each["since"])
        assert each["kind"] in ("method", "coverage", "boundary", "definition")
        assert each["topic"] in ("stock", "flow")
        assert each["place"] in keys
        assert all(each[name] for name in ("code", "fr", "en", "source"))
    assert {each["kind"] for each in breaks} >= {"method", "coverage", "boundary"}


# The tool


def test_two_sources_of_one_value_are_one_figure_with_both():
    stock = facts(sent(line(), line(source="Journal 2")))
    assert stock.select("people", "source").rows() == [(1000, "Bulletin 1 ; Journal 2")]


def test_two_values_for_one_day_are_held_back_both():
    made = sent(line(), line(people=1001, source="Journal 2"), line(day="2021-10-31"))
    assert [each["row"] for each in said(made, tool) if each["code"] == "series.contradicts"] == [
        2,
        3,
    ]
    assert facts(made)["date"].to_list() == [date(2021, 10, 31)]


def test_two_values_at_two_places_do_not_contradict():
    assert facts(sent(line(), line(place="mopti@2023", people=5))).height == 2


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"place": "ML05"}, "series.place_unknown", "place"),
        ({"people": "environ 1000"}, "series.cell_unreadable", "people"),
        ({"people": "-3"}, "series.cell_unreadable", "people"),
        ({"day": "été 2021"}, "series.cell_unreadable", "as_of"),
        ({"group": "déplacés"}, "series.cell_unreadable", "group"),
        ({"source": ""}, "series.cell_unreadable", "source"),
    ],
)
def test_a_faulty_line_is_held_back_alone(changed, code, field):
    made = sent(line(**changed), line(day="2021-12-31"))
    found = the(code, made, tool)
    assert (found["row"], found["level"], found["field"]) == (2, "error", field)
    assert facts(made)["date"].to_list() == [date(2021, 12, 31)]
    assert made.main.height == 2


def test_persons_per_household_that_jump_are_shown_with_the_last_ones_known():
    made = sent(
        line("2021-01-31", people=500, households=100),
        line("2021-06-30"),
        line("2021-12-31", people=300, households=100),
    )
    found = the("series.break_household_size", made, tool)
    assert (found["row"], found["values"]) == (4, {"earlier": 5.0, "later": 3.0, "since": "2021-01-31"})


@pytest.mark.parametrize(
    ("incoming", "outgoing", "people", "average", "code"),
    [
        (240, 190, 430, "13.9", None),
        (240, 190, 431, "", "series.flow_sum"),
        (240, 190, 430, "20", "series.flow_average"),
        ("", "", 42857, "1382", None),
        (1, "", 5, "", None),
    ],
)
def test_flows_add_up(incoming, outgoing, people, average, code):
    made = sent(["2022-03", incoming, outgoing, people, average, "Bulletin"], header=FLOW_HEADER)
    assert {each["code"] for each in said(made, tool)} == ({code} if code else set())
    assert facts(made, PUBLISHED_FLOW).height == 1


def test_months_are_written_in_words_and_as_excel_shows_them():
    made = sent(["mars 2022", 1, 1, 2, "", "a"], ["04/2022", 1, 1, 2, "", "b"], header=FLOW_HEADER)
    assert facts(made, PUBLISHED_FLOW)["month"].to_list() == [date(2022, 3, 1), date(2022, 4, 1)]


def test_a_workbook_is_read_like_a_csv():
    rows = [STOCK_HEADER, line()]
    made = opened(as_workbook(rows), "figures.xlsx", its=tool)
    assert facts(made).equals(facts(sent(line())))


def test_a_file_without_the_columns_is_refused_with_their_names():
    with pytest.raises(TaamaError) as raised:
        opened(as_csv([["Région", "PDI individus"], ["Mopti", 5]]), its=tool)
    assert raised.value.code == "series.columns_missing"
    assert "as_of" in raised.value.values["stock"]


def test_recognises_its_own():
    assert recognises((DATA / "national_series.csv").read_bytes(), "national_series.csv") == 1
    assert recognises((DATA / "flow_series.csv").read_bytes(), "flow_series.csv") == 1
    assert recognises((DATA / "breaks.csv").read_bytes(), "breaks.csv") == 0
