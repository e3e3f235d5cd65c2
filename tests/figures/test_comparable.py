"""A change is stated only where it is one."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from taama.figures.comparable import AFTER_REAGGREGATION, NO, YES, comparable
from taama.figures.figure import SIMULATED, Coverage, Figure
from taama.places.methods.lineage import Link

SPLIT = [Link("ML05@2021", f"{name}@2023", "split") for name in ("mopti", "bandiagara", "douentza")]
KEPT = [Link("ML04@2021", "segou@2023", "recode")]
LINKS = SPLIT + KEPT


def idps(place, day, value, **more):
    return Figure(
        definition="mobility.idp_present", place=place, version=place.partition("@")[2], period=day,
        as_of=date.fromisoformat(day), unit="people", value=value, series="dtm_mali", **more,
    )  # fmt: skip


MOPTI_BEFORE = idps("ML05@2021", "2022-07-31", 189_356)
MOPTI_AFTER = idps("mopti@2023", "2023-04-30", 73_242)
AREAS = ["ML05@2021", "mopti@2023", "bandiagara@2023", "douentza@2023"]


def test_mopti_did_not_fall_its_boundary_moved():
    verdict = comparable(MOPTI_BEFORE, MOPTI_AFTER, LINKS, available=AREAS[:2])
    assert (verdict.answer, verdict.code) == (NO, "figures.boundary_change")
    assert verdict.values["missing"] == ["bandiagara@2023", "douentza@2023"]


@pytest.mark.parametrize("available", [AREAS, None])
def test_with_all_its_parts_the_old_region_compares(available):
    for a, b in ((MOPTI_BEFORE, MOPTI_AFTER), (MOPTI_AFTER, MOPTI_BEFORE)):
        verdict = comparable(a, b, LINKS, available=available)
        assert verdict.answer == AFTER_REAGGREGATION
        grounds = verdict.ground.of_a, verdict.ground.of_b
        assert set(grounds) == {frozenset(AREAS[:1]), frozenset(AREAS[1:])}
        assert a.place in grounds[0] and b.place in grounds[1]


def test_the_same_area_compares_and_a_renamed_one_too():
    gao = idps("ML07@2021", "2021-09-30", 97_859)
    assert comparable(gao, replace(gao, value=54_731, as_of=date(2022, 7, 31)), LINKS).answer == YES
    segou = idps("ML04@2021", "2022-07-31", 35_702), idps("segou@2023", "2023-04-30", 34_376)
    assert comparable(*segou, LINKS).answer == YES


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": None}, "figures.no_value"),
        ({"definition": "mobility.returned_idp"}, "figures.other_definition"),
        ({"category": {"sex_age": "female_0_4"}}, "figures.other_category"),
        ({"unit": "households"}, "figures.other_unit"),
        ({"series": "unhcr"}, "figures.other_series"),
        ({"marks": frozenset({SIMULATED})}, "figures.only_one_simulated"),
        ({"place": "ML07@2021"}, "figures.other_place"),
        ({"place": "gao@2030", "version": "2030"}, "figures.no_lineage"),
        ({"coverage": Coverage(79, 100, "localities")}, "figures.coverage_low"),
        ({"panel": frozenset("abcdef")}, "figures.other_panel"),
    ],
)
def test_each_reason_forbids_the_change_either_way_round(changes, code):
    before = idps("ML04@2021", "2021-09-30", 54_885, panel=frozenset("abc"))
    after = replace(before, as_of=date(2022, 7, 31), period="2022-07-31", **changes)
    for a, b in ((before, after), (after, before)):
        verdict = comparable(a, b, LINKS)
        assert (verdict.answer, verdict.code) == (NO, code)
        assert verdict.values


def test_coverage_and_panel_that_suffice_forbid_nothing():
    before = idps(
        "ML04@2021", "2021-09-30", 10, panel=frozenset("abcde"), coverage=Coverage(80, 100, "localities")
    )
    after = replace(before, as_of=date(2022, 7, 31), panel=frozenset("abcdf"))
    assert comparable(before, after, LINKS).answer == YES
    assert comparable(before, after, LINKS, panel_floor=0.9).code == "figures.other_panel"


def test_a_break_forbids_only_the_change_across_it():
    found = SimpleNamespace(
        after=date(2022, 1, 1), until=date(2022, 6, 30), code="series.break_declared", values={"fr": "x", "en": "y"}
    )  # fmt: skip
    across = idps("ML04@2021", "2021-09-30", 1), idps("ML04@2021", "2022-07-31", 2)
    behind = idps("ML04@2021", "2022-06-30", 1), idps("ML04@2021", "2022-07-31", 2)
    assert comparable(*across, LINKS, breaks=[found]).code == "series.break_declared"
    assert comparable(*behind, LINKS, breaks=[found]).answer == YES
