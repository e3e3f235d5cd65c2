"""A filled form as people read it: the form's own order and words, answers as text, repeats as tables."""

from dataclasses import dataclass, field

from taama.collect.methods.named import safe_filename
from taama.collect.methods.worded import FILES, Words
from taama.forms.methods.outline import GROUP, QUESTION, REPEAT, text_in
from taama.review.methods.change import NUMBERS, stands_out

UNCORRECTABLE = (
    *FILES,
    "calculate",
    "note",
    "start",
    "end",
    "today",
    "deviceid",
    "audit",
    "username",
    "geotrace",
    "geoshape",
)
SILENT = ("note", "start", "end", "today", "audit", "deviceid")


@dataclass(frozen=True)
class Line:
    """One question with its answer. `value` is the answer as it was sent, `before` that of the round before."""

    path: str
    rows: tuple
    type: str
    label: str
    value: str
    text: str
    before: str = ""
    before_text: str = ""
    stands_out: bool = False
    remarks: tuple = ()
    corrections: tuple = ()
    choices: tuple = ()  # (name, label), for those who correct it
    files: tuple = ()  # what came under the name that the answer gives: more than one where the bytes differ
    awaited: bool = False  # it names a file that has not come

    @property
    def spot(self):
        """Where it is, in one word: for addresses and forms."""
        return f"{self.path}@{'.'.join(map(str, self.rows))}"

    @property
    def chosen(self):
        """The codes of an answer with several."""
        return self.value.split()

    @property
    def correctable(self):
        return self.type not in UNCORRECTABLE


@dataclass(frozen=True)
class Block:
    """A group with its lines; a repeat has `heads` and, for each of its rows, a line under every head."""

    title: str
    depth: int
    lines: tuple = ()
    heads: tuple = ()
    rows: tuple = ()
    hidden: bool = False  # what people do not see on the phone


@dataclass(frozen=True)
class Beside:
    """What stands beside the answers.

    before       Filled of the round before, or None
    much         Much
    remarks      (path, rows) → texts of what checks say
    corrections  (path, rows) → corrections of this answer
    lists        name of a file → code → label, for choices that come from files
    files        name, as it is kept → files that came under it
    missing      names of files, as they are kept, that have not come
    everything   also what was not answered
    """

    before: object = None
    much: object = None
    remarks: dict = field(default_factory=dict)
    corrections: dict = field(default_factory=dict)
    lists: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    missing: frozenset = frozenset()
    everything: bool = False


def sheet(outline, filled, language, beside):
    """The blocks of a submission.

    outline    Outline
    filled     Filled
    language   `fr` or `en`
    beside     Beside
    Returns    [Block], those with nothing to show left out; what the phone worked out comes last, in one block
    """
    writer = _Writer(filled, language, beside)
    writer.group(outline.root, 0, ())
    hidden = [node for node in outline.questions() if not node.asked and node.type not in SILENT]
    lines = writer.lines(
        [n for n in hidden if (n.path, ()) in filled.answers and not n.path.startswith("meta/")], ()
    )
    if lines:
        writer.blocks.append(Block("", 0, tuple(lines), hidden=True))
    return writer.blocks


class _Writer(Words):
    def __init__(self, filled, language, beside):
        super().__init__(filled, language, beside.lists)
        self.beside, self.blocks = beside, []

    def group(self, node, depth, rows):
        """In the form's order: what follows a group inside this one stands in a block of its own."""
        title = self.filled_in(text_in(node.labels, [self.language]), rows) if depth else ""
        together = []
        for child in node.children:
            if child.kind == QUESTION:
                together += [child] if child.asked else []
                continue
            title = self.flush(together, title, depth, rows)
            together = []
            if child.kind == GROUP:
                self.group(child, depth + 1, rows)
            else:
                self.repeat(child, depth + 1, rows)
        self.flush(together, title, depth, rows)

    def flush(self, questions, title, depth, rows):
        """A block of these questions; returns the title if it was not needed yet."""
        lines = self.lines(questions, rows)
        if lines:
            self.blocks.append(Block(title, depth, tuple(lines)))
        return "" if lines else title

    def repeat(self, node, depth, around):
        count = self.filled.counts.get((node.path, around), 0)
        questions = [q for q in node.walk() if q.kind == QUESTION and q.asked and _directly(q, node)]
        rows = [[self.line(q, (*around, row)) for q in questions] for row in range(1, count + 1)]
        kept = [at for at in range(len(questions)) if any(_tells(row[at], self.beside) for row in rows)]
        if kept:
            heads = tuple(self.label(questions[at], around) for at in kept)
            body = tuple(tuple(row[at] for at in kept) for row in rows)
            self.blocks.append(Block(self.label(node, around), depth, heads=heads, rows=body))
        for row in range(1, count + 1):
            for child in node.walk():
                if child.kind == REPEAT and child is not node and _directly(child, node):
                    self.repeat(child, depth + 1, (*around, row))

    def lines(self, questions, rows):
        made = (self.line(question, rows) for question in questions if question.type != "note")
        return [line for line in made if _tells(line, self.beside)]

    def line(self, node, rows):
        value = self.filled.text(node.path, rows)
        former = self.beside.before if not rows else None  # the second row was another person the last time
        before = former.text(node.path, rows) if former else ""
        spot = (node.path, rows)
        file = safe_filename(value) if value and node.type in FILES else ""
        return Line(
            node.path, rows, node.type, self.label(node, rows), value, self.shown(node, value), before,
            self.shown(node, before), self.much(node, before, value), tuple(self.beside.remarks.get(spot, ())),
            tuple(self.beside.corrections.get(spot, ())), self.offered(node),
            tuple(self.beside.files.get(file, ())), file in self.beside.missing,
        )  # fmt: skip

    def much(self, node, before, value):
        numeric = node.type in NUMBERS and self.beside.much is not None
        return numeric and stands_out(before, value, self.beside.much)

    def offered(self, node):
        return tuple((c.name, text_in(c.labels, [self.language]) or c.name) for c in node.choices)


def lines_of(blocks):
    """All lines of a sheet, those in rows too."""
    return [line for block in blocks for some in (block.lines, *block.rows) for line in some]


def _tells(line, beside):
    return beside.everything or bool(line.value or line.before or line.remarks or line.corrections)


def _directly(node, repeat):
    """Whether a node lies in this repeat and in none inside it."""
    return not any(
        inner.kind == REPEAT and inner is not repeat and node.path.startswith(f"{inner.path}/")
        for inner in repeat.walk()
    )


def line_at(outline, filled, path, rows, language):
    """The line of one question, or None where the form has no such question."""
    node = next((q for q in outline.questions() if q.path == path), None)
    return _Writer(filled, language, Beside()).line(node, rows) if node else None
