"""Every tool's examples: what phones sent, and the facts and findings expected of it, read as the loader reads."""

import csv
import io
import json
from datetime import UTC, datetime, time
from pathlib import Path

import polars as pl
import pytest
from lxml import etree
from pyxform.xls2xform import convert

import taama
from taama.base.messages import LANGUAGES, message
from taama.collect.methods import repeat_paths, sent_from_instances
from taama.facts.tools import ERROR, FINDING_COLUMNS, Sent

PACKAGE = Path(taama.__file__).parent
FOLDERS = sorted({path.parent.parent for path in PACKAGE.glob("*/tools/*/examples/*.xml")})
FORMS = sorted(PACKAGE.glob("*/tools/*/form.md"))
of_every_tool = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
of_every_form = pytest.mark.parametrize("path", FORMS, ids=lambda path: path.parent.name)


def tool_of(folder):
    from importlib import import_module

    return import_module(".".join(("taama", *folder.relative_to(PACKAGE).parts, "tool"))).tool


def xform(folder):
    return convert(str(folder / "form.md")).xform.encode()


def sent(folder):
    """The examples as they stand in the intake; each is named by its file and arrived the evening of its day."""
    instances = []
    for path in sorted((folder / "examples").glob("*.xml")):
        raw = path.read_bytes()
        root = etree.fromstring(raw)
        day = datetime.fromisoformat(root.findtext("ended")).date()
        meta = {
            "submission": path.stem, "form_version": root.get("version"), "simulated": True,
            "received_at": datetime.combine(day, time(20), UTC),
        }  # fmt: skip
        instances.append((meta, raw))
    return sent_from_instances(instances, repeat_paths(xform(folder)))


def known(folder):
    files = sorted((folder / "examples" / "known").glob("*.csv"))
    return {path.stem: pl.read_csv(path, try_parse_dates=True) for path in files}


def read(folder):
    """Table name → CSV of its facts, and the CSV of the findings."""
    tool, all_sent, context = tool_of(folder), sent(folder), known(folder)
    assert set(context) == set(tool.known)
    found = pl.concat([check(all_sent, context).select(FINDING_COLUMNS) for check in tool.checks])
    held = found.filter(pl.col("level") == ERROR)["submission"]
    free = ~pl.col("submission").is_in(held.implode())
    left = Sent(all_sent.main.filter(free), {name: rows.filter(free) for name, rows in all_sent.repeats.items()})
    answers = {"findings": found.sort("submission", "code", "field", "row")}
    for table, mapping in tool.facts.items():
        marked = mapping(left, context).with_columns(
            pl.lit(tool.code).alias("tool"), pl.lit(tool.version).alias("tool_version"), pl.lit(True).alias("simulated")
        )
        answers[table.name] = table.conform(marked).drop("tool", "tool_version", "simulated").sort("submission", *table.grain)
    return {name: frame.write_csv() for name, frame in answers.items()}


@of_every_tool
def test_examples_become_the_facts_and_findings_expected(folder):
    expected = {path.stem: path.read_text("utf-8") for path in (folder / "examples" / "expected").glob("*.csv")}
    answers = read(folder)
    assert set(answers) == set(expected)
    for name, text in answers.items():
        assert text == expected[name], name


@of_every_tool
def test_every_finding_of_the_examples_speaks_both_languages_and_leaves_no_value_open(folder):
    for row in csv.DictReader(io.StringIO(read(folder)["findings"])):
        for language in LANGUAGES:
            assert "{" not in str(message(row["code"], language, json.loads(row["values"])))


@of_every_tool
def test_one_by_one_or_together_the_facts_are_the_same(folder):
    """The loader reads in batches of any size; only doubts about a whole batch may differ."""
    tool, together, context = tool_of(folder), sent(folder), known(folder)
    for table, mapping in tool.facts.items():
        alone = []
        for key in together.main["submission"]:
            mine = pl.col("submission") == key
            one = Sent(together.main.filter(mine), {name: rows.filter(mine) for name, rows in together.repeats.items()})
            alone.append(mapping(one, context))
        whole = mapping(together, context)
        order = ["submission", *table.grain]
        assert pl.concat(alone).sort(order).equals(whole.sort(order)), table.name


@of_every_tool
def test_an_empty_submission_is_held_back_and_breaks_nothing(folder):
    tool, context = tool_of(folder), known(folder)
    meta = {"submission": "s", "form_version": "", "simulated": False, "received_at": datetime(2026, 11, 3, tzinfo=UTC)}
    empty = sent_from_instances([(meta, b"<data/>")])
    assert ERROR in pl.concat([check(empty, context) for check in tool.checks])["level"].to_list()
    for table, mapping in tool.facts.items():
        assert mapping(empty, context).height == 0, table.name


@of_every_form
def test_forms_convert_without_a_warning_and_carry_their_version(path):
    converted = convert(str(path))
    assert converted.warnings == []
    root = etree.fromstring(converted.xform.encode()).find(".//{*}model/{*}instance")[0]
    assert (root.get("id"), root.get("version")) == (path.parent.name, tool_of(path.parent).versions[-1])


@of_every_form
def test_every_text_of_a_form_stands_in_both_languages(path):
    form = etree.fromstring(convert(str(path)).xform.encode())
    translations = form.findall(".//{*}itext/{*}translation")
    languages = {t.get("lang"): {e.get("id"): "".join(e.itertext()).strip() for e in t} for t in translations}
    assert sorted(languages) == ["English (en)", "Français (fr)"]
    default = next(t.get("lang") for t in translations if t.get("default"))
    assert default == "Français (fr)"
    french, english = languages["Français (fr)"], languages["English (en)"]
    assert french.keys() == english.keys()
    assert [key for key in french if french[key] in ("", "-") or english[key] in ("", "-")] == []


@pytest.mark.slow
@of_every_form
def test_forms_pass_the_validator_of_the_phones(path):
    convert(str(path), validate=True)
