"""Two versions of a form, question by question, and what each difference means for the answers."""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property

from rapidfuzz import fuzz

from taama.forms.methods.outline import QUESTION, REPEAT, Outline

COMPATIBLE, ENDS, MEANING = "compatible", "column_ends", "meaning_may_change"
ALIKE = 85  # of 100: texts that say the same in slightly other words
MOST_PAIRS = 250_000
SAME = 93  # of 100: texts that differ by a correction
# Types whose answers can be read as the other's.
WIDER = {
    ("integer", "decimal"), ("date", "datetime"), ("select_one", "select_multiple"), ("select_one", "text"),
    ("integer", "text"), ("decimal", "text"), ("date", "text"), ("time", "text"), ("datetime", "text"),
    ("select_multiple", "text"), ("barcode", "text"), ("acknowledge", "text"), ("geopoint", "text"), ("note", "text"),
}  # fmt: skip
LOGIC = (
    ("relevant", MEANING), ("calculate", MEANING), ("constraint", COMPATIBLE), ("required", COMPATIBLE), ("readonly", COMPATIBLE),
    ("default", COMPATIBLE), ("repeat_count", COMPATIBLE), ("file", MEANING), ("choice_filter", MEANING), ("appearance", COMPATIBLE),
)  # fmt: skip

TEXTS = ("label", "hint", "constraint_message", "required_message")
MEANT = ("label", "choice_label")  # texts that say what an answer means
NAMED = re.compile(r"\$\{([^}]*)\}")
STEPS = re.compile(r"(?<![\w./])(/[\w.-]+/)([\w.-]+(?:/[\w.-]+)*)")


@dataclass(frozen=True)
class Difference:
    """One difference.

    code      names a text: `forms.difference_added`, `…_removed`, `…_renamed`, `…_moved`, `…_order`, `…_type`, `…_label`,
              `…_hint`, `…_constraint_message`, `…_required_message`, `…_choice_added`, `…_choice_removed`, `…_choice_renamed`,
              `…_choice_label`, `…_logic`
    effect    COMPATIBLE: answers of both versions go together; ENDS: the column of the former version gets no more
              answers; MEANING: the column goes on, but its answers may not mean the same
    path      in the new version; of what was removed, in the old one
    was       path in the old version, '' for what was added
    language  of the text that differs
    """

    code: str
    effect: str
    path: str
    was: str = ""
    language: str = ""
    before: str = ""
    after: str = ""
    values: dict = field(default_factory=dict)


def compare(old: Outline, new: Outline):
    """What differs between two versions of a form.

    old, new  Outline
    Returns   list of Difference: in the order of the new form, what was removed at the end; empty for equal forms.
              A group that moved or got another name is one difference, not one for each question in it

    >>> from taama.forms.methods.outline import Node
    >>> root = Node("", "data", "group", children=(Node("age", "age", QUESTION, "integer", {"fr": "Âge"}),))
    >>> later = Node("", "data", "group", children=(Node("age", "age", QUESTION, "decimal", {"fr": "Âge"}),))
    >>> [(d.code, d.effect) for d in compare(*(Outline("f", "1", "F", ("fr",), "", r) for r in (root, later)))]
    [('forms.difference_type', 'compatible')]
    """
    both = _match(_nodes(old), _nodes(new))
    found = []
    for path, node in both.new.items():
        found += [_added(node, both)] if path in both.come else _between(node, both)
    found += _orders(both, new)
    found += [_removed(node, both) for node in both.gone.values()]
    return [difference for difference in found if difference]


@dataclass
class _Both:
    """Two versions beside each other: path → node of each, and which new path was which old node.

    gone, come  path → node of what has no counterpart
    """

    old: dict
    new: dict
    pairs: dict
    gone: dict
    come: dict

    def join(self, was, now):
        self.pairs[now.path] = was
        del self.gone[was.path], self.come[now.path]

    def now(self, text):
        """A text or rule of the old version, its references under the names of the new one."""
        text = NAMED.sub(lambda match: f"${{{self.names.get(match[1], match[1])}}}", text)
        return STEPS.sub(lambda match: match[1] + self.paths.get(match[2], match[2]), text)

    @cached_property
    def paths(self):
        """Old path → new one, of what has another; asked for when all is matched."""
        return {was.path: path for path, was in self.pairs.items() if was.path != path}

    @cached_property
    def names(self):
        return {was.rpartition("/")[2]: path.rpartition("/")[2] for was, path in self.paths.items()}

    def home(self, path):
        """The old path of the section around a new path."""
        around = path.rpartition("/")[0]
        return self.pairs[around].path if around in self.pairs else around


def _nodes(outline):
    """Path → node, without the root and what phones add by themselves."""
    return {
        n.path: n
        for n in outline.root.walk()
        if n.path and n.path != "meta" and not n.path.startswith("meta/")
    }


def _match(old, new):
    both = _Both(
        old, new, {path: old[path] for path in new if path in old},
        {path: node for path, node in old.items() if path not in new},
        {path: node for path, node in new.items() if path not in old},
    )  # fmt: skip
    for sections in (True, False):
        _by_parent(both)
        _by_name(both, sections)
        _by_parent(both)
        _by_resemblance(both, sections)
    _by_parent(both)
    return both


def _by_parent(both):
    """What lies in a group that moved, under the name that it had."""
    for now in sorted(both.come.values(), key=lambda node: node.path.count("/")):
        was = both.gone.get(f"{both.home(now.path)}/{now.name}".lstrip("/"))
        if was and (was.kind == QUESTION) == (now.kind == QUESTION):
            both.join(was, now)


def _by_name(both, sections):
    """The same name elsewhere, where both versions have it once."""
    left, right = (
        [n for n in side.values() if (n.kind != QUESTION) == sections] for side in (both.gone, both.come)
    )
    old, new = (Counter(node.name for node in side) for side in (left, right))
    named = {node.name: node for node in left}
    for now in right:
        if old[now.name] == new[now.name] == 1:
            both.join(named[now.name], now)


def _by_resemblance(both, sections):
    """Another name, yet the same text, type and choices: likely a renaming. The best pairs first."""
    if len(both.gone) * len(both.come) > MOST_PAIRS:
        return  # two different forms
    scored = []
    for was in both.gone.values():
        for now in both.come.values() if (was.kind != QUESTION) == sections else ():
            score = _resemblance(was, now)
            if score >= ALIKE:
                scored.append((-score, was.path, now.path))
    for _, was, now in sorted(scored):
        if was in both.gone and now in both.come:
            both.join(both.gone[was], both.come[now])


def _resemblance(was, now):
    """0 to 100."""
    if was.kind != now.kind or was.type != now.type:
        return 0
    if was.kind != QUESTION:
        names = [{child.name for child in node.children} for node in (was, now)]
        shared = 100 * len(names[0] & names[1]) / max(1, len(names[0] | names[1]))
        return max(shared, _text_likeness(was, now) if shared else 0)
    if was.type == "calculate":
        return 90 if was.calculate and was.calculate == now.calculate else 0
    if [c.name for c in was.choices] != [c.name for c in now.choices]:
        return 0
    return _text_likeness(was, now)


def _text_likeness(was, now):
    shared = [k for k in was.labels if was.labels[k] and now.labels.get(k)]
    return min((fuzz.ratio(was.labels[k], now.labels[k]) for k in shared), default=0)


def _added(node, both):
    """Said once for a whole new group."""
    if node.path.rpartition("/")[0] in both.come:
        return None
    return Difference(
        "forms.difference_added", COMPATIBLE, node.path, after=_told(node), values=_counted(node)
    )


def _removed(node, both):
    if node.path.rpartition("/")[0] in both.gone:
        return None
    return Difference(
        "forms.difference_removed", ENDS, node.path, node.path, before=_told(node), values=_counted(node)
    )


def _told(node):
    return next((text for text in node.labels.values() if text), node.name)


def _counted(node):
    return {"name": node.name, "count": sum(each.kind == QUESTION for each in node.walk())}


def _between(now, both):
    """Differences of one node that is in both versions."""
    was = both.pairs[now.path]
    yield from _place(was, now, both)
    if was.kind != now.kind or was.type != now.type:
        yield _changed("type", _type_effect(was, now), was, now, was.type or was.kind, now.type or now.kind)
    for name in TEXTS:
        before = {language: both.now(text) for language, text in getattr(was, f"{name}s").items()}
        yield from _texts(name, was, now, before, getattr(now, f"{name}s"))
    yield from _choices(was, now)
    for name, effect in LOGIC:
        before, after = both.now(str(getattr(was, name) or "")), str(getattr(now, name) or "")
        if name == "readonly" and was.type != now.type:
            continue  # a note is read only by its type
        if " ".join(before.split()) != " ".join(after.split()):
            yield replace(
                _changed("logic", effect, was, now, before, after), values={"name": now.name, "part": name}
            )


def _changed(what, effect, was, now, before, after):
    return Difference(
        f"forms.difference_{what}", effect, now.path, was.path, "", before, after, {"name": now.name}
    )


def _place(was, now, both):
    """Renamed or moved; not where only the group around it was."""
    old_home, home = was.path.rpartition("/")[0], now.path.rpartition("/")[0]
    if was.name != now.name:
        yield replace(_changed("renamed", ENDS, was, now, was.name, now.name), values=_counted(now))
    if old_home != both.home(now.path):
        same = _repeats(was.path, both.old) == _repeats(now.path, both.new)
        moved = _changed("moved", ENDS if same else MEANING, was, now, old_home or "/", home or "/")
        yield replace(moved, values=_counted(now))


def _repeats(path, nodes):
    """How many repeats lie around a path."""
    steps = path.split("/")
    around = ("/".join(steps[:count]) for count in range(1, len(steps)))
    return sum(nodes[each].kind == REPEAT for each in around if each in nodes)


def _type_effect(was, now):
    return COMPATIBLE if was.kind == now.kind and (was.type, now.type) in WIDER else MEANING


def _texts(name, was, now, before, after):
    for language in dict.fromkeys([*before, *after]):
        old, new = (texts.get(language, "") for texts in (before, after))
        if " ".join(old.split()) == " ".join(new.split()):
            continue
        effect = COMPATIBLE if not old or name not in MEANT or fuzz.ratio(old, new) >= SAME else MEANING
        yield replace(_changed(name, effect, was, now, old, new), language=language)


def _choices(was, now):
    """Answers that came, went, got another name or another text."""
    old, new = ({choice.name: choice for choice in node.choices} for node in (was, now))
    gone, come = [c for n, c in old.items() if n not in new], [c for n, c in new.items() if n not in old]
    for choice in list(come):
        twin = next((c for c in gone if c.labels and c.labels == choice.labels), None)
        if twin:
            gone.remove(twin)
            come.remove(choice)
            yield _changed("choice_renamed", MEANING, was, now, twin.name, choice.name)
    for choice in come:
        yield _choice("choice_added", COMPATIBLE, was, now, "", choice)
    for choice in gone:
        yield _choice("choice_removed", MEANING, was, now, choice, "")
    for name in old.keys() & new.keys():
        for difference in _texts("choice_label", was, now, old[name].labels, new[name].labels):
            yield replace(difference, values={"name": now.name, "choice": name})


def _choice(what, effect, was, now, before, after):
    told = [next((t for t in c.labels.values() if t), c.name) if c else "" for c in (before, after)]
    values = {"name": now.name, "choice": (before or after).name}
    return replace(_changed(what, effect, was, now, *told), values=values)


def _orders(both, new):
    """Questions in another order beside the same ones: those that moved, not all that they passed."""
    place = {path: number for number, path in enumerate(both.old)}
    for section in (node for node in new.root.walk() if node.kind != QUESTION):
        children = [(child, both.pairs[child.path]) for child in section.children if child.path in both.pairs]
        stayed = [(now, was) for now, was in children if was.path.rpartition("/")[0] == both.home(now.path)]
        kept = _longest_rise([place[was.path] for _, was in stayed])
        for now, was in stayed:
            if place[was.path] not in kept:
                yield _changed("order", COMPATIBLE, was, now, "", "")


def _longest_rise(numbers):
    """The numbers of a longest part that rises: what can be taken to have stayed where it was."""
    tails, before, last = [], {}, []
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = last[at - 1] if at else None
        tails[at : at + 1] = [number]
        last[at : at + 1] = [number]
    kept, number = set(), last[-1] if last else None
    while number is not None:
        kept.add(number)
        number = before[number]
    return kept
