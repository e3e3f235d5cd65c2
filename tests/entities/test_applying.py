"""Which changes of an entity count: the same whatever the order in which they come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from taama.entities.methods.applying import Change, Kind, Verdict, advance, judge, knows, settle

DAY = datetime(2026, 3, 1, tzinfo=UTC)
FIELDS = ("label", "age", "status")


def at(day):
    return DAY + timedelta(days=day)


def made(key="made", day=0, **values):
    return Change(key, at(day), {"label": "Megan"} | values, creates=True)


def update(key, base, day=1, trunk=None, branch="", **values):
    return Change(key, at(day), values, updates=True, base=base, trunk=trunk, branch=branch)


def all_of(*changes, overdue=False):
    """Applied one after the other, as they come."""
    applied, held = (), ()
    for change in changes:
        outcome = advance(applied, [*held, change])
        applied, held = applied + outcome.applied, outcome.held
    if overdue:
        outcome = advance(applied, held, {change.key for change in held})
        applied, held = applied + outcome.applied, outcome.held
    return applied, held


values = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from("abc"), min_size=1)
days = st.integers(-4000, 4000)  # clocks may be wrong by years


@st.composite
def histories(draw):
    """(what is there already, changes of several phones and people that did not see each other's)."""
    first = Change("first", DAY, {"label": "A"}, creates=True)
    offline = draw(st.booleans())  # the entity was made on a phone, and its making travels like the rest
    prefix, changes = ([], [first]) if offline else ([first], [])
    if not offline:
        for number in range(1, draw(st.integers(1, 3))):
            prefix.append(update(f"p{number}", number, draw(days), **draw(values)))
    for branch in range(draw(st.integers(0, 3))):
        trunk = None if offline else draw(st.integers(1, len(prefix)))
        if offline and branch:
            break
        for step in range(draw(st.integers(1, 3))):
            base = (trunk or 1) + step
            changes.append(update(f"b{branch}.{step}", base, draw(days), trunk, f"b{branch}", **draw(values)))
    for number in range(draw(st.integers(0, 2))):
        base = draw(st.integers(0, len(prefix)))  # a version that was here when it was downloaded
        changes.append(update(f"o{number}", base, draw(days), **draw(values)))
    return advance([], prefix).applied, changes


def arrive(applied, order, overdue_after):
    """All of them one by one; after some, waiting has lasted long enough; at the end it has for all."""
    held = ()
    for number, change in enumerate(order):
        late = {c.key for c in held} if number in overdue_after else frozenset()
        outcome = advance(applied, [*held, change], late)
        assert not outcome.twice
        applied, held = applied + outcome.applied, outcome.held
    outcome = advance(applied, held, {c.key for c in held})
    assert not outcome.held, "what waited long enough is applied"
    return applied + outcome.applied


@settings(max_examples=400, deadline=None)
@given(histories(), st.data())
def test_any_order_of_arrival_ends_the_same(history, data):
    applied, changes = history
    resent = data.draw(st.lists(st.sampled_from(changes), max_size=3)) if changes else []
    orders = [data.draw(st.permutations(changes + resent)) for _ in range(2)]
    gaps = [data.draw(st.sets(st.integers(0, len(changes) + 3), max_size=2)) for _ in orders]
    ends = [arrive(applied, order, gap) for order, gap in zip(orders, gaps, strict=True)]
    for end in ends:
        assert sorted(c.key for c in end) == sorted(c.key for c in (*applied, *changes)), (
            "nothing is lost or doubled"
        )
        assert [c.version for c in end] == list(range(1, len(end) + 1))
    one, other = map(settle, ends)
    assert one.values == other.values
    assert one.kind == other.kind
    named = [
        sorted((sorted((end[c.version - 1].key, end[c.other - 1].key)), c.fields) for c in state.conflicts)
        for end, state in zip(ends, (one, other), strict=True)
    ]
    assert named[0] == named[1]


@settings(max_examples=200, deadline=None)
@given(histories())
def test_who_knew_of_a_change_wins_over_it_whatever_the_clocks_say(history):
    end = arrive(*history, ())
    state = settle(end)
    for name, value in state.values.items():
        writers = [c for c in end if name in c.values]
        beaten = {o.key for c in writers for o in writers if o is not c and knows(c, o)}
        assert value in {c.values[name] for c in writers if c.key not in beaten}


@settings(deadline=None)
@given(histories())
def test_resends_change_nothing(history):
    end = arrive(*history, ())
    assert advance(end, list(end), {c.key for c in end}).applied == ()


@settings(deadline=None)
@given(histories())
def test_no_field_is_invented_or_forgotten(history):
    end = arrive(*history, ())
    assert set(settle(end).values) == {name for change in end for name in change.values}


def test_a_later_update_of_a_branch_waits_for_the_earlier_one():
    early, late = (update(f"u{b}", b, trunk=1, branch="x", status=str(b)) for b in (1, 2))
    applied, held = all_of(made(), late)
    assert [c.key for c in held] == ["u2"] and len(applied) == 1
    applied, held = all_of(made(), late, early)
    assert [c.key for c in applied] == ["made", "u1", "u2"] and not held
    assert settle(applied).values["status"] == "2"


def test_an_update_that_comes_before_its_entity_waits_for_it():
    applied, held = all_of(update("u", 1, branch="x", status="in"), made(status="new"))
    assert [c.key for c in applied] == ["made", "u"] and not held
    assert settle(applied).values["status"] == "in" and settle(applied).kind == ""


def test_a_creation_that_comes_after_its_update_was_forced_fills_in_and_does_not_undo():
    applied, _ = all_of(update("u", 1, branch="x", status="in"), overdue=True)
    assert applied[0].version == 1
    late = advance(applied, [made(status="new", age="20")]).applied
    state = settle(applied + late)
    assert state.values == {"label": "Megan", "status": "in", "age": "20"} and state.kind == ""


def test_making_twice_is_refused():
    applied, _ = all_of(made())
    assert judge(made("again"), applied) == Verdict.TWICE


def test_a_version_that_is_not_here_is_waited_for():
    """A backup was restored: phones know versions that this server has lost."""
    applied, held = all_of(made(), update("u", 7, status="in"))
    assert [c.key for c in held] == ["u"]
    applied, held = all_of(made(), update("u", 7, status="in"), overdue=True)
    assert applied[-1].version == 2 and settle(applied).values["status"] == "in"


def test_parallel_updates_of_different_fields_are_soft():
    applied, _ = all_of(made(), update("a", 1, age="1"), update("b", 1, status="x"))
    state = settle(applied)
    assert state.kind == Kind.SOFT and state.values["age"] == "1" and state.values["status"] == "x"


def test_parallel_updates_of_one_field_are_hard_unless_they_agree():
    differing, _ = all_of(made(), update("a", 1, age="1"), update("b", 1, age="2"))
    assert settle(differing).kind == Kind.HARD and settle(differing).open[0].fields == ("age",)
    agreeing, _ = all_of(made(), update("a", 1, age="1"), update("b", 1, age="1"))
    assert settle(agreeing).kind == Kind.SOFT


def test_a_branch_that_was_interrupted_is_parallel_to_the_interruption():
    changes = (
        update("u1", 1, trunk=1, branch="x", status="a"), update("desk", 2, age="9"),
        update("u2", 2, trunk=1, branch="x", status="b"),
    )  # fmt: skip
    state = settle(all_of(made(), *changes)[0])
    assert state.kind == Kind.SOFT and [(c.version, c.other) for c in state.open] == [(4, 3)]


def test_an_uninterrupted_branch_has_no_conflict():
    branch = [update(f"u{b}", b, trunk=1, branch="x", status=str(b)) for b in (1, 2, 3)]
    assert settle(all_of(made(), *branch)[0]).conflicts == ()


def test_settled_conflicts_stay_settled_until_another_one_comes():
    applied, _ = all_of(made(), update("a", 1, age="1"), update("b", 1, age="2"))
    assert settle(applied, resolved=3).kind == ""
    more = applied + advance(applied, [update("c", 1, age="3")]).applied
    assert {c.version for c in settle(more, resolved=3).open} == {4}
