"""Spreadsheets and CSV as grids of text, so that what a file says is seen before anything is understood of it."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from taama.base.errors import TaamaError, Where

SEPARATORS = ",;\t|"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
UNPACKED_BYTES_AT_MOST = 400_000_000
XML_TROUBLE = re.compile(rb"<!ENTITY", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """`lines`: (row as a spreadsheet numbers it, cells as text); `filled`: cells that took the text of a merged cell."""

    name: str
    lines: list[tuple[int, list[str]]]
    filled: int = 0


def read_grid(raw, filename, lines=None):
    """The sheets of an xlsx workbook, or the one sheet of a CSV file.

    raw       bytes of the file
    filename  its name, only to name it in errors
    lines     how many lines of each sheet are wanted; all when None
    Returns   list of Sheet; dates are written 2020-04-30, whole numbers without decimals, the rest as it stands
    Raises    TaamaError: not a workbook and not text, old or protected Excel, damaged, empty, too large

    >>> read_grid("Cercle;PDI\\nDiré;12\\n".encode("latin-1"), "a.csv")[0].lines
    [(1, ['Cercle', 'PDI']), (2, ['Diré', '12'])]
    """
    if raw.startswith(OLD_EXCEL):
        raise _unreadable("facts.file_old_excel", filename)
    sheets = _workbook(raw, filename, lines) if raw.startswith(b"PK") else [_text(raw, filename, lines)]
    if not any(any(cell.strip() for cell in cells) for sheet in sheets for _, cells in sheet.lines):
        raise _unreadable("facts.file_empty", filename)
    return sheets


def _unreadable(code, filename, **values):
    return TaamaError(code, where=Where(file=filename), values={"file": filename, **values})


def _text(raw, filename, lines):
    text = decode(raw)
    if "\0" in text:
        raise _unreadable("facts.file_kind_unknown", filename)
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'"?sep=(.)"?\s*', first)  # Excel's own way to say it
    skipped, text = (1, rest) if named else (0, text)
    try:
        separator = named[1] if named else separator_of(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = list(islice(reader, lines))
    except csv.Error as error:  # strict: a quote that is never closed would swallow the rest of the file
        raise _unreadable("facts.file_damaged", filename, detail=str(error)) from error
    return Sheet("", [(number + skipped, cells) for number, cells in enumerate(rows, start=1)])


def decode(raw):
    """Text of a file as spreadsheets write it: UTF-8 or UTF-16 with their marks, else Windows Latin."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def separator_of(text):
    """The separator that cuts the first lines most evenly into most cells."""
    sample = [line for line in text.splitlines()[:30] if line.strip()]

    def evenness(separator):
        widths = [len(cells) for cells in csv.reader(sample, delimiter=separator)]
        return max((widths.count(width) * (width - 1) for width in widths), default=0)

    return max(SEPARATORS, key=evenness)


def _workbook(raw, filename, lines):
    try:
        has_formulas, has_merged = _traits(raw, filename)
        return _sheets(raw, has_formulas, has_merged, lines)
    except TaamaError:
        raise
    except Exception as error:  # a damaged workbook fails in any of the reader's many ways
        raise _unreadable("facts.file_damaged", filename, detail=str(error)[:200]) from error


def _traits(raw, filename):
    """Whether any sheet has formulas, and merged cells: both cost a slower reading, which most files don't need."""
    has_formulas = has_merged = False
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if not any(name.startswith("xl/") for name in archive.namelist()):
            raise _unreadable("facts.file_kind_unknown", filename)
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES_AT_MOST:
            raise _unreadable("facts.file_too_large", filename, megabytes=UNPACKED_BYTES_AT_MOST // 10**6)
        for name in archive.namelist():
            if name.endswith(".xml"):
                part = archive.read(name)
                if XML_TROUBLE.search(part):
                    raise _unreadable("facts.file_damaged", filename, detail="ENTITY")
                if name.startswith("xl/worksheets/"):
                    has_formulas |= b"<f>" in part or b"<f " in part
                    has_merged |= b"<mergeCell " in part
    return has_formulas, has_merged


def _sheets(raw, has_formulas, has_merged, wanted):
    from openpyxl import load_workbook  # noqa: PLC0415  heavy: only when a workbook is really read

    quick = not has_merged
    book = load_workbook(io.BytesIO(raw), read_only=quick, data_only=True)
    formulas = load_workbook(io.BytesIO(raw), read_only=quick) if has_formulas else None
    sheets = []
    for sheet in book.worksheets:
        lines = _lines(sheet, quick, wanted)
        if formulas is not None:
            _keep_uncomputed(lines, _lines(formulas[sheet.title], quick, wanted))
        filled = 0 if quick else _fill_merged(lines, sheet.merged_cells.ranges)
        sheets.append(Sheet(sheet.title, lines, filled))
    return sheets


def _lines(sheet, quick, wanted):
    if quick:
        sheet.reset_dimensions()  # the size written in the file may be too small, and would cut rows off
    return [
        (number, [cell_text(value) for value in row])
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
    ]


def _keep_uncomputed(lines, formulas):
    """A formula whose result was never stored shows as the formula: an empty cell would lose people in silence."""
    for (_, cells), (_, written) in zip(lines, formulas, strict=False):
        for position, text in enumerate(written[: len(cells)]):
            if not cells[position] and text.startswith("="):
                cells[position] = text


def _fill_merged(lines, ranges):
    """A merged text stands for each of its cells; a merged number does not, it would be counted again."""
    filled = 0
    for area in ranges:
        text = _cell(lines, area.min_row, area.min_col)
        if not text.strip() or re.fullmatch(r"[-\d\s.,]+", text):
            continue
        for row in range(area.min_row, min(area.max_row, len(lines)) + 1):
            cells = lines[row - 1][1]
            for column in range(area.min_col, min(area.max_col, len(cells)) + 1):
                if not cells[column - 1]:
                    cells[column - 1] = text
                    filled += 1
    return filled


def _cell(lines, row, column):
    cells = lines[row - 1][1] if row <= len(lines) else []
    return cells[column - 1] if column <= len(cells) else ""


def cell_text(value):
    """A spreadsheet's value as text that reads back to the same value.

    >>> cell_text(45.0), cell_text(1.234), cell_text(datetime(2020, 4, 30)), cell_text(None)
    ('45', '1.2340', '2020-04-30', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        text = repr(value)  # three decimals would read as thousands written with a point
        return text + "0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text
    if isinstance(value, datetime):
        return (
            value.date() if value.time() == datetime.min.time() else value.replace(microsecond=0)
        ).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
