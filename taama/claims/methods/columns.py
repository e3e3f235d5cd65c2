"""Tables in plain text: rows of a label and numbers, ended by their total."""

import re
from dataclasses import dataclass, field, replace

from taama.claims.methods import texts
from taama.claims.methods.kinds import PartOfWhole, SumOfParts
from taama.claims.methods.numbers import COUNT, MEASURE, MONEY, PERCENT, Number, read_numbers
from taama.claims.methods.scenes import Item, dimension
from taama.claims.methods.texts import Passage

_TOTAL = re.compile(r"\W*(?:grand[\s-]+total|total|totaux|totale|ensemble|somme|sum)\b", re.I)
_PLAIN_TOTAL = re.compile(r"\W*(?:grand[\s-]+)?(?:total|totaux|ensemble|somme|sum)(?:\s+général)?\W*$", re.I)
_NO_ROW = re.compile(r"\W*(?:sous-total|sub-?total|dont|of which|of whom|including|incl|y compris)\b", re.I)
_MONEY = re.compile(
    r"[$€£]|\b(?:USD|EUR|FCFA|XOF|funding|budget|amount|montant|financement|coûts?|costs?|dollars?)\b", re.I
)
_BETWEEN = re.compile(r"[\s|;:●•·.…_*$€£–-]*(?:USD|EUR|FCFA|XOF)?[\s|;:●•·*]*", re.I)
MOST_LABEL_LINES = 3
MOST_ROWS = 300
LONGEST_LINE = 400
LOOK_AHEAD = 10  # lines after a table in which its total may stand on its own
PRECISE = 1000


@dataclass(frozen=True)
class Row:
    """A line of a table: its label, its numbers, and the label-only lines and number of empty lines before it."""

    label: str
    cells: tuple[Number, ...]
    start: int
    end: int
    labels_before: tuple[str, ...] = ()
    gap: int = 0


@dataclass
class _Table:
    """Rows read so far; `odd` when a row didn't have the numbers of the others."""

    rows: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    odd: bool = False

    def add(self, row):
        self.rows.append(row)
        self.labels = []

    def takes(self, row):
        return not self.rows or (len(row.cells) == len(self.rows[0].cells) and len(self.rows) < MOST_ROWS)

    def has_room_for(self, line):
        short = len(line) < 110 and not line.endswith((".", ";"))
        return short and (not self.rows or len(self.labels) < MOST_LABEL_LINES)


def find(text, language):
    """SumOfParts claims of the columns of every table in a text; also lines of patients (confirmed, recovered, died)."""
    table, claims, gap = _Table(), [], 0
    lines = [m for m in re.finditer(r"^.*$", text, re.M) if m.end() - m.start() <= LONGEST_LINE]
    for index, line in enumerate(lines):
        stripped = line[0].strip()
        if not stripped:
            gap += 1
            continue
        row = _row(line, language, tuple(table.labels), gap)
        gap = 0
        if row and _TOTAL.match(row.label):
            claims += _totals(text, table, row)
            table = _Table()
        elif row and _NO_ROW.match(row.label):
            continue
        elif row and table.takes(row):
            table.add(row)
        elif row and row.label:
            table.odd = True
        elif not row and table.has_room_for(stripped):
            table.labels = [*table.labels, stripped][-MOST_LABEL_LINES:]
        else:
            claims += _announced(text, table.rows, lines[index : index + LOOK_AHEAD], language)
            table = _Table([row] if row else [])
    return [*claims, *_announced(text, table.rows, [], language), *_patients(text, language)]


def _row(line, language, labels, gap):
    """The line as a row when it ends in numbers with nothing but signs between them."""
    hidden = texts.blank(line[0].replace("\t", "  ").replace("\r", " "))
    numbers = [n for n in read_numbers(hidden, language) if n.kind != MEASURE]
    cells, end = [], len(hidden.rstrip(" |;.*"))
    for number in reversed(numbers):
        if not re.fullmatch(_BETWEEN, hidden[number.end : end]):
            break
        cells.insert(0, number)
        end = number.start
    label = hidden[:end].strip(" |:;●•·*\t_…")
    if not cells or any(n.hedge or not re.search(r"\d", n.text) for n in cells):
        return None
    if len(label) > 100 or re.search(r"[.!?]\s+[A-ZÀ-Ý]", label):
        return None
    return Row(label, tuple(cells), line.start(), line.end(), labels, gap)


def is_row(line):
    """Whether a line is one of a table: a label, then two numbers or more."""
    row = _row(re.match(".*", line), "fr", (), 0)
    return row is not None and len(row.cells) > 1 and bool(row.label)


def _totals(text, table, total):
    rows, width = table.rows, len(total.cells)
    if len(rows) < 2 or not table.takes(total):
        return
    passage = _passage(text, f"{rows[0].label} … {total.label}", rows[0].start, total.end, total.start)
    even = len({r.gap for r in rows[1:]}) == 1 and not any(r.labels_before for r in (*rows[1:], total))
    for column in range(width):
        claim = _column(text, rows, total, column, passage)
        if claim:
            yield replace(claim, sure=even and not table.odd and not any(map(_runs_on, (*rows, total))))
    yield from _groups(text, rows)


def _passage(text, words, start, end, at):
    return Passage(" ".join(words.split()), start, end, texts.line_at(text, at))


def _runs_on(row):
    """`100 000 200` with plain spaces may be one number, or one of two columns."""
    return any(re.search(r"\d \d{3} \d{3}", cell.text) for cell in row.cells)


def _column(text, rows, total, column, passage):
    """The claim of one column; none for shares, averages and ranks, whose total is no sum."""
    cell, parts = total.cells[column], tuple(r.cells[column] for r in rows)
    several = sum(1 for p in parts if p.value) > 1
    if PERCENT in {n.kind for n in (cell, *parts)} or (several and cell.value <= max(p.value for p in parts)):
        return None
    exact = _explained(parts, cell)
    if exact:
        return SumOfParts(total=cell, parts=exact, complete="table", passage=passage)
    money = MONEY in {n.kind for n in (cell, *parts)} or _MONEY.search(
        text[max(0, rows[0].start - 200) : total.end]
    )
    return SumOfParts(
        total=cell,
        parts=parts,
        complete="table" if money else _of_people(rows, total, column),
        passage=passage,
    )


def _of_people(rows, total, column):
    """Whether a difference can only be a fault: people may be counted in two rows, and rows may be left out."""
    parts = [r.cells[column].value for r in rows]
    rest = total.cells[column].value - sum(parts)
    if rest < 0:
        members = [Item(r.cells[column], r.label) for r in rows]
        return "table" if dimension(members) else "open"
    slight = rest < min((p for p in parts if p), default=0) / 2
    return "table" if slight and _PLAIN_TOTAL.match(total.label) else "open"


def _explained(parts, total):
    """The parts that add up to the total: all, all but the sub-totals, or the last ones; else nothing."""
    candidates = [parts, _without_subtotals(parts, True), _without_subtotals(parts, False)]
    candidates += [parts[i:] for i in range(1, len(parts) - 1)]
    return next((tuple(c) for c in candidates if len(c) > 1 and sum(n.value for n in c) == total.value), ())


def _without_subtotals(parts, first):
    """Parts less those that are the sum of two or more parts next to them, after (`first`) or before them."""
    ordered = list(parts) if first else list(reversed(parts))
    kept, index = [], 0
    while index < len(ordered):
        added, reach = 0, index + 1
        while reach < len(ordered) and added < ordered[index].value:
            added += ordered[reach].value
            reach += 1
        if added == ordered[index].value and reach - index > 2:
            kept += ordered[index + 1 : reach]
            index = reach
        else:
            kept.append(ordered[index])
            index += 1
    return kept if first else list(reversed(kept))


def _groups(text, rows):
    """Rows under a heading without number, against the figure that the text gives that heading elsewhere."""
    groups = []
    for row in rows:
        if row.labels_before:
            groups.append((row.labels_before, [row]))
        elif groups:
            groups[-1][1].append(row)
    for labels, members in groups:
        words, stated = _stated_for(text, labels)
        parts = tuple(r.cells[0] for r in members)
        if stated and len(parts) > 1 and len(members[0].cells) == 1:
            passage = _passage(text, words, members[0].start, members[-1].end, members[0].start)
            yield SumOfParts(total=stated, parts=parts, complete="open", passage=passage)


def _stated_for(text, labels):
    for size in range(len(labels), 0, -1):
        words = " ".join(labels[-size:]).split()
        pattern = r"\s+".join(re.escape(w) for w in words) + r"[\s:]+(?P<figure>\$?\d[\d.,]*\d)"
        match = re.search(pattern, text, re.I) if len(words) > 1 else None
        if match and (numbers := read_numbers(match["figure"], texts.language_of(text))):
            return " ".join(words), numbers[0]
    return "", None


def _announced(text, rows, following, language):
    """A table without total row, whose column adds up exactly to a figure that stands alone just after it."""
    if len(rows) < 3:
        return
    width = len(rows[0].cells)
    alone = [
        row.cells[0] for line in following if (row := _row(line, language, (), 0)) and len(row.cells) == 1
    ]
    for column in range(width):
        parts = tuple(r.cells[column] for r in rows)
        for number in alone:
            if (
                number.value >= PRECISE
                and number.value == sum(p.value for p in parts)
                and PERCENT not in {p.kind for p in parts}
            ):
                passage = _passage(
                    text, f"{rows[0].label} … {number.text}", rows[0].start, rows[-1].end, rows[0].start
                )
                yield SumOfParts(total=number, parts=parts, complete="open", passage=passage)


_PATIENTS = {
    "whole": re.compile(r"(?:cases confirmed|confirmed cases|cas confirmés)\s*:?\s*$", re.I),
    "recovered": re.compile(r"(?:recovered(?: cases)?|cas guéris|guéris|guérisons)\s*:?\s*$", re.I),
    "died": re.compile(r"(?:confirmed deaths|deaths|décès(?: confirmés)?)\s*:?\s*$", re.I),
}


def _patients(text, language):
    """Lines `Cases confirmed: 806`, `Recovered: 455`, `Deaths: 46`: nobody both recovers and dies."""
    found = {}
    for line in re.finditer(r"^.{1,99}\d\W*$", text, re.M):
        row = _row(line, language, (), 0)
        for name, pattern in _PATIENTS.items():
            if row and len(row.cells) == 1 and row.cells[0].kind == COUNT and pattern.search(row.label):
                found.setdefault(name, row)
    if "whole" not in found or len(found) < 2:
        return
    rows = sorted(found.values(), key=lambda r: r.start)
    if rows[-1].end - rows[0].start < 400:
        parts = tuple(found[n].cells[0] for n in ("recovered", "died") if n in found)
        words = " · ".join(f"{r.label} {r.cells[0].text}" for r in rows)
        passage = _passage(text, words, rows[0].start, rows[-1].end, rows[0].start)
        yield PartOfWhole(whole=found["whole"].cells[0], parts=parts, apart=True, passage=passage)
