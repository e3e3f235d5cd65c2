"""Each rule finds its fault and only that; no answer, however wrong, breaks a batch."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taama.facts.tools import ERROR, FINDING_COLUMNS, WARNING, Sent
from taama.mobility.tools.flow_registry.days import GROUP_QUESTIONS
from taama.mobility.tools.flow_registry.days import QUESTIONS as DAY_QUESTIONS
from taama.mobility.tools.flow_registry.tool import tool as registry_tool
from taama.mobility.tools.location_assessment.tool import tool as assessment_tool
from taama.mobility.tools.location_assessment.visits import INFORMANT_QUESTIONS
from taama.mobility.tools.location_assessment.visits import QUESTIONS as VISIT_QUESTIONS
from tests.project.test_tool_examples import FOLDERS, known, sent

FOLDER = {folder.name: folder for folder in FOLDERS}
CONTEXT = {name: known(folder) for name, folder in FOLDER.items()}


@pytest.fixture(scope="module")
def examples():
    return {name: sent(folder) for name, folder in FOLDER.items()}


def only(whole, key):
    mine = pl.col("submission") == key
    return Sent(whole.main.filter(mine), {name: rows.filter(mine) for name, rows in whole.repeats.items()})


def changed(one, **answers):
    return Sent(one.main.with_columns(pl.lit(v, pl.String).alias(k) for k, v in answers.items()), one.repeats)


def found(tool, given_, context):
    rows = pl.concat([check(given_, context).select(FINDING_COLUMNS) for check in tool.checks])
    return set(rows.select("code", "level").rows())


VISIT_FAULTS = [
    ({"place/locality": None}, "place_missing", ERROR),
    ({"place/locality": "SIM-9999"}, "place_unknown", ERROR),
    ({"place/locality": None, "place/new_name": "Nouveau"}, "place_not_listed", ERROR),
    ({"place/locality": " sim- 0001"}, "place_repaired", WARNING),
    ({"place/date": None}, "day_implausible", ERROR),
    ({"place/date": "1970-01-01"}, "day_implausible", ERROR),
    ({"place/date": "2027-11-03"}, "day_implausible", ERROR),
    ({"place/round": "deux"}, "round_unreadable", ERROR),
    ({"visit/reached": None}, "reached_missing", ERROR),
    ({"visit/reached": "no"}, "reason_missing", WARNING),
    ({"idp/idp_people": None}, "people_missing", ERROR),
    ({"idp/idp_households": "douze"}, "not_a_number", ERROR),
    ({"returns/repatriate_people": "-23"}, "negative", ERROR),
    ({"sex_age/female_0_4": "131"}, "sex_age_sum", WARNING),
    ({"sex_age/sex_age_known": "partial", "sex_age/female_0_4": "131"}, "sex_age_sum", WARNING),
    ({"idp/idp_households": "0"}, "households_impossible", ERROR),
    ({"idp/idp_households": "1261"}, "households_impossible", ERROR),
    ({"idp/idp_households": "100"}, "household_size", WARNING),
    ({"idp/idp_households": "800"}, "household_size", WARNING),
    ({"returns/repatriate_people": "24"}, "returnee_sum", WARNING),
    ({"returns/repatriate_households": "5"}, "returnee_sum", WARNING),
    ({"reasons/reason_other": "31"}, "reason_sum", WARNING),
    ({"arrivals/arrived_2024": "0"}, "period_sum", WARNING),
    ({"shelters/shelter_open_air": "0"}, "shelter_sum", WARNING),
    ({"place/cercle": "ML0599@2021-12-20"}, "cercle_unknown", WARNING),
    ({"place/region": "ML06@2021-12-20"}, "cercle_not_nested", WARNING),
    ({"place/locality": "SIM-0004"}, "cercle_differs", WARNING),
    ({"locality_name": "Sévaré Ouest"}, "name_differs", WARNING),
    ({"arrivals/latest_displacement": "2026-11-09"}, "displaced_after_visit", WARNING),
    ({"idp/idp_people": "2400", "change/arrived": "1235"}, "change_unexplained", WARNING),
    ({"change/departed": "0"}, "change_sum", WARNING),
    ({"place/locality": "SIM-0002"}, "place_closed", WARNING),
    ({"visit/position": "15.2000 -4.0903 0 0"}, "position_far", WARNING),
    ({"visit/mode": None}, "mode_missing", WARNING),
    ({"idp/idp_people": "1301"}, "outside_informants", WARNING),
]


def visit_context():
    context = dict(CONTEXT["location_assessment"])
    elsewhere = context["places.localities"][2:3].with_columns(
        pl.lit("SIM-0004").alias("key"), pl.lit("ML0508@2021-12-20").alias("cercle")
    )
    return context | {"places.localities": pl.concat([context["places.localities"], elsewhere])}


@pytest.mark.parametrize(("answers", "code", "level"), VISIT_FAULTS, ids=lambda v: v if isinstance(v, str) else "")
def test_each_fault_of_a_visit_is_found(examples, answers, code, level):
    visit = only(examples["location_assessment"], "reached")
    assert found(assessment_tool, visit, visit_context()) == set()
    assert (f"mobility.{code}", level) in found(assessment_tool, changed(visit, **answers), visit_context())


def test_a_large_change_with_its_cause_is_no_doubt(examples):
    visit = changed(only(examples["location_assessment"], "reached"), **{"idp/idp_people": "2400"})
    told = changed(visit, **{"change/change_cause": "arrivals", "change/change_comment": "Trois villages vidés"})
    doubt = ("mobility.change_unexplained", WARNING)
    assert doubt in found(assessment_tool, visit, visit_context())
    assert doubt not in found(assessment_tool, told, visit_context())


def test_the_previous_figure_is_the_latest_before_the_visit(examples):
    """A round that is derived again must not compare a visit with itself or with a later one."""
    visit = only(examples["location_assessment"], "reached")
    rows = {"place": "SIM-0001", "group": "idp", "people": 9000, "round": "x"}
    later = pl.DataFrame([rows | {"date": date(2026, 11, 3)}, rows | {"date": date(2026, 12, 1)}])
    context = visit_context()
    before = context["mobility.previous_stock"]
    context["mobility.previous_stock"] = pl.concat([later.select(before.columns), before])
    assert found(assessment_tool, visit, context) == set()


@pytest.mark.parametrize(("keep", "code"), [([1, 2], "informants_few"), ([1, 3], "informants_no_woman")])
def test_who_was_asked(examples, keep, code):
    visit = only(examples["location_assessment"], "reached")
    asked = visit.repeats["informants"].filter(pl.col("row").is_in(keep))
    less = Sent(visit.main, {"informants": asked})
    assert (f"mobility.{code}", WARNING) in found(assessment_tool, less, visit_context())


def repeated(one, count, **answers):
    """The same visit of `count` submissions, answers varied by number."""
    mains, repeats = [], []
    for n in range(count):
        mine = changed(one, **{k: v(n) for k, v in answers.items()})
        mains.append(mine.main.with_columns(pl.lit(f"s{n}").alias("submission")))
        repeats.append(mine.repeats["informants"].with_columns(pl.lit(f"s{n}").alias("submission")))
    return Sent(pl.concat(mains), {"informants": pl.concat(repeats)})


def test_one_displacement_date_for_everybody_is_doubted_in_a_batch(examples):
    visit = only(examples["location_assessment"], "reached")
    doubt = ("mobility.displaced_one_date", WARNING)
    assert doubt in found(assessment_tool, repeated(visit, 12), visit_context())
    assert doubt not in found(assessment_tool, repeated(visit, 5), visit_context())
    differing = repeated(visit, 12, **{"arrivals/latest_displacement": lambda n: str(date(2026, 9, 1) + timedelta(n))})
    assert doubt not in found(assessment_tool, differing, visit_context())


def test_the_same_place_twice_in_a_batch(examples):
    visit = only(examples["location_assessment"], "reached")
    assert ("mobility.place_twice", WARNING) in found(assessment_tool, repeated(visit, 2), visit_context())


DAY_FAULTS = [
    ({"day/point": "SIM-FMP-9"}, "place_unknown", ERROR),
    ({"day/date": "2019-13-40"}, "day_implausible", ERROR),
    ({"day/status": "peut-être"}, "status_missing", ERROR),
    ({"day/hours_observed": "0"}, "hours_implausible", ERROR),
    ({"day/hours_observed": "25"}, "hours_implausible", ERROR),
    ({"day/status": "closed"}, "people_at_closed_point", ERROR),
    ({"totals/people": "117"}, "direction_sum", ERROR),
    ({"totals/internal": None}, "total_missing", ERROR),
    ({"totals/internal": "-12"}, "negative", ERROR),
    ({"totals/incoming": "27", "totals/people": "102"}, "described_incoming", WARNING),
    ({"totals/outgoing": "59", "totals/people": "112"}, "described_outgoing", WARNING),
    ({"day/point": "SIM-FMP-2"}, "point_closed", WARNING),
]


@pytest.mark.parametrize(("answers", "code", "level"), DAY_FAULTS, ids=lambda v: v if isinstance(v, str) else "")
def test_each_fault_of_a_day_is_found(examples, answers, code, level):
    day, context = only(examples["flow_registry"], "observed"), CONTEXT["flow_registry"]
    assert found(registry_tool, day, context) == set()
    assert (f"mobility.{code}", level) in found(registry_tool, changed(day, **answers), context)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"direction": None}, "group_empty"), ({"men": "0", "women": "0", "boys": "0", "girls": "0"}, "group_empty"),
        ({"under_5": "99"}, "too_many_under_5"), ({"elderly": "99"}, "too_many_elderly"),
        ({"pregnant": "99"}, "too_many_pregnant"), ({"disabled": "99"}, "too_many_disabled"),
        ({"unaccompanied": "99"}, "too_many_unaccompanied"),
    ],
)  # fmt: skip
def test_each_fault_of_a_group_is_found(examples, answers, code):
    day = only(examples["flow_registry"], "observed")
    groups = day.repeats["groups"].with_columns(pl.lit(v, pl.String).alias(k) for k, v in answers.items())
    wrong = Sent(day.main, {"groups": groups})
    assert (f"mobility.{code}", WARNING) in found(registry_tool, wrong, CONTEXT["flow_registry"])


def test_nobody_passing_is_zero_and_nobody_looking_is_nothing(examples):
    day = only(examples["flow_registry"], "observed")
    empty = changed(day, **dict.fromkeys(("totals/incoming", "totals/outgoing", "totals/internal", "totals/people"), "0"))
    mapping = dict(zip([t.name for t in registry_tool.facts], registry_tool.facts.values(), strict=True))
    zero = mapping["mobility.point_day"](Sent(empty.main, {}), CONTEXT["flow_registry"])
    nothing = mapping["mobility.point_day"](only(examples["flow_registry"], "suspended"), CONTEXT["flow_registry"])
    assert zero["people"].to_list() == [0]
    assert nothing["people"].to_list() == [None]


ANSWERS = st.sampled_from([
    None, "", " ", "0", "1", "12", "-3", "1.5", "1e3", "99999999999999999999", "NaN", "inf", "yes", "no", "all",
    "partial", "observed", "closed", "incoming", "in_person", "phone", "SIM-0001", "SIM-0002", "sim-0003", "SIM-FMP-1",
    "ML05@2021-12-20", "ML0506@2021-12-20", "2026-11-03", "2026-11-03T10:00:00.000Z", "0001-01-01", "9999-12-31",
    "2026-1", "é\u0000", "14.5 -4.1 0 5", "14.5", "x y", "everything", "conflict", "female", "' OR 1=1", "{{0}}",
])  # fmt: skip


def random_sent(draw, questions, repeat, repeat_questions, sensible):
    main, rows = [], []
    for n in range(draw(st.integers(1, 3))):
        answers = sensible | draw(st.dictionaries(st.sampled_from(questions), ANSWERS, max_size=25))
        main.append({
            "submission": f"s{n}", "form_version": "", "received_at": datetime(2026, 11, 4, tzinfo=UTC),
            "simulated": draw(st.booleans()), **dict.fromkeys(questions), **answers,
        })  # fmt: skip
        for row in range(draw(st.integers(0, 2))):
            given_ = draw(st.dictionaries(st.sampled_from(repeat_questions), ANSWERS, max_size=8))
            rows.append({"submission": f"s{n}", "row": row + 1, **dict.fromkeys(repeat_questions), **given_})
    text = dict.fromkeys([*questions, *repeat_questions], pl.String)
    return Sent(
        pl.DataFrame(main, schema_overrides=text, infer_schema_length=None),
        {repeat: pl.DataFrame(rows, schema_overrides=text, infer_schema_length=None)} if rows else {},
    )


@st.composite
def random_visits(draw):
    sensible = {
        "place/locality": "SIM-0001", "place/date": "2026-11-03", "place/round": "2026-2", "visit/reached": "yes",
        "idp/idp_people": "12",
    }  # fmt: skip
    return random_sent(draw, VISIT_QUESTIONS, "informants", INFORMANT_QUESTIONS, sensible)


@st.composite
def random_days(draw):
    sensible = {
        "day/point": "SIM-FMP-1", "day/date": "2026-11-03", "day/status": "observed", "day/hours_observed": "12",
        "totals/incoming": "12", "totals/outgoing": "0", "totals/internal": "0", "totals/people": "12",
    }  # fmt: skip
    return random_sent(draw, DAY_QUESTIONS, "groups", GROUP_QUESTIONS, sensible)


def read_like_the_loader(tool, given_, context):
    rows = pl.concat([check(given_, context).select(FINDING_COLUMNS) for check in tool.checks])
    free = ~pl.col("submission").is_in(rows.filter(pl.col("level") == ERROR)["submission"].implode())
    left = Sent(given_.main.filter(free), {name: rows_.filter(free) for name, rows_ in given_.repeats.items()})
    for table, mapping in tool.facts.items():
        marks = {"tool": tool.code, "tool_version": "1", "simulated": True}
        table.conform(mapping(left, context).with_columns(**{k: pl.lit(v) for k, v in marks.items()}))


many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(random_visits())
def test_no_visit_breaks_a_batch(given_):
    read_like_the_loader(assessment_tool, given_, CONTEXT["location_assessment"])


@many
@given(random_days())
def test_no_day_breaks_a_batch(given_):
    read_like_the_loader(registry_tool, given_, CONTEXT["flow_registry"])
