"""What an import tells: every fault with its place and its repairs, every cell that changed, in plain JSON."""

import re
from dataclasses import asdict, dataclass, replace

from taama.forms.methods.judging import find_in_xform
from taama.forms.methods.xform import read_xform
from taama.xlsforms.methods.book import Book, Fault
from taama.xlsforms.methods.edits import Fill, Repair
from taama.xlsforms.methods.faults import find_faults, mended
from taama.xlsforms.methods.form import Form
from taama.xlsforms.methods.personal import classes_told
from taama.xlsforms.methods.reading import kind_of, read_book
from taama.xlsforms.methods.repairing import concerns, repair, repair_key
from taama.xlsforms.methods.writing import write_xlsx

TAKEN = "forms.version_taken"


@dataclass(frozen=True)
class Examined:
    """A form looked through. `book`: as it is after the repairs; None for an XForm, which is taken or left.

    entries  one for each fault: dict with code, level, sheet, row, column, letter, values; `left`, whether it is still
             there; `options`, its repairs; `picked`, the key of the one that was made
    changes  Change for each cell that differs
    """

    book: Book | None
    entries: tuple
    changes: tuple = ()
    form_id: str = ""
    version: str = ""
    title: str = ""

    def report(self):
        """The whole as plain JSON. `classes`: path → [row, class that the sheet gives or ""] of each question."""
        changes = [asdict(change) | {"concerns": concerns(change)} for change in self.changes]
        classes = classes_told(self.book) if self.book else {}
        return without_nul({"faults": list(self.entries), "changes": changes, "classes": classes})


def without_nul(value):
    """A value of JSON without the one character that PostgreSQL keeps in no text.

    >>> without_nul({"a": ["x\\0y", 1]})
    {'a': ['xy', 1]}
    """
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {name: without_nul(each) for name, each in value.items()}
    return [without_nul(each) for each in value] if isinstance(value, list | tuple) else value


def stops(entries):
    """Whether one of these faults keeps a form from phones."""
    return any(entry["left"] and entry["level"] == "error" for entry in entries)


def examine(source, filename, chosen=()):
    """A form that somebody brought, with every fault and what the repairs make of it.

    source    bytes
    filename  str
    chosen    keys of offered repairs that are wanted; what is certain is mended in any case
    Returns   Examined
    Raises    MethodError as `read_book`, when nothing can be read

    >>> form = "|survey|||\\n||type|name|label|\\n||Texte|a|A|\\n|settings|||\\n||form_id|version|\\n||f|1|"
    >>> found = examine(form.encode(), "f.md")
    >>> [(entry["code"], entry["left"]) for entry in found.entries], found.changes[0].after
    ([('xlsforms.type_unknown', False)], 'text')
    """
    if kind_of(source, filename) == "xml":
        return _examine_xform(source, filename)
    book = read_book(source, filename)
    made = repair(book, frozenset(chosen))
    left = {_key(fault): fault for fault in made.faults}
    both = {_key(fault): fault for fault in find_faults(book)} | left
    entries = [_entry(fault, key in left, chosen) for key, fault in both.items()]
    order = {sheet.name: place for place, sheet in enumerate(book.sheets)}
    entries.sort(
        key=lambda e: (order.get(e["sheet"], len(order)), e["row"] or 0, len(e["letter"]), e["letter"])
    )
    examined = _named(made.book, tuple(entries), made.changes)
    version = next((key.rpartition("|")[2] for key in chosen if key.startswith(f"{TAKEN}|")), "")
    return _with_version(examined, version) if version else examined


def _examine_xform(source, filename):
    entries = tuple(told(fault) for fault in find_in_xform(source, filename))
    if stops(entries):
        return Examined(None, entries)
    known = read_xform(source, filename)
    return Examined(None, entries, (), known.form_id, known.version, known.title)


def _named(book, entries, changes):
    form = Form(book)
    form_id = form.setting("form_id") or form.setting("id_string")
    title = form.setting("form_title") or form.setting("title") or form_id
    return Examined(book, entries, tuple(changes), form_id, form.setting("version"), title)


def _with_version(examined, version):
    """Under another version, since its own is published already with another content."""
    fault = _taken(examined, version)
    book, changes = mended(examined.book, fault.repairs)
    entry = _entry(fault, False, [repair_key(fault, fault.repair)])
    changes = (*examined.changes, *changes)
    return replace(examined, book=book, entries=(*examined.entries, entry), changes=changes, version=version)


def with_version_taken(examined, taken):
    """The same, told that its version is published already with another content; another one is offered.

    examined  Examined
    taken     versions of the form that are published
    Returns   Examined
    """
    fault = _taken(examined, next_version(examined.version, taken))
    return replace(examined, entries=(*examined.entries, _entry(fault, True, ())))


def _taken(examined, version):
    values = {"version": examined.version, "form": examined.form_id}
    if examined.book is None:
        return Fault(TAKEN, values=values)
    offer = Repair(False, (Fill("settings", None, "version", version, TAKEN),), version)
    return Fault(TAKEN, "error", "settings", column="version", values=values, repairs=(offer,))


def mended_source(examined, source, filename):
    """A form as its author can open it again, with what was mended in it marked.

    Returns  (bytes, name): the source itself where nothing changed, else a workbook
    """
    if not examined.changes:
        return source, filename
    return write_xlsx(examined.book, examined.changes), f"{filename.rpartition('.')[0]}.xlsx"


def next_version(version, taken):
    """A version that follows this one and that no form has yet.

    version  str
    taken    versions that are given already

    >>> next_version("2025010109", {"2025010109"}), next_version("v3", {"v3", "v4"}), next_version("beta", {"beta"})
    ('2025010110', 'v5', 'beta-2')
    """
    stem, number = re.fullmatch(r"(.*?)(\d*)", version, re.S).groups()
    stem, number, width = (
        (stem, int(number), len(number)) if number else (f"{stem}-" if stem else "", 2 if stem else 1, 0)
    )
    while (wanted := f"{stem}{number:0{width}}") in taken or wanted == version:
        number += 1
    return wanted


def told(fault):
    """A fault that the compiler or the validator found, as an entry of a report.

    fault    Fault
    Returns  dict
    """
    return _entry(fault, True, ())


def _entry(fault, left, chosen):
    options = [_option(fault, repair) for repair in fault.repairs]
    picked = next((o["key"] for o in options if o["key"] in chosen), "")
    picked = picked or next((o["key"] for o in options if o["certain"]), "")
    return {
        "code": fault.code, "level": fault.level, "sheet": fault.sheet, "row": fault.row, "column": fault.column,
        "letter": fault.letter, "values": _plain(fault.values), "left": left, "picked": "" if left else picked,
        "options": options,
    }  # fmt: skip


def _option(fault, repair):
    before, after = _shown(repair.edits[0]) if repair.edits else ("", repair.choice)
    return {
        "key": repair_key(fault, repair), "certain": repair.certain, "before": before, "after": after,
        "more": len(repair.edits) - 1,
    }  # fmt: skip


def _shown(edit):
    """(before, after) of an edit, as a reader would see it; '' after means that something goes."""
    given = vars(edit)
    if "cells" in given:  # a row that comes or goes
        cells = [cell if isinstance(cell, str) else cell[1] for cell in given["cells"]]
        row = " | ".join(cell for cell in cells if cell)
        return (row, "") if "row" in given else ("", row)
    if "text" in given:
        return "", f"{given['column']} : {given['text']}"
    return given.get("before", given.get("old", "")), given.get("after", given.get("new", ""))


def _plain(values):
    return {k: sorted(map(str, v)) if isinstance(v, set | frozenset) else v for k, v in values.items()}


def _key(fault):
    return (fault.code, fault.sheet, fault.row, fault.letter, str(fault.values))
