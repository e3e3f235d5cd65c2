"""What goes into a file: which submissions, from which chunks of the tables, into which columns."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass

import polars as pl
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import translation

from taama.base.messages import message
from taama.collect.models import Submission
from taama.desk.methods.export_fields import (
    FORM_KEYS,
    REPEAT_KEYS,
    Field,
    Options,
    fields_of,
    named,
    with_lists,
)
from taama.desk.methods.export_shape import shaped, united
from taama.desk.methods.export_union import renamed, union_of
from taama.desk.methods.flat import ENCRYPTED, TEXT, TWICE, UNKNOWN, UNREADABLE
from taama.desk.methods.flat_types import BAD, KEYS, POINT_PARTS, REST, TOLD, answers_to
from taama.desk.queries import exports as queries
from taama.desk.tasks.chunks import FORMAT, Store
from taama.desk.tasks.filling import fill
from taama.forms import queries as forms
from taama.forms.methods.outline import language_code
from taama.forms.models import FormVersion
from taama.review.models import Review

WANTED = {"#submission": pl.String, "#state": pl.String, "#review": pl.String, "simulated": pl.Boolean}
MOST_NAMED = 10_000  # keys in one question to the database
REASONS = (UNKNOWN, TWICE, ENCRYPTED, UNREADABLE, BAD)
REST_NAMES = {"#key": "_key", "path": "_question", "reason": "_reason", "value": "_value"}


@dataclass(frozen=True)
class Part:
    """Rows of one table from one chunk. `table`: its number in the selection; `sources`: tables of the chunk."""

    table: int
    number: int
    version: str
    chunk: dict
    sources: tuple


@dataclass
class Selection:
    """Everything that the writers need. `tables`: [(UnionTable, [Field])], `names` theirs in the language of the file;
    the last, without a UnionTable, is what found no column, where there is any."""

    form_id: str
    title: str
    options: Options
    wanted: pl.DataFrame
    renamings: dict
    secret: frozenset
    words: dict
    versions: dict
    stores: dict
    simulated: bool
    tables: list
    names: list
    parts: list
    fingerprint: str

    def frame(self, part):
        """The rows of a part as the file wants them."""
        table, fields = self.tables[part.table]
        store = self.stores[part.version]
        if table is None:
            rows = store.rest(part.chunk).filter(~answers_to(self.secret))
        else:
            kinds = {path: part.chunk["tables"][path]["kinds"] for path in part.sources}
            frames = [
                united(store.frame(part.chunk, p), kinds[p], table, self.renamings) for p in part.sources
            ]
            rows = pl.concat(frames) if len(frames) > 1 else frames[0]
        return self._shaped(rows, table, fields, self.versions[part.version])

    def _shaped(self, rows, table, fields, version):
        wanted = self.wanted if table is not None and not table.path else self.wanted.select("#submission")
        rows = rows.join(wanted, on="#submission", how="inner", maintain_order="left")
        return shaped(rows.with_columns(pl.lit(version).alias("#form_version")), fields, self.options)

    def has_rows(self, number):
        return any(part.table == number for part in self.parts)

    def empty(self, number):
        """A table without rows: its headings and types are told all the same."""
        table, fields = self.tables[number]
        rows = pl.DataFrame(schema=REST if table is None else KEYS | TOLD)
        return self._shaped(rows if table is None else united(rows, {}, table, {}), table, fields, "")


def select(by, asked):
    """Decide what the file will hold; what was not read yet is read now.

    Yields (steps done, steps known); returns the Selection
    """
    submissions = queries.exported_submissions(by, asked.form, asked.filters)
    wanted, simulated = _wanted(submissions)
    versions = dict(_versions(asked))
    yield from _fill_missing(wanted, versions)
    options = Options(format=asked.format, language=asked.language, **asked.options)
    known = queries.outlines(by, asked.form)
    outlines = [(name, outline) for name, outline in known if name in versions.values()]
    renamings = queries.renamings(by, asked.form)
    secret = forms.confidential(by, asked.form.form_id)
    union = union_of(outlines, renamings, known).without(secret)
    stores = {key: Store(key) for key in versions}
    words = words_of(asked.language)
    tables, lists = [], queries.choice_lists(by, asked.form)
    for table in union.tables:
        filled, seen = _answered(stores, table, renamings, wanted)
        told = with_lists(table, lists, seen)
        tables.append((told, fields_of(told, options, filled, seen, words)))
    if any(chunk["rest"] for store in stores.values() for chunk in store.chunks):
        tables.append((None, named(_rest_fields(words), options)))
    parts = list(_parts(tables, stores, renamings))
    names = [table.path if table else words["#rest"] for table, _ in tables]
    selection = Selection(
        asked.form.form_id, asked.form.title, options, wanted, renamings, secret, words, versions,
        stores, simulated, tables, names, parts, "",
    )  # fmt: skip
    selection.fingerprint = _fingerprint(selection)
    return selection


def _versions(asked):
    """(key, name) of the versions that are wanted, the oldest first."""
    chosen = asked.filters.get("versions")
    found = FormVersion.objects.filter(form=asked.form).order_by("published_at").values_list("pk", "version")
    return [(str(key), name) for key, name in found if not chosen or name in chosen]


def _wanted(submissions):
    """(one row for each submission, with what may have changed since it was sent; whether any is invented)."""
    found = submissions.values_list(Cast("pk", CharField()), "state", "review__state", "simulated")
    frame = pl.DataFrame(list(found.iterator(chunk_size=5000)), schema=WANTED, orient="row")
    simulated = frame.drop_in_place("simulated").any()
    return frame.with_columns(
        pl.col("#submission").str.replace_all("-", ""), pl.col("#review").fill_null(Review.State.RECEIVED)
    ), simulated


def _fill_missing(wanted, versions):
    """Whatever the tables do not hold yet."""
    kept = pl.concat([Store(version).submissions() for version in versions])
    missing = wanted["#submission"].filter(~wanted["#submission"].is_in(kept.implode()))
    total, done = len(missing), 0
    keys = (
        Submission.objects.filter(pk__in=missing.to_list())
        if total < MOST_NAMED
        else Submission.objects.all()
    )
    for version in versions if total else ():
        mine = keys.filter(form_version=version, raw__isnull=False).values_list("pk", flat=True)
        for count in fill(version, list(mine)):
            done += count
            yield min(done, total), 2 * total


def _answered(stores, table, renamings, wanted):
    """Present paths of the questions of a table that were ever answered, and {path: codes that were}.

    Of a selection, codes that no version offers are looked for in its own submissions only: they may tell something.
    """
    filled, seen = set(), defaultdict(set)
    offered = {question.path: set(question.choices) for question in table.questions}
    whole = wanted.height == sum(chunk["rows"] for store in stores.values() for chunk in store.chunks)
    for store in stores.values():
        for chunk in store.chunks:
            for source in _sources(chunk, table.path, renamings):
                told = chunk["tables"][source]
                filled |= {renamed(path, renamings) for path in told["kinds"]}
                for path, codes in told["seen"].items():
                    now = renamed(path, renamings)
                    known = whole or offered.get(now, set()).issuperset(codes)
                    seen[now].update(codes if known else store.codes(chunk, source, path, wanted))
    return filled, seen


def _sources(chunk, table, renamings):
    return tuple(path for path in chunk["tables"] if (renamed(path, renamings) if path else "") == table)


def _parts(tables, stores, renamings):
    for number, (table, _fields) in enumerate(tables):
        count = 0
        for version, store in stores.items():
            for chunk in store.chunks:
                sources = _sources(chunk, table.path, renamings) if table else ()
                if sources or (table is None and chunk["rest"]):
                    yield Part(number, count, version, chunk, sources)
                    count += 1


def _rest_fields(words):
    return [
        Field(name, source, "choice" if source == "reason" else TEXT, words.get(name, ""), name,
              values={r: words[f"#reason={r}"] for r in REASONS} if source == "reason" else {})
        for source, name in REST_NAMES.items()
    ]  # fmt: skip


def words_of(language):
    """What the file itself says, in French or in English."""
    told = "en" if language_code(language) == "en" else "fr"
    own = ("#form", "#rest", "#long", "#questions", "#choices", "#yes", "#no")
    names = {*FORM_KEYS, *REPEAT_KEYS, *own}
    words = {name: str(message(f"desk.column_{name[1:]}", told)) for name in names}
    words |= {name: str(message(f"desk.column{name}", told)) for name in REST_NAMES.values()}
    words |= {part: str(message(f"desk.part_{part}", told)) for part in POINT_PARTS}
    words |= {f"#reason={reason}": str(message(f"desk.rest_{reason}", told)) for reason in REASONS}
    with translation.override(told):
        words |= {f"#state={value}": str(label) for value, label in Submission.State.choices}
        words |= {f"#review={value}": str(label) for value, label in Review.State.choices}
    return words


def _fingerprint(selection):
    told = {
        "format": FORMAT, "options": vars(selection.options), "renamings": selection.renamings, "secret": sorted(selection.secret), "names": selection.names,
        "parts": [(part.table, part.version, part.chunk["name"]) for part in selection.parts],
        "fields": [[repr(each) for each in fields] for _, fields in selection.tables],
    }  # fmt: skip
    made = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    made.update(selection.wanted.write_csv().encode())
    return made.hexdigest()
