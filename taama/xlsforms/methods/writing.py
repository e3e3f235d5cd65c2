"""A form back into a file that its author can open: a workbook or Markdown."""

import datetime
import io

FIXED = datetime.datetime(2000, 1, 1)  # the same form gives the same bytes
WIDTHS = {"type": 24, "name": 24, "list_name": 20}


def write_xlsx(book, changes=()):
    """A form as a workbook.

    book     Book
    changes  Change: their cells are coloured, with what stood there before in a note
    Returns  bytes of an .xlsx file. Every cell is text: nothing in it is computed when it is opened
    """
    import xlsxwriter  # noqa: PLC0415  only those who fetch a mended form need it

    changed = {(c.sheet.lower(), c.row, c.letter): c.before for c in changes if c.column and c.row}
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": FIXED})
    head = workbook.add_format({"bold": True, "bottom": 1})
    marked = workbook.add_format({"bg_color": "#FFF2B3"})
    for sheet in book.sheets:
        page = workbook.add_worksheet(sheet.name[:31] or "survey")
        page.freeze_panes(1, 0)
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, WIDTHS.get(column.text, 30))
            page.write_string(0, index, column.text, head)
        for place, row in enumerate(sheet.rows, start=1):
            for index, text in enumerate(row.cells):
                before = changed.get((sheet.name.lower(), row.number, sheet.columns[index].letter))
                if before is not None:
                    page.write_string(place, index, text, marked)
                    page.write_comment(place, index, before[:2000] or "—")
                elif text:
                    page.write_string(place, index, text)
    workbook.close()
    return buffer.getvalue()


def write_markdown(book):
    """A form as Markdown tables, one for each sheet.

    book     Book
    Returns  str

    >>> from taama.xlsforms.methods.reading import read_book
    >>> print(write_markdown(read_book(b"survey\\n,type,name\\n,text,a|b\\n", "f.csv")))
    | survey | | |
    | | type | name |
    | | text | a\\|b |
    <BLANKLINE>
    """
    lines = []
    for sheet in book.sheets:
        lines.append(f"| {sheet.name} |" + " |" * len(sheet.columns))
        lines.append(_line(sheet.headers))
        lines += [_line(row.cells) for row in sheet.rows]
    return "\n".join(lines) + "\n"


def _line(cells):
    texts = (" ".join(cell.split()).replace("|", r"\|") for cell in cells)
    return "| | " + " | ".join(texts) + " |"
