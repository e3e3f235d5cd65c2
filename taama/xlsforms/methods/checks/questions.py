"""Types and names of questions, groups and repeats, and their labels."""

import re

from taama.xlsforms.methods.edits import Rename, Repair, Write
from taama.xlsforms.methods.form import SETTINGS_TYPES, clean
from taama.xlsforms.methods.personal import read_class
from taama.xlsforms.methods.words import (
    CHOICE_COMMANDS,
    FOREIGN_TYPES,
    LIKELY_COMMANDS,
    LIKELY_TYPE,
    folded,
    mend_type,
    plain_types,
    read_type,
    shown_types,
)

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
ACCENTED = re.compile(r"[^\W\d][\w.-]*")
ROOT = "data"
SHOWN = ("label", "hint", "image", "audio", "video", "big-image")
LONGEST_NAME = 120


def find(form):
    """Faults of single rows of the questions, and of names beside each other."""
    for item in form.items:
        yield from _type(form, item)
        yield from _name(form, item)
        yield from _label(form, item)
        yield from _calculation(form, item)
    yield from _classes(form)
    yield from _nameless_rows(form)
    yield from _untidy(form)
    yield from _names_twice(form)
    yield from _audits(form)


def _type(form, item):
    if item.type:
        return
    if not item.written:
        yield form.fault("xlsforms.type_missing", "survey", item.row, "type", values={"name": item.name})
        return
    written, code = item.written, "xlsforms.type_unknown"
    if folded(written) in {*CHOICE_COMMANDS, "select_one_from_file", "select_multiple_from_file"}:
        yield _without_list(form, item)
        return
    server = FOREIGN_TYPES.get(
        folded(written.split()[0]) if not written.startswith("text audit") else "text_audit"
    )
    if server or "kobo--" in written:
        values = {"value": written, "server": server or "KoboToolbox"}
        yield form.fault("xlsforms.type_of_other_server", "survey", item.row, "type", values=values)
        return
    yield form.fault(
        code, "survey", item.row, "type", values={"value": written}, repairs=_types(form, item, code)
    )


def _types(form, item, code):
    """Types to put instead: one that is surely meant, or those that come near."""
    sure = mend_type(item.written) or _list_with_space(form, item.written)
    if sure and not (sure == "end" and not item.name):  # the end of a section, or of the interview
        return [form.rewrite(code, "survey", item.row, "type", sure)]
    first, _, rest = item.written.partition(" ")
    likely = [*LIKELY_TYPE.get(item.written.lower(), LIKELY_TYPE.get(folded(item.written), ()))]
    commands = [
        *CHOICE_COMMANDS,
        "select_one_from_file",
        "begin_group",
        "begin_repeat",
        "end_group",
        "end_repeat",
    ]
    likely += form.near(item.written, [*plain_types(), *commands[-4:]])[:3]
    likely += [f"{command} {rest}" for command in LIKELY_COMMANDS.get(folded(first), ()) if rest]
    likely += [f"{command} {rest}" for command in form.near(first, commands) if rest]
    accepted = [kind for kind in dict.fromkeys(likely) if read_type(kind)]
    return [form.rewrite(code, "survey", item.row, "type", kind, certain=False) for kind in accepted]


def _list_with_space(form, written):
    """`select_one oui non` where the sheet of choices has a list `oui non`, or `oui_non`."""
    match = re.fullmatch(r"(select[ _-]one|select[ _-]multiple|rank)\s+(.+?)( or[ _]other)?", written, re.I)
    if not match:
        return ""
    command, other = folded(match[1]), " or_other" if match[3] else ""
    joined = {re.sub(r"\s+", "_", name): name for name in form.lists}
    wanted = re.sub(r"\s+", "_", match[2])
    return f"{command} {wanted}{other}" if wanted in joined else ""


def _without_list(form, item):
    if "file" in item.written:
        return form.fault(
            "xlsforms.file_not_named", "survey", item.row, "type", values={"value": item.written}
        )
    code, known = "xlsforms.list_not_named", form.lists
    wanted = [name for name in known if item.name and folded(name) == folded(item.name)]
    command = folded(item.written)
    repairs = [
        form.rewrite(code, "survey", item.row, "type", f"{command} {name}", certain=False) for name in wanted
    ]
    if not repairs and len(known) == 1:
        repairs = [
            form.rewrite(code, "survey", item.row, "type", f"{command} {next(iter(known))}", certain=False)
        ]
    return form.fault(code, "survey", item.row, "type", values={"value": item.written}, repairs=repairs)


def _name(form, item):
    if (item.meant and item.meant.closes) or item.kind in SETTINGS_TYPES:
        return
    if not item.name:
        if item.kind not in ("note", "audit") and item.written:
            yield _nameless(form, item)
    elif item.kind == "audit" and item.name != "audit":
        repair = form.rewrite("xlsforms.audit_named", "survey", item.row, "name", "audit")
        yield form.fault("xlsforms.audit_named", "survey", item.row, "name", repairs=[repair])
    elif item.name == "meta":
        yield _rename(form, item, "xlsforms.name_reserved", form.new_name("metadata"))
    elif not NAME.fullmatch(item.name):
        accented = ACCENTED.fullmatch(item.name) and not re.match(r"\d", item.name)
        code, level = (
            ("xlsforms.name_accented", "warning") if accented else ("xlsforms.name_malformed", "error")
        )
        yield _rename(form, item, code, form.new_name(item.name), level, certain=not accented)
    elif len(item.name) > LONGEST_NAME:
        yield _rename(
            form, item, "xlsforms.name_long", form.new_name(item.name[:60]), "warning", certain=False
        )


def _nameless(form, item):
    """A question without a name gets one from its label; nothing can refer to it, so nothing else changes."""
    code, section = "xlsforms.name_missing", bool(item.meant and item.meant.opens)
    label = _label_text(form, item.row)
    name = form.new_name(label[:40] if label else f"{'group' if section else 'question'}_{item.row}")
    repair = form.rewrite(code, "survey", item.row, "name", name)
    return form.fault(code, "survey", item.row, "name", values={"value": item.written}, repairs=[repair])


def _label_text(form, number):
    row = form.rows[number]
    return next((clean(row.cells[i]) for i, _ in form.columns("survey", "label") if row.cells[i].strip()), "")


def _rename(form, item, code, name, level="error", certain=True, only=None, choice=None):
    index = form.column("survey", "name")
    before = form.rows[item.row].cells[index]
    sole = form.names[item.name] == 1
    sure = sole or only is not None or item.name not in form.referenced
    edits = () if before == item.name else (Write("survey", item.row, index, before, item.name, code),)
    edits = (*edits, Rename(item.row, index, item.name, name, code, only, paths=sole and only is None))
    values = {"value": item.name, "name": name, **(choice or {})}
    return form.fault(
        code, "survey", item.row, "name", level, values, [Repair(certain and sure, edits, name)]
    )


def _label(form, item):
    """What is shown must say something. Only what is computed, hidden or taken from the phone needs no label."""
    if item.type is None or not (item.type.chooses or item.kind in shown_types()):
        return
    row = form.rows[item.row]
    computed = form.text("survey", row, "calculation") or form.text("survey", row, "trigger")
    shown = any(row.cells[i].strip() for i, _ in form.columns("survey", *SHOWN))
    if shown or computed:
        return
    code, text = "xlsforms.label_missing", (item.name or "?").replace("_", " ").strip()
    repair = form.rewrite(code, "survey", item.row, "label", text, certain=False)
    yield form.fault(code, "survey", item.row, "label", values={"name": item.name}, repairs=[repair])


def _calculation(form, item):
    if item.kind != "calculate":
        return
    row = form.rows[item.row]
    if form.text("survey", row, "calculation") or form.text("survey", row, "default"):
        return
    code = "xlsforms.calculation_missing"
    repair = form.rewrite(code, "survey", item.row, "calculation", "''", certain=False)
    yield form.fault(code, "survey", item.row, "calculation", values={"name": item.name}, repairs=[repair])


def _classes(form):
    """A class that is none would leave a question without protection."""
    at = form.column("survey", "sensitivity")
    for row in form.rows.values() if at is not None else ():
        if read_class(row.cells[at]) is None:
            values = {"value": clean(row.cells[at])}
            yield form.fault("xlsforms.class_unknown", "survey", row.number, at, values=values)


def _nameless_rows(form):
    """Rows with a label alone: the compiler passes over them or stops; the author meant a note or a question."""
    known = {item.row for item in form.items}
    for number in form.rows:
        if number not in known and _label_text(form, number):
            code = "xlsforms.type_missing"
            values = {"name": _label_text(form, number)[:60]}
            repairs = [form.rewrite(code, "survey", number, "type", "note", certain=False)]
            yield form.fault(code, "survey", number, "type", values=values, repairs=repairs)


def _untidy(form):
    """Spaces around names and types, and characters that nobody sees."""
    code = "xlsforms.spaces_around"
    for sheet, columns in (("survey", ("type", "name")), ("choices", ("list_name", "name"))):
        indexes = [i for i in (form.column(sheet, name) for name in columns) if i is not None]
        for row in form.sheet(sheet).rows:
            for index in indexes:
                text = row.cells[index]
                if text and text != clean(text):
                    repair = form.rewrite(code, sheet, row.number, index, clean(text))
                    yield form.fault(
                        code, sheet, row.number, index, "warning", {"value": clean(text)}, [repair]
                    )


def _names_twice(form):
    """Names that stand twice where they may stand once."""
    seen, small, repeats = {}, {}, {}
    for item in form.named:
        key = (item.scope, item.name)
        if item.kind == "audit" or item.name == "meta":
            continue
        if key in seen:
            yield _twice(form, item, "xlsforms.name_twice", seen[key])
        elif (item.scope, item.name.lower()) in small:
            values = {"other": small[item.scope, item.name.lower()].name}
            name = form.new_name(item.name)
            yield _rename(form, item, "xlsforms.name_case_twice", name, "warning", False, choice=values)
        elif item.meant and item.meant.opens == "repeat" and (item.name in repeats or item.name == ROOT):
            yield _twice(form, item, "xlsforms.repeat_twice", repeats.get(item.name, item))
        seen.setdefault(key, item)
        small.setdefault((item.scope, item.name.lower()), item)
        if item.meant and item.meant.opens == "repeat":
            repeats.setdefault(item.name, item)


def _audits(form):
    """A form keeps one log of how it is filled."""
    audits = [item for item in form.items if item.kind == "audit"]
    for item in audits[1:]:
        values = {"value": "audit", "row": audits[0].row}
        yield form.fault("xlsforms.name_twice", "survey", item.row, "type", values=values)


def _twice(form, item, code, first):
    """A second name: it gets a number. Surely so when nothing refers to the name; else references stay with the first."""
    certain, values = item.name not in form.referenced, {"row": first.row}
    return _rename(
        form, item, code, form.new_name(item.name), certain=certain, only=frozenset(), choice=values
    )
