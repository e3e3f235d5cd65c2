"""Which questions of a form say who asked, where, when, in which round and whether they were agreed to."""

import re
from dataclasses import dataclass, replace

from taama.forms.methods.outline import QUESTION, REPEAT

ENUMERATORS = ("enumerator", "enumerator_id", "enumerator_code", "enqueteur", "code_enqueteur", "interviewer",
               "interviewer_id", "agent", "agent_id", "username")  # fmt: skip
CONSENTS = ("consent", "consentement", "consent_given", "informed_consent", "consentement_eclaire", "accord", "agree",
            "agreed", "agreement", "accepte", "accept")  # fmt: skip
REFUSALS = frozenset({"no", "non", "n", "0", "false", "refus", "refuse", "refused", "refusal"})
REFUSED = re.compile(r"\s*non?\s*(?:[,.;:(–-].*)?|.*\b(?:refus|declin|disagree).*", re.I | re.S)
ROUNDS = ("round", "round_number", "cycle", "vague", "wave")
DECLINED = re.compile(
    r"ne (?:le )?sa(?:it|is|vent) pas|sans réponse|pas de réponse|refus|don.?t know|does not know|no answer",
    re.I,
)
DECLINED_CODES = frozenset(
    {"dk", "dont_know", "dnk", "refused", "refusal", "nsp", "no_answer", "-77", "-88", "-98", "-99"}
)


@dataclass(frozen=True)
class Roles:
    """Paths of questions, "" or () where the form has none.

    places     selects of places from a file, in the form's order: the first that names a known place counts
    positions  geopoints, those that people see first
    asked      questions that people see, outside and inside of repeats
    declines   path → codes of the choices that say « I don't know » or refuse
    refusals   answers to the question on consent that refuse the interview, in small letters
    """

    enumerator: str = ""
    round: str = ""
    started: str = ""
    ended: str = ""
    places: tuple = ()
    positions: tuple = ()
    asked: tuple = ()
    declines: dict = None
    consent: str = ""
    refusals: frozenset = REFUSALS

    def without(self, secret):
        """The same, but for confidential questions: nobody is named and no place shown by their answers."""
        named = {one: "" for one in ("enumerator", "round", "consent") if getattr(self, one) in secret}
        shown = {
            one: tuple(p for p in getattr(self, one) if p not in secret) for one in ("places", "positions")
        }
        return replace(self, **named, **shown)


def roles_of(outline, enumerator="", round_question="", consent=""):
    """The roles of a form's questions.

    outline          Outline
    enumerator, round_question, consent   path that somebody named for them, or "" to find it by its usual names
    Returns          Roles

    >>> from taama.forms.methods.outline import Node, Outline
    >>> agent = Node("a/enqueteur", "enqueteur", "question", type="text", asked=True)
    >>> roles_of(Outline("f", "1", "", (), "", Node("", "", "group", children=(agent,)))).enumerator
    'a/enqueteur'
    """
    alone = _outside_repeats(outline.root)
    selects = [q for q in alone if q.type == "select_one" and q.file]
    positions = sorted((q for q in alone if q.type == "geopoint"), key=lambda q: not q.asked)
    consent = consent or _named([q for q in alone if q.type != "note"], CONSENTS)
    asked = tuple(q for q in outline.questions() if q.asked and q.type != "note")
    return Roles(
        enumerator=enumerator or _named(alone, ENUMERATORS), round=round_question or _named(alone, ROUNDS),
        started=_typed(alone, "start"), ended=_typed(alone, "end"),
        places=tuple(q.path for q in selects), positions=tuple(q.path for q in positions),
        asked=asked, declines={q.path: _declining(q) for q in asked},
        consent=consent, refusals=REFUSALS.union(*(_refusing(q) for q in alone if q.path == consent)),
    )  # fmt: skip


def _outside_repeats(node):
    if node.kind == REPEAT:
        return []
    if node.kind == QUESTION:
        return [node]
    return [found for child in node.children for found in _outside_repeats(child)]


def _named(questions, names):
    known = {q.name.lower(): q.path for q in reversed(questions)}
    return next((known[name] for name in names if name in known), "")


def _typed(questions, kind):
    return next((q.path for q in questions if q.type == kind), "")


def _declining(question):
    told = {c.name for c in question.choices if any(DECLINED.search(text) for text in c.labels.values())}
    return frozenset(told) | DECLINED_CODES


def _refusing(question):
    """Codes of the choices that people read as a no: `2` where its label is « Non »."""
    return {c.name.lower() for c in question.choices if any(REFUSED.fullmatch(t) for t in c.labels.values())}
