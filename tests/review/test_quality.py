"""What the quality of collection says of teams, and what it does not say."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.forms.methods.outline import Choice, Node, Outline
from taama.logic.methods.filled import Filled
from taama.review.methods import measures, quality
from taama.review.methods.cutoffs import cuts_of
from taama.review.methods.roles import roles_of

DAY = date(2026, 11, 4)
CUTS = cuts_of(quality.Cuts, DAY)
TIMES = cuts_of(measures.Cuts, DAY)
RECEIVED = datetime(2026, 11, 4, 18, tzinfo=UTC)


def seen(who="awa", count=1, **more):
    return [quality.Seen(who, more.pop("team", "Gao"), DAY, **{"answered": 40, **more}) for _ in range(count)]


def marks(interviews, by="who"):
    return {s.key: s.marks for s in quality.summaries(interviews, by, CUTS)}


@given(st.integers(0, 200), st.integers(1, 200), st.floats(0.01, 0.99))
def test_the_chance_of_round_numbers_is_a_chance_and_falls_with_their_number(hits, tries, share):
    hits = min(hits, tries)
    chance = quality.chance_of(hits, tries, share)
    assert 0 <= chance <= 1
    if hits < tries:
        assert quality.chance_of(hits + 1, tries, share) <= chance * (1 + 1e-9)


@given(st.integers(1, 40), st.floats(0.05, 0.95), st.data())
def test_the_chance_is_that_of_the_binomial(tries, share, data):
    hits = data.draw(st.integers(0, tries))
    exact = sum(math.comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(hits, tries + 1))
    assert quality.chance_of(hits, tries, share) == pytest.approx(exact, rel=1e-9, abs=1e-12)


def test_few_numbers_never_accuse_anybody_of_rounding():
    found = seen("awa", 1, numbers=29, rounded=29) + seen("ali", 10, numbers=50, rounded=10)
    assert "digits" not in marks(found)["awa"]


def test_who_rounds_much_more_than_the_others_stands_out():
    found = seen("awa", 5, numbers=20, rounded=16) + seen("ali", 10, numbers=50, rounded=10)
    assert "digits" in marks(found)["awa"] and "digits" not in marks(found)["ali"]


def test_where_everybody_estimates_nobody_stands_out_for_rounding():
    found = [one for who in "abcdef" for one in seen(who, 5, numbers=40, rounded=32)]
    assert all("digits" not in found for found in marks(found).values())


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 300)), max_size=40), st.randoms())
def test_order_does_not_matter_and_nothing_is_lost(told, dice):
    found = [quality.Seen(who, "t", DAY, minutes=minutes, answered=20) for who, minutes in told]
    mixed = found[:]
    dice.shuffle(mixed)
    first, second = (
        {s.key: (s.count, s.short, s.minutes) for s in quality.summaries(some, "who", CUTS)}
        for some in (found, mixed)
    )
    assert first == second and sum(count for count, _, _ in first.values()) == len(told)


def test_one_alone_is_not_accused_of_rounding_more_than_the_others():
    assert "digits" not in marks(seen("awa", 10, numbers=50, rounded=45))["awa"]


def test_one_short_interview_is_an_accident_and_many_are_a_habit():
    usual = seen("ali", 20, minutes=30.0)
    assert "short" not in marks(usual + seen("awa", 9, minutes=30.0) + seen("awa", 1, minutes=4.0))["awa"]
    assert "short" in marks(usual + seen("awa", 6, minutes=30.0) + seen("awa", 4, minutes=4.0))["awa"]


def test_one_alone_is_held_against_what_is_usual_for_all():
    both = seen("awa", 9, minutes=60.0) + seen("ali", minutes=10.0)
    (alone,) = quality.summaries(both, "day", CUTS, {"who": "ali"})
    assert (alone.count, alone.short, alone.minutes) == (1, 1, 10.0)


def test_a_place_that_was_not_reached_is_not_a_short_interview():
    usual = seen("ali", 20, minutes=30.0)
    assert "short" not in marks(usual + seen("awa", 10, minutes=2.0, answered=6))["awa"]


@pytest.mark.parametrize(
    ("what", "mark"),
    [
        ({"clock_wrong": True}, "clock"), ({"away_km": 40.0}, "away"), ({"alike_percent": 97.0}, "alike"),
        ({"late_hours": 100.0, "count": 5}, "late"), ({"outside_hours": True, "count": 5}, "outside"),
        ({"doubts": 2, "count": 5}, "doubtful"), ({"declined": 20, "count": 5}, "declined"),
    ],
)  # fmt: skip
def test_each_kind_of_trouble_is_told(what, mark):
    assert mark in marks(seen("awa", what.pop("count", 1), **what))["awa"]


@pytest.mark.parametrize(
    "fine", [{"away_km": 9.0}, {"alike_percent": 84.0}, {"late_hours": 71.0}, {"declined": 3}]
)
def test_what_is_usual_is_not_told(fine):
    assert marks(seen("awa", 10, **fine))["awa"] == ()


def times(started, ended):
    return measures.times_of(started, ended, RECEIVED, TIMES)


def test_times_of_an_interview():
    found = times("2026-11-03T09:10:00.000Z", "2026-11-03T09:55:00.000+00:00")
    assert (found.minutes, found.late_hours, found.clock_wrong, found.outside_hours) == (
        45,
        pytest.approx(32.08, abs=0.01),
        False,
        False,
    )


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        ("2019-01-01T09:00:00Z", "2019-01-01T09:30:00Z"), ("2031-01-01T09:00:00Z", "2031-01-01T09:30:00Z"),
        ("2026-11-04T12:00:00Z", "2026-11-04T11:00:00Z"), ("1970-01-01T00:00:00Z", "2026-11-04T11:00:00Z"),
    ],
)  # fmt: skip
def test_a_clock_that_cannot_be_right_gives_no_duration_and_no_delay(started, ended):
    found = times(started, ended)
    assert (
        found.clock_wrong and found.minutes is None and found.late_hours is None and not found.outside_hours
    )


def test_the_night_is_outside_of_hours():
    assert times("2026-11-04T03:00:00Z", "2026-11-04T03:20:00Z").outside_hours


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_of_a_phone_breaks_the_times(started, ended):
    times(started, ended)


def test_ragged_lines_and_stray_quotes_of_an_audit_do_no_harm():
    log = (
        b"event,node,start,end,old-value,new-value\n"
        b"form start,,1000,,\n"
        b"question,/data/a,1000,61000,,x\n"
        b'question,/data/b,61000,91000,"he said "no",yes\n'
        b"question,/data/c,91000\n"
        b'group questions,/data/g,100000,130000,a,"two\nlines"\n'
        b"end screen,,130000,190000\n"
        b"question,/data/d,200000,100000,,\n"
    )
    assert measures.minutes_on_questions(log) == 2.0


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_of_an_audit(content):
    spent = measures.minutes_on_questions(b"question,/d/a,0,60000\n" + content)
    assert spent is None or spent >= 0


def form(*nodes):
    return Outline("f", "1", "", (), "", Node("", "", "group", children=nodes))


def asked(name, kind="text", **more):
    return Node(name, name, "question", type=kind, asked=True, **more)


def test_what_people_do_not_know_is_counted():
    know = asked(
        "know", "select_one", choices=(Choice("a", {"fr": "Oui"}), Choice("z", {"fr": "Ne sait pas"}))
    )
    roles = roles_of(form(know, asked("people", "integer"), asked("more", "integer"), asked("note", "note")))
    tally = measures.tally_of(Filled({("know", ()): "z", ("people", ()): "120", ("more", ()): "-99"}), roles)
    assert vars(tally) == {"answered": 3, "declined": 2, "numbers": 1, "rounded": 1, "refused": False}


answers = st.dictionaries(st.sampled_from([f"q{n}" for n in range(12)]), st.sampled_from("abc"), min_size=1)


@given(answers, answers)
def test_alike_is_the_share_of_equal_answers_whoever_is_compared_with_whom(a, b):
    roles = roles_of(form(*(asked(f"q{n}") for n in range(12))))
    first, second = (
        measures.entries(measures.answers_hashed(Filled({(q, ()): t for q, t in each.items()}), roles))
        for each in (a, b)
    )
    found = measures.alike_percent(first, second, 1)
    shared = a.keys() & b.keys()
    assert found == measures.alike_percent(second, first, 1)
    assert found == (pytest.approx(100 * sum(a[q] == b[q] for q in shared) / len(shared)) if shared else None)


def test_the_closest_is_found():
    mine = {n: "a" for n in range(30)}
    near, far = mine | {0: "b"}, {n: "b" for n in range(30)}
    assert measures.closest(mine, [("far", far), ("near", near)], 20) == (
        "near",
        pytest.approx(96.67, abs=0.01),
    )
    assert measures.closest(mine, [("few", {0: "a"})], 20) == (None, None)


def test_who_and_where_are_found_by_their_usual_names():
    place = asked("place/village", "select_one", file="localities.csv")
    outline = form(asked("enqueteur"), asked("vague"), place, asked("where", "geopoint"))
    roles = roles_of(outline)
    assert (roles.enumerator, roles.round, roles.places) == ("enqueteur", "vague", ("place/village",))
    assert roles_of(outline, enumerator="team/code").enumerator == "team/code"


def test_parameters_reach_back_to_the_first_round():
    assert cuts_of(quality.Cuts, date(2016, 1, 1)).alike_percent == 85
    assert timedelta(hours=CUTS.late_hours) == timedelta(days=3)


def consenting(name="consentement", **labels):
    choices = tuple(Choice(code, {"fr": text}) for code, text in labels.items())
    return Node(f"intro/{name}", name, "question", type="select_one", choices=choices, asked=True)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [("non", True), ("No", True), ("0", True), ("refus", True), ("c2", True), ("c3", True)]
    + [("oui", False), ("1", False), ("c1", False), ("c4", False), ("", False)],
)
def test_an_interview_is_refused_when_consent_is_answered_no(answer, refused):
    question = consenting(c1="Oui", c2="Non, pas maintenant", c3="A refusé", c4="Nomade, accepte")
    note = Node("consent", "consent", "question", type="note", asked=True)
    group = Node("intro", "intro", "group", children=(question,))
    outline = Outline("f", "1", "", (), "", Node("", "", "group", children=(note, group)))
    roles = roles_of(outline)
    assert roles.consent == "intro/consentement", "a note asks nothing"
    filled = Filled({(roles.consent, ()): answer})
    assert measures.tally_of(filled, roles).refused is refused
    assert not measures.tally_of(filled, roles.without({roles.consent})).refused
    assert not measures.tally_of(filled, roles_of(outline, consent="other")).refused


def test_refusals_are_counted_for_each_enumerator_and_day():
    found = seen("awa", 2, refused=True) + seen("awa", 3) + seen("ali", 1)
    assert {s.key: (s.refused, s.count) for s in quality.summaries(found, "who", CUTS)} == {
        "awa": (2, 5),
        "ali": (0, 1),
    }
    assert [s.refused for s in quality.summaries(found, "day", CUTS)] == [2]
