"""What a phone sent, as frames: nothing lost, nothing mixed up, nothing hostile let in."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from taama.base.errors import MethodError
from taama.collect.methods import repeat_paths, sent_from_instances

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def meta(key="s1", **more):
    return {"submission": key, "form_version": "1", "received_at": NOON, "simulated": False} | more


def read(*raws, repeats=()):
    return sent_from_instances([(meta(f"s{n}"), raw) for n, raw in enumerate(raws)], repeats)


def test_namespaces_groups_and_blanks():
    raw = b"""<?xml version='1.0'?>
      <data id="f" version="1" xmlns:orx="http://openrosa.org/xforms">
        <a> 12 </a><g><b/><c>deux mots</c></g><orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>
      </data>"""
    main = read(raw).main
    assert main.row(0, named=True) == {
        "submission": "s0", "form_version": "1", "received_at": NOON, "simulated": False,
        "a": "12", "g/b": None, "g/c": "deux mots", "meta/instanceID": "uuid:1",
    }  # fmt: skip


def test_a_repeat_with_one_row_is_known_from_the_form():
    sent = read(b"<d><kin><age>3</age></kin></d>", repeats={"kin"})
    assert sent.repeats["kin"].rows() == [("s0", 1, "3")]
    assert "kin/age" not in sent.main.columns


def test_a_form_without_rows_still_has_its_repeat():
    assert read(b"<d><a>1</a></d>", repeats={"kin"}).repeats["kin"].height == 0


def test_a_repeat_in_a_repeat_knows_its_parent():
    raw = b"""<d><house><n>1</n><kin><age>3</age></kin><kin><age>4</age></kin></house>
                 <house><n>2</n><kin><age>5</age></kin></house></d>"""
    sent = read(raw, repeats={"house", "house/kin"})
    assert sent.repeats["house"].select("row", "n").rows() == [(1, "1"), (2, "2")]
    assert sent.repeats["house/kin"].select("row", "parent_row", "age").rows() == [
        (1, 1, "3"), (2, 1, "4"), (3, 2, "5"),
    ]  # fmt: skip


def test_submissions_with_other_questions_stand_in_one_frame():
    main = read(b"<d><a>1</a></d>", b"<d><b>2</b></d>").main
    assert main.select("a", "b").rows() == [("1", None), (None, "2")]


def test_an_answer_cannot_pretend_to_be_the_submission():
    main = read(b"<d><submission>other</submission><simulated>true</simulated></d>").main
    assert main["submission"].to_list() == ["s0"]
    assert main["simulated"].to_list() == [False]


def test_the_repeats_of_a_form_are_read_from_it():
    xform = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:body>
      <group ref="/data/g"><repeat nodeset="/data/g/kin"><input ref="/data/g/kin/age"/></repeat></group>
    </h:body></h:html>"""
    assert repeat_paths(xform) == {"g/kin"}


LAUGHS = b"""<!DOCTYPE d [<!ENTITY a "ha">%s]><d><x>&l9;</x></d>""" % b"".join(
    b'<!ENTITY l%d "%s">' % (n, (b"&l%d;" % (n - 1) if n else b"&a;") * 10) for n in range(10)
)
HOSTILE = {
    "broken": b"<d><a></d>",
    "empty": b"",
    "billion laughs": LAUGHS,
    "external entity": b"""<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d><a>&x;</a></d>""",
    "too deep": b"<a>" * 5000 + b"</a>" * 5000,
    "only a doctype": b"<!DOCTYPE d><d><a>1</a></d>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_quickly_and_named(name):
    started = time.perf_counter()
    with pytest.raises(MethodError) as raised:
        read(HOSTILE[name])
    assert time.perf_counter() - started < 1
    assert raised.value.where.file == "s0"


def test_many_rows_take_time_in_proportion():
    raw = b"<d>" + b"<kin><age>3</age></kin>" * 20_000 + b"</d>"
    started = time.perf_counter()
    assert read(raw).repeats["kin"].height == 20_000
    assert time.perf_counter() - started < 5


names = st.sampled_from(["a", "b", "c", "g"])
texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)
trees = st.recursive(
    texts, lambda inner: st.dictionaries(names, inner, min_size=1, max_size=4), max_leaves=12
).filter(lambda tree: isinstance(tree, dict))


def build(parent, tree):
    for name, inner in tree.items():
        child = etree.SubElement(parent, name)
        if isinstance(inner, dict):
            build(child, inner)
        else:
            child.text = inner
    return parent


def leaves(tree, path=""):
    for name, inner in tree.items():
        here = f"{path}/{name}" if path else name
        yield from leaves(inner, here) if isinstance(inner, dict) else [(here, inner)]


@given(st.lists(trees, min_size=1, max_size=4))
def test_every_answer_arrives_under_its_path(several):
    raws = [etree.tostring(build(etree.Element("d"), tree)) for tree in several]
    main = read(*raws).main
    for row, tree in zip(main.to_dicts(), several, strict=True):
        assert {k: v for k, v in row.items() if k not in meta() and v is not None} == dict(leaves(tree))
