"""The spreadsheet: a sheet to read first, the figures, and simulated figures on a sheet that says so."""

import io
from datetime import UTC, date

from taama.opendata.datasets.columns import COLUMNS, plain
from taama.opendata.datasets.notes import about
from taama.opendata.methods.labels import label

READ_ME = "Lisez-moi – Read me"
REAL = "Chiffres – Figures"
SIMULATED = "SIMULÉ – SIMULATED"
WIDTHS = {
    "definition_fr": 34,
    "definition_en": 34,
    "place_name": 18,
    "category_fr": 24,
    "category_en": 24,
    "sources": 50,
}
FORMATS = {"number": "#,##0.##", "integer": "#,##0", "date": "yyyy-mm-dd"}


def workbook(sheet):
    """The rows of a Sheet as bytes of an xlsx file. The same snapshot gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415  only when a spreadsheet is asked for

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {"title": sheet.snapshot.title, "created": sheet.snapshot.made_at.astimezone(UTC)}
        )
        styles = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        styles["head"] = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        styles["warn"] = book.add_format({"bold": True, "font_color": "#a8430b"})
        styles["text"] = book.add_format({"text_wrap": True, "valign": "top"})
        _read_me(book.add_worksheet(READ_ME), sheet, styles)
        for name, figures in _sheets(sheet).items():
            _data(book.add_worksheet(name), sheet.rows(figures), styles)
    return target.getvalue()


def _sheets(sheet):
    """Name of each data sheet → its figures; real and simulated people never stand on one sheet."""
    parted = {
        REAL: [figure for figure in sheet.figures if not figure["simulated"]],
        SIMULATED: [figure for figure in sheet.figures if figure["simulated"]],
    }
    return {name: figures for name, figures in parted.items() if figures}


def _data(page, rows, styles):
    page.freeze_panes(1, 0)
    page.set_row(0, 45)
    for position, column in enumerate(COLUMNS):
        page.write_string(0, position, f"{column.fr}\n{column.en}", styles["head"])
        page.set_column(position, position, WIDTHS.get(column.name, 13))
    for number, row in enumerate(rows, 1):
        for position, value in enumerate(row):
            _cell(page, number, position, value, styles.get(COLUMNS[position].type))
    page.autofilter(0, 0, len(rows), len(COLUMNS) - 1)


def _cell(page, row, column, value, style=None):
    """Text stays text: no cell is ever a formula or a link."""
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, style)
    elif isinstance(value, int | float):
        page.write_number(row, column, plain(value), style)
    else:
        page.write_string(row, column, str(value), style)


def _read_me(page, sheet, styles):
    page.set_column(0, 0, 28)
    page.set_column(1, 2, 70)
    row = 0
    for note in about(sheet):
        _cell(page, row, 0, note.name, styles["head"])
        for position, text in enumerate((note.fr, note.en), 1):
            _cell(page, row, position, text, styles["warn" if note.warning else "text"])
        row += 1
    for heading, lines in _lists(sheet):
        row += 1
        for position, text in enumerate(heading):
            _cell(page, row, position, text, styles["head"])
        for line in lines:
            row += 1
            for position, text in enumerate(line):
                _cell(page, row, position, text, styles["text"])
        row += 1


def _lists(sheet):
    """(heading, lines) of the definitions and of the columns."""
    codes = sorted({figure["definition"] for figure in sheet.figures})
    yield (
        ("Définitions – Definitions", "Français", "English"),
        [(c, label(c, "fr"), label(c, "en")) for c in codes],
    )
    described = [(c.name, _described(c.fr, c.about_fr), _described(c.en, c.about_en)) for c in COLUMNS]
    yield ("Colonnes – Columns", "Français", "English"), described


def _described(name, about_):
    return f"{name} : {about_}" if about_ else name
