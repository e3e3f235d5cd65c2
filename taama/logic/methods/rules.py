"""Which rules of its own form a submission breaks."""

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time

from taama.forms.methods.outline import QUESTION, REPEAT, text_in
from taama.logic.methods.filled import Filled
from taama.logic.methods.values import EPOCH, Cell, to_number, to_truth
from taama.logic.methods.xpath import Answers, Elsewhere, Here, Unsupported, compiled, text_of

WRITTEN_BY_PHONE = (
    "start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "email", "audit",
    "calculate", "note",
)  # fmt: skip
NAMED = re.compile(r"\$\{[^}]*\}")  # an answer that a label shows: told beside the question already
LEAST_DIFFERENCE = 1e-6
PASSES = 3  # calculations that rest on others that rest on others


@dataclass(frozen=True)
class Untested:
    """A rule that cannot be worked out here: of which question, which rule, why."""

    path: str
    rule: str
    why: str


@dataclass(frozen=True)
class Breach:
    """Where a rule is broken. `code` is of `messages.toml`; `values` are what it tells."""

    code: str
    path: str
    rows: tuple
    values: dict


@dataclass(frozen=True)
class Logic:
    """The rules of a form version. `rules`: path → name of the rule → Expression."""

    outline: object
    repeats: frozenset
    rules: dict = field(default_factory=dict)
    untested: tuple = ()
    calculations: tuple = ()  # outside of repeats, those that can be worked out


def logic_of(outline):
    """The rules of a form, compiled.

    outline   Outline
    Returns   Logic. A calculation that rests on the clock, on chance or on a list of the phone is left out without a
              word: nobody could work it out again. Any other rule that cannot be worked out stands in `untested`
    Source    ODK XForms specification: bind attributes relevant, required, constraint, calculate; jr:count
    """
    repeats = frozenset(node.path for node in outline.root.walk() if node.kind == REPEAT)
    rules, untested = {}, []
    for node in outline.root.walk():
        for name, text in _texts(node):
            try:
                made = compiled(text, node.path, repeats)
            except Unsupported as error:
                if not (name == "calculate" and isinstance(error, Elsewhere)):
                    untested.append(Untested(node.path, name, str(error)))
                continue
            if not (name == "calculate" and made.clock):
                rules.setdefault(node.path, {})[name] = made
    alone = [q for q in outline.questions() if not any(q.path.startswith(f"{r}/") for r in repeats)]
    calculations = tuple(q for q in alone if "calculate" in rules.get(q.path, {}))
    return Logic(outline, repeats, rules, tuple(untested), calculations)


def _texts(node):
    found = (
        ("relevant", node.relevant), ("required", node.required), ("constraint", node.constraint),
        ("calculate", node.calculate), ("count", node.repeat_count),
    )  # fmt: skip
    return [
        (name, text) for name, text in found if text and text != "true()" or (name == "required" and text)
    ]


def breaches(logic, filled, moment):
    """What a submission breaks of the rules of its form.

    logic     Logic
    filled    Filled
    moment    aware datetime, in local time, at which it was filled in: today() and now() of the rules
    Returns   [Breach] in the form's order
    """
    walk = _Walk(logic, filled, Answers(filled, logic.repeats, _days(moment)))
    walk.fill_in()
    for child in logic.outline.root.children:
        walk.visit(child, (), True)
    return walk.found


def _days(moment):
    return (moment.date() - EPOCH).days + (moment.hour * 60 + moment.minute) / 1440


class _Walk:
    def __init__(self, logic, filled, answers):
        self.logic, self.filled, self.answers, self.found = logic, filled, answers, []

    def says(self, node, rows, rule, otherwise):
        """What a rule of this node gives; `otherwise` where it has none or fails."""
        made = self.logic.rules.get(node.path, {}).get(rule)
        if made is None:
            return otherwise
        try:
            return made.value(Here(self.answers, node.path, rows))
        except (ArithmeticError, ValueError, TypeError, AttributeError, re.error):
            return otherwise

    def fill_in(self):
        """Calculations that a client did not send (a phone sends all of them), so that rules can rest on them."""
        absent = [n for n in self.logic.calculations if (n.path, ()) not in self.filled.answers]
        for _ in range(PASSES if absent else 0):
            for node in absent:
                value = text_of(self.says(node, (), "calculate", ""))
                self.answers.by_path[node.path] = [Cell(node.path, (), value)]

    def visit(self, node, rows, asked):
        if asked and node.relevant:
            asked = to_truth(self.says(node, rows, "relevant", True))
        if node.kind == QUESTION:
            self.question(node, rows, asked)
            return
        if node.kind == REPEAT:
            count = self.filled.counts.get((node.path, rows), 0)
            self.count(node, rows, asked, count)
            for row in range(1, count + 1):
                for child in node.children:
                    self.visit(child, (*rows, row), asked)
            return
        for child in node.children:
            self.visit(child, rows, asked)

    def count(self, node, rows, asked, count):
        told = to_number(self.says(node, rows, "count", math.nan))
        if asked and not math.isnan(told) and told >= 0 and int(told) != count:
            self.note("logic.rows_differ", node, rows, {"rows": count, "wanted": int(told)})

    def question(self, node, rows, asked):
        text = self.filled.text(node.path, rows)
        if not asked:
            if text and node.asked and node.type not in WRITTEN_BY_PHONE and not node.calculate:
                self.note("logic.not_asked", node, rows, {"answer": text})
        elif not text:
            if (
                node.required
                and node.asked
                and node.type != "note"
                and to_truth(self.says(node, rows, "required", False))
            ):
                self.note("logic.required_missing", node, rows, {})
        else:
            self.answer(node, rows, text)
        if asked and node.calculate and (node.path, rows) in self.filled.answers:
            self.calculation(node, rows, text)

    def answer(self, node, rows, text):
        if wrong := _not_of_type(node.type, text):
            self.note("logic.type_wrong", node, rows, {"answer": text, "type": wrong})
            return
        if unknown := _unknown_choices(node, text):
            self.note("logic.choice_unknown", node, rows, {"answer": unknown})
        if node.constraint and not to_truth(self.says(node, rows, "constraint", True)):
            told = {language: text_in(node.constraint_messages, [language]) for language in ("fr", "en")}
            self.note("logic.constraint_broken", node, rows, {"answer": text, "why": told})

    def calculation(self, node, rows, text):
        value = self.says(node, rows, "calculate", None)
        if value is not None and not _same(text, text_of(value)):
            self.note(
                "logic.calculation_differs",
                node,
                rows,
                {"answer": text or "–", "calculated": text_of(value) or "–"},
            )

    def note(self, code, node, rows, values):
        label = {language: NAMED.sub("…", node.label(language)) for language in ("fr", "en")}
        self.found.append(Breach(code, node.path, rows, {"question": label} | values))


def followers(logic, filled, spot, value, moment):
    """What the form would calculate anew when one answer changes.

    logic, moment   as for `breaches`
    filled          Filled before the change
    spot, value     (path, rows) of the answer, and what it becomes
    Returns         (path, rows) → new text, of calculations that agreed with the form before; in the form's order.
                    One that did not agree is left as it was sent
    """
    agreed = {key for key, text, made in _calculated(logic, filled, moment) if _same(text, made)}
    changed, now = {}, Filled(filled.answers | {spot: value}, filled.counts)
    for _ in range(len(agreed)):
        fresh = _calculated(logic, now, moment)
        found = {key: made for key, text, made in fresh if key in agreed and not _same(text, made)}
        if not found:
            break
        changed |= found
        now = Filled(now.answers | found, now.counts)
    return changed


def _calculated(logic, filled, moment):
    """(spot, text as sent, text as calculated) of every calculation that can be worked out."""
    walk = _Walk(logic, filled, Answers(filled, logic.repeats, _days(moment)))
    nodes = {node.path: node for node in logic.outline.questions() if node.calculate}
    for (path, rows), text in filled.answers.items():
        value = walk.says(nodes[path], rows, "calculate", None) if path in nodes else None
        if value is not None:
            yield (path, rows), text, text_of(value)


def _same(sent, made):
    """Equal as text, or as numbers that a phone may write otherwise."""
    if sent == made:
        return True
    a, b = to_number(sent), to_number(made)
    return abs(a - b) <= LEAST_DIFFERENCE * max(1.0, abs(a), abs(b))


def _unknown_choices(node, text):
    """Codes that the form does not have; lists that come as files change, and are not asked here."""
    if node.type not in ("select_one", "select_multiple", "rank") or not node.choices:
        return ""
    known = {choice.name for choice in node.choices}
    chosen = text.split() if node.type != "select_one" else [text]
    return " ".join(code for code in chosen if code not in known)


def wrong_answer(node, text):
    """Why an answer cannot be one to this question: the type that it is not of, the choice that there is not; or ""."""
    return _not_of_type(node.type, text) or _unknown_choices(node, text)


def _not_of_type(kind, text):
    """The type that an answer fails to be, or "".

    >>> _not_of_type("integer", "12"), _not_of_type("integer", "douze"), _not_of_type("date", "2026-02-31")
    ('', 'integer', 'date')
    """
    reads = READERS.get(kind)
    if reads is None:
        return ""
    try:
        reads(text)
    except (ValueError, OverflowError):
        return kind
    return ""


def _whole(text):
    if not text.lstrip("+-").isdigit():
        raise ValueError(text)


def _position(text):
    lat, lon = (float(part) for part in text.split()[:2])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(text)


def _time(text):
    time.fromisoformat(text.replace("Z", "+00:00"))


READERS = {
    "integer": _whole, "decimal": float, "date": lambda text: date.fromisoformat(text[:10]), "time": _time,
    "datetime": datetime.fromisoformat, "geopoint": _position,
}  # fmt: skip
