"""The logic of forms worked out again: what ODK Collect would say, no more and no less."""

import contextlib
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.forms.methods.outline import Choice, Node, Outline
from taama.logic.methods import breaches, followers, logic_of, unknown_answers
from taama.logic.methods.filled import Filled
from taama.logic.methods.values import to_text
from taama.logic.methods.xpath import Answers, Here, Unsupported, compiled

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
REPEATS = frozenset({"kin", "kin/pet"})
FILLED = Filled(
    {
        ("people", ()): "12", ("name", ()): "Koubi", ("blank", ()): "", ("day", ()): "2026-11-03", ("many", ()): "a c",
        ("kin/age", (1,)): "31", ("kin/age", (2,)): "7", ("kin/who", (1,)): "Awa", ("kin/who", (2,)): "Ali",
        ("kin/pet/legs", (1, 1)): "4", ("kin/pet/legs", (2, 1)): "2", ("kin/pet/legs", (2, 2)): "3",
    },
    {("kin", ()): 2, ("kin/pet", (1,)): 1, ("kin/pet", (2,)): 2},
)  # fmt: skip


def worth(text, path="people", rows=()):
    days = (NOW.date() - datetime(1970, 1, 1).date()).days + 0.5
    return compiled(text, path, REPEATS).value(Here(Answers(FILLED, REPEATS, days), path, rows))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 mod 3", "1"), ("7 div 2", "3.5"), ("-/data/people", "-12"),
        (". >= 0 and . <= 100", "true"), ("/data/people > 12 or /data/name = 'Koubi'", "true"),
        ("/data/blank = ''", "true"), ("/data/nowhere = ''", "true"), ("/data/blank > 0", "false"),
        ("/data/blank", ""), ("number(/data/blank)", "NaN"), ("../name", "Koubi"), ("string-length(../name)", "5"),
        ("/data/day <= today()", "true"), ("/data/day < '2026-11-03'", "false"), ("today() - 1 = /data/day", "true"),
        ("selected(/data/many, 'c')", "true"), ("selected(/data/many, 'b')", "false"), ("count-selected(/data/many)", "2"),
        ("selected-at(/data/many, 1)", "c"), ("if(/data/people > 10, 'big', 'small')", "big"),
        ("coalesce(/data/blank, /data/people)", "12"), ("concat(/data/name, ' ', /data/people)", "Koubi 12"),
        ("sum(/data/kin/age)", "38"), ("count(/data/kin)", "2"), ("max(/data/kin/age)", "31"), ("count(/data/kin/pet)", "3"),
        ("count-non-empty(/data/kin/age)", "2"), ("/data/kin[position() = 2]/who", "Ali"), ("/data/kin[2]/who", "Ali"),
        ("/data/kin[age < 10]/who", "Ali"), ("sum(/data/kin[age > 10]/pet/legs)", "4"),
        ("indexed-repeat(/data/kin/who, /data/kin, 2)", "Ali"), ("regex(/data/name, '[A-Z][a-z]+')", "true"),
        ("regex(/data/name, '[a-z]+')", "false"), ("round(2.5)", "3"), ("round(2.345, 2)", "2.35"), ("int(-2.5)", "-2"),
        ("substr('abcdef', 1, 3)", "bc"), ("substring('abcdef', 2, 3)", "bcd"), ("translate('abc', 'ab', 'x')", "xc"),
        ("not(/data/blank)", "true"), ("join('-', /data/kin/who)", "Awa-Ali"), ("5 = '5.0'", "true"),
        ("format-date(/data/day, '%d/%m/%Y')", "03/11/2026"), ("boolean-from-string('1')", "true"),
        ("starts-with(/data/name, 'Kou') and contains(/data/name, 'ub')", "true"), ("1 div 0", "Infinity"),
        ("/data/div-and-or", ""), ("(/data/people)", "12"), ("'it''s'", None), ("min(/data/nowhere)", "NaN"),
    ],
)  # fmt: skip
def test_expressions(text, value):
    if value is None:
        with pytest.raises(Unsupported):
            worth(text)
    else:
        assert to_text(worth(text)) == value


@pytest.mark.parametrize(
    ("text", "rows", "value"),
    [
        ("../who", (2,), "Ali"), ("/data/kin/who", (2,), "Ali"), ("../../people", (2,), "12"),
        ("sum(../../kin/age)", (1,), "38"), ("position(..)", (2,), "2"), ("sum(../pet/legs)", (2,), "5"),
        (". > ../../people", (1,), "true"), ("../../kin[position() = position(current()/..) - 1]/age", (2,), None),
    ],
)  # fmt: skip
def test_within_a_repeat_an_expression_means_its_own_row(text, rows, value):
    if value is None:
        with pytest.raises(Unsupported):
            worth(text, "kin/age", rows)
    else:
        assert to_text(worth(text, "kin/age", rows)) == value


@pytest.mark.parametrize(
    "text",
    ["instance('l')/root/item[name = 'a']/label", "pulldata('a', 'b', 'c', 'd')", "//people", "@id", "random()", "foo(1)",
     "1 +", "(1", "child::people", "", "$x", "jr:choice-name('a', '/data/b')", "once(1)"],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_said_and_not_guessed(text):
    with pytest.raises(Unsupported):
        worth(text)


@given(st.text(alphabet="/.()[]+-*=<>!'\"abc12 ,|", max_size=60))
def test_no_expression_breaks_the_reading(text):
    try:
        made = compiled(text, "people", REPEATS)
    except Unsupported:
        return
    with contextlib.suppress(
        TypeError, ValueError, ArithmeticError, AttributeError
    ):  # then the rule is left out
        made.value(Here(Answers(FILLED, REPEATS, 0.0), "people", ()))


@given(
    st.integers(-(10**6), 10**6),
    st.integers(-(10**6), 10**6),
    st.sampled_from(["+", "-", "*", "<", "=", ">="]),
)
def test_arithmetic_is_that_of_numbers(a, b, mark):
    found = worth(f"{a} {mark} {b}".replace("--", "- -"))
    wanted = {"+": a + b, "-": a - b, "*": a * b, "<": a < b, "=": a == b, ">=": a >= b}[mark]
    assert found == wanted and not (isinstance(found, float) and math.isnan(found))


def form(*nodes):
    return logic_of(Outline("f", "1", "", (), "", Node("", "", "group", children=nodes)))


def asked(path, kind="integer", **rules):
    return Node(path, path.rpartition("/")[2], "question", type=kind, asked=True, **rules)


def found(logic, answers, counts=None):
    sent = Filled(
        {(key if isinstance(key, tuple) else (key, ())): text for key, text in answers.items()}, counts or {}
    )
    return [(b.code.removeprefix("logic."), b.path, b.rows) for b in breaches(logic, sent, NOW)]


def test_each_rule_is_told_where_it_is_broken():
    logic = form(
        asked("a", required="true()"),
        asked("b", constraint=". < 10", constraint_messages={"Français (fr)": "Trop."}),
        asked("c", relevant="/data/b > 5"),
        asked("d", "select_one", choices=(Choice("x", {}), Choice("y", {}))),
        asked("e", "date"),
    )
    assert found(logic, {"a": "1", "b": "6", "c": "2", "d": "x", "e": "2026-01-01"}) == []
    told = found(logic, {"a": "", "b": "12", "c": "2", "d": "z", "e": "hier"})
    assert told == [
        ("required_missing", "a", ()),
        ("constraint_broken", "b", ()),
        ("choice_unknown", "d", ()),
        ("type_wrong", "e", ()),
    ]
    assert found(logic, {"a": "1", "b": "3", "c": "2"}) == [("not_asked", "c", ())]


def test_what_is_not_asked_is_not_required():
    inside = Node(
        "g", "g", "group", relevant="/data/a = 'yes'", asked=True, children=(asked("g/b", required="true()"),)
    )
    logic = form(asked("a", "text"), inside)
    assert found(logic, {"a": "no"}) == []
    assert found(logic, {"a": "yes"}) == [("required_missing", "g/b", ())]


def test_rows_of_a_repeat_are_counted_and_each_is_checked():
    kin = Node(
        "kin",
        "kin",
        "repeat",
        repeat_count="/data/n",
        asked=True,
        children=(asked("kin/age", constraint=". < 120"),),
    )
    logic = form(asked("n"), kin)
    answers = {"n": "3", ("kin/age", (1,)): "30", ("kin/age", (2,)): "300"}
    assert found(logic, answers, {("kin", ()): 2}) == [
        ("rows_differ", "kin", ()),
        ("constraint_broken", "kin/age", (2,)),
    ]


def test_a_calculation_that_differs_is_told_and_one_that_rests_on_the_clock_is_not():
    total = Node("t", "t", "question", type="calculate", calculate="/data/a + /data/b")
    clock = Node("u", "u", "question", type="calculate", calculate="today()")
    drawn = Node("v", "v", "question", type="calculate", calculate="pulldata('l', 'x', 'y', 'z')")
    logic = form(asked("a"), asked("b"), total, clock, drawn)
    assert found(logic, {"a": "1", "b": "2", "t": "3", "u": "2020-01-01", "v": "?"}) == []
    assert found(logic, {"a": "1", "b": "2", "t": "3.0"}) == []
    assert found(logic, {"a": "1", "b": "2", "t": "4"}) == [("calculation_differs", "t", ())]
    assert logic.untested == ()


def test_a_calculation_that_was_not_sent_still_serves_other_rules():
    total = Node("t", "t", "question", type="calculate", calculate="/data/a + /data/b")
    logic = form(asked("a"), asked("b"), total, asked("c", relevant="/data/t > 2", required="true()"))
    assert found(logic, {"a": "1", "b": "1"}) == []
    assert found(logic, {"a": "1", "b": "2"}) == [("required_missing", "c", ())]


def test_a_rule_that_cannot_be_worked_out_is_told_once_for_the_form():
    logic = form(
        asked("a", constraint="instance('l')/root/item[name = .]/ok = 'yes'"), asked("b", relevant="foo()")
    )
    assert [(u.path, u.rule) for u in logic.untested] == [("a", "constraint"), ("b", "relevant")]
    assert found(logic, {"a": "1", "b": "2"}) == []


def test_what_follows_from_a_correction_is_calculated_anew_and_nothing_else():
    total = Node("t", "t", "question", type="calculate", calculate="/data/a + /data/b")
    double = Node("d", "d", "question", type="calculate", calculate="/data/t * 2")
    wrong = Node("w", "w", "question", type="calculate", calculate="/data/a")
    logic = form(asked("a"), asked("b"), total, double, wrong)
    sent = Filled({(k, ()): v for k, v in {"a": "1", "b": "2", "t": "3", "d": "6", "w": "99"}.items()})
    assert followers(logic, sent, ("a", ()), "5", NOW) == {("t", ()): "7", ("d", ()): "14"}


def test_what_no_question_takes_is_unknown_and_what_phones_add_is_not():
    group = Node("kin", "kin", "group", children=(Node("kin/age", "age", "question"),))
    outline = Outline("f", "1", "", (), "", Node("", "", "group", children=(group,)))
    sent = (
        b"<f xmlns:orx='http://openrosa.org/xforms'><kin>lost<age>3<more>x</more></age><start>a</start></kin>"
        b"<start>8:00</start><orx:meta><orx:instanceID>u</orx:instanceID><audit>audit.csv</audit></orx:meta>"
        b"<orx:timing>9</orx:timing><sex> </sex><new><deep>y</deep></new><new><deep>z</deep></new></f>"
    )
    told = unknown_answers(sent, outline)
    assert told == [
        ("kin", "lost"),
        ("kin/age", "3"),
        ("kin/age/more", "x"),
        ("kin/start", "a"),
        ("new/deep", "y"),
        ("new/deep", "z"),
    ]
    assert not unknown_answers(sent.replace(b"<f ", b"<f encrypted='yes' "), outline)
