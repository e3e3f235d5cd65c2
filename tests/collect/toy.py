"""A toy tool for tests of the loader: one count per submission; `boom` breaks the mapping, `no` is held back."""

import polars as pl

from taama.base.sensitivity import S0
from taama.facts.answers import complete, whole
from taama.facts.tables import Column, Table
from taama.facts.tools import ERROR, WARNING, Tool, findings

COUNT = Table("test.toy", (), {"people": Column("integer", S0, "personnes", "people")})


def counts(sent, known):
    frame = complete(sent.main, ["people"])
    if (frame["people"] == "boom").any():
        raise RuntimeError("boom")
    return frame.select("submission", whole("people").alias("people"))


def refused(sent, known):
    frame = complete(sent.main, ["people"])
    return findings(
        frame.filter(pl.col("people") == "no"), level=ERROR, code="toy.no", field="people", values=["people"]
    )


def large(sent, known):
    frame = complete(sent.main, ["people"])
    return findings(frame.filter(whole("people") > 1000), level=WARNING, code="toy.large", field="people")


def area(sent, known):
    return complete(sent.main, ["area"]).select("submission", "area")


tool = Tool("toy", ("1",), {COUNT: counts}, checks=(refused, large), area=area)
