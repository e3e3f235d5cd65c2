"""The examples of the tools that read files: the facts and findings expected of them, as documentation that is tested."""

import csv
import io
import json
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

import taama
from taama.base.messages import LANGUAGES, message
from taama.facts.tools import FINDING_COLUMNS, Sent

TOOLS = Path(taama.__file__).parent / "series" / "tools"
FOLDERS = [TOOLS / "published_baseline", TOOLS / "published_series"]
of_each_tool = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def module_of(folder):
    return import_module(f"taama.series.tools.{folder.name}.tool")


def examples(folder):
    return sorted(path for path in (folder / "examples").iterdir() if path.is_file())


def context(folder):
    types = {"code": pl.String, "parent": pl.String, "geography": pl.String}
    return {
        path.stem: pl.read_csv(path, schema_overrides=types)
        for path in (folder / "examples" / "known").glob("*.csv")
    }


def read(folder):
    """Table name → CSV of its facts, and the CSV of the findings, all examples opened as one batch."""
    tool, known = module_of(folder).tool, context(folder)
    mains = [
        tool.open(path.read_bytes(), path.name, known).main.with_columns(
            pl.lit(path.stem).alias("submission")
        )
        for path in examples(folder)
    ]
    sent = Sent(pl.concat(mains, how="diagonal_relaxed"))
    found = pl.concat([check(sent, known).select(FINDING_COLUMNS) for check in tool.checks])
    answers = {"findings": found.sort("submission", "row", "code", "field")}
    for table, mapping in tool.facts.items():
        marked = mapping(sent, known).with_columns(
            pl.lit(tool.code).alias("tool"),
            pl.lit(tool.version).alias("tool_version"),
            pl.lit(False).alias("simulated"),
        )
        answers[table.name] = (
            table.conform(marked).drop("tool", "tool_version", "simulated").sort("submission", *table.grain)
        )
    return {name: frame.write_csv() for name, frame in answers.items()}


@of_each_tool
def test_examples_become_the_facts_and_findings_expected(folder):
    expected = {
        path.stem: path.read_text("utf-8") for path in (folder / "examples" / "expected").glob("*.csv")
    }
    answers = read(folder)
    assert set(answers) == set(expected)
    for name, text in answers.items():
        assert text == expected[name], name


@of_each_tool
def test_every_finding_of_the_examples_speaks_both_languages_and_leaves_no_value_open(folder):
    for row in csv.DictReader(io.StringIO(read(folder)["findings"])):
        for language in LANGUAGES:
            assert "{" not in str(message(row["code"], language, json.loads(row["values"])))


@of_each_tool
def test_a_tool_recognises_its_examples_better_than_the_other_does(folder):
    (other,) = [f for f in FOLDERS if f != folder]
    for path in examples(folder):
        raw = path.read_bytes()
        assert module_of(folder).recognises(raw, path.name) > module_of(other).recognises(raw, path.name)
