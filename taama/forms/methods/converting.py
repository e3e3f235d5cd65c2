"""From a form as its author wrote it to the XForm that phones get."""

from dataclasses import dataclass

from taama.base.errors import MethodError
from taama.forms.methods.judging import find_in_xform
from taama.xlsforms.methods.book import KNOWN_SHEETS, Fault, fallback_id
from taama.xlsforms.methods.complaints import explain
from taama.xlsforms.methods.faults import as_error, errors, find_faults
from taama.xlsforms.methods.form import INVISIBLE, Form, clean
from taama.xlsforms.methods.reading import kind_of, read_book

# The compiler stops on a group with an attribute of this name: it gets another one and is given it back.
TAG, SPARE_TAG = "instance::tag", "instance::taama-tag"
TIDIED = ("type", "name", "list_name", "list name", "value")


@dataclass(frozen=True)
class Compiled:
    """The XForm byte for byte, and the file of long lists (`itemsets.csv`) when the form has one."""

    xform: bytes
    itemsets: bytes | None = None


@dataclass(frozen=True)
class Converted:
    """What became of a form. `compiled` is None when the compiler refused it; `faults` says why, and what it warns of."""

    compiled: Compiled | None
    faults: tuple[Fault, ...] = ()


def convert(book):
    """The XForm of a form.

    book     Book
    Returns  Converted; the same book always gives the same bytes

    >>> form = "|survey|||\\n||type|name|label|\\n||integer|a|A|\\n|settings|||\\n||form_id|version|\\n||f|1|"
    >>> b'<data id="f" version="1">' in convert(read_book(form.encode(), "f.md")).compiled.xform
    True
    """
    from pyxform.errors import PyXFormError  # noqa: PLC0415  slow to load, and only converting needs it
    from pyxform.xls2xform import convert as compile_sheets  # noqa: PLC0415  likewise

    warnings = []
    try:
        result = compile_sheets(xlsform=as_workbook(book), validate=False, warnings=warnings)
    except PyXFormError as error:
        return Converted(None, (explain(str(error), book),))
    except RecursionError:
        return Converted(None, (Fault("forms.too_deep"),))
    except Exception as error:  # the compiler stops in many ways on forms it was not made for
        values = {"value": "", "detail": f"{type(error).__name__} {error}"[:300]}
        return Converted(None, (Fault("forms.form_refused", values=values),))
    itemsets = result.itemsets.encode() if result.itemsets else None
    said = tuple(explain(text, book, "warning") for text in dict.fromkeys(warnings))
    xform = result.xform.replace(' taama-tag="', ' tag="')
    return Converted(Compiled(xform.encode(), itemsets), said)


def as_workbook(book):
    """The sheets as the dictionary that the compiler reads.

    book     Book
    Returns  dict: sheet → [{column: text}], `<sheet>_header` → [{column: None}], `sheet_names`, `fallback_form_name`
    """
    form = Form(book)
    found = {
        "sheet_names": [sheet.name for sheet in book.sheets],
        "fallback_form_name": fallback_id(book.file),
    }
    for name in KNOWN_SHEETS:
        sheet = book.sheet(name)
        if sheet is None or not sheet.rows:
            continue
        headers = enumerate(form.headers[name])
        kept = [i for i, h in headers if h.known and h.name != "sensitivity" and sheet.columns[i].text]
        found[name] = [_filled(sheet, row, kept) if row else {} for row in form.lines(name)]
        found[f"{name}_header"] = [{_header(sheet.columns[i].text): None for i in kept}]
    return found


def _filled(sheet, row, kept):
    filled = {}
    for index in kept:
        column, text = sheet.columns[index], row.cells[index]
        tidy = clean(text) if column.text.strip().lower() in TIDIED else INVISIBLE.sub("", text.strip())
        if tidy:
            filled.setdefault(_header(column.text), tidy)
    return filled


def _header(text):
    text = " ".join(text.split())
    return SPARE_TAG if text == TAG else text


def compile_form(source, filename):
    """The XForm of a file, or the first reason why there is none.

    source    bytes of a spreadsheet (.xlsx, .xlsm, .xls, .csv), of a form in Markdown (.md) or of an XForm (.xml)
    filename  str
    Returns   Compiled; the same source always gives the same bytes. An XForm is passed through
    Raises    MethodError with file, sheet and row, cause and remedy

    >>> form = "|survey|||\\n||type|name|label|\\n||integer|a|A|\\n|settings|||\\n||form_id|version|\\n||f|1|"
    >>> b'<data id="f" version="1">' in compile_form(form.encode(), "f.md").xform
    True
    """
    if kind_of(source, filename) == "xml":
        if stopping := errors(find_in_xform(source, filename)):
            raise as_error(stopping[0], filename)
        return Compiled(source)
    book = read_book(source, filename)
    stopping = errors(find_faults(book))
    converted = convert(book) if not stopping else None
    if converted and converted.compiled:
        return converted.compiled
    raise as_error(stopping[0] if stopping else converted.faults[0], filename)


def faults_of_error(error):
    """An error of reading as a fault, so that a page shows both in one way.

    error    MethodError
    Returns  Fault
    """
    if not isinstance(error, MethodError):
        raise TypeError("not an error of a method")
    return Fault(
        error.code, "error", error.where.sheet, error.where.row, error.where.column, values=error.values
    )
