"""Mending a form: what is certain by itself, the rest where somebody chose it. Nothing that is asked is ever dropped."""

from dataclasses import dataclass, replace

from taama.xlsforms.methods.book import Book, Fault
from taama.xlsforms.methods.checks import structure
from taama.xlsforms.methods.checks.logic import CURLY
from taama.xlsforms.methods.edits import Change, Draft
from taama.xlsforms.methods.faults import find_faults
from taama.xlsforms.methods.form import Form, clean, read_header
from taama.xlsforms.methods.words import LOGIC, TRANSLATED, mend_type, read_type

MOST_PASSES = 20
OTHER_LOGIC = ("trigger", "default", "parameters", "save_to")
WORDS_OF_SETTINGS = ("form_title", "default_language")


@dataclass(frozen=True)
class Repaired:
    """The form as it is after the repairs, what changed, and what is still wrong with it."""

    book: Book
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]


def repair_key(fault, repair):
    """What names one offered repair of one fault, so that a page can send it back.

    Returns  str
    """
    parts = (fault.code, fault.sheet, fault.row or "", fault.letter, repair.choice)
    return "|".join(map(str, parts))


def repair(book, chosen=()):
    """A form mended: the certain repairs, and the offered ones that were chosen.

    book     Book
    chosen   keys of offered repairs (`repair_key`), or "likely" for the first one offered for each error
    Returns  Repaired. Repairing its book again changes nothing

    >>> from taama.xlsforms.methods.reading import read_book
    >>> form = "|survey|||\\n||type|name|label|\\n||Integer|âge 1|A|\\n||note|n|${âge 1}|"
    >>> [(change.before, change.after) for change in repair(read_book(form.encode(), "f.md")).changes][:3]
    [('Integer', 'integer'), ('âge 1', 'age_1'), ('${âge 1}', '${age_1}')]
    """
    changes, book = [], book
    for _ in range(MOST_PASSES):
        faults = list(structure.find(Form(book)))
        made = _pass(book, [f for f in faults if any(r.certain for r in f.repairs)], ())
        if not made[1]:
            faults = find_faults(book)
            made = _pass(book, faults, chosen)
        if not made[1]:
            break
        book, changes = made[0], changes + made[1]
    return Repaired(book, tuple(_joined(changes)), tuple(find_faults(book)))


def _pass(book, faults, chosen):
    """Make the repairs of these faults, each on what the former ones left. Returns (Book, changes)."""
    draft, changes, settled = Draft(book), [], []
    for fault in faults:
        wanted = _wanted(fault, chosen)
        made = [change for edit in wanted.edits for change in edit.apply(draft)] if wanted else []
        changes += made
        if made and fault in book.troubles:
            settled.append(fault)
    book = draft.finished()
    troubles = tuple(trouble for trouble in book.troubles if trouble not in settled)
    return replace(book, troubles=troubles), changes


def _wanted(fault, chosen):
    """The repair to make: the chosen one, else the certain one."""
    if chosen == "likely":
        return fault.repair if fault.repair and (fault.repair.certain or fault.level == "error") else None
    picked = next((repair for repair in fault.repairs if repair_key(fault, repair) in chosen), None)
    return picked or next((repair for repair in fault.repairs if repair.certain), None)


def _joined(changes):
    """Changes with those of one cell that follow each other as one, so that it is shown from first to last."""
    joined, last = [], {}
    for change in changes:
        key = (change.sheet, change.row, change.letter)
        if change.column and key in last and joined[last[key]].after == change.before:
            place = last[key]
            joined[place] = replace(joined[place], after=change.after)
        else:
            last[key] = len(joined)
            joined.append(change)
    return [change for change in joined if change.before != change.after]


def concerns(change):
    """What a change touches beyond words that people read: the difference says so, for the author to judge.

    change   Change
    Returns  "names" under which answers are kept, "lists", "logic", "type", "structure", "settings", or ""

    >>> concerns(Change("survey", 3, "name", "B", "âge", "age", "")), concerns(Change("survey", 3, "label", "C", "A", "B", ""))
    ('names', '')
    """
    sheet = change.sheet.strip().lower()
    if not change.column:
        return "lists" if sheet == "choices" else "structure"
    same = clean(change.before).translate(CURLY) == clean(change.after).translate(CURLY)
    if same or change.why == "xlsforms.column_twice":  # tidied; or a column that said the same again
        return ""
    is_header = change.before == change.column and change.after
    column = read_header(change.after if is_header else change.column, sheet).name
    if sheet == "survey":
        return _of_question(column, change)
    if sheet in ("choices", "external_choices"):
        return "" if column in TRANSLATED else {"name": "names"}.get(column, "lists")
    return "" if column in WORDS_OF_SETTINGS else "settings"


def _of_question(column, change):
    if column == "type" and change.before != change.column:
        before, after = (read_type(mend_type(text) or clean(text)) for text in (change.before, change.after))
        if before == after:
            return ""
        if before and (before.opens or before.closes):
            return "structure"
        return "lists" if before and after and before.kind == after.kind else "type"
    known = {"name": "names", "type": "type"} | dict.fromkeys((*LOGIC, *OTHER_LOGIC), "logic")
    return known.get(column, "")


def asked(book):
    """How many rows of a form ask, show or compute something: no repair may diminish it.

    Returns  int
    """
    return sum(not (item.meant and item.meant.closes) for item in Form(book).items)
