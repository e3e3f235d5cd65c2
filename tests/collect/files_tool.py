"""A tool that reads files for tests: one number per line; large ones are doubted."""

import polars as pl

from taama.base.sensitivity import S0
from taama.facts.tables import Column, Table
from taama.facts.tools import WARNING, Sent, Tool, findings

COUNT = Table(
    "test.files", ("line",),
    {"line": Column("integer", S0, "ligne", "line"), "people": Column("integer", S0, "personnes", "people")},
    fr="comptes d'un fichier", en="counts of a file",
)  # fmt: skip


def open_file(raw, filename, known):
    lines = raw.decode().split()
    rows = {"row": list(range(1, len(lines) + 1)), "people": lines}
    return Sent(main=pl.DataFrame(rows, schema={"row": pl.Int64, "people": pl.String}))


def counts(sent, known):
    return sent.main.select("submission", pl.col("row").alias("line"), pl.col("people").cast(pl.Int64))


def large(sent, known):
    doubtful = sent.main.filter(pl.col("people").cast(pl.Int64) > 1000)
    return findings(doubtful, level=WARNING, code="collect.unreadable", field="people")


def recognises(raw, filename):
    return 0.9 if filename.endswith(".counts") else 0.1


tool = Tool("files", ("1",), {COUNT: counts}, checks=(large,), open=open_file)
