"""How what a phone sent becomes frames of text. Pure; safe against hostile XML."""

from dataclasses import dataclass, replace

from lxml import etree

from taama.facts.tools import Sent
from taama.forms.methods.xml import read_xml

META_COLUMNS = ("submission", "form_version", "received_at", "simulated")
XFORMS = "{http://www.w3.org/2002/xforms}"


def repeat_paths(xform):
    """Paths of the repeats of a form, without the name of the root: `informants`, `household/members`.

    xform     bytes of the XForm as phones get it
    Returns   frozenset of str
    Raises    MethodError as `read_xml`
    """
    nodesets = (repeat.get("nodeset", "") for repeat in read_xml(xform).iter(f"{XFORMS}repeat"))
    return frozenset(nodeset.strip("/").partition("/")[2] for nodeset in nodesets if nodeset)


def sent_from_instances(instances, repeats=()):
    """A batch of submissions as the frames of text that a tool reads.

    instances  pairs (meta, raw): `meta` a dict with `submission`, `form_version`, `received_at`, `simulated`;
               `raw` the bytes of the XForm instance
    repeats    paths of the form's repeats (see `repeat_paths`). A group that occurs twice in a submission is
               a repeat all the same; one that occurs once can only be known from the form
    Returns    Sent. `main`: one row per submission, the four columns of `meta`, then the answers as text by their path
               without the root (`idp/idp_people`); blank answers are null. `repeats`: path → frame with `submission`,
               `row` (from 1 within the submission) and the answers by their path within the repeat; in a repeat
               inside a repeat also `parent_row`
    Raises     MethodError naming the submission: XML that `read_xml` refuses

    >>> raw = b"<data><place><round>72</round></place><kin><age>3</age></kin><kin><age>7</age></kin></data>"
    >>> meta = {"submission": "s1", "form_version": "1", "received_at": None, "simulated": False}
    >>> sent = sent_from_instances([(meta, raw)])
    >>> sent.main["place/round"].to_list(), sent.repeats["kin"].rows()
    (['72'], [('s1', 1, '3'), ('s1', 2, '7')])
    """
    read = [(meta, read_xml(raw, meta["submission"])) for meta, raw in instances]
    repeats = set(repeats).union(*(_occurring_twice(root) for _, root in read))
    main, rows = [], {path: [] for path in sorted(repeats)}
    for meta, root in read:
        answers = {}
        _walk(root, "", answers, _Place(meta["submission"], repeats, rows))
        main.append(answers | {name: meta.get(name) for name in META_COLUMNS})
    return Sent(
        main=_frame(main, META_COLUMNS),
        repeats={path: _frame(found, _keys(path, repeats)) for path, found in rows.items()},
    )


@dataclass(frozen=True)
class _Place:
    """Where the walk is: the submission, the repeat it is in (`within`, a path) and that repeat's row."""

    submission: str
    repeats: set
    rows: dict
    within: str = ""
    row: int | None = None

    def enter(self, path):
        """A new row of the repeat `path`, and the place inside it."""
        mine = self.rows[path]
        continued = bool(mine) and mine[-1]["submission"] == self.submission
        record = {"submission": self.submission, "row": mine[-1]["row"] + 1 if continued else 1}
        if self.within:
            record["parent_row"] = self.row
        mine.append(record)
        return record, replace(self, within=path, row=record["row"])


def _walk(element, path, answers, place):
    for child in element:
        here = f"{path}/{_name(child)}" if path else _name(child)
        if here in place.repeats:
            record, inside = place.enter(here)
            _walk(child, here, record, inside)
        elif len(child):
            _walk(child, here, answers, place)
        else:
            name = here[len(place.within) + 1 :] if place.within else here
            answers.setdefault(name, (child.text or "").strip() or None)


def _name(element):
    return etree.QName(element).localname


def _occurring_twice(root, path=""):
    """Paths of groups that stand more than once beside each other."""
    found, seen = set(), set()
    for child in root:
        here = f"{path}/{_name(child)}" if path else _name(child)
        if len(child):
            if here in seen:
                found.add(here)
            seen.add(here)
            found |= _occurring_twice(child, here)
    return found


def _keys(path, repeats):
    nested = any(path.startswith(f"{other}/") for other in repeats)
    return ("submission", "row", "parent_row") if nested else ("submission", "row")


def _frame(records, keys):
    """Records with differing answers as one frame; answers are text, also where all are null."""
    import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

    names = list(dict.fromkeys(name for record in records for name in record if name not in keys))
    types = {
        "received_at": pl.Datetime("us", "UTC"),
        "simulated": pl.Boolean,
        "row": pl.Int64,
        "parent_row": pl.Int64,
    }
    schema = {name: types.get(name, pl.String) for name in keys} | dict.fromkeys(names, pl.String)
    columns = {name: [record.get(name) for record in records] for name in schema}
    return pl.DataFrame(columns, schema=schema)
