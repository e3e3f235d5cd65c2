"""Rows of related tables: no leaf of what was sent is lost or doubled, whatever was sent."""

import datetime as dt
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from taama.desk.methods import flat_types
from taama.desk.methods.export_union import common_kind, proposed_renamings, renamed, union_of
from taama.desk.methods.flat import KINDS, flatten, kind_of, plan_of
from taama.desk.methods.flat_types import POINT_PARTS, read_column, rest_frame, typed
from taama.forms.methods.outline import GROUP, QUESTION, REPEAT, Node, Outline

NAMES = st.sampled_from("a b c d e".split())
TYPES = st.sampled_from([*KINDS, "text", "image", "calculate"])
ODD = "é='\"<&\n☀0.1"
LEAVES = st.one_of(
    st.text(alphabet="ab1 -+=@,;" + ODD, min_size=1, max_size=12),
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.dates().map(dt.date.isoformat),
    st.sampled_from(["2026-03-01T10:00:00.000+01:00", "2026-03-01T10:00:00Z", "14.5 -4.2 0.0 0.0", "14.5 -4.2", "1 2 3 4 5",
                     "14 -4 0 0;14.5 -4.5 0 0", "x  y", "NaN", "007"]),
)  # fmt: skip


@st.composite
def outlines(draw, depth=3, path=""):
    """Children of a group or of a repeat, their names different."""
    made = []
    for name in draw(st.lists(NAMES, unique=True, min_size=1, max_size=4)):
        here = f"{path}/{name}" if path else name
        kind = draw(st.sampled_from([QUESTION, QUESTION, GROUP, REPEAT])) if depth else QUESTION
        if kind == QUESTION:
            made.append(Node(here, name, QUESTION, draw(TYPES)))
        else:
            made.append(Node(here, name, kind, children=draw(outlines(depth - 1, here))))
    return tuple(made)


def form(children):
    return Outline("f", "1", "F", (), "", Node("", "", GROUP, children=children))


@st.composite
def filled(draw, children, element):
    """Fill an element as the form says, or not quite: something missing, twice, or unknown."""
    for node in children:
        for _ in range(
            draw(st.sampled_from([0, 1, 1, 1, 2, 3]))
            if node.kind == REPEAT
            else draw(st.sampled_from([0, 1, 1, 1, 2]))
        ):
            child = etree.SubElement(element, node.name)
            if node.kind == QUESTION:
                child.text = draw(st.one_of(st.none(), LEAVES))
            else:
                draw(filled(node.children, child))
    if draw(st.integers(0, 5)) == 0:
        stranger = etree.SubElement(element, "z")
        etree.SubElement(stranger, "y").text = draw(LEAVES)
    return element


@st.composite
def forms_and_instances(draw):
    children = draw(outlines())
    raws = []
    for _ in range(draw(st.integers(1, 3))):
        raws.append(etree.tostring(draw(filled(children, etree.Element("f")))))
    return form(children), raws


def sent_leaves(raws):
    roots = (etree.fromstring(raw) for raw in raws)
    texts = ((leaf.text or "").strip() for root in roots for leaf in root.iter() if not len(leaf))
    return Counter(text for text in texts if text)


@settings(max_examples=150, deadline=None)
@given(forms_and_instances())
def test_every_leaf_is_found_exactly_once(made):
    outline, raws = made
    flat = flatten([(f"s{n}", f"uuid:{n}", raw) for n, raw in enumerate(raws)], plan_of(outline))
    found = Counter(one.value for one in flat.rest)
    for rows in flat.tables.values():
        found.update(value for row in rows.answers for value in row if value is not None)
    assert found == sent_leaves(raws)


@settings(max_examples=150, deadline=None)
@given(forms_and_instances())
def test_types_lose_nothing(made):
    """What a typed column holds means what was sent; what it refuses stands beside it as it was sent."""
    outline, raws = made
    plan = plan_of(outline)
    flat = flatten([(f"s{n}", f"uuid:{n}", raw) for n, raw in enumerate(raws)], plan)
    for path, kinds in plan.tables.items():
        frame, rest = typed(flat.tables[path], kinds)
        assert frame.height == len(flat.tables[path].keys)
        beside = {(row["#key"], row["path"]): row["value"] for row in rest.to_dicts()}
        for keys, answers in zip(flat.tables[path].keys, flat.tables[path].answers, strict=True):
            row = frame.row(by_predicate=pl.col("#key") == keys[1], named=True)
            for (question, kind), text in zip(kinds.items(), answers, strict=True):
                names = flat_types.columns_of(question, kind)
                value = row.get(names[0])
                if text is None:
                    assert value is None
                elif value is None:
                    assert beside[keys[1], question] == text
                else:
                    assert means([row[name] for name in names], kind, text), (value, kind, text)


def means(values, kind, text):
    """A slow second opinion, without dataframes."""
    value = values[0]
    if kind in ("integer", "decimal"):
        return float(value) == float(text) if kind == "decimal" else value == int(text)
    if kind == "date":
        return value.isoformat() == text
    if kind == "datetime":
        return value == dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if kind == "choices":
        return value == text.split()
    if kind == "point":
        return [v for v in values if v is not None] == [float(part) for part in text.split()]
    if kind == "shape":
        return value.startswith(("LINESTRING", "POLYGON"))
    return value == text


@settings(max_examples=60, deadline=None)
@given(forms_and_instances(), st.data())
def test_keys_are_unique_and_parents_exist(made, data):
    outline, raws = made
    flat = flatten([(f"s{n}", f"uuid:{n}", raw) for n, raw in enumerate(raws)], plan_of(outline))
    every = [row[1] for rows in flat.tables.values() for row in rows.keys]
    assert len(every) == len(set(every))
    assert all(row[2] in {"", *every} for rows in flat.tables.values() for row in rows.keys)


@settings(max_examples=60, deadline=None)
@given(st.lists(outlines(), min_size=1, max_size=4))
def test_the_union_has_every_question_of_every_version_once(versions):
    made = [(str(n), form(children)) for n, children in enumerate(versions)]
    union = union_of(made)
    for table in union.tables:
        paths = [question.path for question in table.questions]
        assert len(paths) == len(set(paths))
    for name, outline in made:
        for node in outline.root.walk():
            if node.kind == QUESTION:
                assert any(
                    q.path == node.path and name in q.versions for t in union.tables for q in t.questions
                )
    newest = [node.path for node in made[-1][1].root.walk() if node.kind == QUESTION]
    shown = {path: place for place, path in enumerate(q.path for t in union.tables for q in t.questions)}
    for table in union.tables:
        here = [q.path for q in table.questions if q.path in newest and made[-1][0] in q.versions]
        assert here == sorted(here, key=newest.index), "the newest version's order stands"
    assert shown


def test_encrypted_and_broken_instances_have_a_row_and_a_reason():
    plan = plan_of(form((Node("a", "a", QUESTION, "text"),)))
    raws = [b'<f encrypted="yes"><base64EncryptedKey>k</base64EncryptedKey></f>', b"<f><a>1"]
    flat = flatten([(f"s{n}", f"uuid:{n}", raw) for n, raw in enumerate(raws)], plan)
    assert [row[1] for row in flat.tables[""].keys] == ["uuid:0", "uuid:1"]
    assert [one.reason for one in flat.rest] == ["encrypted", "unreadable"]
    assert rest_frame(flat.rest)["value"].to_list() == ["", "forms.xml_unreadable"]


def test_what_another_version_asks_is_a_column_too():
    old, new = form((Node("a", "a", QUESTION, "integer"),)), form((Node("b", "b", QUESTION, "integer"),))
    flat = flatten([("s", "uuid:1", b"<f><a>1</a><b>2</b></f>")], plan_of(new, (old,)))
    assert (flat.tables[""].answers[0][:2], flat.rest) == (["2", "1"], [])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-03-01T10:00:00.000+01", dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)),
        ("2026-03-01T10:00:00.5Z", dt.datetime(2026, 3, 1, 10, 0, 0, 500_000, dt.UTC)),
        ("2026-03-01T10:00:00", None),
        ("2026-03-01", None),
    ],
)
def test_times_keep_their_zone_or_are_told(text, kept):
    made, refused = read_column(pl.Series("t", [text]), "datetime")
    assert (made[0].to_list(), refused.to_list()) == ([kept], [kept is None])


def test_a_point_has_two_to_four_numbers():
    texts = ["1 2", "1 2 3", "1 2 3 4", "1", "1 2 3 4 5", "a 2", "nan 2"]
    made, refused = read_column(pl.Series("p", texts), "point")
    assert [series.name for series in made] == [f"p#{part}" for part in POINT_PARTS]
    assert refused.to_list() == [False] * 3 + [True] * 4
    assert made[3].to_list() == [None, None, 4.0, None, None, None, None]


@pytest.mark.parametrize(
    "one", ["text", "integer", "decimal", "date", "datetime", "choice", "choices", "point", "shape"]
)
@pytest.mark.parametrize(
    "other", ["text", "integer", "decimal", "date", "datetime", "choice", "choices", "point", "shape"]
)
def test_versions_of_two_kinds_come_together(one, other):
    samples = {"integer": "7", "decimal": "1.5", "date": "2026-03-01", "datetime": "2026-03-01T10:00:00Z",
               "point": "1 2", "shape": "1 2;3 4"}  # fmt: skip
    made, _ = read_column(pl.Series("q", [samples.get(one, "x"), None]), one)
    goal = common_kind(one, other)
    frame = pl.DataFrame(made).select(flat_types.as_kind("q", one, goal))
    assert frame.columns == flat_types.columns_of("q", goal)
    assert list(frame.dtypes) == [flat_types.dtype_of(goal)] * len(frame.columns)
    assert frame[:, 0].is_null().to_list() == [False, True]


def test_a_renamed_repeat_takes_along_what_stands_in_it():
    def version(repeat, question):
        inner = Node(f"{repeat}/{question}", question, QUESTION, "integer")
        return form((Node(repeat, repeat, REPEAT, children=(inner,)),))

    pairs = {"kin": "member", "member/years": "member/age"}
    union = union_of([("1", version("kin", "years")), ("2", version("member", "age"))], pairs)
    assert [(t.path, [q.path for q in t.questions]) for t in union.tables if t.path] == [
        ("member", ["member/age"])
    ]
    assert renamed("kin/years", pairs) == "member/age"
    assert renamed("x", {"x": "y", "y": "x"}) in ("x", "y"), "a circle ends"


def test_what_may_be_one_question_is_proposed():
    def version(*questions):
        return form(
            tuple(Node(p, p.rpartition("/")[2], QUESTION, t, labels={"fr": text}) for p, t, text in questions)
        )

    versions = [
        ("1", version(("a", "integer", "Taille"), ("n", "text", "Nom"))),
        ("2", version(("b", "integer", "Taille"), ("c", "text", "Village"))),
    ]
    assert proposed_renamings(versions) == {"a": "b"}
    assert proposed_renamings(versions, {"a": "b"}) == {}


def test_a_type_that_nobody_knows_is_text():
    assert kind_of(Node("x", "x", QUESTION, "something new")) == "text"
