"""A form as it is written on paper: what the template prints, in the form's order, numbered."""

import re

from taama.base.messages import message, typeset_french
from taama.forms.methods.outline import QUESTION, REPEAT, Node, Outline, text_in
from taama.papers.methods.wording import in_words

NO_BREAK = "\u00a0\u202f"
MOST_BOXES, MOST_COLUMNS, ROWS, LONGEST_CODES = 60, 6, 8, 14
CAPTURED = ("image", "audio", "video", "file", "barcode", "geotrace", "geoshape")
SHORT = ("date", "time", "datetime", "integer", "decimal", "range")
PATH = re.compile(r"(?<![\w.])/[\w-]+(?:/[\w.-]+)*/([\w.-]+)")
UNITS = ("date", "time", "datetime", "integer", "decimal", "geopoint")
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|\*\*|__|^#+\s+|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)", re.M)
# What the fonts of the documents can print: one letter that they can't would end the whole document.
PRINTABLE = re.compile(
    "[^\n -\u024f\u0250-\u02ff\u0300-\u036f\u0370-\u0373\u0386-\u03ce\u0400-\u045f\u1e00-\u1eff\u2010-\u2027\u202f\u2030-\u203a\u20ac\u2212\u2260]"
)


def paper(outline: Outline, language):
    """What a form asks, for the template of its paper version.

    outline   Outline
    language  "fr" or "en": texts of the form are taken in it where the form has them
    Returns   dict of plain JSON: `title`, `lang`, texts, and `items`: groups, repeats, notes and numbered questions

    >>> from taama.forms.methods.outline import GROUP, Choice
    >>> seen = Node("vu", "vu", QUESTION, "select_one", {"fr": "Vu ?"}, choices=(Choice("y", {"fr": "Oui"}),), asked=True)
    >>> made = paper(Outline("f", "1", "F", ("fr",), "", Node("", "data", GROUP, children=(seen,))), "fr")
    >>> [(item["number"], item["label"], item["answer"], item["choices"]) for item in made["items"]]
    [('1', 'Vu\\u202f?', 'one', ['Oui'])]
    """
    writer = _Writer(outline, language)
    values = {"form": writer.plain(outline.form_id), "version": writer.plain(outline.version) or "–"}
    texts = {name: writer.tell(name) for name in ("how", "person", "day", "place", "row")}
    return {
        "title": writer.plain(outline.title) or writer.plain(outline.form_id) or "–", "lang": language, "texts": texts,
        "version": writer.tell("version", **values), "description": writer.tell("description", **values),
        "items": writer.items(outline.root),
    }  # fmt: skip


class _Writer:
    def __init__(self, outline, language):
        self.outline, self.language, self.number = outline, language, 0
        self.spoken = {
            ord("≥"): self.tell("at_least"),
            ord("≤"): self.tell("at_most"),
            ord("→"): "->",
            ord("≈"): "~",
        }
        self.named = {node.name: node for node in outline.root.walk()}

    def tell(self, name, **values):
        return message(f"papers.{name}", self.language, values).cause

    def plain(self, text):
        """A text without markup; an answer within it as the question that it comes from, in brackets."""
        text = re.sub(r"\$\{([^}]*)\}", lambda match: f"[{self._label_of(match[1])}]", text)
        text = " ".join(MARKUP.sub("", text).translate(self.spoken).split())
        text = "".join(c for c in PRINTABLE.sub("", text) if c.isprintable() or c in NO_BREAK).strip()
        return typeset_french(text) if self.language == "fr" else text

    def _label_of(self, name):
        node = self.named.get(name)
        label = node.label(self.language) if node else name
        return name if len(label) > 40 or "${" in label else label

    def items(self, section):
        found = []
        for node in section.children:
            if node.kind == QUESTION:
                found += [self.question(node)] if node.asked else []
            elif any(below.asked and below.kind == QUESTION for below in node.walk()):
                found.append(self.repeat(node) if node.kind == REPEAT else self.group(node))
        return found

    def group(self, node):
        label = self.plain(node.label(self.language)) if node.labels else ""
        return {"kind": "group", "label": label, "rules": self.rules(node), "items": self.items(node)}

    def repeat(self, node):
        label = self.plain(node.label(self.language))
        times = [self.tell("times", rule=self.words(node.repeat_count, node))] if node.repeat_count else []
        if not _fits_a_row(node):
            rules = [*self.rules(node), *times, self.tell("again")]
            return {"kind": "group", "label": label, "rules": rules, "items": self.items(node)}
        columns = [self.question(child) for child in node.children if child.asked]
        return {
            "kind": "repeat", "label": label, "rules": [*self.rules(node), *times, self.tell("repeat")],
            "columns": columns, "rows": ROWS,
            "codes": [
                {"title": self.tell("codes", number=int(one["number"])), "choices": one["choices"]}
                for one in columns if one["choices"]
            ],
        }  # fmt: skip

    def question(self, node):
        shared = {
            "label": self.plain(node.label(self.language)),
            "hint": self.plain(_told(node.hints, self.language)),
        }
        if node.type == "note":
            return {"kind": "note", "rules": self.rules(node)} | shared
        self.number += 1
        return {
            "kind": "question", "number": str(self.number), "required": bool(node.required),
            "rules": self.rules(node),
        } | shared | self.answer(node)  # fmt: skip

    def answer(self, node):
        """How the answer is written: `one` or `several` boxes, boxes to `rank`, a `line` or a `short` one."""
        named = ((_told(choice.labels, self.language), choice.name) for choice in node.choices)
        choices = [self.plain(label) or self.plain(name) or "–" for label, name in named]
        if node.type == "acknowledge":
            return {"answer": "several", "choices": [self.tell("yes")], "unit": ""}
        if choices and len(choices) <= MOST_BOXES:
            kinds = {"select_multiple": "several", "rank": "rank"}
            unit = self.tell("rank") if node.type == "rank" else ""
            return {"answer": kinds.get(node.type, "one"), "choices": choices, "unit": unit}
        short = "short" if node.type in SHORT and not choices else "line"
        return {"answer": short, "choices": [], "unit": self.unit(node, len(choices))}

    def unit(self, node, count):
        if count:
            return self.tell("many", count=count)
        if node.file:
            return self.tell("list", file=self.plain(node.file))
        if node.type in CAPTURED:
            return self.tell("file", kind=self.tell(f"kind_{node.type}"))
        if node.type == "range":
            return self.tell("range")
        return self.tell(f"unit_{node.type}") if node.type in UNITS else ""

    def rules(self, node):
        """When it is asked and which answers are accepted, in words."""
        found = []
        if node.relevant:
            found.append(self.tell("if", rule=self.words(node.relevant, node)))
        if node.constraint:
            said = self.plain(_told(node.constraint_messages, self.language))
            found.append(said or self.tell("must", rule=self.words(node.constraint, node)))
        return found

    def words(self, expression, node):
        """A rule in words; one that words can't say shortly as it is written, with names in the place of paths."""
        return self.plain(PATH.sub(r"\1", in_words(expression, self.outline, node.path, self.language)))


def _told(texts, language):
    return "" if (found := text_in(texts, (language,))) == "-" else found


def _fits_a_row(node: Node):
    """Whether each time of a repeat can be a row of a table: few questions, short choices, nothing within."""
    asked = [child for child in node.children if child.asked]
    plain = all(child.kind == QUESTION and child.type != "note" for child in asked)
    short = all(len(child.choices) <= LONGEST_CODES for child in asked)
    return plain and short and len(asked) <= MOST_COLUMNS
