"""What was sent, as typed tables in files beside the database: derived, deletable, each submission once.

A chunk holds some submissions of one version of a form: a Parquet file for each table with answers, and one for what
found no column. `chunks.json` names those in force; it is replaced in one step, so that a killed worker leaves the old
state or the new one. What is in no list is removed by the next writer.
"""

import json
import os
import secrets
import shutil
from pathlib import Path

import polars as pl
from django.conf import settings

from taama.desk.methods.flat import CHOICE, CHOICES
from taama.desk.methods.flat_types import REST, answers_to

FORMAT = 2  # another number makes every chunk anew
SMALL, LARGE = 5_000, 20_000  # submissions: chunks below are joined, up to
MOST_SMALL = 8
REST_FILE = "rest.parquet"
LEASE = "desk.tables"


def folder():
    return Path(settings.TAAMA_DATA_DIR) / "tables"


class Store:
    """The chunks of one version of a form, in the order in which they came. One process at a time writes."""

    def __init__(self, version):
        self.folder = folder() / str(version)
        self.chunks = self._listed()

    def _listed(self):
        try:
            told = json.loads((self.folder / "chunks.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return []
        return told["chunks"] if told["format"] == FORMAT else []

    def add(self, tables, kinds, rest):
        """Keep a batch: {path of the table: frame}, {path: {question: kind}}, frame of what found no column."""
        self._replace([], [self._write(tables, kinds, rest)])
        self._join_small()

    def submissions(self):
        """The submissions of all chunks."""
        files = [self.folder / chunk["name"] / chunk["tables"][""]["file"] for chunk in self.chunks]
        frames = [pl.read_parquet(file, columns=["#submission"]) for file in files]
        return pl.concat(frames)["#submission"] if frames else pl.Series("#submission", [], dtype=pl.String)

    def frame(self, chunk, table):
        """Rows of one table of a chunk."""
        return pl.read_parquet(self.folder / chunk["name"] / chunk["tables"][table]["file"])

    def codes(self, chunk, table, question, wanted):
        """Codes that the wanted submissions of a chunk answered to a question. `wanted`: frame[#submission, …]."""
        file = self.folder / chunk["name"] / chunk["tables"][table]["file"]
        rows = pl.read_parquet(file, columns=["#submission", question])
        return _codes(rows.join(wanted, on="#submission", how="semi")[question])

    def rest(self, chunk):
        """What found no column in a chunk."""
        if not chunk["rest"]:
            return pl.DataFrame(schema=REST)
        return pl.read_parquet(self.folder / chunk["name"] / REST_FILE)

    def erase(self, keys):
        """Write the chunks that hold these submissions anew without them. Returns how many submissions went."""
        gone = 0
        for chunk in list(self.chunks):
            here = self.frame(chunk, "")["#submission"].is_in(list(keys)).sum()
            if here:
                gone += here
                self._replace([chunk], self._without(chunk, list(keys)))
        return gone

    def holding(self, questions):
        """The chunks that hold answers to one of these questions, those that found no column among them."""
        return [
            chunk
            for chunk in self.chunks
            if any(questions & set(told["kinds"]) for told in chunk["tables"].values())
            or self.rest(chunk).select(answers_to(questions).any()).item()
        ]

    def forget(self, questions):
        """Drop the chunks that hold answers to one of these questions; they are made again from what was sent."""
        for chunk in self.holding(questions):
            self._replace([chunk], [])

    def _without(self, chunk, keys):
        tables = {
            path: self.frame(chunk, path).filter(~pl.col("#submission").is_in(keys))
            for path in chunk["tables"]
        }
        if not tables[""].height:
            return []
        kinds = {path: told["kinds"] for path, told in chunk["tables"].items()}
        return [self._write(tables, kinds, self.rest(chunk).filter(~pl.col("#submission").is_in(keys)))]

    def _join_small(self):
        """Many small chunks become one, so that a reader opens few files."""
        small = [chunk for chunk in self.chunks if chunk["rows"] < SMALL]
        if len(small) < MOST_SMALL:
            return
        group = []
        for chunk in small:
            if sum(c["rows"] for c in group) + chunk["rows"] <= LARGE:
                group.append(chunk)
        tables, kinds = {}, {}
        for path in dict.fromkeys(path for chunk in group for path in chunk["tables"]):
            having = [chunk for chunk in group if path in chunk["tables"]]
            tables[path] = pl.concat([self.frame(c, path) for c in having], how="diagonal")
            kinds[path] = {q: k for c in having for q, k in c["tables"][path]["kinds"].items()}
        self._replace(group, [self._write(tables, kinds, pl.concat([self.rest(c) for c in group]))])

    def _write(self, tables, kinds, rest):
        """A chunk in a folder of its own, in no list yet."""
        name = secrets.token_hex(8)
        place = self.folder / name
        place.mkdir(parents=True, mode=0o700)
        told = {}
        for number, (path, frame) in enumerate(tables.items()):
            if frame.height or not path:
                file = f"{number}.parquet"
                frame.write_parquet(place / file, compression="lz4", statistics=False)
                told[path] = {"file": file} | _described(frame, kinds[path])
        if rest.height:
            rest.write_parquet(place / REST_FILE)
        for path in (*place.iterdir(), place, self.folder):
            _force(path)
        return {"name": name, "rows": tables[""].height, "rest": rest.height, "tables": told}

    def _replace(self, old, new):
        """One step from one state to the next."""
        spot = self.chunks.index(old[0]) if old else len(self.chunks)
        left = (
            [c for c in self.chunks[:spot] if c not in old],
            [c for c in self.chunks[spot:] if c not in old],
        )
        self.chunks = [*left[0], *new, *left[1]]
        draft = self.folder / "chunks.json.new"
        draft.write_text(json.dumps({"format": FORMAT, "chunks": self.chunks}), "utf-8")
        _force(draft)
        os.replace(draft, self.folder / "chunks.json")
        self._sweep()

    def _sweep(self):
        """Remove folders that no list names."""
        named = {chunk["name"] for chunk in self.chunks}
        for place in self.folder.iterdir():
            if place.is_dir() and place.name not in named:
                shutil.rmtree(place, ignore_errors=True)


def _force(path):
    """To the disk: a power cut must not leave a list that names what is not whole."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _described(frame, kinds):
    """What a reader must know of a table without opening its file."""
    there = {name.partition("#")[0] for name in frame.columns if not name.startswith("#")}
    kinds = {path: kind for path, kind in kinds.items() if path in there}
    seen = {path: _codes(frame[path]) for path, kind in kinds.items() if kind in (CHOICE, CHOICES)}
    return {"rows": frame.height, "kinds": kinds, "seen": seen}


def _codes(column):
    values = column.explode() if column.dtype == pl.List else column
    return sorted(values.drop_nulls().unique().to_list())
