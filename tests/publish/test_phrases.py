"""What is said of a figure, in both languages."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.base.policy import ANONYMOUS
from taama.figures.figure import MARKS, Coverage
from taama.places.methods.lineage import Link
from taama.publish.methods.docstrings import read_docstring
from taama.publish.methods.pages.areas import same_ground, same_name
from taama.publish.methods.pages.parts import breakdowns
from taama.publish.methods.phrases import Listing, Phrases
from taama.publish.queries.methods import _methods, method_of

TODAY = date(2026, 11, 23)
PLACES = {"ML05@2021-12-20": {"name": "Mopti"}, "bandiagara@2023": {"name": "Bandiagara"}}


def phrases(language="fr"):
    return Phrases(language, PLACES, TODAY)


def figure(value=91274, **more):
    fields = {
        "id": 1, "definition": "mobility.idp_present", "place": "ML05@2021-12-20", "version": "2021-12-20",
        "period": "2023-04-30", "as_of": date(2023, 4, 30), "unit": "people", "series": "dtm_mali", "low": None,
        "high": None, "category": {}, "base": None, "coverage": None, "age_days": None, "grades": {}, "method": "",
        "sources": [], "marks": [], "change": None, "extra": {},
    }  # fmt: skip
    return SimpleNamespace(**fields | {"value": value} | more)


@given(st.floats(1000, 9999), st.sets(st.sampled_from(MARKS)))
def test_a_suppressed_figure_says_nothing_but_that(value, marks):
    hidden = figure(
        value, low=value, high=value + 1, marks=[*marks, "suppressed"], coverage=Coverage(1, 2, "localities"),
        change={"from": "2022-07-31", "value": value, "percent": 1.0},
    )  # fmt: skip
    shown = phrases().of(hidden)
    assert (shown.value, shown.range, shown.change, shown.coverage, shown.known) == (
        "non publié",
        "",
        None,
        "",
        False,
    )


@given(st.integers(0, 9000), st.integers(0, 9000))
def test_ages_never_run_backwards(one, other):
    """A longer age is never told as a shorter one."""

    def days(text):
        count, unit = text.replace("\u202f", "").split(" ")
        return int(count) * {"day": 1, "days": 1, "months": 30.44, "years": 365.25}[unit]

    younger, older = sorted((one, other))
    assert days(phrases("en").age(younger)) <= days(phrases("en").age(older)) + 30.44


def test_a_carried_figure_is_as_old_as_its_assessment():
    fresh, carried = figure(age_days=200), figure(age_days=200, marks=["stale"])
    assert phrases().age_days(carried) - phrases().age_days(fresh) == 200
    assert phrases().age_days(figure(as_of=TODAY + timedelta(days=9))) == 0


def test_people_are_whole_and_averages_keep_a_decimal():
    assert phrases().range(figure(low=90000.4, high=92000.6)) == "90\u202f000 – 92\u202f001"
    assert phrases().value(figure(187.52, unit="people_per_day")) == "187,5"
    assert phrases("en").value(figure(1382.0, unit="people_per_day")) == "1,382"


@pytest.mark.parametrize(
    ("since", "french", "english"),
    [("2023-05-01", "depuis le 1er mai 2023", "since 1 May 2023"),
     ("2022-12", "depuis décembre 2022", "since December 2022"),
     ("2026-1", "depuis le cycle 2026-1", "since round 2026-1")],
)  # fmt: skip
def test_a_change_says_since_when(since, french, english):
    changed = figure(change={"from": since, "value": -8420, "percent": -8.44})
    assert phrases().of(changed).change.since == french
    told = phrases("en").of(changed).change
    assert (told.since, told.short, told.percent) == (english, "−8,420", "−8.4%")


def test_a_change_on_common_ground_is_not_the_areas_own():
    change = (
        phrases()
        .of(
            figure(
                change={"from": "2022-07-31", "value": -5, "percent": -1.0, "ground": ["Mopti", "Bandiagara"]}
            )
        )
        .change
    )
    assert change.known and change.interrupts
    assert "Mopti + Bandiagara" in change.said() and "−5" in change.said()


def test_a_reason_names_places_and_days_as_readers_do():
    reason = {"reason": "series.change_common_ground_incomplete", "values": {"missing": ["bandiagara@2023"]}}
    assert "Bandiagara" in phrases().reason(reason)
    broken = {"reason": "figures.no_value", "values": {"period": "2023-04"}}
    assert "avril 2023" in phrases().reason(broken) and "April 2023" in phrases("en").reason(broken)
    told = {"reason": "series.break_declared", "values": {"note": {"fr": "oui", "en": "yes"}}}
    assert "yes" in phrases("en").reason(told) and "oui" not in phrases("en").reason(told)


def test_french_punctuation_stays_on_its_line():
    assert phrases().typeset("Source : ici ; là ?") == "Source\u00a0: ici\u202f; là\u202f?"
    assert phrases("en").typeset("Here : there") == "Here : there"


def test_sources_count_submissions_and_cite_publications():
    sent = [f"01923ac0-1111-7000-8000-00000000000{n}" for n in range(3)]
    assert phrases().source(figure(sources=sent)) == "3 envois"
    assert phrases("en").source(figure(sources=sent[:1])) == "1 submission"
    assert phrases().source(figure(sources=["OIM 2022", "HCR"])) == "OIM 2022\u202f; HCR"


def test_a_reason_is_noted_once_however_often_it_holds():
    why = {"from": "2026-1", "reason": "mobility.change_panel", "values": {}}
    listing = Listing.of([phrases().of(figure(change=c)) for c in (why, None, why)])
    assert [note for _, note in listing.rows] == [1, 0, 1] and len(listing.notes) == 1


def test_arrivals_stand_in_time_and_shares_need_both_numbers():
    parts = [figure(5, category={"period": c}, base=20) for c in ("unknown", "2024", "before_2023", "2023")]
    parts.append(figure(None, category={"reason": "conflict"}, base=20, marks=["suppressed"]))
    reasons, periods = breakdowns(phrases(), parts)
    assert [f.category["period"] for f in periods.figures] == ["before_2023", "2023", "2024", "unknown"]
    assert periods.parts[0].share == "25\u00a0%" and reasons.parts[0].share == ""


def test_ground_and_name_are_followed_apart():
    links = [Link("ML05@2015", "ML05@2021", "recode"), Link("ML05@2021", "mopti@2023", "split"),
             Link("ML05@2021", "bandiagara@2023", "split")]  # fmt: skip
    names = {
        "ML05@2015": "Mopti",
        "ML05@2021": "Mopti",
        "mopti@2023": "Mopti",
        "bandiagara@2023": "Bandiagara",
    }
    assert same_ground("ML05@2021", links) == {"ML05@2015", "ML05@2021"}
    assert same_name("mopti@2023", links, names) == {"ML05@2015", "ML05@2021", "mopti@2023"}


def test_docstrings_are_read_as_they_are_written():
    method = read_docstring(
        "mean",
        "The mean.\n\nEach counts once.\n\nvalues   numbers,\n         at least one\nReturns  a number\n\n>>> mean([1])\n1",
    )
    assert (method.summary, method.explanation) == ("The mean.", "Each counts once.")
    assert method.takes == (("values", "numbers, at least one"),) and method.returns == "a number"
    assert method.example == ">>> mean([1])\n1"


def test_every_method_on_offer_can_be_described():
    assert len(_methods()) > 10
    assert all(m.summary and m.returns for m in _methods().values())
    assert method_of(ANONYMOUS, "mobility.stock_totals").name == "stock_totals"
    assert method_of(ANONYMOUS, "mobility.nothing") is None
