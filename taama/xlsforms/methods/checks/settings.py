"""The sheet of settings: who the form is, which version, in which language."""

import re

from taama.xlsforms.methods.book import fallback_id
from taama.xlsforms.methods.checks.structure import language_of
from taama.xlsforms.methods.edits import Fill, Repair, Write
from taama.xlsforms.methods.words import make_name

LONGEST_ID, LONGEST_VERSION = 120, 60
ROOT = re.compile(r"[^\W\d][\w.-]*")


def find(form):
    """Faults of the settings."""
    yield from _form_id(form)
    yield from _version(form)
    yield from _language(form)
    yield from _root(form)
    rows = form.sheet("settings").rows
    if len(rows) > 1:
        yield form.fault("xlsforms.settings_rows", "settings", rows[1].number, level="warning")


def _form_id(form):
    given, made = form.setting("form_id"), fallback_id(form.book.file)
    if not given:
        code = "xlsforms.form_id_missing"
        repairs = (
            [Repair(True, (Fill("settings", None, "form_id", made, code),), made)]
            if "id_string" not in form.settings
            else []
        )
        yield form.fault(
            code, "settings", at="form_id", level="warning", values={"name": made}, repairs=repairs
        )
    elif len(given) > LONGEST_ID or re.search(r"\s", given):
        code, level = "xlsforms.form_id_unusable", "error" if len(given) > LONGEST_ID else "warning"
        row, index, _ = form.settings["form_id"]
        repair = form.rewrite(code, "settings", row, index, make_name(given), certain=False)
        yield form.fault(code, "settings", row, index, level, {"value": given[:80]}, [repair])


def _version(form):
    given = form.setting("version")
    if not given:
        code = "xlsforms.version_missing"
        repair = Repair(False, (Fill("settings", None, "version", "1", code),), "1")
        yield form.fault(code, "settings", at="version", level="warning", repairs=[repair])
    elif len(given) > LONGEST_VERSION:
        row, index, _ = form.settings["version"]
        values = {"value": given[:80], "most": LONGEST_VERSION}
        yield form.fault("xlsforms.version_unusable", "settings", row, index, values=values)


def _language(form):
    given = form.setting("default_language")
    spoken = sorted(
        {h.language for _, h in [*form.columns("survey", "label"), *form.columns("choices", "label")]}
    )
    if not given or given in spoken or not any(spoken):
        return
    row, index, _ = form.settings["default_language"]
    code, meant = "xlsforms.language_unknown", language_of(form, given)
    raw = form.sheet("settings").rows[0].cells[index]
    repairs = [Repair(True, (Write("settings", row, index, raw, meant, code),), meant)] if meant else []
    values = {"value": given, "languages": [language for language in spoken if language]}
    yield form.fault(code, "settings", row, index, "warning", values, repairs)


def _root(form):
    """The name of the outermost element, when the author gives one."""
    given = form.setting("name")
    if given and not ROOT.fullmatch(given):
        code = "xlsforms.name_malformed"
        row, index, _ = form.settings["name"]
        repair = form.rewrite(code, "settings", row, index, make_name(given))
        values = {"value": given, "name": make_name(given)}
        yield form.fault(code, "settings", row, index, values=values, repairs=[repair])
