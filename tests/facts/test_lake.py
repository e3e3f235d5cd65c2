"""The lake: replaced whole, rebuilt equal, read by every engine alike."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taama.base.sensitivity import S0
from taama.facts import engines, lake
from taama.facts.tables import Column, Table

TABLE = Table(
    "test.counts",
    ("line",),
    {"line": Column("integer", S0, "ligne", "line"), "people": Column("integer", S0, "personnes", "people")},
)


@pytest.fixture(autouse=True)
def own_lake(tmp_path, settings):
    settings.TAAMA_LAKE = str(tmp_path)


def rows(**of):
    """Frame with the rows of each submission: rows(a=[1, 2]) has two lines of submission a."""
    listed = [
        {"submission": key, "tool": "t", "tool_version": "1", "simulated": False, "line": n, "people": value}
        for key, values in of.items()
        for n, value in enumerate(values)
    ]
    return TABLE.conform(pl.DataFrame(listed)) if listed else TABLE.empty()


def standing():
    return engines.collect(engines.read(TABLE))


def same(frame):
    return lake.content_hash(standing()) == lake.content_hash(frame)


def test_an_unwritten_table_is_empty_with_its_columns():
    assert standing().schema == TABLE.schema


def test_replacing_touches_only_the_submissions_named():
    lake.append(TABLE, rows(a=[1, 2], b=[3]))
    lake.replace(TABLE, rows(a=[9]), ["a"])
    assert same(rows(a=[9], b=[3]))


def test_replacing_is_one_commit_and_may_be_repeated():
    lake.append(TABLE, rows(a=[1, 2], b=[3]))
    before = lake.version(TABLE)
    lake.replace(TABLE, rows(a=[5, 6]), ["a"])
    assert lake.version(TABLE) == before + 1
    lake.replace(TABLE, rows(a=[5, 6]), ["a"])
    assert same(rows(a=[5, 6], b=[3]))


def test_a_submission_without_rows_loses_those_it_had():
    lake.append(TABLE, rows(a=[1], b=[2]))
    lake.forget(TABLE, ["a"])
    assert same(rows(b=[2]))


def test_a_key_with_a_quote_is_a_key():
    lake.append(TABLE, rows(**{"o'neil": [1], "b": [2]}))
    lake.forget(TABLE, ["o'neil"])
    assert same(rows(b=[2]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.lists(st.integers(0, 99), max_size=3)), max_size=8))
def test_the_last_word_on_each_submission_stands(own_lake, history):
    lake.clear(TABLE)
    last = {}
    for key, values in history:
        lake.replace(TABLE, rows(**{key: values}), [key])
        last[key] = values
    assert same(rows(**last))


def test_compacting_and_vacuuming_change_no_row():
    for n in range(6):
        lake.append(TABLE, rows(**{f"s{n}": [n]}))
    before = standing()
    lake.compact(TABLE)
    lake.vacuum(TABLE, hours=0)
    assert same(before)
    assert len(lake.opened(TABLE).file_uris()) == 1


def test_the_content_hash_ignores_order_and_sees_every_value():
    assert lake.content_hash(rows(a=[1, 2])) == lake.content_hash(rows(a=[1, 2])[::-1])
    assert lake.content_hash(rows(a=[1, 2])) != lake.content_hash(rows(a=[1, 3]))


@pytest.mark.parametrize(
    "engine", ["polars", "duckdb", pytest.param("spark", marks=[pytest.mark.slow, pytest.mark.spark])]
)
def test_every_engine_reads_the_same_rows_after_edits(engine):
    lake.append(TABLE, rows(a=[1, 2], b=[3]))
    lake.replace(TABLE, rows(a=[7]), ["a"])
    total = engines.collect(engines.read(TABLE, engine).select(nw.col("people").sum()))
    assert int(total["people"][0]) == 10


def test_an_older_version_can_be_read_until_it_is_vacuumed():
    lake.append(TABLE, rows(a=[1]))
    then = lake.version(TABLE)
    lake.replace(TABLE, rows(a=[2]), ["a"])
    assert engines.collect(engines.read(TABLE, version=then))["people"].to_list() == [1]
