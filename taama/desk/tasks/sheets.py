"""A workbook, written piece by piece: a sheet for each table, the codebook, and texts too long for a cell."""

import zipfile
from html import escape

import polars as pl
from django.utils import timezone

from taama.base.errors import TaamaError
from taama.desk.methods.export_names import sheet_names
from taama.desk.methods.export_shape import cut_long, in_zone
from taama.desk.methods.export_sheet import BOLD, sheet_rows

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LONGEST = 32_767  # characters in a cell; counted in bytes to be safe
COMPRESS_LEVEL = 1
LONG = dict.fromkeys(("table", "_key", "column", "value"), pl.String)

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_BEGIN = (
    f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1"'
    ' topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_sheets(draft, selection, names, tables, codebook):
    """Write the workbook.

    tables    for each table a function that gives its frames, some rows at a time
    codebook  frames: questions, choices
    Yields    after each piece
    Raises    TaamaError `desk.too_many_columns`
    """
    words, long = selection.words, [pl.DataFrame(schema=LONG)]
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESS_LEVEL) as archive:
        book = _Book(archive)
        for name, frames in zip(names, tables, strict=True):
            yield from book.write(name, _fitting(name, frames(), long))
        for name, frame in zip((words["#questions"], words["#choices"]), codebook, strict=True):
            yield from book.write(name, [frame])
        told = pl.concat(long)
        if told.height:
            yield from book.write(words["#long"], [_pieces(told)])
        book.close()


def _fitting(name, frames, long):
    """Frames whose texts fit a cell; longer ones are noted in `long`."""
    for frame in frames:
        if frame.width > MOST_COLUMNS:
            raise TaamaError("desk.too_many_columns", values={"count": frame.width, "most": MOST_COLUMNS})
        kept, cut = cut_long(in_zone(frame, timezone.get_default_timezone_name()), LONGEST)
        long.append(cut.select(pl.lit(name).alias("table"), "_key", "column", "value"))
        yield kept


def _pieces(long):
    """Long texts in as many rows as cells can hold."""
    step = LONGEST // 4  # characters, of at most four bytes
    rows = [
        (*row[:-1], row[-1][start : start + step])
        for row in long.iter_rows()
        for start in range(0, len(row[-1]), step)
    ]
    return pl.DataFrame(rows, schema=LONG, orient="row")


def _filling(frame, row):
    """The frame in pieces of which none is larger than what is left of its sheet."""
    left = MOST_ROWS + 1 - row if row <= MOST_ROWS else MOST_ROWS - 1
    yield frame[:left]
    yield from frame[left:].iter_slices(MOST_ROWS - 1)


class _Book:
    """The sheets of a workbook, one after the other; a full one is continued in another."""

    def __init__(self, archive):
        self.archive, self.titles = archive, []

    def write(self, name, frames):
        """A sheet for these frames, of the same columns. Yields after each."""
        sheet, row = None, MOST_ROWS + 1
        try:
            for frame in frames:
                for piece in _filling(frame, row):
                    if row > MOST_ROWS:
                        self._end(sheet)
                        sheet, row = self._begin(name, frame.columns), 2
                    sheet.write("".join(sheet_rows(piece, row)).encode())
                    row += piece.height
                yield
        finally:
            self._end(sheet)

    def _begin(self, name, columns):
        self.titles.append(name)
        sheet = self.archive.open(f"xl/worksheets/sheet{len(self.titles)}.xml", "w", force_zip64=True)
        heading = pl.DataFrame([columns], schema=[str(n) for n in range(len(columns))], orient="row")
        sheet.write((SHEET_BEGIN + "".join(sheet_rows(heading, 1, BOLD))).encode())
        return sheet

    def _end(self, sheet):
        if sheet is not None:
            sheet.write(SHEET_END.encode())
            sheet.close()

    def close(self):
        """What makes a workbook of the sheets."""
        titles = [escape(title) for title in sheet_names(self.titles)]
        numbered = list(enumerate(titles, 1))
        sheets = "".join(f'<sheet name="{title}" sheetId="{n}" r:id="rId{n}"/>' for n, title in numbered)
        targets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>'
            for n, _ in numbered
        )
        files = {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
            f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{parts}</Types>',
            "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                [*targets, (f"rId{len(titles) + 1}", "styles", "styles.xml")]
            ),
        }
        for name, content in files.items():
            self.archive.writestr(name, HEAD + content)
        self.archive.writestr("xl/styles.xml", STYLES)


def _relations(targets):
    told = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{to}"/>' for key, kind, to in targets
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'
