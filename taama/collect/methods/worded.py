"""A filled form in the words of its readers, and several fillings of one form side by side."""

from dataclasses import dataclass
from datetime import date, datetime

from taama.base.messages import day, number
from taama.forms.methods.answers import answer_in_words
from taama.forms.methods.outline import QUESTION, REPEAT, Node

FILES = ("image", "audio", "video", "file")
SELECTS = ("select_one", "select_multiple", "rank")
CLOCKS = ("start", "end", "audit")  # differ whenever a form was opened again, and answer nothing


class Words:
    """Labels and answers of one Filled as text. `lists`: name of a file → code → label, of choices that came as a file."""

    def __init__(self, filled, language, lists=None):
        self.filled, self.language, self.lists = filled, language, lists or {}

    def label(self, node, rows):
        return self.filled_in(node.label(self.language), rows)

    def filled_in(self, text, rows):
        """A label with the answers that it names: « ${idp_people} personnes »."""
        parts = text.split("${")
        for at in range(1, len(parts)):
            name, closed, rest = parts[at].partition("}")
            parts[at] = (self._named(name, rows) or "…") + rest if closed else parts[at]
        return "".join(parts)

    def _named(self, name, rows):
        found = (
            text
            for (path, spot), text in self.filled.answers.items()
            if path.rpartition("/")[2] == name and spot == rows[: len(spot)]
        )
        return next(found, "")

    def shown(self, node, value):
        if not value or node.type in FILES:
            return value
        if node.type in SELECTS:
            return answer_in_words(value, node, self.language, self.lists.get(node.file))
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


@dataclass(frozen=True)
class Compared:
    """One question in all versions: `texts` in their order. `row` names the row of a repeat that it lies in, else ""."""

    path: str
    rows: tuple
    label: str
    row: str
    texts: tuple
    differs: bool
    touched: bool  # by a first and a second change, each otherwise: somebody must choose


def compared(versions, language):
    """Every answer of several fillings side by side, in the form's order, a repeat row by row.

    versions   [(Outline, Filled)]: two, or three of which the first is the one that both others changed. Their
               outlines may differ, as of two versions of a form
    language   `fr` or `en`
    Returns    [Compared], without what no version answers, what only clocks write, and `meta`

    >>> from taama.forms.methods.outline import Outline
    >>> from taama.logic.methods.filled import read_filled
    >>> age = Node("kin/age", "age", QUESTION, "integer", {"fr": "Âge"})
    >>> kin = Node("kin", "kin", REPEAT, labels={"fr": "Membre"}, children=(age,))
    >>> form = Outline("f", "1", "F", ("fr",), "", Node("", "data", "group", children=(kin,)))
    >>> sent = (b"<data><kin><age>3</age></kin></data>", b"<data><kin><age>4</age></kin></data>")
    >>> [(c.row, c.label, c.texts) for c in compared([(form, read_filled(raw, form)) for raw in sent], "fr")]
    [('Membre 1', 'Âge', ('3', '4'))]
    """
    return _Table(versions, language).lines()


class _Table:
    def __init__(self, versions, language):
        self.filled = [filled for _, filled in versions]
        self.words = [Words(filled, language) for filled in self.filled]
        self.known = [{node.path: node for node in outline.root.walk()} for outline, _ in versions]
        paths = dict.fromkeys(path for known in self.known for path in known)
        self.places = {path: place for place, path in enumerate(paths)}

    def lines(self):
        spots = {spot for filled in self.filled for spot, text in filled.answers.items() if text}
        wanted = (spot for spot in spots if not self.is_silent(spot[0]))
        return [self.line(*spot) for spot in sorted(wanted, key=self.order)]

    def is_silent(self, path):
        return path.startswith("meta/") or self.node(path).type in CLOCKS

    def node(self, path, version=None):
        """The question as a version knows it, else as any does; what no form knows is named by its last step."""
        nodes = self.known if version is None else [self.known[version], *self.known]
        found = (known[path] for known in nodes if path in known)
        return next(found, Node(path, path.rpartition("/")[2], QUESTION, "text"))

    def order(self, spot):
        path, rows = spot
        around = [number for pair in self.around(path, rows) for number in (self.places[pair[0]], pair[1])]
        return (*around, self.places.get(path, len(self.places)), path)

    def around(self, path, rows):
        """The repeats in which an answer lies, each with its row."""
        steps = path.split("/")
        above = ("/".join(steps[:depth]) for depth in range(1, len(steps)))
        return list(zip((each for each in above if self.node(each).kind == REPEAT), rows, strict=False))

    def line(self, path, rows):
        values = [filled.text(path, rows) for filled in self.filled]
        texts = (
            words.shown(self.node(path, at), value)
            for at, (words, value) in enumerate(zip(self.words, values, strict=True))
        )
        label = next(words for words, value in zip(self.words, values, strict=True) if value).label
        row = " · ".join(f"{label(self.node(above), ())} {row}" for above, row in self.around(path, rows))
        return Compared(
            path, rows, label(self.node(path), rows), row, tuple(texts),
            differs=len(set(values)) > 1, touched=len(values) > 2 and len(set(values)) == len(values),
        )  # fmt: skip
