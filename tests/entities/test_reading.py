"""What forms declare and instances say of entities: with what pyxform makes, and with what others write by hand."""

import time

import pytest
from lxml import etree
from pyxform.xls2xform import convert

from taama.base.cells import longest_cell
from taama.base.errors import MethodError
from taama.entities.methods.declared import read_declaration
from taama.entities.methods.importing import read_import
from taama.entities.methods.names import identity_of
from taama.entities.methods.said import read_said
from tests.entities.forms import AID, CENSUS, PEOPLE, TREE, UUID, census, person, xform


def xform_of(form):
    return convert(xlsform=form).xform.encode()


def declared(form):
    return read_declaration(xform_of(form))


def test_a_form_that_makes_and_changes_as_pyxform_writes_it():
    found = declared(TREE)
    (block,) = found.blocks
    assert (block.list_name, block.creates, block.updates) == ("trees", True, True)
    assert found.fills == {"trees": ["species", "circumference_cm"]} and found.reads == {"trees"}
    assert found.times == ("end", "start")


def test_entities_of_a_repeat_and_of_what_holds_it():
    found = declared(CENSUS)
    assert found.fills == {"households": ["hh_id"], "people": ["full_name", "age"]}
    assert {block.path for block in found.blocks} == {"", "member"}


def test_what_an_instance_says_of_a_household_and_its_members():
    reading = read_said(census(), declared(CENSUS))
    assert [(s.list_name, s.values) for s in reading.said] == [
        ("people", {"full_name": "Awa", "age": "34", "label": "Awa"}),
        ("people", {"full_name": "Oumar", "label": "Oumar"}),
        ("households", {"hh_id": "H-7", "label": "H-7"}),
    ]
    assert len({s.entity for s in reading.said}) == 3


def test_when_it_was_filled_is_read_from_the_form():
    raw = b"<data><end>2026-03-04T10:00:00.000+01:00</end><start>2026-03-04T09:00:00Z</start></data>"
    assert read_said(raw, declared(TREE)).made_at.isoformat() == "2026-03-04T09:00:00+00:00"
    assert read_said(b"<data><end>yesterday</end></data>", declared(TREE)).made_at is None


def test_an_offline_update_as_a_phone_sends_it():
    raw = person(update="1", base="2", trunk="1", branch=UUID.replace("abc", "bbb"), answers={"status": ""})
    (said,) = read_said(raw, read_declaration(PEOPLE)).said
    assert (said.base, said.trunk, said.branch) == (2, 1, UUID.replace("abc", "bbb"))
    assert said.values == {"status": ""}, "an empty answer empties the property, an absent one leaves it"
    assert not said.fault


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"entity": "no-uuid"}, "entities.id_malformed"),
        ({"entity": ""}, "entities.id_malformed"),
        ({"label": ""}, "entities.label_missing"),
        ({"label": "  "}, "entities.label_missing"),
    ],
)
def test_what_cannot_be_taken_says_why(given, fault):
    (said,) = read_said(person(**({"create": "1", "label": "A"} | given)), read_declaration(PEOPLE)).said
    assert said.fault == fault


@pytest.mark.parametrize("yes", ["1", "true"])
@pytest.mark.parametrize("no", ["0", "false", "", "yes"])
def test_only_1_and_true_ask_for_something(yes, no):
    people = read_declaration(PEOPLE)
    assert read_said(person(create=no, label="A"), people).said == ()
    assert read_said(person(create=yes, label="A"), people).said[0].creates


def test_a_form_may_not_do_what_it_does_not_declare():
    only_create = read_declaration(xform('<entity dataset="people" id="" create=""><label/></entity>'))
    (said,) = read_said(person(update="1", base="1"), only_create).said
    assert said.fault == "entities.action_not_declared"


def test_versions_that_are_no_numbers_count_as_none():
    (said,) = read_said(person(update="1", base="x", trunk="-1"), read_declaration(PEOPLE)).said
    assert (said.base, said.trunk, said.branch) == (0, None, "")


@pytest.mark.parametrize(
    ("block", "version", "code"),
    [
        ('<entity dataset="a.b" id="" create=""/>', "2024.1.0", "entities.list_name_invalid"),
        ('<entity id="" create=""/>', "2024.1.0", "entities.list_name_invalid"),
        ('<entity dataset="__a" id="" create=""/>', "2024.1.0", "entities.list_name_invalid"),
        ('<entity dataset="a" id=""/>', "2024.1.0", "entities.no_action"),
        ('<entity dataset="a" id="" create=""/>', None, "entities.version_unknown"),
        ('<entity dataset="a" id="" create=""/>', "2021.9.0", "entities.version_unknown"),
        ('<entity dataset="a" id="" create=""/>', "2025.2.0", "entities.version_unknown"),
        (
            '<entity dataset="a" id="" create=""/><entity dataset="b" id="" create=""/>',
            "2025.1.0",
            "entities.several_in_one",
        ),
    ],
)
def test_a_declaration_that_cannot_work_is_refused_with_its_reason(block, version, code):
    with pytest.raises(MethodError) as raised:
        read_declaration(xform(block, version))
    assert raised.value.code == code


def test_an_answer_around_which_no_entry_is_declared_is_told():
    form = xform_of(AID).replace(b'nodeset="/data/which"', b'nodeset="/data/which" entities:saveto="who"')
    with pytest.raises(MethodError) as raised:
        read_declaration(form)
    assert (raised.value.code, raised.value.values["question"]) == ("entities.question_outside", "which")


@pytest.mark.parametrize("name", ["name", "Label", "__x", "1x"])
def test_a_property_may_not_have_a_reserved_name(name):
    form = PEOPLE.replace(b'saveto="status"', f'saveto="{name}"'.encode())
    with pytest.raises(MethodError) as raised:
        read_declaration(form)
    assert raised.value.code == "entities.property_name_invalid"


def test_an_answer_of_a_repeat_is_not_kept_on_an_entity_outside_of_it():
    form = xform_of(CENSUS)
    root = etree.fromstring(form)
    for entity in root.findall(".//{*}member/{*}meta"):
        entity.getparent().remove(entity)
    with pytest.raises(MethodError) as raised:
        read_declaration(etree.tostring(root))
    assert raised.value.code == "entities.repeat_outside"


def test_repeats_need_the_version_that_knows_them():
    form = xform_of(CENSUS).replace(b"2025.1.0", b"2024.1.0")
    with pytest.raises(MethodError) as raised:
        read_declaration(form)
    assert raised.value.code == "entities.repeat_needs_version"


def test_a_form_without_entities_declares_nothing_but_may_read_a_list():
    found = read_declaration(xform("", None, extra='<instance id="a" src="jr://file-csv/sites.csv"/>'))
    assert not found.blocks and found.reads == {"sites"}


def test_a_file_with_codes_names_the_same_entry_every_time():
    raw = '﻿code;label;idp\nS-1;Socoura;12\n;;\nS-2;"Médina; Coura";\n'.encode()
    found = read_import(raw, "sites", key="code")
    assert [line.entity for line in found.lines] == [identity_of("sites", "S-1"), identity_of("sites", "S-2")]
    assert found.lines[1].values == {"code": "S-2", "label": "Médina; Coura", "idp": ""}
    assert found.properties == ("code", "idp") and not found.faults


def test_every_fault_of_a_file_is_told_with_its_line():
    raw = f"name,label,x\n{UUID},A,1\n,B,2\n{UUID},C,3\n{UUID[:-1]}d,,4\n{UUID[:-1]}e,E,5,6\n".encode()
    assert [(fault.line, fault.code) for fault in read_import(raw, "l").faults] == [
        (3, "entities.line_without_identity"),
        (4, "entities.line_twice"),
        (5, "entities.line_without_label"),
        (6, "base.line_too_wide"),
    ]


@pytest.mark.parametrize(
    ("raw", "key", "code"),
    [
        (b"label\nA\n", "", "entities.identity_missing"),
        (b"name\nA\n", "", "entities.column_missing"),
        (b"label,x\nA,1\n", "code", "entities.column_missing"),
        (b"name,label,x,x\n", "", "entities.column_twice"),
        (b"name,label,a b\n", "", "entities.column_invalid"),
        (b"name,label\n", "", "entities.file_empty"),
        (b"name,label\n\xe9,\n", "", "base.not_utf8"),
        (b"", "", "entities.column_missing"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(raw, key, code):
    with pytest.raises(MethodError) as raised:
        read_import(raw, "l", key)
    assert raised.value.code == code


def test_a_quote_that_nobody_closed_is_told_with_its_line():
    raw = f'name,label\n{UUID},A\n{UUID},"'.encode() + b"x" * 131_073
    with longest_cell(10_000_000), pytest.raises(MethodError) as raised:  # as another library may have set it
        read_import(raw, "l")
    assert (raised.value.code, raised.value.where.row) == ("base.line_unreadable", 3)


def test_very_many_columns_are_counted_once():
    begun = time.process_time()
    with pytest.raises(MethodError) as raised:
        read_import(",".join(["name", "label", *(f"c{n}" for n in range(60_000)), "a b"]).encode(), "l")
    assert raised.value.code == "entities.column_invalid"
    assert time.process_time() - begun < 5


def test_a_list_that_was_exported_can_be_imported_again():
    raw = f"name,label,__version,x\n{UUID},A,3,1\n".encode()
    found = read_import(raw, "l")
    assert found.properties == ("x",) and found.lines[0].values == {"label": "A", "x": "1"}
