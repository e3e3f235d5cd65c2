"""What is made of the published figures of Mali: series with their breaks, regions that moved, no false fall."""

from datetime import date

import pytest

from taama.base.messages import LANGUAGES, message
from taama.base.policy import OPERATOR, WORKER
from taama.mobility.tables import STOCK
from taama.places import queries as places
from taama.places.actions.country import load_country
from taama.series.methods.merging import merged
from taama.series.methods.published import published_figures
from taama.series.queries import figures as asked
from tests.series.test_published_series import MALI, facts, file

PRESENT = "mobility.idp_present"


@pytest.fixture
def made(db):
    """Figures of the national series and of the regional snapshots, as they are published."""
    load_country(by=OPERATOR, folder="mali")
    rows = [*facts(file("national_series.csv")).to_dicts(), *facts(file("regional_snapshots.csv")).to_dicts()]
    return published_figures(
        rows, chain=places.chain(WORKER), breaks=asked._declared_breaks(), links=places.links(WORKER),
        names={area.key: area.name for area in places.areas(WORKER)}, limits=asked._limits(),
    )  # fmt: skip


def present(made, place, period=None):
    found = [m for m in made if m.figure.definition == PRESENT and m.figure.place == place]
    return found if period is None else next(m for m in found if m.figure.period == period)


def test_every_published_figure_stands_as_published_with_its_source(made):
    stock = facts(file("national_series.csv"))
    wanted = {row["date"]: row["people"] for row in stock.filter(stock["group"] == "idp").to_dicts()}
    assert {m.figure.as_of: m.figure.value for m in present(made, MALI)} == wanted
    assert all(m.figure.sources[0] for m in made)
    assert not [m for m in made if m.figure.marks]


def test_mopti_of_2022_and_of_2023_are_never_shown_as_a_fall(made):
    """189,356 before Douentza and Bandiagara were taken out of Mopti, 73,242 after."""
    before, after = present(made, "ML05@2021-12-20", "2022-07-31"), present(made, "mopti@2023", "2023-04-30")
    assert (before.figure.value, after.figure.value) == (189_356, 73_242)
    assert "value" not in after.change and "percent" not in after.change
    for language in LANGUAGES:
        told = message(after.change["reason"], language, after.change["values"]).cause
        assert "Douentza" in told


def test_breaks_of_the_national_series_are_told_in_both_languages(made):
    broken = [m for m in present(made, MALI) if m.extra.get("breaks")]
    assert broken
    for one in broken:
        assert "value" not in one.change, one.figure.period
        for each in one.extra["breaks"]:
            assert each["fr"].strip() and each["en"].strip() and each["fr"] != each["en"]
            assert "{" not in each["fr"] + each["en"]
            date.fromisoformat(each["on"])


def test_every_change_is_of_the_figure_before_and_every_reason_has_its_words(made):
    for one in made:
        change = one.change
        if change and "value" in change and "ground" not in change:
            assert one.figure.value == change["from_value"] + change["value"]
        elif change and "reason" in change:
            for language in LANGUAGES:
                assert "{" not in message(change["reason"], language, change["values"]).cause


# One figure of several publications


def row(people=100, submission="s1", place=MALI, source="A", **more):
    filled = dict.fromkeys(STOCK.columns) | {
        "submission": submission, "place": place, "place_kind": "country", "area": place, "geography": "2021-12-20",
        "date": date(2023, 4, 30), "series": "dtm_mali", "group": "idp", "people": people, "source": source,
        "status": "published", "round": "", "simulated": False, "precision": "day",
    }  # fmt: skip
    return filled | more


CHAIN = {MALI: {"country": MALI, "region": None, "cercle": None}}


def test_publications_that_agree_are_one_figure_with_all_their_sources():
    (found,) = merged([row(), row(source="B", submission="s2")], CHAIN)
    assert found["source"] in ("A ; B", "B ; A")
    assert found["submissions"] == ["s1", "s2"] and found["contradicts"] == []


def test_publications_that_contradict_each_other_both_stand():
    (found,) = merged([row(), row(people=120, source="B", submission="s2")], CHAIN)
    assert (found["people"], found["contradicts"]) == (120, [{"source": "A", "value": 100}])


def test_communes_add_up_to_areas_we_know_and_stand_behind_a_published_total():
    communes = [row(people=n, place=f"ML0501{n}@2021-12-20", place_kind="area", area=MALI, source="C") for n in (30, 50)]
    (summed,) = merged(communes, CHAIN)
    assert (summed["people"], summed["place"]) == (80, MALI)
    (published,) = merged([*communes, row()], CHAIN)
    assert (published["people"], published["contradicts"]) == (100, [{"source": "C", "value": 80}])


def test_the_table_of_one_cercle_is_no_rival_of_a_national_figure():
    above = {"country": "MLI@v", "region": "R1@v"}
    chain = {f"C{n}@v": above | {"cercle": f"C{n}@v"} for n in range(10)} | {"K@v": above | {"cercle": "C1@v"}}
    rows = [commune("K@v", "C1@v", 520), commune("elsewhere@v", "C1@v", 80)]
    found = {row["place"]: row["people"] for row in merged(rows, chain)}
    assert found == {"K@v": 520, "C1@v": 600}, "a commune that the gazetteer knows still counts in its cercle"


def test_lines_that_the_import_added_up_count_among_those_of_a_sum():
    chain = {"C1@v": {"country": "MLI@v", "region": "R1@v", "cercle": "C1@v"}}
    known = {"precision": "day", "round": "", "geography": "v", "status": "published", "simulated": False, "line": 3}
    twice = commune("x@v", "C1@v", 80) | known | {"lines": 2}
    alone = commune("C1@v", "C1@v", 80) | known | {"lines": 1, "date": date(2022, 9, 30)}
    limits = {"household_size_percent": 20, "coverage_points": 10, "change_percent_per_month": 20}
    made = published_figures([twice, alone], chain=chain, breaks=[], links=[], names={}, limits=limits)
    told = {m.figure.as_of: m.extra for m in made if m.figure.place == "C1@v"}
    assert told == {DAY: {"lines": 2}, date(2022, 9, 30): {"line": 3}}


def commune(place, cercle, people):
    return {
        "submission": "s1", "series": "dtm_mali", "group": "idp", "place": place, "area": cercle, "date": DAY,
        "place_kind": "area", "people": people, "households": None, "source": "a table",
    }  # fmt: skip


DAY = date(2021, 9, 30)
