"""A filled form as people read it: the form's own order and words, answers as text, repeats as tables."""

from dataclasses import dataclass, field
from datetime import date, datetime

from taama.base.messages import day, number
from taama.forms.methods.answers import answer_in_words
from taama.forms.methods.outline import GROUP, QUESTION, REPEAT, text_in
from taama.review.methods.change import NUMBERS, stands_out

FILES = ("image", "audio", "video", "file")
SELECTS = ("select_one", "select_multiple", "rank")
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
    everything   also what was not answered
    """

    before: object = None
    much: object = None
    remarks: dict = field(default_factory=dict)
    corrections: dict = field(default_factory=dict)
    lists: dict = field(default_factory=dict)
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


class _Writer:
    def __init__(self, filled, language, beside):
        self.filled, self.language, self.beside, self.blocks = filled, language, beside, []

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
        return Line(
            node.path, rows, node.type, self.label(node, rows), value, self.shown(node, value), before,
            self.shown(node, before), self.much(node, before, value), tuple(self.beside.remarks.get(spot, ())),
            tuple(self.beside.corrections.get(spot, ())), self.offered(node),
        )  # fmt: skip

    def much(self, node, before, value):
        numeric = node.type in NUMBERS and self.beside.much is not None
        return numeric and stands_out(before, value, self.beside.much)

    def label(self, node, rows):
        return self.filled_in(node.label(self.language), rows)

    def filled_in(self, text, rows):
        """A label with the answers that it names: « ${idp_people} personnes »."""
        parts = text.split("${")
        for at in range(1, len(parts)):
            name, closed, rest = parts[at].partition("}")
            parts[at] = (self.named(name, rows) or "…") + rest if closed else parts[at]
        return "".join(parts)

    def named(self, name, rows):
        found = (
            text
            for (path, spot), text in self.filled.answers.items()
            if path.rpartition("/")[2] == name and spot == rows[: len(spot)]
        )
        return next(found, "")

    def offered(self, node):
        return tuple((c.name, text_in(c.labels, [self.language]) or c.name) for c in node.choices)

    def shown(self, node, value):
        if not value or node.type in FILES:
            return value
        if node.type in SELECTS:
            return answer_in_words(value, node, self.language, self.beside.lists.get(node.file))
        return shown_as(node.type, value, self.language)


def shown_as(kind, value, language):
    """An answer of a type as a reader of this language writes it; as it was sent where it is not of its type.

    >>> shown_as("date", "2026-11-04", "fr"), shown_as("integer", "douze", "fr"), shown_as("geopoint", "14.5 -4.2 0 5", "en")
    ('4 novembre 2026', 'douze', '14.5, -4.2 (± 5 m)')
    """
    try:
        if kind == "integer":
            return number(int(value), language)
        if kind == "decimal":
            return number(float(value), language, len(value.partition(".")[2]) or 0)
        if kind == "date":
            return day(date.fromisoformat(value[:10]), language)
        if kind in ("datetime", "start", "end"):
            moment = datetime.fromisoformat(value)
            return f"{day(moment, language)}, {moment:%H:%M}"
        if kind == "geopoint":
            lat, lon, _, *accuracy = [*value.split(), "0"][:4]
            near = f" (± {float(accuracy[0]):.0f} m)" if accuracy and float(accuracy[0]) else ""
            return f"{float(lat):.5g}, {float(lon):.5g}{near}"
    except ValueError:
        pass
    return value


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


@dataclass(frozen=True)
class Difference:
    """One answer that is not the same in all versions: `texts` in their order."""

    path: str
    rows: tuple
    label: str
    texts: tuple
    touched: bool  # by the first change and by the second: somebody must choose


def compared(outline, versions, language):
    """Answers that differ between a version, what the desk made of it, and what the phone made of it.

    outline    Outline
    versions   [Filled]: the one that both changed, the desk's, the phone's
    language   `fr` or `en`
    Returns    [Difference] in the form's order
    """
    writers = [_Writer(filled, language, Beside()) for filled in versions]
    order = {node.path: node for node in outline.questions() if node.type not in ("start", "end", "audit")}
    spots = {spot for filled in versions for spot in filled.answers if spot[0] in order}
    found, places = [], {path: at for at, path in enumerate(order)}
    for path, rows in sorted(spots, key=lambda s: (places[s[0]], s[1])):
        values = [filled.text(path, rows) for filled in versions]
        if len(set(values)) > 1 and not path.startswith("meta/"):
            lines = [writer.line(order[path], rows) for writer in writers]
            touched = values[0] != values[1] and values[0] != values[2] and values[1] != values[2]
            found.append(Difference(path, rows, lines[0].label, tuple(line.text for line in lines), touched))
    return found
