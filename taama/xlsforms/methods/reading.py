"""From the file that somebody brings to the form in it, whatever it is called and however it is broken."""

from dataclasses import replace

from taama.base.errors import MethodError, Where
from taama.xlsforms.methods.book import KNOWN_SHEETS, Book, Fault
from taama.xlsforms.methods.texts import read_csv, read_markdown
from taama.xlsforms.methods.workbooks import read_xls, read_xlsx

MOST_BYTES = 25_000_000
ENDINGS = ("xlsx", "xlsm", "xls", "csv", "tsv", "txt", "md", "markdown", "xml")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(source, filename):
    """What a file is, by its content first and by its name second.

    source    bytes
    filename  str
    Returns   "xlsx", "xls", "csv", "md" or "xml"
    Raises    MethodError: `xlsforms.form_kind_unknown`, `xlsforms.file_too_large`, `xlsforms.file_empty`,
              `xlsforms.page_as_workbook` for a web page that calls itself a workbook

    >>> kind_of(b"survey\\n,type,name", "f.csv"), kind_of(b"<h:html/>", "f.xml")
    ('csv', 'xml')
    """
    where = Where(file=filename)
    ending = filename.lower().rpartition(".")[2] if "." in filename else ""
    if ending not in ENDINGS:
        raise MethodError("xlsforms.form_kind_unknown", where)
    if not source.strip():
        raise MethodError("xlsforms.file_empty", where)
    if len(source) > MOST_BYTES:
        raise MethodError("xlsforms.file_too_large", where, {"most": MOST_BYTES // 1_000_000})
    if source.startswith(ZIP):
        return "xlsx"
    if source.startswith(OLE):
        return "xls"
    beginning = source[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if ending in ("xlsx", "xlsm", "xls"):
        return _disguised(beginning, ending, where)
    if ending == "xml" or beginning.startswith((b"<?xml", b"<h:html")):
        return "xml"
    return "md" if ending in ("md", "markdown") or beginning.startswith(b"|") else "csv"


def _disguised(beginning, ending, where):
    """A workbook by its name only: web pages and text are often saved so."""
    if beginning.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<div", b"<meta")):
        raise MethodError("xlsforms.page_as_workbook", where)
    if beginning.startswith((b"survey", b'"survey"')):
        return "csv"
    return "xls" if ending == "xls" else "xlsx"


def read_book(source, filename):
    """The sheets of a form as its author wrote them.

    source    bytes of a workbook (.xlsx, .xlsm, .xls), of the csv layout of XLSForm or of Markdown (.md)
    filename  str: names the file in errors; what it is shows its content
    Returns   Book: only sheets that XLSForm knows or whose name resembles one of them. `troubles` holds what was met on
              the way: text in an old encoding, a bar too many, a header that is not at the top
    Raises    MethodError with cause and remedy when nothing can be read: see `kind_of`; `xlsforms.workbook_unreadable`,
              `xlsforms.workbook_locked`, `xlsforms.workbook_too_large`, `xlsforms.sheet_too_long`, `xlsforms.not_utf8`,
              `xlsforms.no_survey` when no sheet holds questions

    >>> read_book(b"|survey|||\\n||type|name|\\n||text|a|", "f.md").sheet("survey").headers
    ['type', 'name']
    """
    kind = kind_of(source, filename)
    if kind == "xml":
        raise MethodError("xlsforms.form_kind_unknown", Where(file=filename))
    if kind in ("xlsx", "xls"):
        sheets, troubles = (read_xlsx if kind == "xlsx" else read_xls)(source, filename, _wanted)
    else:
        sheets, troubles = _text(source, filename, kind)
    book = Book(filename, kind, tuple(_named(sheets)), tuple(troubles))
    survey = book.sheet("survey")
    unnamed = survey is None and not any(_resembles(sheet.name, "survey") for sheet in book.sheets)
    if unnamed or (survey and not survey.rows):
        raise MethodError("xlsforms.no_survey", Where(file=filename))
    return book


def _text(source, filename, kind):
    troubles = []
    try:
        text = source.decode("utf-16" if source[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig").lstrip(
            "\ufeff"
        )
    except UnicodeDecodeError as error:
        if kind == "md":
            raise MethodError("xlsforms.not_utf8", Where(file=filename)) from error
        text = source.decode("cp1252", "replace")  # what spreadsheet programs write by default
        troubles = [Fault("xlsforms.old_encoding", "warning")]
    try:
        sheets, more = (read_markdown if kind == "md" else read_csv)(text)
    except MethodError as error:
        raise MethodError(error.code, replace(error.where, file=filename), error.values) from error
    return sheets, troubles + more


def _wanted(names):
    """Of all sheets those to read: all where none is called survey, because any of them may be meant."""
    if not any(name.strip().lower() == "survey" for name in names):
        return set(names)
    return {name for name in names if any(_resembles(name, known) for known in KNOWN_SHEETS)}


def _named(sheets):
    """Sheets that matter; a workbook of one sheet needs no name for it."""
    filled = [sheet for sheet in sheets if sheet.columns]
    known = {sheet.name.strip().lower() for sheet in filled}
    if "survey" not in known and len(filled) == 1:
        return [replace(filled[0], name="survey")]
    return [sheet for sheet in filled if any(_resembles(sheet.name, name) for name in KNOWN_SHEETS)]


def _resembles(name, known):
    from taama.xlsforms.methods.words import near  # noqa: PLC0415  only here

    plain = name.strip().lower()
    return plain == known or (not plain.startswith("_") and len(plain) > 3 and bool(near(plain, [known], 2)))
