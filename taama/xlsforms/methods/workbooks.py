"""Sheets out of workbooks, .xlsx and .xls, that may be broken, locked or made to exhaust the reader."""

import datetime
import io
import re
import zipfile

from taama.base.errors import MethodError, Where
from taama.xlsforms.methods.book import Fault, make_sheet, most_rows, too_long

MOST_FILES = 2_000  # inside one .xlsx
MOST_BYTES = 150_000_000  # unpacked
MOST_COLUMNS = 1_000
BLANK_RUN = 2_000  # after so many blank lines the sheet is taken to end
BLANK_COLUMNS = 50
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
TYPES_HEADER = ("type", "list_name", "list name", "form_id", "form_title", "dataset", "version", "id_string")


def read_xlsx(source, file=""):
    """The sheets of an .xlsx or .xlsm workbook.

    source   bytes
    Returns  ([Sheet], [Fault]): sheets in their order; what was met on the way
    Raises   MethodError: `xlsforms.workbook_unreadable`, `xlsforms.workbook_locked`, `xlsforms.workbook_too_large`
    """
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415  slow to load, and only reading forms needs it

    _check_archive(source, file)
    troubles = []
    try:
        reader = ExcelReader(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
        reader.read()
        sheets = [
            _sheet(sheet.title, _xlsx_lines(sheet), _merged(reader.archive, sheet), troubles)
            for sheet in reader.wb.worksheets
            if hasattr(sheet, "iter_rows")
        ]
        reader.wb.close()
    except MethodError as error:
        raise _placed(error, file) from error
    except Exception as error:  # a hostile file may break the library anywhere
        raise _unreadable(file, error) from error
    return sheets, troubles


def read_xls(source, file=""):
    """The sheets of an .xls workbook; as `read_xlsx`."""
    import xlrd  # noqa: PLC0415  only old workbooks need it

    troubles = []
    if "EncryptedPackage".encode("utf-16-le") in source:
        raise MethodError("xlsforms.workbook_locked", Where(file=file))
    try:
        book = xlrd.open_workbook(file_contents=source, logfile=io.StringIO(), on_demand=True)
        sheets = []
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            merged = tuple((r1 + 1, r2, c1, c2 - 1) for r1, r2, c1, c2 in sheet.merged_cells)
            sheets.append(_sheet(name, _xls_lines(sheet, book.datemode), merged, troubles))
    except MethodError as error:
        raise _placed(error, file) from error
    except Exception as error:  # the library stops on damaged files with errors of every kind
        code = "xlsforms.workbook_locked" if "encrypted" in str(error).lower() else ""
        raise (MethodError(code, Where(file=file)) if code else _unreadable(file, error)) from error
    return sheets, troubles


def _placed(error, file):
    return MethodError(error.code, Where(file=file, sheet=error.where.sheet), error.values)


def _unreadable(file, error):
    why = f"{type(error).__name__} {error}"[:200]
    return MethodError("xlsforms.workbook_unreadable", Where(file=file), {"why": why})


def _check_archive(source, file):
    """Refuse what would fill the memory once unpacked, and declarations that no spreadsheet program writes."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise MethodError("xlsforms.workbook_locked", Where(file=file))
            if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_BYTES:
                values = {"most": MOST_BYTES // 1_000_000}
                raise MethodError("xlsforms.workbook_too_large", Where(file=file), values)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares(archive, part):
                    raise MethodError("xlsforms.workbook_doctype", Where(file=file))
    except MethodError:
        raise
    except Exception as error:  # zipfile fails in many ways on damaged archives
        raise _unreadable(file, error) from error


def _declares(archive, part):
    with archive.open(part) as stream:
        beginning = stream.read(2048)
    return any(word in beginning for word in (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le")))


def _merged(archive, sheet):
    """Ranges of merged cells, which the streaming reader leaves out: (first row, last row, first, last column)."""
    try:
        content = archive.read(sheet._worksheet_path)
    except (AttributeError, KeyError):
        return ()
    found = (match.groups() for match in MERGED.finditer(content))
    return tuple((int(r1), int(r2), _column(c1), _column(c2)) for c1, r1, c2, r2 in found)


def _column(letters):
    index = 0
    for character in letters:
        index = index * 26 + character - 64
    return index - 1


def _xlsx_lines(sheet):
    sheet.reset_dimensions()  # written by careless programs, and wrong
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        yield number, [_text(value) for value in row]


def _xls_lines(sheet, datemode):
    for index in range(sheet.nrows):
        cells = sheet.row(index)[:MOST_COLUMNS]
        yield index + 1, [_xls_text(cell, datemode) for cell in cells]


def _xls_text(cell, datemode):
    import xlrd  # noqa: PLC0415  only old workbooks need it

    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return _text(xlrd.xldate_as_datetime(cell.value, datemode))
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            return _text(cell.value)
    return _text(cell.value)


def _text(value):
    """A cell as text: whole numbers without a point, dates as ISO, hard spaces as spaces."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        value = (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
        if value.year < 1900:
            return value.time().isoformat()  # a time of day: the epoch of spreadsheets lies there
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    return str(value).replace("\u00a0", " ")


def _sheet(name, lines, merged, troubles):
    """The sheet up to a long run of blank lines; titles above the header are passed over and noted."""
    table, blank = [], 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            blank += 1
            if blank > BLANK_RUN:
                break
            continue
        blank = 0
        table.append((number, _without_tail(cells)))
        if len(table) > most_rows(name):
            raise too_long(name)
    skipped = _header_place(name, table)
    if skipped:
        values = {"row": table[skipped][0]}
        troubles.append(Fault("xlsforms.header_below", "warning", name, table[0][0], values=values))
    return make_sheet(name, table[skipped:], merged=merged)


def _without_tail(cells):
    """The line without what stands far to the right of everything else: forgotten scribbles, not columns."""
    last, empty = 0, 0
    for index, cell in enumerate(cells):
        empty = 0 if cell.strip() else empty + 1
        if empty > BLANK_COLUMNS:
            break
        last = index + 1 if cell.strip() else last
    return cells[:last]


def _header_place(name, table):
    """How many lines stand above the header: 0 unless a line below looks far more like one."""
    if name.strip().lower() not in ("survey", "choices", "settings") or not table:
        return 0
    for place, (_, cells) in enumerate(table[:10]):
        if {cell.strip().lower() for cell in cells} & set(TYPES_HEADER):
            return place
    return 0
