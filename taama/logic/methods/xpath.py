"""XPath of ODK forms, compiled once for each form and worked out on the answers of many submissions.

A small part of XPath 1.0: what forms use to ask, to require, to allow and to calculate. An expression that uses more
is not guessed at: it raises `Unsupported`, and the rule is told as untested.
"""

import math
import re
from dataclasses import dataclass

from taama.logic.methods.functions import CLOCK, ELSEWHERE, FUNCTIONS
from taama.logic.methods.values import Cell, Days, equal, to_number, to_text, to_truth

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<text>"[^"]*"|'[^']*')|(?P<mark>//|::|!=|<=|>=|\.\.|[-+*=<>|()\[\],/.@$])
    |(?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?))""",
    re.X,
)
WORDS = ("and", "or", "div", "mod")
LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
LONGEST = 1200  # operands of one expression


class Unsupported(Exception):
    """An expression that cannot be worked out here, and why."""


class Elsewhere(Unsupported):
    """What only the phone could know: chance, a list that came as a file, the words of its language."""


@dataclass(frozen=True)
class Here:
    """Where an expression is worked out: the answers, the node it stands at, its position in a set."""

    answers: object
    path: str
    rows: tuple
    position: int = 1
    size: int = 1


@dataclass
class Expression:
    """`value(here)` works it out; `clock`: whether the moment matters at which that is done."""

    value: object
    clock: bool = False


def compiled(text, path, repeats):
    """An expression of a form.

    text      as in the form
    path      of the question that it belongs to, without the name of the root
    repeats   paths of the form's repeats
    Returns   Expression
    Raises    Unsupported; Elsewhere, which is one
    """
    parser = _Parser(_tokens(text), path, repeats)
    try:
        value = parser.level(0)
    except RecursionError as error:
        raise Unsupported("too deep") from error
    if parser.peek() is not None:
        raise Unsupported(f"« {parser.peek()[1]} »")
    return Expression(value, parser.clock)


def _tokens(text):
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            raise Unsupported(f"« {text[at : at + 12].strip()} »")
        at = match.end()
        kind = match.lastgroup
        word = match[kind]
        if kind == "name" and word in WORDS and found and not _wants_operand(found[-1]):
            kind = "mark"
        found.append((kind, word))
    return found


def _wants_operand(last):
    """Whether a name, not an operator, must follow."""
    return last[0] == "mark" and last[1] not in (")", "]", ".", "..", "*")


class _Parser:
    def __init__(self, tokens, path, repeats):
        self.tokens, self.at, self.length, self.tests = tokens, 0, 0, 0
        self.path, self.repeats, self.clock = path, repeats, False

    def peek(self, ahead=0):
        spot = self.at + ahead
        return self.tokens[spot] if spot < len(self.tokens) else None

    def take(self, mark=None):
        token = self.peek()
        if token is None or (mark is not None and token != ("mark", mark)):
            raise Unsupported("incomplete" if token is None else f"« {token[1]} »")
        self.at += 1
        return token

    def found(self, *marks):
        token = self.peek()
        return token[1] if token and token[0] == "mark" and token[1] in marks else None

    def level(self, level):
        """Operators from the weakest to the strongest."""
        if level == len(LEVELS):
            return self.unary()
        left = self.level(level + 1)
        while mark := self.found(*LEVELS[level]):
            self.take()
            left = _operation(mark, left, self.level(level + 1))
        return left

    def unary(self):
        if self.found("-"):
            self.take()
            inner = self.unary()
            return lambda here: -to_number(inner(here))
        value = self.primary()
        while self.found("|"):
            self.take()
            value = _union(value, self.primary())
        return value

    def primary(self):
        self.length += 1
        if self.length > LONGEST:
            raise Unsupported("too long")
        kind, word = self.peek() or ("", "")
        if kind == "number":
            self.take()
            number = float(word)
            return lambda here: number
        if kind == "text":
            self.take()
            return lambda here: word[1:-1]
        if self.found("("):
            self.take()
            inner = self.level(0)
            self.take(")")
            return inner
        if kind == "name" and self.peek(1) == ("mark", "("):
            return self.call()
        return self.location(_Route(self.path, self.repeats))

    def call(self):
        name = self.take()[1]
        self.take("(")
        if name in ELSEWHERE or (name == "current" and self.tests):
            raise Elsewhere(ELSEWHERE.get(name, "current()"))
        self.clock = self.clock or name in CLOCK
        if name == "indexed-repeat":
            return self.indexed()
        arguments = []
        while not self.found(")"):
            arguments.append(self.level(0))
            if not self.found(")"):
                self.take(",")
        self.take(")")
        if name == "current" and not arguments:
            return self.location(_Route(self.path, self.repeats), begun=True)
        return _call(name, arguments)

    def indexed(self):
        """indexed-repeat(question, repeat, row, …): the answer in that row."""
        question = self.location(_Route(self.path, self.repeats), bare=True)
        wanted = []
        while self.found(","):
            self.take()
            self.location(_Route(self.path, self.repeats), bare=True)
            self.take(",")
            wanted.append(self.level(0))
        self.take(")")

        def value(here):
            rows = tuple(int(n) if not math.isnan(n := to_number(w(here))) else 0 for w in wanted)
            return here.answers.cells(question.path, rows, len(rows))

        return value

    def location(self, route, begun=False, bare=False):
        if not begun:
            self.first_step(route)
        while self.found("/", "//"):
            if self.take()[1] == "//":
                raise Unsupported("« // »")
            self.step(route)
        return route if bare else route.value()

    def first_step(self, route):
        if self.found("//"):
            raise Unsupported("« // »")
        if self.found("/"):
            route.from_root()
        else:
            self.step(route)

    def step(self, route):
        kind, word = self.take()
        if (kind, word) == ("mark", ".."):
            route.up()
        elif kind == "name" and self.found("::"):
            raise Unsupported(f"« {word}:: »")
        elif kind == "name":
            route.down(word)
        elif (kind, word) != ("mark", "."):
            raise Unsupported(f"« {word} »")
        while self.found("["):
            self.take()
            outer, self.path = self.path, route.path
            self.tests += 1
            tested = self.level(0)
            self.path, self.tests = outer, self.tests - 1
            self.take("]")
            route.only(tested)


class _Route:
    """The way of a location path: where it leads, how many of the rows around are held, which nodes remain."""

    def __init__(self, path, repeats):
        self.path, self.repeats, self.held, self.tests = path, repeats, [], []
        self.held = self._around(path)

    def _around(self, path):
        return [r for r in self.repeats if path == r or path.startswith(f"{r}/")]

    def from_root(self):
        self.path = "/"

    def up(self):
        if not self.path:
            raise Unsupported("« .. »")
        if self.path in self.repeats:
            self.held = [r for r in self.held if r != self.path]
        self.path = self.path.rpartition("/")[0]

    def down(self, name):
        if self.path == "/":
            self.path = ""  # the root itself, whatever its name
        else:
            self.path = f"{self.path}/{name}" if self.path else name

    def only(self, tested):
        self.tests.append((self.path, tested))

    def value(self):
        path, tests = self.path, tuple(self.tests)
        kept = {r for r in self.held if path == r or path.startswith(f"{r}/")}
        tested = {at for at, _ in tests}
        held = len(kept - tested) if not tested & kept else min(self._depth(at) - 1 for at in tested & kept)
        if not tests:
            return lambda here: here.answers.cells(path, here.rows, held)
        return lambda here: _tested(here, path, held, tests)

    def _depth(self, path):
        return len(self._around(path))


def _tested(here, path, held, tests):
    """The nodes whose ancestors pass every test."""
    allowed = None
    for at, tested in tests:
        nodes = [n for n in here.answers.cells(at, here.rows, held) if allowed is None or _below(n, allowed)]
        size = len(nodes)
        allowed = [
            node
            for position, node in enumerate(nodes, 1)
            if _passes(tested(Here(here.answers, node.path, node.rows, position, size)), position)
        ]
    return [node for node in here.answers.cells(path, here.rows, held) if _below(node, allowed)]


def _below(node, allowed):
    return any(node.rows[: len(above.rows)] == above.rows for above in allowed)


def _passes(value, position):
    return value == position if isinstance(value, float) else to_truth(value)


def _union(a, b):
    return lambda here: [*a(here), *b(here)]


def _operation(mark, a, b):
    if mark == "or":
        return lambda here: to_truth(a(here)) or to_truth(b(here))
    if mark == "and":
        return lambda here: to_truth(a(here)) and to_truth(b(here))
    if mark == "=":
        return lambda here: equal(a(here), b(here))
    if mark == "!=":
        return lambda here: not equal(a(here), b(here))
    compute = ARITHMETIC[mark]
    return lambda here: compute(to_number(a(here)), to_number(b(here)))


def _divided(a, b):
    if b == 0:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a)
    return a / b


ARITHMETIC = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "div": _divided,
    "mod": lambda a, b: math.fmod(a, b) if b and not math.isinf(a) else math.nan,
}  # fmt: skip


def _call(name, arguments):
    if name == "if" and len(arguments) == 3:
        asked, yes, no = arguments
        return lambda here: yes(here) if to_truth(asked(here)) else no(here)
    if name == "position":
        return _position(arguments)
    if name == "last":
        return lambda here: float(here.size)
    if name in ("today", "now"):
        return lambda here: Days(here.answers.moment if name == "now" else math.floor(here.answers.moment))
    function = FUNCTIONS.get(name)
    if function is None:
        raise Unsupported(f"{name}()")

    def value(here):
        return function(*[argument(here) for argument in arguments])

    return value


def _position(arguments):
    """position() in a set, or position(..): the row of the repeat."""
    if not arguments:
        return lambda here: float(here.position)

    def row(here):
        nodes = arguments[0](here)
        return float(nodes[0].rows[-1]) if nodes and nodes[0].rows else math.nan

    return row


class Answers:
    """The answers of one submission, as nodes by path. `moment`: days since 1970 at which the form was filled in."""

    def __init__(self, filled, repeats, moment):
        self.filled, self.repeats, self.moment = filled, repeats, moment
        self.by_path = {}
        for (path, rows), text in filled.answers.items():
            self.by_path.setdefault(path, []).append(Cell(path, rows, text))

    def cells(self, path, rows, held):
        """The nodes of a path in the same row of the first `held` repeats around it."""
        found = self.by_path.get(path)
        if found is None:
            found = self.by_path[path] = self._groups(path)
        if not held:
            return found
        wanted = rows[:held]
        return [cell for cell in found if cell.rows[:held] == wanted]

    def _groups(self, path):
        """Nodes without text: each row of a repeat, or a group in each row around it."""
        around = sorted(r for r in self.repeats if path == r or path.startswith(f"{r}/"))
        rows = [()]
        for repeat in around:
            counts = self.filled.counts
            rows = [(*r, n) for r in rows for n in range(1, counts.get((repeat, r), 0) + 1)]
        leaf = any(key[0] == path for key in self.filled.answers)
        known = (
            path == ""
            or path in self.repeats
            or any(k[0].startswith(f"{path}/") for k in self.filled.answers)
        )
        return [Cell(path, r) for r in rows] if known and not leaf else []


def text_of(value):
    """A calculated value as it is stored in a submission."""
    return to_text(value) if not (isinstance(value, float) and math.isnan(value)) else ""
