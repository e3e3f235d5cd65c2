"""From what a phone sent to rows of related tables: one for the form, one for each repeat, nested ones too."""

from dataclasses import dataclass, field

from lxml import etree

from taama.base.errors import MethodError
from taama.forms.methods.outline import GROUP, QUESTION
from taama.forms.methods.xml import read_xml

TEXT, INTEGER, DECIMAL, DATE, DATETIME, CHOICE, CHOICES, POINT, SHAPE = (
    "text integer decimal date datetime choice choices point shape".split()
)
KINDS = {
    "integer": INTEGER, "decimal": DECIMAL, "range": DECIMAL, "date": DATE, "today": DATE, "datetime": DATETIME,
    "start": DATETIME, "end": DATETIME, "select_one": CHOICE, "select_multiple": CHOICES, "rank": CHOICES,
    "geopoint": POINT, "geotrace": SHAPE, "geoshape": SHAPE,
}  # fmt: skip
INSTANCE_ID, DEPRECATED_ID = "meta/instanceID", "meta/deprecatedID"
UNKNOWN, TWICE, ENCRYPTED, UNREADABLE = "unknown", "twice", "encrypted", "unreadable"


def kind_of(question):
    """How the answers to a question are kept. A type that is not known is text."""
    return KINDS.get(question.type, TEXT)


@dataclass
class Plan:
    """Where each answer of a form goes. `tables`: path of a repeat, "" for the form → {path of a question: kind};
    `steps`: the tree by which an instance is walked."""

    tables: dict = field(default_factory=dict)
    steps: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Rest:
    """What found no column, in the row `key`. `reason`: UNKNOWN question, answered TWICE, ENCRYPTED, UNREADABLE."""

    submission: str
    key: str
    path: str
    reason: str
    value: str


@dataclass
class Rows:
    """Rows of one table: the columns of `keys` and, question by question in the plan's order, the answers as text."""

    keys: list = field(default_factory=list)  # (submission, key, parent key, position)
    answers: list = field(default_factory=list)


@dataclass
class Flat:
    tables: dict
    rest: list = field(default_factory=list)


class Leaf(int):
    """Number of the column into which an answer goes."""


@dataclass(frozen=True)
class Repeat:
    """Rows of the table `path` begin here; `step` is the way to it from the row that holds it."""

    path: str
    step: str
    steps: dict


def plan_of(outline, others=()):
    """The plan of a form's version.

    outline   Outline of the version under which the phone filled the form
    others    Outlines of its other versions: what only they ask has a column too, for a phone may have begun
              with one version and ended with another
    Returns   Plan
    """
    plan = Plan(tables={"": {}})
    for each in (outline, *others):
        _plan_children(each.root, "", "", plan.steps, plan)
    _leaf(plan.steps.setdefault("meta", {}), plan, "", "deprecatedID", DEPRECATED_ID, TEXT)
    return plan


def _plan_children(node, table, step, steps, plan):
    for child in node.children:
        below = f"{step}/{child.name}" if step else child.name
        known = steps.get(child.name)
        if child.kind == QUESTION:
            if child.path != INSTANCE_ID:
                _leaf(steps, plan, table, child.name, child.path, kind_of(child))
        elif child.kind == GROUP:
            inside = steps.setdefault(child.name, {})
            if isinstance(inside, dict):
                _plan_children(child, table, below, inside, plan)
        elif known is None or isinstance(known, Repeat):
            plan.tables.setdefault(child.path, {})
            repeat = steps.setdefault(child.name, Repeat(child.path, below, {}))
            _plan_children(child, child.path, "", repeat.steps, plan)


def _leaf(steps, plan, table, name, path, kind):
    if name not in steps:
        steps[name] = Leaf(len(plan.tables[table]))
        plan.tables[table][path] = kind


def flatten(instances, plan):
    """Instances as rows of related tables.

    instances  triples (submission: str, key: str, raw: bytes); `key` is the instance's identity
    plan       Plan of the version that they were filled under
    Returns    Flat. `tables`: path of the repeat → Rows; a row of a repeat has the key of the row that holds it, then
               its own path and number: `uuid:1/household/member[2]`. `rest`: every leaf that found no column,
               but for the name that the phone gave it
    Raises     nothing: an instance that cannot be read has an empty row, and a Rest that says why

    >>> from taama.forms.methods.outline import Node, Outline
    >>> age = Node("kin/age", "age", "question", "integer")
    >>> root = Node("", "", "group", children=(Node("kin", "kin", "repeat", children=(age,)),))
    >>> plan = plan_of(Outline("f", "1", "F", (), "", root))
    >>> flat = flatten([("s", "uuid:1", b"<f><kin><age>3</age></kin><kin><age>7</age><sex>f</sex></kin></f>")], plan)
    >>> flat.tables["kin"].keys, flat.tables["kin"].answers
    ([('s', 'uuid:1/kin[1]', 'uuid:1', 1), ('s', 'uuid:1/kin[2]', 'uuid:1', 2)], [['3'], ['7']])
    >>> flat.rest
    [Rest(submission='s', key='uuid:1/kin[2]', path='kin/sex', reason='unknown', value='f')]
    """
    flat = Flat({path: Rows() for path in plan.tables})
    for submission, key, raw in instances:
        walk = _Walk(flat, plan, submission)
        row = walk.begin("", key, "", 1)
        try:
            root = read_xml(raw)
        except MethodError as error:
            walk.put_by(key, "", UNREADABLE, str(error.code))
            continue
        if root.get("encrypted") == "yes":
            walk.put_by(key, "", ENCRYPTED, "")
        else:
            walk.children(root, plan.steps, row, key, "")
    return flat


class _Walk:
    """The way through one instance."""

    def __init__(self, flat, plan, submission):
        self.flat, self.plan, self.submission = flat, plan, submission

    def begin(self, table, key, parent, position):
        """A new row. Returns its answers, to be filled in."""
        rows = self.flat.tables[table]
        row = [None] * len(self.plan.tables[table])
        rows.keys.append((self.submission, key, parent, position))
        rows.answers.append(row)
        return row

    def put_by(self, key, path, reason, value):
        self.flat.rest.append(Rest(self.submission, key, path, reason, value))

    def children(self, element, steps, row, key, path):
        counts = {}
        for child in element:
            name = child.tag
            if name[0] == "{":
                name = name[name.index("}") + 1 :]
            step = steps.get(name)
            if type(step) is Leaf and not len(child):
                value = child.text and child.text.strip()
                if value:
                    if row[step] is None:
                        row[step] = value
                    else:
                        self.put_by(key, _below(path, name), TWICE, value)
            elif type(step) is Repeat:
                self.repeat(child, step, key)
            elif type(step) is dict and (len(child) or not (child.text or "").strip()):
                self.children(child, step, row, key, _below(path, name))
            else:
                counts[name] = counts.get(name, 0) + 1
                self.unknown(child, key, _below(path, name), counts[name])

    def repeat(self, element, repeat, key):
        rows = self.flat.tables[repeat.path].keys
        number = rows[-1][3] + 1 if rows and rows[-1][2] == key and rows[-1][0] == self.submission else 1
        own = f"{key}/{repeat.step}[{number}]"
        row = self.begin(repeat.path, own, key, number)
        self.children(element, repeat.steps, row, own, repeat.path)

    def unknown(self, element, key, path, number):
        """Every leaf and attribute of what the form does not know."""
        here = path if number == 1 else f"{path}[{number}]"
        value = (element.text or "").strip()
        if value and path != INSTANCE_ID:  # the row has the name under which it was taken in
            self.put_by(key, here, UNKNOWN, value)
        for name, told in element.attrib.items():
            if told.strip():
                self.put_by(key, f"{here}/@{etree.QName(name).localname}", UNKNOWN, told)
        counts = {}
        for child in element:
            name = etree.QName(child).localname
            counts[name] = counts.get(name, 0) + 1
            self.unknown(child, key, f"{here}/{name}", counts[name])


def _below(path, name):
    return f"{path}/{name}" if path else name
