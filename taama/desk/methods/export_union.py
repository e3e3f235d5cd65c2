"""All versions of a form as one set of tables: what was renamed is one column, what was removed stays."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from taama.desk.methods.flat import (
    CHOICE,
    CHOICES,
    DECIMAL,
    DEPRECATED_ID,
    INSTANCE_ID,
    INTEGER,
    TEXT,
    kind_of,
)
from taama.forms.methods.comparing import compare
from taama.forms.methods.outline import GROUP, QUESTION, REPEAT

CHANGED_NAME = ("forms.difference_renamed", "forms.difference_moved")


@dataclass(frozen=True)
class Question:
    """A column of the union. `labels`: language → text. `choices`: code → labels, those of every version, the newest
    version's first. `versions` in which it was asked, the oldest first. `file`: name of the list of its choices. `codes`
    that any version of the form ever offered, in the order in which they came."""

    path: str
    kind: str
    type: str
    labels: dict = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    versions: tuple = ()
    file: str = ""
    codes: tuple = ()


@dataclass(frozen=True)
class UnionTable:
    """`path` of the repeat, "" for the form; `parent`: path of the table whose rows hold its rows."""

    path: str
    parent: str
    labels: dict
    questions: tuple


@dataclass(frozen=True)
class Union:
    """`tables` in the order of the form; `languages` of any version, the newest version's first."""

    tables: tuple
    languages: tuple
    versions: tuple

    def without(self, secret):
        """The same without the questions of these paths: nobody takes out what is confidential."""
        left = (
            replace(t, questions=tuple(q for q in t.questions if q.path not in secret)) for t in self.tables
        )
        return replace(self, tables=tuple(left))


def common_kind(one, other):
    """The kind of a column whose question was asked as two kinds.

    >>> common_kind("integer", "decimal"), common_kind("choice", "choices"), common_kind("date", "integer")
    ('decimal', 'choices', 'text')
    """
    if one == other:
        return one
    return {frozenset((INTEGER, DECIMAL)): DECIMAL, frozenset((CHOICE, CHOICES)): CHOICES}.get(
        frozenset((one, other)), TEXT
    )


def renamed(path, renamings):
    """The present path of a question or group.

    renamings   {former path: present path}; what stands within a renamed group moves with it

    >>> renamed("hh/people/age", {"hh": "household", "household/people/age": "household/people/age_years"})
    'household/people/age_years'
    """
    for _ in renamings:  # a name may have changed more than once, never more often than there are entries
        former = next((f for f in _prefixes(path) if f in renamings), None)
        if former is None:
            break
        path = renamings[former] + path[len(former) :]
    return path


def _prefixes(path):
    """The path itself, then the groups that hold it, the nearest first."""
    steps = path.split("/")
    return ["/".join(steps[:count]) for count in range(len(steps), 0, -1)]


def union_of(versions, renamings=None, known=()):
    """The tables of a form over all its versions.

    versions    [(name, Outline)], the oldest first
    renamings   {former path: present path}
    known       as `versions`, all that the form has: a file of some of them numbers answers as one of all
    Returns     Union: questions in the order of the newest version; a removed one stands after the one it followed
    """
    renamings = renamings or {}
    tables, languages = {}, []
    for name, outline in reversed(versions):
        _add(tables, "", "", outline.root.labels)
        before = {}
        for table, node in _placed(outline.root, ""):
            at = renamed(table, renamings) if table else ""
            if node.kind == REPEAT:
                _add(tables, renamed(node.path, renamings), at, node.labels)
            else:
                asked = _question(node, name, renamings)
                _merge(tables[at]["questions"], asked, before.get(at))
                before[at] = asked.path
        languages += [one for one in outline.languages if one not in languages]
    if tables:
        tables[""]["questions"].setdefault(DEPRECATED_ID, Question(DEPRECATED_ID, TEXT, TEXT))
    codes = _codes(known or versions, renamings)
    made = (
        UnionTable(path, told["parent"], told["labels"], tuple(_with(codes, told["questions"].values())))
        for path, told in tables.items()
    )
    return Union(tuple(made), tuple(languages), tuple(name for name, _ in versions))


def _codes(versions, renamings):
    """{path: codes of its answers}, the oldest version's first."""
    found = {}
    for _, outline in versions:
        for node in outline.questions():
            codes = found.setdefault(renamed(node.path, renamings), {})
            codes.update(dict.fromkeys(choice.name for choice in node.choices))
    return found


def _with(codes, questions):
    return (replace(one, codes=tuple(codes.get(one.path, ()))) for one in questions)


def _placed(node, table):
    """(path of the table, node) of every question and repeat."""
    for child in node.children:
        if child.kind == QUESTION and child.path != INSTANCE_ID:
            yield table, child
        elif child.kind == GROUP:
            yield from _placed(child, table)
        elif child.kind == REPEAT:
            yield table, child
            yield from _placed(child, child.path)


def _add(tables, path, parent, labels):
    tables.setdefault(path, {"parent": parent, "labels": labels, "questions": {}})


def _question(node, version, renamings):
    return Question(
        renamed(node.path, renamings), kind_of(node), node.type, node.labels,
        {choice.name: choice.labels for choice in node.choices}, (version,), node.file,
    )  # fmt: skip


def _merge(questions, asked, before):
    """Note that an older version asked this too, or, after the question `before`, that only it did."""
    newer = questions.get(asked.path)
    if newer is not None:
        versions = newer.versions if asked.versions[0] in newer.versions else asked.versions + newer.versions
        questions[asked.path] = replace(
            newer, kind=common_kind(newer.kind, asked.kind), labels=asked.labels | newer.labels,
            choices=newer.choices | {c: t for c, t in asked.choices.items() if c not in newer.choices},
            versions=versions,
        )  # fmt: skip
        return
    there = list(questions.items())
    place = 0 if before is None else 1 + list(questions).index(before)
    questions.clear()
    questions.update([*there[:place], (asked.path, asked), *there[place:]])


def refused_renamings(versions, renamings):
    """Those of the renamings that cannot hold, each with the reason.

    versions   as of `union_of`
    Returns    {former: code}: `desk.rename_unknown` where no version has it, or its goal; `desk.rename_both` where
               one version asks both; `desk.rename_table` where the two stand in different tables
    """
    paths = {}
    for name, outline in versions:
        repeats = {node.path for node in outline.root.walk() if node.kind == REPEAT}
        for node in outline.root.walk():
            if node.path:
                paths.setdefault(node.path, {})[name] = _table_of(node.path, repeats)
    refused = {}
    for former, present in renamings.items():
        goal = renamed(present, {f: p for f, p in renamings.items() if f != former})
        if former == present or former not in paths or goal not in paths:
            refused[former] = "desk.rename_unknown"
        elif set(paths[former]) & set(paths[goal]):
            refused[former] = "desk.rename_both"
        elif _tables(paths[former], renamings) != _tables(paths[goal], renamings):
            refused[former] = "desk.rename_table"
    return refused


def _table_of(path, repeats):
    return next((p for p in _prefixes(path)[1:] if p in repeats), "")


def _tables(places, renamings):
    return {renamed(table, renamings) if table else "" for table in places.values()}


def proposed_renamings(versions, settled=None):
    """Questions and groups that probably only changed their name or their place between one version and the next.

    versions    as of `union_of`
    settled     {former: present} that somebody decided
    Returns     {former: present}, without those settled and without what `refused_renamings` refuses
    """
    found = {}
    for (_, old), (_, new) in pairwise(versions):
        for one in compare(old, new):
            if one.code in CHANGED_NAME and one.path not in found.values():
                found.setdefault(one.was, one.path)
    settled = settled or {}
    refused = refused_renamings(versions, found | settled)
    return {
        former: present
        for former, present in found.items()
        if former not in settled and former not in refused and present not in settled.values()
    }
