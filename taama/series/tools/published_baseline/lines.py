"""Every line of a file and what it is: data, a total, a header, a note. Nothing is left out, only named."""

import re
from dataclasses import dataclass, field

from taama.facts.cells import plain, read_count
from taama.series.tools.published_baseline.headers import column_letter, is_repeated_header
from taama.series.tools.published_baseline.meaning import COUNTS

DATA, TOTAL, SUBTOTAL, HEADER, NOTE, UNREAD = "data", "total", "subtotal", "header", "note", "unread"
TOTAL_WORD = re.compile(r"\b(?:grand |sous |sub )?(?:total|totaux|subtotal|ensemble|somme)\b")
LEVELS = (1, 2, 3, 4, 5)
AREA_NAMES = [name for level in LEVELS for name in (f"admin{level}", f"admin{level}_code")]


@dataclass
class Line:
    """One line: `cells` by the name of their column, `counts` read, `troubles` of the counts that can't be."""

    sheet: str
    row: int
    kind: str
    cells: dict
    counts: dict = field(default_factory=dict)
    troubles: dict = field(default_factory=dict)
    of: str = ""  # a total's own words for what it sums
    overlaps: bool = False  # it names an area whose parts stand on other lines that don't add up to it

    def text(self, name):
        return self.cells.get(name, "")

    def says(self, level):
        return bool(self.text(f"admin{level}").strip() or self.text(f"admin{level}_code").strip())

    @property
    def depth(self):
        return max((level for level in LEVELS if self.says(level)), default=0)


def unread_lines(sheet):
    """A sheet without a header, kept as it is."""
    return [
        Line(sheet.name, row, UNREAD, {f"[{column_letter(n)}]": text for n, text in enumerate(cells) if text})
        for row, cells in sheet.lines
        if any(cell.strip() for cell in cells)
    ]


def read_lines(sheet, columns):
    """The lines of a sheet whose columns are understood.

    sheet, columns   grid.Sheet, headers.Columns
    Returns          list of Line, blank lines left out
    """
    names = {position: name for name, position in columns.fields.items()} | columns.others
    lines = []
    for index, (row, cells) in enumerate(sheet.lines):
        if not any(cell.strip() for cell in cells):
            continue
        named = {names.get(n, f"[{column_letter(n)}]"): text for n, text in enumerate(cells) if text}
        line = Line(sheet.name, row, NOTE, named)
        if row in columns.header_rows or (index >= columns.first and is_repeated_header(cells, columns)):
            line.kind = HEADER
        elif index >= columns.first:
            _read(line, columns)
        lines.append(line)
    data = [line for line in lines if line.kind == DATA]
    areas = {plain(line.text(name)) for line in data for name in AREA_NAMES}
    for line in lines:
        if line.kind == TOTAL and line.of and line.of in areas:
            line.kind = SUBTOTAL
    _recognise_sums(data)
    return lines


def _read(line, columns):
    for name in columns.fields:
        if name not in COUNTS:
            continue
        number, trouble = read_count(line.text(name))
        if number is not None:
            line.counts[name] = number
        if trouble:
            line.troubles[name] = trouble
    texts = {text.strip() for text in line.cells.values()} - {""}
    says_counts = any(line.text(name).strip() for name in COUNTS)
    if not says_counts or (len(texts) == 1 and not line.counts):
        return
    line.kind = DATA
    label = _total_label(line, columns)
    if label is not None:
        line.of, line.kind = label, TOTAL


def _total_label(line, columns):
    """What a line's own words say that it sums: empty for everything; None where it is no total."""
    first = next((text for text in line.cells.values() if text.strip()), "")
    for text in (first, *(line.text(f"admin{level}") for level in range(6))):
        words = plain(text)
        if TOTAL_WORD.search(words):
            return " ".join(TOTAL_WORD.sub(" ", words).split())
    return None


def _recognise_sums(data):
    """Lines without a label that sum others: they have no place, or a larger one, and every count agrees."""
    deepest = max((line.depth for line in data), default=0)
    by_parent = {}
    for line in data:
        for level in range(line.depth):
            by_parent.setdefault(_above(line, level), []).append(line)
    for line in sorted(data, key=lambda line: -line.depth):
        if line.depth == deepest or not any(line.counts.values()):
            continue
        parts = [part for part in by_parent.get(_above(line, line.depth), []) if part.kind == DATA]
        if parts and all(
            sum(part.counts.get(name, 0) for part in parts) == n for name, n in line.counts.items()
        ):
            line.kind = SUBTOTAL if line.depth else TOTAL
            line.of = plain(line.text(f"admin{line.depth}"))
        line.overlaps = bool(parts) and line.depth > 0 and line.kind == DATA


def _above(line, level):
    """The names and codes of a line down to a level, by which larger and smaller lines meet."""
    return level, *(plain(line.text(f"admin{n}") or line.text(f"admin{n}_code")) for n in LEVELS[:level])


def sums(lines, names=COUNTS):
    """Counts of several lines added up."""
    return {name: sum(line.counts.get(name, 0) for line in lines) for name in names}


def summed_by(total, data):
    """The lines that a total or subtotal sums: all of its sheet, or those whose area bears its name."""
    of_sheet = [line for line in data if line.sheet == total.sheet]
    if total.kind == TOTAL:
        return of_sheet
    return [line for line in of_sheet if total.of in {plain(line.text(name)) for name in AREA_NAMES}]
