"""The logic of a form in words: `selected(/data/a, 'x') and /data/n > 5` as a sentence that a reader of paper follows."""

import re
from dataclasses import dataclass

from taama.base.messages import message
from taama.forms.methods.outline import Outline, text_in

TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<call>(?!and\b|or\b|div\b|mod\b)[A-Za-z_][\w-]*(?::[\w-]+)?\s*\()"
    r"|(?P<path>\.{0,2}/[\w./-]*[\w.]|\.\.|\.(?!\d)|(?<![\w/])(?!(?:and|or|div|mod)\b)[A-Za-z_][\w-]*)"
    r"|(?P<sign>!=|<=|>=|[=<>+*()\[\],-]|\b(?:and|or|div|mod)\b))"
)
ORDER = (("or",), ("and",), ("=", "!=", "<", ">", "<=", ">="), ("+", "-"), ("*", "div", "mod"))
SIGNS = {"<=": "≤", ">=": "≥", "-": "−", "*": "×", "div": "÷"}
PLAIN = {"string", "number", "date", "boolean", "decimal-date-time", "once", "format-number"}
LONGEST = 2_000


class _Unclear(Exception):
    """The expression holds something that has no words here."""


@dataclass(frozen=True)
class _Term:
    """A part of an expression: `kind` is text, number, path, call or the sign between its `parts`."""

    kind: str
    value: str = ""
    parts: tuple = ()


def in_words(expression, outline: Outline, path, language):
    """An expression of a form as a reader understands it.

    expression  str, XPath as in the form
    outline     Outline of the form: labels of questions and choices stand in the place of their names
    path        of the question that the expression belongs to
    language    "fr" or "en"
    Returns     str; the expression itself where it holds more than words can say shortly

    >>> from taama.forms.methods.outline import Choice, Node
    >>> sex = Node("sex", "sex", "question", "select_one", {"fr": "Sexe"}, choices=(Choice("f", {"fr": "Femme"}),))
    >>> form = Outline("f", "1", "F", ("fr",), "", Node("", "data", "group", children=(sex,)))
    >>> in_words("/data/sex = 'f' and . >= 15", form, "age", "fr")
    '« Sexe » est « Femme » et la réponse ≥ 15'
    """
    try:
        if len(expression) > LONGEST:
            raise _Unclear
        return _Speaker(outline, path, language).say(_Parser(expression).whole())
    except (_Unclear, RecursionError):
        return " ".join(expression.split())


class _Parser:
    """Expressions by precedence; raises _Unclear at what it does not know."""

    def __init__(self, expression):
        self.tokens, place = [], 0
        text = expression.strip()
        while place < len(text):
            match = TOKEN.match(text, place)
            if not match:
                raise _Unclear
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            place = match.end()
        self.place = 0

    def whole(self):
        term = self.level(0)
        if self.place < len(self.tokens):
            raise _Unclear
        return term

    def peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def take(self, sign=None):
        token = self.peek()
        if token[0] == "end" or (sign and token != ("sign", sign)):
            raise _Unclear
        self.place += 1
        return token

    def level(self, depth):
        if depth == len(ORDER):
            return self.primary()
        term = self.level(depth + 1)
        while self.peek()[0] == "sign" and self.peek()[1] in ORDER[depth]:
            sign = self.take()[1]
            term = _Term(sign, parts=(term, self.level(depth + 1)))
        return term

    def primary(self):
        kind, value = self.take()
        if kind == "text":
            return _Term("text", value[1:-1])
        if kind == "number":
            return _Term("number", value)
        if kind == "path":
            return self.filtered(_Term("path", value))
        if kind == "call":
            return _Term("call", value.rstrip("( \t\n"), tuple(self.arguments()))
        if value == "(":
            term = self.level(0)
            self.take(")")
            return _Term("()", parts=(term,))
        if value == "-":
            return _Term("minus", parts=(self.primary(),))
        raise _Unclear

    def filtered(self, term):
        while self.peek() == ("sign", "["):
            self.take("[")
            term = _Term("where", parts=(term, self.level(0)))
            self.take("]")
        return term

    def arguments(self):
        if self.peek() == ("sign", ")"):
            self.take(")")
            return
        yield self.level(0)
        while self.peek() == ("sign", ","):
            self.take(",")
            yield self.level(0)
        self.take(")")


class _Speaker:
    """Terms in words, with the labels of a form."""

    def __init__(self, outline, path, language):
        self.nodes = {node.path: node for node in outline.root.walk() if node.path}
        self.path, self.language = path, language
        self.quote = "« {} »" if language == "fr" else "“{}”"

    def tell(self, code, *parts):
        values = dict(zip("abc", parts, strict=False))
        return message(f"papers.say_{code}", self.language, values).cause

    def say(self, term):
        speak = {
            "text": lambda t: self.quote.format(t.value), "number": lambda t: t.value, "path": self._path, "call": self._call,
            "where": lambda t: self._where(*t.parts), "minus": lambda t: f"−{self.say(t.parts[0])}",
            "()": lambda t: f"({self.say(t.parts[0])})",
        }  # fmt: skip
        return speak.get(term.kind, self._joined)(term)

    def _joined(self, term):
        left, right = term.parts
        if term.kind in ("and", "or"):
            return self.tell(term.kind, self.say(left), self.say(right))
        if term.kind in ("=", "!="):
            return self._equal(left, right, term.kind == "=")
        return f"{self.say(left)} {SIGNS.get(term.kind, term.kind)} {self.say(right)}"

    def _equal(self, left, right, equal):
        if left.kind == "text" and right.kind != "text":
            left, right = right, left
        if right == _Term("text", ""):
            return self.tell("empty" if equal else "filled", self.say(left))
        return self.tell("equal" if equal else "unequal", self.say(left), self._answer(left, right))

    def _answer(self, asked, told):
        """A choice by its label, where the question is known."""
        node = self._node(asked.value) if asked.kind == "path" else None
        if node and told.kind in ("text", "number"):
            choice = next((choice for choice in node.choices if choice.name == told.value), None)
            if choice:
                return self.quote.format(text_in(choice.labels, [self.language]) or choice.name)
        return self.say(told)

    def _path(self, term):
        if self._resolved(term.value) == self.path:
            return self.tell("answer")
        node = self._node(term.value)
        if node is None:
            raise _Unclear
        return self.quote.format(node.label(self.language))

    def _resolved(self, path):
        if path.startswith("/"):
            return path.strip("/").partition("/")[2]
        steps = self.path.split("/")
        for step in path.split("/"):
            if step == "..":
                steps = steps[:-1]
            elif step not in (".", ""):
                steps = [*steps, step]
        return "/".join(steps)

    def _node(self, path):
        return self.nodes.get(self._resolved(path))

    def _where(self, base, rule):
        node = self._node(base.value) if base.kind == "path" else None
        if node is None:
            raise _Unclear
        inside = _Speaker.__new__(_Speaker)
        inside.__dict__ = {**self.__dict__, "path": node.path}
        return self.tell("where", self.say(base), inside.say(rule))

    def _call(self, term):
        name, parts = term.value, term.parts
        if name in ("selected", "some-selected") and len(parts) == 2:
            return self.tell("chosen", self.say(parts[0]), self._answer(*parts))
        if name == "not" and len(parts) == 1:
            return self._not(parts[0])
        fixed = {"true": "yes", "false": "no", "today": "today", "now": "now", "position": "position"}
        if name in fixed:
            return self.tell(fixed[name])
        if name in PLAIN and len(parts) == 1:
            return self.say(parts[0])
        known = {"count-selected": 1, "string-length": 1, "count": 1, "sum": 1, "max": 1, "min": 1, "round": 1, "int": 1,
                 "coalesce": 2, "if": 3, "regex": 2}  # fmt: skip
        if known.get(name) == len(parts):
            return self.tell(name.replace("-", "_"), *map(self.say, parts))
        raise _Unclear

    def _not(self, term):
        if term.kind == "call" and term.value == "selected" and len(term.parts) == 2:
            return self.tell("not_chosen", self.say(term.parts[0]), self._answer(*term.parts))
        if term.kind in ("=", "!="):
            return self._equal(*term.parts, term.kind == "!=")
        return self.tell("not", self.say(term))
