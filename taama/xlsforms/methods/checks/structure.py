"""Sheets, columns, merged cells, and groups and repeats that open and close."""

import re

from taama.xlsforms.methods.book import KNOWN_SHEETS
from taama.xlsforms.methods.edits import AddRow, DropColumn, DropRow, RenameColumn, RenameSheet, Repair, Write
from taama.xlsforms.methods.form import language_key
from taama.xlsforms.methods.words import COLUMNS, TRANSLATED, alike, folded, near, plain, same_but

FRENCH_COLUMNS = {
    "nom": "name", "libelle": "label", "etiquette": "label", "question": "label", "indice": "hint", "aide": "hint",
    "obligatoire": "required", "requis": "required", "contrainte": "constraint", "message_de_contrainte": "constraint_message",
    "pertinent": "relevant", "condition": "relevant", "calcul": "calculation", "filtre": "choice_filter",
    "apparence": "appearance", "nom_liste": "list_name", "liste": "list_name", "nom_de_la_liste": "list_name",
    "defaut": "default", "par_defaut": "default", "lecture_seule": "readonly", "parametres": "parameters",
}  # fmt: skip
# Columns whose name can be mended without asking: what people read, or what nothing works without. A rule that was
# never in force because its column was misspelt is put in force by the author only.
MEDIA = {"image", "audio", "video", "big-image"}
SURE = {*TRANSLATED, "type", "name", "list_name", "form_id", "form_title", "version"}
SURE_SHEETS = ("survey", "choices", "settings")  # the others declare something that was never in force
NEEDED = {"survey": ("type", "name"), "choices": ("list_name", "name"), "entities": ("list_name",)}


def find(form):
    """Faults of the frame: what must be right before anything else can be judged."""
    yield from _sheets(form)
    for sheet in form.book.sheets:
        name = sheet.name.strip().lower()
        if name in KNOWN_SHEETS:
            yield from _doubled_columns(form, name)
            yield from _columns(form, name)
            yield from _needed(form, name)
    yield from _merged(form)
    yield from _sections(form)
    if form.book.sheet("survey") and not any(not (item.meant and item.meant.closes) for item in form.items):
        yield form.fault("xlsforms.no_survey", "survey")


def _sheets(form):
    for sheet in form.book.sheets:
        plain_name = sheet.name.strip().lower()
        if plain_name in KNOWN_SHEETS:
            continue
        meant = near(plain_name, KNOWN_SHEETS, 2)
        if meant and form.book.sheet(meant[0]) is None:
            code = "xlsforms.sheet_misspelt"
            edit = RenameSheet(sheet.name, meant[0], code)
            level = "error" if meant[0] in ("survey", "choices") else "warning"
            values = {"sheet": sheet.name, "meant": meant[0]}
            repair = Repair(meant[0] in SURE_SHEETS, (edit,))
            yield form.fault(code, sheet.name, level=level, values=values, repairs=[repair])


def _doubled_columns(form, sheet):
    """Two columns that XLSForm takes for one."""
    seen = {}
    for index, header in enumerate(form.headers[sheet]):
        text = form.sheet(sheet).columns[index].text
        if not text or not header.known:
            continue
        key = (header.name, header.language)
        if key in seen:
            first = form.sheet(sheet).columns[seen[key]]
            values = {"column": text, "other": first.text, "letter": first.letter}
            repairs = _without_one(form, sheet, seen[key], index)
            yield form.fault(
                "xlsforms.column_twice", sheet, form.sheet(sheet).header_row, index, "error", values, repairs
            )
        seen.setdefault(key, index)


def _without_one(form, sheet, first, second):
    """The repair where one of the two columns is empty, or the second only repeats the first."""
    code, rows = "xlsforms.column_twice", form.sheet(sheet).rows
    columns = form.sheet(sheet).columns
    for index, other in ((second, first), (first, second)):
        if all(not row.cells[index].strip() or row.cells[index] == row.cells[other] for row in rows):
            blanked = tuple(
                Write(sheet, row.number, index, row.cells[index], "", code)
                for row in rows
                if row.cells[index]
            )
            return [Repair(True, (*blanked, DropColumn(sheet, index, columns[index].text, code)))]
    return []


def _columns(form, sheet):
    """Headers that are misspelt, missing above content, or another spelling of one language."""
    present = {header.name for header in form.headers[sheet]}
    free = [name for name in COLUMNS[sheet] if name not in present]
    for index, header in enumerate(form.headers[sheet]):
        column = form.sheet(sheet).columns[index]
        if not column.text:
            filled = [row for row in form.sheet(sheet).rows if row.cells[index].strip()]
            if filled:
                values = {"column": column.letter, "count": len(filled)}
                yield form.fault("xlsforms.column_unnamed", sheet, filled[0].number, index, "warning", values)
        elif not header.known or (sheet == "choices" and not header.language):
            yield from _misspelt(form, sheet, index, header, present, free)
    if sheet in ("survey", "choices"):
        yield from _languages(form, sheet)


def _misspelt(form, sheet, index, header, present, free):
    """A header close to a column that XLSForm knows; other headers are the author's own notes."""
    text = form.sheet(sheet).columns[index].text
    if (header.name in COLUMNS[sheet] and header.known) or (sheet == "choices" and text in _filters(form)):
        return
    word, code = folded(plain(header.name)), "xlsforms.column_misspelt"
    candidates = COLUMNS[sheet] if header.language else free
    french = FRENCH_COLUMNS.get(word)
    meant = [french] if french in candidates else near(word, candidates)
    if sheet == "choices" and len(word) < 4 and not french:
        return
    glued = next((c for c in TRANSLATED if word.startswith(f"{c}_") and sheet in ("survey", "choices")), "")
    if glued and not header.language and not meant:
        after = f"{glued}::{text[len(glued) + 1 :].strip(' _()')}"
        meant, after_certain = [glued], False
    elif meant and (meant[0] in TRANSLATED or not header.language):
        after = meant[0] + (f"::{header.language}" if header.language else "")
        distance_one = bool(near(word, [meant[0]], 1)) or folded(meant[0]) == word or bool(french)
        sure = (
            SURE - MEDIA if sheet == "choices" else SURE
        )  # its other columns are the author's, to filter by
        after_certain = distance_one and len(meant) == 1 and len(word) > 3 and meant[0] in sure
    else:
        if sheet == "survey":
            row = form.sheet(sheet).header_row
            yield form.fault("xlsforms.column_ignored", sheet, row, index, "warning", {"column": text})
        return
    repair = Repair(after_certain, (RenameColumn(sheet, index, text, after, code),), after)
    values = {"column": text, "meant": after}
    row = form.sheet(sheet).header_row
    needed = meant[0] in NEEDED.get(sheet, ()) and meant[0] not in present
    yield form.fault(code, sheet, row, index, "error" if needed else "warning", values, [repair])


def _filters(form):
    """Words of the filters of choices: columns of the lists among them."""
    index = form.column("survey", "choice_filter")
    cells = (row.cells[index] for row in form.rows.values()) if index is not None else ()
    return {word for cell in cells for word in re.findall(r"[\w.-]+", cell)}


def _languages(form, sheet):
    """One language under two names; a text without language beside texts with one."""
    spellings = {}
    for name in ("survey", "choices"):
        for header in form.headers.get(name, ()):
            if header.language and header.name in TRANSLATED:
                spellings.setdefault(language_key(header.language), []).append(header.language)
    for index, header in form.columns(sheet, *TRANSLATED):
        names = spellings.get(language_key(header.language), [])
        best = max(names, key=lambda n: ("(" in n, names.count(n), n), default="")
        if header.language and best != header.language:
            yield _language_twice(form, sheet, index, header, best)
    yield from _mixed_default(form, sheet)


def _language_twice(form, sheet, index, header, best):
    text, code = form.sheet(sheet).columns[index].text, "xlsforms.language_twice"
    after = text.replace(header.language, best)
    taken = after in form.sheet(sheet).headers
    repairs = [] if taken else [Repair(True, (RenameColumn(sheet, index, text, after, code),), after)]
    values = {"language": header.language, "other": best}
    return form.fault(code, sheet, form.sheet(sheet).header_row, index, "warning", values, repairs)


def _mixed_default(form, sheet):
    bare = [(i, h) for i, h in form.columns(sheet, "label") if not h.language]
    spoken = [h.language for _, h in form.columns(sheet, "label") if h.language]
    if not bare or not spoken:
        return
    code, index = "xlsforms.language_mixed", bare[0][0]
    default = form.setting("default_language")
    free = default and default not in spoken
    text = form.sheet(sheet).columns[index].text
    repairs = [Repair(False, (RenameColumn(sheet, index, text, f"label::{default}", code),))] if free else []
    values = {"languages": sorted(set(spoken))}
    yield form.fault(code, sheet, form.sheet(sheet).header_row, index, "warning", values, repairs)


def _needed(form, sheet):
    present = {header.name for header in form.headers[sheet] if header.known}
    missing = [name for name in NEEDED.get(sheet, ()) if name not in present]
    if form.sheet(sheet).rows:
        for name in missing:
            yield form.fault(
                "xlsforms.column_missing", sheet, form.sheet(sheet).header_row, values={"column": name}
            )


def _merged(form):
    """Merged cells: only the first holds the text. That of a list's name is surely meant for all of them."""
    code = "xlsforms.cells_merged"
    for name in ("survey", "choices"):
        sheet = form.sheet(name)
        lists = form.column(name, "list_name") if name == "choices" else None
        for first, last, left, right in sheet.merged:
            rows = [row for row in sheet.rows if first <= row.number <= last]
            if last <= sheet.header_row or left >= len(sheet.columns) or last == first or len(rows) < 2:
                continue
            top = rows[0].cells[left] if rows[0].number == first else ""
            edits = tuple(
                Write(name, row.number, left, "", top, code)
                for row in rows[1:]
                if top and not row.cells[left]
            )
            if edits:
                repair = Repair(left == lists and left == right, edits, top)
                values = {"first": first, "last": last, "text": top[:80]}
                yield form.fault(code, name, first, left, "warning", values, [repair])


def _sections(form):
    """Ends without a beginning, beginnings without an end, and a group closed as a repeat."""
    stack = []
    for before, item in zip([None, *form.items], form.items, strict=False):
        if item.meant and item.meant.opens:
            stack.append(item)
        elif item.meant and item.meant.closes:
            if not stack:
                yield _end_too_many(form, item)
                continue
            opened = stack.pop()
            if opened is before:
                yield form.fault(
                    "xlsforms.group_empty", "survey", opened.row, "type", "warning", {"name": opened.name}
                )
            if opened.meant.opens != item.meant.closes:
                yield _wrong_end(form, opened, item)
    for opened in reversed(stack):
        yield _never_closed(form, opened)


def _end_too_many(form, item):
    code = "xlsforms.group_unmatched"
    row = form.rows[item.row]
    only_end = not [c for i, c in enumerate(row.cells) if c.strip() and i != form.column("survey", "type")]
    repairs = (
        [Repair(False, (DropRow("survey", item.row, row.cells, code),))] if only_end or item.name else []
    )
    return form.fault(code, "survey", item.row, "type", values={"value": item.written}, repairs=repairs)


def _wrong_end(form, opened, item):
    code = "xlsforms.end_of_other"
    values = {"value": item.written, "opened": opened.written, "name": opened.name, "row": opened.row}
    sure = bool(form.text("survey", form.rows[opened.row], "repeat_count")) and opened.meant.opens == "repeat"
    ends = form.rewrite(code, "survey", item.row, "type", f"end_{opened.meant.opens}", certain=sure)
    begins = form.rewrite(code, "survey", opened.row, "type", f"begin_{item.meant.closes}", certain=False)
    repairs = [ends] if sure or opened.meant.list else [ends, begins]
    return form.fault(code, "survey", item.row, "type", values=values, repairs=repairs)


def _never_closed(form, opened):
    code, index = "xlsforms.section_open", form.column("survey", "type")
    values = {"value": opened.written, "name": opened.name}
    repair = Repair(False, (AddRow("survey", ((index, f"end_{opened.meant.opens}"),), code),))
    return form.fault(code, "survey", opened.row, "type", values=values, repairs=[repair])


def language_of(form, name):
    """The language of a form that a name means, '' when there is none."""
    spoken = {
        h.language for s in ("survey", "choices") for _, h in form.columns(s, *TRANSLATED) if h.language
    }
    by_key = {language_key(language): language for language in spoken}
    return by_key.get(language_key(name), "") or same_but(name, alike(spoken))
