"""Sheets out of workbooks, .xlsx and .xls, that may be broken, locked or made to exhaust the reader."""

import datetime
import io
import re
import zipfile

from taama.base.errors import MethodError, Where
from taama.xlsforms.methods.book import Fault, index_of, make_sheet, most_rows, too_long

MOST_FILES = 2_000  # inside one .xlsx
MOST_BYTES = 150_000_000  # unpacked
MOST_OF_PART = 2_000_000  # of what is read whole: styles, the workbook, what belongs to what
MOST_OF_CELLS = 60_000_000  # of a sheet, and of the texts of all sheets: read in a stream
MOST_SHEETS = 50
READ_WHOLE = (".rels", "[Content_Types].xml", "xl/styles.xml")
MOST_COLUMNS = 1_000
BLANK_RUN = 2_000  # after so many blank lines the sheet is taken to end
BLANK_COLUMNS = 50
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
TYPES_HEADER = ("type", "list_name", "list name", "form_id", "form_title", "dataset", "version", "id_string")


def read_xlsx(source, file="", choose=set):
    """The sheets of an .xlsx or .xlsm workbook.

    source   bytes
    choose   of the names of all sheets, gives those to be read
    Returns  ([Sheet], [Fault]): sheets in their order; what was met on the way
    Raises   MethodError: `xlsforms.workbook_unreadable`, `xlsforms.workbook_locked`, `xlsforms.workbook_too_large`,
             `xlsforms.workbook_sheets` with very many sheets or several on one part
    """
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415  slow to load, and only reading forms needs it

    _check_archive(source, file)
    troubles = []
    try:
        reader = ExcelReader(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
        _open(reader, choose)
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


def _open(reader, choose):
    """What cells need, without what else a workbook may hold; each part is measured before it is read."""
    from openpyxl.reader.excel import SHARED_STRINGS, _find_workbook_part  # noqa: PLC0415  slow to load
    from openpyxl.styles.stylesheet import apply_stylesheet  # noqa: PLC0415  slow to load

    reader.read_manifest()
    part = reader.archive.getinfo(_find_workbook_part(reader.package).PartName[1:])
    _check_size(part, MOST_OF_PART)
    reader.read_workbook()
    found = [(sheet, relation) for sheet, relation in reader.parser.find_sheets()]
    if len(found) > MOST_SHEETS or len({relation.target for _, relation in found}) < len(found):
        raise MethodError("xlsforms.workbook_sheets", values={"most": MOST_SHEETS})
    chosen = choose([sheet.name for sheet, _ in found])
    found = [one for one in found if one[0].name in chosen and "chartsheet" not in one[1].Type]
    reader.parser.sheets = [sheet for sheet, _ in found]
    strings = reader.package.find(SHARED_STRINGS)
    parts = [relation.target for _, relation in found] + ([strings.PartName[1:]] if strings else [])
    for name in set(parts) & set(reader.valid_files):
        _check_size(reader.archive.getinfo(name), MOST_OF_CELLS)
    reader.read_strings()
    apply_stylesheet(reader.archive, reader.wb)
    reader.read_worksheets()


def read_xls(source, file="", choose=set):
    """The sheets of an .xls workbook; as `read_xlsx`."""
    import xlrd  # noqa: PLC0415  only old workbooks need it

    troubles = []
    if "EncryptedPackage".encode("utf-16-le") in source:
        raise MethodError("xlsforms.workbook_locked", Where(file=file))
    try:
        book = xlrd.open_workbook(file_contents=source, logfile=io.StringIO(), on_demand=True)
        sheets = []
        chosen = choose(book.sheet_names())
        for name in (name for name in book.sheet_names() if name in chosen):
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
            _check_sizes(parts, Where(file=file))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares(archive, part):
                    raise MethodError("xlsforms.workbook_doctype", Where(file=file))
    except MethodError:
        raise
    except Exception as error:  # zipfile fails in many ways on damaged archives
        raise _unreadable(file, error) from error


def _check_sizes(parts, where):
    """By what the archive says of itself: of no part is more than that ever unpacked."""
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_BYTES:
        raise MethodError("xlsforms.workbook_too_large", where, {"most": MOST_BYTES // 1_000_000})
    for part in parts:
        if part.filename.endswith(READ_WHOLE):
            _check_size(part, MOST_OF_PART, where)


def _check_size(part, most, where=Where()):  # noqa: B008  it never changes
    if part.file_size > most:
        values = {"part": part.filename[-80:], "most": most // 1_000_000}
        raise MethodError("xlsforms.workbook_part_too_large", where, values)


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
    return tuple((int(r1), int(r2), index_of(c1.decode()), index_of(c2.decode())) for c1, r1, c2, r2 in found)


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
