"""From facts to figures: totals that add up, old figures that say so, changes over what was seen twice."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.facts import engines
from taama.figures.figure import NO_DATA, STALE, Coverage
from taama.mobility.methods.building import flow_figures
from taama.mobility.tables import PASSAGE, POINT_DAY
from tests.mobility.frames import ENGINES
from tests.mobility.rounds import CERCLES, CHAIN, COUNTRY, DAYS, PARENTS, Rounds, V, one

PARTS = {"sex_age": {"female_18_59": 30, "male_18_59": 20}, "shelter": {"rented": 6, "makeshift": 4}}


@st.composite
def rounds(draw):
    """Two rounds over a dozen places, some with a range, households, parts; some missed."""
    made, places = Rounds(), [f"P{n}" for n in range(9)]
    for n, place in enumerate(places):
        area = CERCLES[n % len(CERCLES)]
        for round_ in ("1", "2"):
            people = draw(st.integers(0, 400))
            women = draw(st.integers(0, people))
            if draw(st.booleans()) or (n, round_) == (0, "1"):
                ranged = {"low": people // 2, "high": people * 2} if draw(st.booleans()) else {}
                parts = {"sex_age": {"female_18_59": women, "male_18_59": people - women}}
                made.visit(place, people, round_, area=area, parts=parts, households=people // 5, **ranged)
            else:
                made.miss(place, round_, area=area)
    return made


@settings(max_examples=40, deadline=None)
@given(rounds())
def test_totals_are_the_sums_of_their_areas_at_every_level(made):
    figures = [m.figure for m in made.figures()]
    for figure in figures:
        if figure.unit not in ("people", "households", "localities") or figure.place not in PARENTS.values():
            continue
        parts = [
            f for f in figures
            if PARENTS.get(f.place) == figure.place
            and (f.definition, f.period, f.category) == (figure.definition, figure.period, figure.category)
        ]  # fmt: skip
        if parts:
            known = [f.value for f in parts if f.value is not None]
            assert figure.value == (sum(known) if known else None), figure.key


@settings(max_examples=40, deadline=None)
@given(rounds())
def test_parts_add_up_to_their_base_and_figures_lie_within_their_range(made):
    figures = [m.figure for m in made.figures()]
    for figure in figures:
        if figure.category:
            (dimension,) = figure.category
            siblings = [
                f.value for f in figures
                if (f.place, f.period) == (figure.place, figure.period) and dimension in f.category
            ]  # fmt: skip
            assert sum(siblings) == figure.base
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high


@settings(max_examples=30, deadline=None)
@given(rounds())
def test_what_stands_is_each_place_once(made):
    """The country's people of a round: of each place what this round saw, else what the round before saw."""
    latest, wanted = {}, {}
    for round_ in ("1", "2"):
        seen = {row["place"]: row["people"] for row in made.stock if row["round"] == round_}
        latest |= seen
        if seen:
            wanted[round_] = sum(latest.values())
    figures = made.figures()
    assert {r: one(figures, "idp_present", period=r).figure.value for r in wanted} == wanted


def test_two_visits_to_a_place_in_one_round_count_once_with_their_parts():
    made = Rounds()
    made.visit("P1", 40, day=DAYS["1"] - timedelta(days=9), parts={"sex_age": {"female_18_59": 25, "male_18_59": 15}})
    made.visit("P1", 50, parts=PARTS)
    figures = made.figures()
    assert one(figures, "idp_present").figure.value == 50
    assert one(figures, "idp_present", sex_age="female_18_59").figure.value == 30
    assert one(figures, "localities_assessed").figure.value == 1


def test_what_was_not_seen_again_is_carried_forward_and_not_for_ever():
    made = Rounds()
    made.visit("old", 600, "1")
    made.visit("new", 100, "1")
    made.visit("new", 100, "2")
    made.miss("old", "2")
    made.visit("new", 120, "3")
    figures = made.figures(carry_days=200)
    second, third = (one(figures, "idp_present", period=r) for r in ("2", "3"))
    assert (second.figure.value, third.figure.value) == (700, 120)
    assert STALE in second.figure.marks and STALE not in third.figure.marks, "most of it is old"
    assert second.extra["people_carried"] == 600
    assert second.figure.age_days == round(91 * 600 / 700)
    assert one(figures, "localities_assessed", period="2").figure.coverage.share == 0.5


def test_a_figure_names_every_submission_that_it_stands_on():
    made = Rounds()
    old, seen = made.visit("old", 60, "1"), made.visit("new", 10, "1")
    again = made.visit("new", 12, "2")
    made.miss("old", "2")
    figures = made.figures()
    assert one(figures, "idp_present", period="1").figure.sources == (old, seen)
    assert one(figures, "idp_present", period="2").figure.sources == (old, again)


def test_an_area_that_nobody_reached_is_unknown_not_zero():
    made = Rounds()
    made.visit("P1", 40)
    made.miss("P2", area=CERCLES[1])
    unknown = one(made.figures(), "idp_present", CERCLES[1]).figure
    assert unknown.value is None and NO_DATA in unknown.marks
    assert (unknown.coverage.done, unknown.coverage.planned) == (0, 1)


def test_change_is_over_the_places_seen_in_both_rounds():
    made = Rounds()
    for place, before, after in (("P1", 100, 150), ("P2", 300, 290)):
        made.visit(place, before, "1")
        made.visit(place, after, "2")
    made.visit("P3", 60, "2")
    change = one(made.figures(), "idp_present", period="2").change
    assert (change["from"], change["from_value"], change["to_value"], change["value"]) == ("1", 400, 440, 40)
    assert change["percent"] == 10.0 and change["panel"] == 2


def test_change_is_withheld_with_its_reason_where_too_little_was_seen_twice():
    made = Rounds()
    made.visit("P1", 100, "1")
    made.visit("P2", 900, "1", area=CERCLES[4])
    made.visit("P1", 150, "2")
    made.miss("P2", "2", area=CERCLES[4])
    figures = made.figures(panel_floor=0.6)
    assert one(figures, "idp_present", period="2").change["reason"] == "mobility.change_panel"
    assert one(figures, "idp_present", CERCLES[0], "2").change["value"] == 50
    assert one(figures, "idp_present", period="1").change is None


def test_carried_figures_are_no_change():
    made = Rounds()
    made.visit("P1", 100, "1")
    made.visit("P2", 100, "1")
    made.visit("P1", 100, "2")
    made.miss("P2", "2")
    change = one(made.figures(panel_floor=0.4), "idp_present", period="2").change
    assert change["panel"] == 1 and change["to_value"] == 100


def simple(made):
    """What two engines must agree on, to the digit that is published."""
    def rounded(value):
        if isinstance(value, float):
            return round(value, 6)
        if isinstance(value, dict):
            return {name: rounded(each) for name, each in value.items()}
        return value

    return {m.figure.key: rounded(vars(m.figure) | {"change": m.change, "extra": m.extra}) for m in made}


@pytest.mark.parametrize("engine", ENGINES[1:])
@settings(max_examples=8, deadline=None)
@given(made=rounds())
def test_engines_build_the_same_figures(engine, made):
    assert simple(made.figures(engine)) == simple(made.figures("polars"))


# Flows


def days_of(*rows, series="dtm_mali"):
    """(point, day, status, incoming, outgoing) → point days and the people described, by nationality."""
    days, passages = [], []
    for n, (point, day, status, incoming, outgoing) in enumerate(rows):
        seen = status == "observed"
        common = {"submission": f"f{n:03}", "point": point, "date": day, "series": series, "geography": V, "tool": "t",
                  "tool_version": "1", "simulated": series == "simulated"}  # fmt: skip
        days.append(common | {"status": status} | ({"people": incoming + outgoing, "incoming": incoming,
                    "outgoing": outgoing, "internal": 0} if seen else {}))  # fmt: skip
        if seen:
            passages.append(common | {"line": 1, "direction": "incoming", "people": incoming + outgoing, "nationality": "MLI"})
    return days, passages


def flows(rows, engine="polars", smallest=10, **more):
    (days, passages) = rows
    frames = []
    for table, listed in ((POINT_DAY, days), (PASSAGE, passages)):
        known = [{name: value for name, value in row.items() if name in table.columns} for row in listed]
        frames.append(engines.from_frame(table.conform(pl.from_dicts(known, infer_schema_length=None)), engine))
    return flow_figures(*frames, country=COUNTRY, smallest=smallest, **more)


MARCH = [date(2026, 3, day) for day in range(1, 32)]


def test_a_list_of_one_village_is_no_plan_for_the_country():
    rounds = Rounds()
    rounds.visit("P1", 100)
    made = rounds.figures(plan_floor=0.5)
    assert one(made, "localities_assessed").figure.coverage == Coverage(1, None, "localities")
    assert one(made, "localities_assessed").figure.base is None and one(made, "idp_present").figure.coverage.share is None
    assert one(made, "localities_assessed", CERCLES[0]).figure.coverage == Coverage(1, 1, "localities")
    reach = one(made, "localities_assessed").extra
    assert (reach["cercles_assessed"], reach["cercles_planned"], reach["cercles"]) == (1, 1, len(CERCLES))


def test_a_list_that_reaches_most_cercles_is_a_plan_of_which_some_was_not_covered():
    rounds = Rounds()
    for number, cercle in enumerate(CERCLES[:4]):
        (rounds.visit if number else rounds.miss)(f"P{number}", *((100,) if number else ()), area=cercle)
    covered = one(rounds.figures(plan_floor=0.5), "localities_assessed").figure.coverage
    assert (covered.done, covered.planned) == (3, 4)


def test_points_that_sent_nothing_are_missing_from_the_coverage_of_flows():
    rows = days_of(("F1", MARCH[0], "observed", 60, 30))
    open_points = {"F1": (None, None), "F2": (None, None), "F3": (None, date(2020, 7, 31))}
    assert one(flows(rows, open_points=open_points), "flow_people", COUNTRY, "2026-03").figure.coverage == Coverage(1, 2, "points")
    assert one(flows(rows), "flow_people", COUNTRY, "2026-03").figure.coverage == Coverage(1, None, "points")


def test_the_daily_average_is_over_days_really_observed():
    made = flows(days_of(("F1", MARCH[0], "observed", 60, 30), ("F1", MARCH[1], "observed", 20, 10),
                         ("F1", MARCH[2], "suspended", 0, 0)))  # fmt: skip
    average = one(made, "flow_daily_average", "F1", "2026-03")
    assert average.figure.value == 60.0
    assert (average.figure.coverage.done, average.figure.coverage.planned) == (2, 31)
    assert average.extra["days"][:4] == [90, 30, None, None]
    assert one(made, "flow_people", COUNTRY, "2026-03", direction="incoming").figure.value == 80


def test_the_same_day_sent_by_two_teams_counts_once_everywhere():
    made = flows(days_of(("F1", MARCH[0], "observed", 60, 30), ("F1", MARCH[0], "observed", 50, 30)))
    assert one(made, "flow_daily_average", "F1", "2026-03").figure.value == 90.0
    assert one(made, "flow_people", COUNTRY, "2026-03").figure.value == 90
    assert one(made, "flow_nationality", COUNTRY, "2026-03", nationality="MLI").figure.value == 90


def test_simulated_passers_by_never_enter_real_figures():
    real, invented = (days_of(("F1", MARCH[0], "observed", 60, 30), series=s) for s in ("dtm_mali", "simulated"))
    for row in (*invented[0], *invented[1]):
        row["submission"] += "x"
    made = flows(([*real[0], *invented[0]], [*real[1], *invented[1]]))
    values = {m.figure.series: m.figure.value for m in made if m.figure.definition == "mobility.flow_nationality"}
    assert values == {"dtm_mali": 90, "simulated": 90}


def test_days_of_few_people_are_not_shown_nor_worked_out_from_the_others():
    made = flows(days_of(*[("F1", day, "observed", n, 0) for day, n in zip(MARCH, (4, 50, 60), strict=False)]))
    shown = one(made, "flow_daily_average", "F1", "2026-03").extra["days"][:3]
    assert shown == ["suppressed", "suppressed", 60]


def test_an_average_that_tells_few_people_is_kept_back_with_what_would_give_it_away():
    april = date(2026, 4, 1)
    rows = [("F1", MARCH[0], "observed", 5, 0), ("F2", MARCH[0], "observed", 300, 0), ("F3", MARCH[0], "observed", 400, 0)]
    made = flows(days_of(*rows, *[(point, april, status, n * 10, 0) for point, _, status, n, _ in rows]))
    march = {p: one(made, "flow_daily_average", p, "2026-03") for p in ("F1", "F2", "F3", COUNTRY)}
    assert [march[p].figure.value for p in ("F1", "F2", "F3")] == [None, None, 400.0]
    assert march[COUNTRY].figure.value == 705.0
    assert not march["F1"].extra and not march["F2"].extra, "their days would add up to the average"
    change = one(made, "flow_daily_average", COUNTRY, "2026-04").change
    assert change["reason"] == "figures.suppressed_before" and "from_value" not in change


def test_the_only_point_of_few_people_takes_the_country_with_it():
    made = flows(days_of(("F1", MARCH[0], "observed", 5, 0)))
    assert {m.figure.value for m in made if m.figure.definition == "mobility.flow_daily_average"} == {None}


def test_change_of_flows_is_over_points_seen_in_both_months():
    april = date(2026, 4, 1)
    made = flows(days_of(("F1", MARCH[0], "observed", 100, 0), ("F2", MARCH[0], "observed", 50, 0),
                         ("F1", april, "observed", 110, 0), ("F3", april, "observed", 400, 0)))  # fmt: skip
    change = one(made, "flow_daily_average", COUNTRY, "2026-04").change
    assert (change["value"], change["percent"], change["panel"]) == (10.0, 10.0, 1)


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_engines_build_the_same_flows(engine):
    rows = [(f"F{n % 3}", day, "observed" if n % 7 else "not_observed", n, 2 * n) for n, day in enumerate(MARCH)]
    assert simple(flows(days_of(*rows), engine)) == simple(flows(days_of(*rows)))


def test_every_area_of_the_chain_lies_in_the_country():
    assert {above["country"] for above in CHAIN.values()} == {COUNTRY}
