"""Methods against slow, plain versions of themselves, on every engine."""

import math
from collections import defaultdict
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taama.base.errors import MethodError
from taama.mobility.methods import (
    coverage,
    credibility_grade,
    daily_average,
    data_age,
    flow_change,
    grade_mix,
    latest_stock,
    like_for_like_change,
    observed_days,
    point_change,
    relative_change,
    shares,
    stock_totals,
)
from tests.mobility.frames import ENGINES, PLACES, place_rows, rows, run

few = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
on_every_engine = pytest.mark.parametrize("engine", ENGINES)
RULE = {"informants_middle": 2, "informants_enough": 3, "agreements_for_better": 2}


def grouped(stock, by):
    """Plain groups: value of `by` → rows that have people."""
    groups = defaultdict(list)
    for row in stock.to_dicts():
        if row["people"] is not None:
            groups[tuple(row[name] for name in by)].append(row)
    return groups if groups or by else {(): []}


def plain_total(found):
    people = sum(r["people"] for r in found)
    below = math.sqrt(sum((r["people"] - (r["people"] if r["low"] is None else r["low"])) ** 2 for r in found))
    above = math.sqrt(sum(((r["people"] if r["high"] is None else r["high"]) - r["people"]) ** 2 for r in found))
    return (
        people, sum(r["households"] or 0 for r in found), people - below, people + above,
        sum(r["people"] if r["low"] is None else r["low"] for r in found),
        sum(r["people"] if r["high"] is None else r["high"] for r in found),
        len(found), sum(r["people"] for r in found if r["low"] is not None),
        sum(r["people"] for r in found if r["households"] is not None),
        sum(r["people"] for r in found if r["status"] == "carried"),
    )  # fmt: skip


@on_every_engine
@pytest.mark.parametrize("by", [[], ["area"]])
@few
@given(stock=place_rows())
def test_totals_are_what_adding_by_hand_gives(engine, by, stock):
    expected = [key + plain_total(found) for key, found in grouped(stock, by).items()]
    answer = run(stock_totals, engine, stock, by=by)
    assert rows(answer) == rows(pl.DataFrame(expected, schema=answer.columns, orient="row"))


@few
@given(stock=place_rows(), data=st.data())
def test_totals_of_areas_add_up_and_order_does_not_matter(stock, data):
    shuffled = stock[data.draw(st.permutations(range(stock.height)))] if stock.height else stock
    whole, parts = stock_totals(shuffled), stock_totals(stock, by=["area"])
    assert rows(whole) == rows(stock_totals(stock))
    for name in ("people", "households", "lowest", "highest", "places"):
        assert parts[name].sum() == whole[name].item()
    total = whole.row(0, named=True)
    assert total["lowest"] <= total["low"] + 1e-6 <= total["people"] + 1e-6
    assert total["people"] <= total["high"] + 1e-6 <= total["highest"] + 2e-6


def one_stock(**changes):
    row = {
        "submission": "s", "place": "P1", "place_kind": "locality", "area": "A", "geography": "2021-12-20",
        "date": date(2021, 9, 30), "round": "72", "series": "dtm_mali", "group": "idp", "households": 2, "people": 9,
        "low": None, "high": None, "grade": "A", "status": "assessed", "assessed_on": date(2021, 9, 1),
    }  # fmt: skip
    return pl.DataFrame([row, row | {"place": "P2"} | changes], infer_schema_length=None)


@on_every_engine
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"people": -1}, "mobility.stock_unsound"),
        ({"low": 10, "high": 12}, "mobility.stock_unsound"),
        ({"place": "P1"}, "mobility.place_twice_in_total"),
        ({"place_kind": "area"}, "mobility.levels_mixed"),
        ({"series": "simulated"}, "mobility.series_mixed"),
        ({"geography": "2015-04-08"}, "mobility.geographies_mixed"),
        ({"group": "repatriate"}, "mobility.groups_mixed"),
    ],
)
def test_what_must_not_be_added_is_refused(engine, changes, code):
    with pytest.raises(MethodError) as raised:
        run(stock_totals, engine, one_stock(**changes))
    assert raised.value.code == code
    assert raised.value.values


def test_kinds_of_returnees_may_be_added():
    stock = one_stock(place="P1", group="repatriate").with_columns(group=pl.Series(["returned_idp", "repatriate"]))
    assert stock_totals(stock)["people"].item() == 18


@on_every_engine
@few
@given(first=place_rows(), again=place_rows())
def test_a_second_visit_replaces_the_first(engine, first, again):
    again = again.with_columns(pl.lit(date(2021, 10, 2)).alias("date"))
    answer = run(latest_stock, engine, pl.concat([first, again]))
    left = first.filter(~pl.col("place").is_in(again["place"].to_list()))
    assert rows(answer.select(first.columns)) == rows(pl.concat([left, again]))


def test_the_same_day_twice_keeps_the_later_submission():
    twice = one_stock(place="P1", submission="t", people=10)
    assert latest_stock(twice)["people"].to_list() == [10]


@on_every_engine
@few
@given(parts=place_rows())
def test_shares_of_each_whole_make_a_hundred(engine, parts):
    answer = run(shares, engine, parts, within=["area"])
    for area, found in answer.partition_by("area", as_dict=True).items():
        base = parts.filter(pl.col("area") == area[0])["people"].sum()
        assert found["base"].unique().to_list() == [base]
        known = [share for share in found["share"].to_list() if share is not None]
        assert not known if base == 0 else math.isclose(sum(known), 100)
    assert answer.height == parts.height


@on_every_engine
@few
@given(
    planned=st.lists(st.sampled_from(PLACES), unique=True),
    visits=st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(["assessed", "not_assessed"]))),
)
def test_coverage_counts_each_planned_place_once(engine, planned, visits):
    plan = pl.DataFrame({"place": planned}, schema={"place": pl.String})
    made = pl.DataFrame(visits, schema={"place": pl.String, "status": pl.String}, orient="row")
    reached = {place for place, status in visits if status == "assessed"} & set(planned)
    tried = {place for place, _ in visits} & set(planned) - reached
    assert run(coverage, engine, made, plan).row(0) == (len(planned), len(reached), len(tried))


def test_a_place_planned_twice_is_refused():
    with pytest.raises(MethodError, match="place_planned_twice"):
        coverage(pl.DataFrame({"place": [], "status": []}, schema={"place": pl.String, "status": pl.String}),
                 pl.DataFrame({"place": ["P1", "P1"]}))  # fmt: skip


@on_every_engine
@few
@given(stock=place_rows())
def test_age_is_weighted_by_people(engine, stock):
    on = date(2021, 10, 31)
    dated = [r for r in stock.to_dicts() if r["people"] is not None and r["assessed_on"]]
    people = sum(r["people"] for r in dated)
    mean = sum(r["people"] * (on - r["assessed_on"]).days for r in dated) / people if people else None
    oldest = max(((on - r["assessed_on"]).days for r in dated), default=None)
    answer = run(data_age, engine, stock, on=on).select("age_days", "oldest_days", "people_dated")
    assert rows(answer) == rows(pl.DataFrame([(mean, oldest, people)], orient="row"))


def test_an_assessment_after_the_day_is_refused():
    with pytest.raises(MethodError, match="assessed_later"):
        data_age(one_stock(), on=date(2021, 8, 1))


@on_every_engine
@few
@given(stock=place_rows())
def test_grade_mix_conserves_people(engine, stock):
    answer = run(grade_mix, engine, stock)
    expected = defaultdict(int)
    for row in stock.to_dicts():
        if row["people"]:
            expected["carried" if row["status"] == "carried" else row["grade"] or "none"] += row["people"]
    assert dict(answer.select("grade", "people").rows()) == expected
    assert not expected or math.isclose(answer["share"].sum(), 1)


def plain_grade(informants, mode, answers):
    if not informants or mode is None:
        return None
    level = min(informants, 3) - 1 + (answers.count("everything") >= 2) - (mode == "phone")
    return "CBA"[max(0, min(2, level))]


@on_every_engine
@few
@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 6), st.sampled_from(["in_person", "phone", None]),
            *[st.sampled_from(["everything", "most", "some", "no", None])] * 3,
        ),
        max_size=20,
    )
)  # fmt: skip
def test_grades_follow_the_rule(engine, asked):
    columns = ["informants", "mode", "agrees_observation", "agrees_lists", "agrees_sources"]
    schema = {name: pl.String for name in columns} | {"informants": pl.Int64, "n": pl.Int64}
    frame = pl.DataFrame([(*row, n) for n, row in enumerate(asked)], schema=schema, orient="row")
    answer = run(credibility_grade, engine, frame, **RULE).sort("n")
    assert answer["grade"].to_list() == [plain_grade(k, mode, answers) for k, mode, *answers in asked]


@on_every_engine
@pytest.mark.parametrize("by", [[], ["area"]])
@few
@given(earlier=place_rows(), later=place_rows(round_="73"), floor=st.floats(0, 1))
def test_change_is_that_of_the_places_in_common(engine, by, earlier, later, floor):
    answer = run(like_for_like_change, engine, earlier, later, panel_floor=floor, by=by)
    seen = [{r["place"]: r for r in f.to_dicts() if r["people"] is not None and r["status"] != "carried"}
            for f in (earlier, later)]  # fmt: skip
    wholes = {tuple(r[name] for name in by) for found in seen for r in found.values()} or ({()} if not by else set())
    assert {row[: len(by)] for row in answer.rows()} == wholes
    for row in answer.to_dicts():
        mine = [{p: r["people"] for p, r in found.items() if all(r[n] == row[n] for n in by)} for found in seen]
        both = mine[0].keys() & mine[1].keys()
        before, after = (sum(found[place] for place in both) for found in mine)
        share = min(part / sum(found.values()) if sum(found.values()) else 1.0
                    for part, found in ((before, mine[0]), (after, mine[1])))  # fmt: skip
        assert (row["places_both"], row["people_earlier"], row["people_later"]) == (len(both), before, after)
        if not mine[0] or not mine[1]:
            assert row["reason"] == "mobility.change_one_round"
        elif not both or share < floor:
            assert row["reason"] == "mobility.change_panel"
        else:
            assert row["reason"] is None
            assert row["change"] == after - before
            assert row["change_percent"] == (pytest.approx(relative_change(before, after)) if before else None)
        if row["reason"]:
            assert row["change"] is None and row["change_percent"] is None


@pytest.mark.parametrize(
    ("changes", "by", "reason"),
    [
        ({"series": "simulated"}, [], "mobility.change_series"),
        ({"geography": "2023"}, ["area"], "mobility.change_geography"),
        ({"geography": "2023"}, [], None),
    ],
)
def test_what_is_not_alike_has_no_change(changes, by, reason):
    earlier = one_stock()
    later = earlier.with_columns(**{name: pl.lit(value) for name, value in changes.items()})
    found = like_for_like_change(earlier, later, panel_floor=0.5, by=by)
    assert found["reason"].to_list() == [reason]
    assert found["change"].to_list() == [None if reason else 0]


def test_a_place_twice_in_a_round_is_refused():
    with pytest.raises(MethodError, match="place_twice_in_round"):
        like_for_like_change(one_stock(place="P1"), one_stock(), panel_floor=0.5)


days_of_points = st.dictionaries(
    st.tuples(st.sampled_from("FGH"), st.dates(date(2022, 3, 1), date(2022, 3, 9))),
    st.tuples(st.sampled_from(["observed", "closed"]), st.integers(0, 900)),
)


@on_every_engine
@few
@given(seen=days_of_points)
def test_averages_are_over_days_really_observed(engine, seen):
    schema = {"point": pl.String, "date": pl.Date, "status": pl.String, "people": pl.Int64}
    day_rows = [(*key, *value) for key, value in seen.items()]
    frame = pl.DataFrame(day_rows + day_rows[:1], schema=schema, orient="row")
    days = run(observed_days, engine, frame)
    counts = frame.filter(pl.col("status") == "observed").unique().select("point", "date", "people")
    answer = run(daily_average, engine, counts, days)
    expected = {}
    for point in {p for (p, _), (status, _) in seen.items() if status == "observed"}:
        people = [n for (p, _), (status, n) in seen.items() if p == point and status == "observed"]
        expected[point] = pytest.approx(sum(people) / len(people))
    assert dict(answer.rows()) == expected


DAY = date(2022, 3, 1)


@on_every_engine
@pytest.mark.parametrize(
    ("counts", "days", "code"),
    [
        ([("F", DAY, -1)], [("F", 1)], "mobility.count_negative"),
        ([("F", DAY, 1), ("F", DAY, 2)], [("F", 2)], "mobility.day_twice"),
        ([("F", DAY, 1), ("F", date(2022, 3, 2), 2)], [("F", 1)], "mobility.days_unobserved"),
        ([("F", DAY, 1)], [("G", 1)], "mobility.days_unobserved"),
    ],
)
def test_counts_that_contradict_the_days_are_refused(engine, counts, days, code):
    counted = pl.DataFrame(counts, schema=["point", "date", "people"], orient="row")
    observed = pl.DataFrame(days, schema=["point", "days"], orient="row")
    with pytest.raises(MethodError) as raised:
        run(daily_average, engine, counted, observed)
    assert raised.value.code == code
    assert raised.value.values["point"] == "F"


averages = st.dictionaries(st.sampled_from("FGHI"), st.floats(0, 1000))


@on_every_engine
@few
@given(earlier=averages, later=averages)
def test_flow_changes_over_points_in_common(engine, earlier, later):
    schema = {"point": pl.String, "people_per_day": pl.Float64}
    frames = [pl.DataFrame(list(each.items()), schema=schema, orient="row") for each in (earlier, later)]
    both = earlier.keys() & later.keys()
    before, after = (sum(each[point] for point in both) if both else None for each in (earlier, later))
    percent = pytest.approx(relative_change(before, after)) if both and before else None
    answer = run(flow_change, engine, *frames).row(0, named=True)
    assert (answer["points_both"], answer["points_earlier"], answer["points_later"]) == (
        len(both), len(earlier), len(later),
    )  # fmt: skip
    assert answer["people_per_day_earlier"] == (pytest.approx(before) if both else None)
    assert answer["change_percent"] == percent


def test_a_new_point_is_no_increase():
    march = pl.DataFrame({"point": ["F"], "people_per_day": [100.0]})
    april = pl.DataFrame({"point": ["F", "G"], "people_per_day": [100.0, 900.0]})
    assert flow_change(march, april)["change_percent"].item() == 0


def test_per_cent_and_points_are_kept_apart():
    assert relative_change(10, 12) == pytest.approx(20)
    assert point_change(10, 12) == 2
    assert relative_change(0, 5) is None
    for wrong in (lambda: relative_change(-1, 5), lambda: point_change(10, 120)):
        with pytest.raises(MethodError):
            wrong()
