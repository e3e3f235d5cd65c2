"""From a form as people write it (spreadsheet, `form.md`, or XForm) to the XForm that phones get."""

import re
from dataclasses import asdict, dataclass
from io import BytesIO

from taama.base.errors import MethodError, Where
from taama.forms.methods.markdown import as_workbook, read_sheets

SPREADSHEETS = (".xlsx", ".xlsm", ".xls")
PLACE = re.compile(r"\[row ?: ?(\d+)\]")
SHEET = re.compile(r"(?:the|sheet:?) '(\w+)'(?: sheet)?")

# What the compiler complains of most, with the code under which we say it in both languages.
COMPLAINTS = (
    (r"Unknown question type '(?P<value>[^']*)'", "forms.type_unknown"),
    (r"Choice names must be unique", "forms.choice_twice"),
    (
        r"'name' value '(?P<value>[^']*)' is invalid\. Questions, groups, and repeats must be unique",
        "forms.name_twice",
    ),
    (r"List name not in (?:external )?choices sheet: ?(?P<value>.*)", "forms.list_unknown"),
    (r"There should be a choices sheet", "forms.no_choices"),
    (r"Could not find the name '(?P<value>[^']*)'", "forms.reference_unknown"),
    (r"Names must begin with a letter", "forms.name_malformed"),
    (r"Unmatched '(?P<value>[^']*)'", "forms.group_unmatched"),
    (r"Question or group with no name|Choices must have a name", "forms.name_missing"),
    (r"Question with no type", "forms.type_missing"),
    (r"Missing calculation", "forms.calculation_missing"),
)


@dataclass(frozen=True)
class Compiled:
    """The XForm byte for byte, and the file of long lists (`itemsets.csv`) when the form has one."""

    xform: bytes
    itemsets: bytes | None = None


def compile_form(source, filename):
    """The XForm of a form.

    source    bytes of a spreadsheet (.xlsx, .xlsm, .xls), of a form in Markdown (.md) or of an XForm (.xml)
    filename  str: its ending tells the kind
    Returns   Compiled; the same source always gives the same bytes
    Raises    MethodError with file, sheet and row, cause and remedy: a bare bar in Markdown, an unknown type,
              list or reference, a name that stands twice, a group that isn't closed, an unreadable file

    >>> form = "|survey|||\\n||type|name|label|\\n||integer|a|A|\\n|settings|||\\n||form_id|version|\\n||f|1|"
    >>> b'<data id="f" version="1">' in compile_form(form.encode(), "f.md").xform
    True
    """
    stem, _, ending = filename.lower().rpartition(".")
    if ending == "xml":
        return Compiled(source)
    if ending != "md" and f".{ending}" not in SPREADSHEETS:
        raise MethodError("forms.form_kind_unknown", Where(file=filename))
    sheets = _markdown(source, filename) if ending == "md" else {}
    book = as_workbook(sheets) if sheets else _spreadsheet(source, filename, f".{ending}")
    book["fallback_form_name"] = re.sub(r"\W+", "_", stem).strip("_") or "form"
    return _compile(book, filename, sheets)


def _markdown(source, filename):
    try:
        return read_sheets(source.decode("utf-8-sig"), filename)
    except UnicodeDecodeError as error:
        raise MethodError("forms.not_utf8", Where(file=filename)) from error


def _spreadsheet(source, filename, ending):
    from pyxform.errors import PyXFormError  # noqa: PLC0415  slow to load, and only publishing needs it
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415  slow to load, and only publishing needs it

    try:
        return asdict(get_xlsform(BytesIO(source), file_type=ending))
    except PyXFormError as error:
        raise MethodError("forms.spreadsheet_unreadable", Where(file=filename)) from error


def _compile(book, filename, sheets):
    from pyxform.errors import PyXFormError  # noqa: PLC0415  slow to load, and only publishing needs it
    from pyxform.xls2xform import convert  # noqa: PLC0415  slow to load, and only publishing needs it

    try:
        result = convert(xlsform=book, validate=False)
    except PyXFormError as error:
        raise _explained(str(error), book, filename, sheets) from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        values = {"detail": f"{type(error).__name__} {error}"[:300]}
        raise MethodError("forms.form_refused", Where(file=filename), values) from error
    return Compiled(result.xform.encode(), result.itemsets.encode() if result.itemsets else None)


def _explained(complaint, book, filename, sheets):
    """The compiler's English complaint as an error of ours, with the place where the author finds the fault."""
    found = ((re.search(pattern, complaint), code) for pattern, code in COMPLAINTS)
    match, code = next(((m, c) for m, c in found if m), (None, "forms.form_refused"))
    value = (match.groupdict().get("value") or "").strip() if match else ""
    sheet = SHEET.search(complaint)
    sheet = sheet[1] if sheet and sheet[1] in book else "survey"
    row = PLACE.search(complaint)
    row = int(row[1]) if row else _row_of(value, book.get(sheet) or [])
    if row and sheets:
        row = sheets[sheet][row - 1].line  # in Markdown the author looks for a line of the file
    return MethodError(
        code, Where(file=filename, sheet=sheet, row=row), {"value": value, "detail": complaint[:300]}
    )


def _row_of(value, rows):
    """Row of the sheet in which this value stands, the header being row 1."""
    matches = (
        n for n, row in enumerate(rows, start=2) if value and str(row.get("type", "")).startswith(value)
    )
    return next(matches, None)
