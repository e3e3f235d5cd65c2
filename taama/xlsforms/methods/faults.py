"""Everything that is wrong with a form, with its place, and what would mend it."""

from taama.base.errors import MethodError, Where
from taama.xlsforms.methods.checks import lists, logic, questions, settings, structure
from taama.xlsforms.methods.edits import Draft
from taama.xlsforms.methods.form import Form

CHECKS = (questions, lists, logic, settings)


def find_faults(book):
    """Every fault of a form, not only the first.

    book     Book
    Returns  list of Fault in the order of the file: by sheet, row and column. Where the frame of the form can surely
             be mended (a misspelt column), the rest is judged as though it were: one slip is one fault

    >>> from taama.xlsforms.methods.reading import read_book
    >>> form = "|survey|||\\n||type|name|lable|\\n||Texte|a|A|\\n||integer|1 b|B|"
    >>> [(fault.code, fault.row, fault.repair.choice) for fault in find_faults(read_book(form.encode(), "f.md"))][:3]
    [('xlsforms.column_misspelt', 2, 'label'), ('xlsforms.type_unknown', 3, 'text'), ('xlsforms.name_malformed', 4, '_1_b')]
    """
    frame = list(structure.find(Form(book)))
    certain = [repair for fault in frame for repair in fault.repairs if repair.certain]
    form = Form(mended(book, certain)[0]) if certain else Form(book)
    rest = [
        fault
        for check in (structure, *CHECKS)
        if certain or check is not structure
        for fault in check.find(form)
    ]
    order = {sheet.name: place for place, sheet in enumerate(book.sheets)}

    def place(fault):
        return (
            order.get(fault.sheet, len(order)),
            fault.row or 0,
            len(fault.letter),
            fault.letter,
            fault.code,
        )

    known = {_key(fault): fault for fault in [*rest, *frame, *book.troubles]}
    return sorted(known.values(), key=place)


def _key(fault):
    return (fault.code, fault.sheet, fault.row, fault.letter, str(fault.values))


def mended(book, repairs):
    """The book after these repairs. Returns (Book, [Change])."""
    draft = Draft(book)
    changes = [change for repair in repairs for edit in repair.edits for change in edit.apply(draft)]
    return draft.finished(), changes


def errors(faults):
    """Those faults with which a form can't be used."""
    return [fault for fault in faults if fault.level == "error"]


def as_error(fault, file=""):
    """A fault as the error that stops."""
    where = Where(file=file, sheet=fault.sheet, row=fault.row, column=fault.column)
    return MethodError(fault.code, where, fault.values)
