"""Both languages are complete: what one reader sees, the other sees too."""

import io
import re
import string
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract
from django.utils.translation import template

import taama
from taama.base.messages import LANGUAGES, catalogue

PACKAGE = Path(taama.__file__).parent
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_": None,
    "gettext_noop": None,
    "npgettext": ((1, "c"), 2, 3),
}
APPS = sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())


def texts_of(app):
    """Every msgid of an app's Python and templates."""
    found = set()
    for path in sorted((PACKAGE / app).rglob("*.py")):
        found |= _extract(path.read_text("utf-8"))
    for path in sorted((PACKAGE / app).rglob("*.html")):
        found |= _extract(template.templatize(path.read_text("utf-8")))
    return found


def _extract(source):
    messages = set()
    for _line, found, _comments, _context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        messages.add(found if isinstance(found, str) else found[0])
    return messages


def french(app):
    path = PACKAGE / app / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    return {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}


@pytest.mark.parametrize("app", APPS)
def test_every_text_has_its_french(app):
    entries = french(app)
    missing = []
    for text in texts_of(app):
        entry = entries.get(text)
        whole = entry and not entry.fuzzy and (entry.msgstr or all(entry.msgstr_plural.values() or [""]))
        if text and not whole:
            missing.append(text)
    assert sorted(missing) == []


@pytest.mark.parametrize("app", APPS)
def test_french_keeps_the_placeholders(app):
    named = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    for entry in french(app).values():
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translated:
                allowed = set(named.findall(entry.msgid)) | set(named.findall(entry.msgid_plural or ""))
                assert set(named.findall(translated)) <= allowed, entry.msgid


@pytest.mark.parametrize("app", APPS)
def test_no_translation_is_left_over(app):
    assert sorted(set(french(app)) - texts_of(app)) == []


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
