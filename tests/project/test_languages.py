"""Both languages are complete: what one reader sees, the other sees too."""

import re
import string
from pathlib import Path

import pytest

import taama
from taama.base.messages import LANGUAGES, catalogue
from taama.project import texts

PACKAGE = Path(taama.__file__).parent
APPS = texts.apps()
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.mark.parametrize("app", APPS)
def test_every_text_has_its_french(app):
    assert texts.missing(app) == []


@pytest.mark.parametrize("app", APPS)
def test_french_keeps_the_placeholders(app):
    for text, entry in texts.french(app).items():
        english = [entry.id] if isinstance(entry.id, str) else entry.id
        allowed = {name for one in english for name in PLACEHOLDER.findall(one)}
        translated = [entry.string] if isinstance(entry.string, str) else entry.string
        for one in translated:
            assert set(PLACEHOLDER.findall(one)) <= allowed, text


@pytest.mark.parametrize("app", APPS)
def test_no_translation_is_left_over(app):
    assert sorted(set(texts.french(app)) - texts.texts_of(app)) == []


def test_one_text_has_one_french_in_the_whole_house():
    """Django puts the catalogues of all apps together: of two French texts, one app's would show in the other."""
    told = {}
    for app in APPS:
        for key, entry in texts.french(app).items():
            told.setdefault(key, {}).setdefault(str(entry.string), []).append(app)
    assert {key: found for key, found in told.items() if len(found) > 1} == {}


def parts(entry):
    return {"cause": entry} if isinstance(entry, str) else entry


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_speaks_both_languages_with_the_same_values(code):
    entry = catalogue()[code]
    assert set(LANGUAGES) <= set(entry)
    assert set(parts(entry["fr"])) == set(parts(entry["en"]))
    for name in parts(entry["fr"]):
        fr, en = parts(entry["fr"])[name], parts(entry["en"])[name]
        assert fr.strip() and en.strip()
        fields = [{f for _, f, _, _ in string.Formatter().parse(text) if f} for text in (fr, en)]
        assert fields[0] == fields[1]


def test_every_code_raised_or_found_has_a_text():
    pattern = re.compile(r"""["']((?:%s)\.[a-z0-9_]+)["']""" % "|".join(APPS))
    raised = re.compile(
        r"(?:Error|refuse|_broken|findings?|finding|flag)\(\s*(?:[^()]*?code=)?[\"']([a-z]+\.[a-z0-9_]+)[\"']"
    )
    missing = set()
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text("utf-8")
        missing |= {code for code in raised.findall(source) if pattern.search(f'"{code}"')} - set(catalogue())
    assert missing == set()
