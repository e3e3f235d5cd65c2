"""What the tools of mobility read and check the same way: place, day, whole numbers."""

from pathlib import Path

import polars as pl

from taama.base.parameters import read_parameters
from taama.facts.answers import in_force, whole
from taama.facts.tools import ERROR, WARNING, findings

PARAMETERS = read_parameters(Path(__file__).parents[1] / "parameters.toml")
BEGAN = min(each[0].since for each in PARAMETERS.entries.values())
SITE_KINDS = ("site", "spontaneous", "planned", "collective_centre", "transit")


def plain_key(column):
    """A key without spaces and case: what is certain to be repaired."""
    return pl.col(column).str.replace_all(r"\s", "").str.to_lowercase()


def placed(frame, question, places):
    """The frame with what the gazetteer says about the place of `question`; `place` is null where it is unknown.

    Columns added: place, place_name, kind, area, geography, cercle, place_lat, place_lon, closed_on.
    """
    wanted = {"key": "place", "name": "place_name", "lat": "place_lat", "lon": "place_lon"}
    wanted |= {name: name for name in ("kind", "area", "geography", "cercle", "closed_on")}
    known = places.select(
        plain_key("key").alias("_plain"), *[pl.col(old).alias(new) for old, new in wanted.items() if old in places.columns]
    ).unique("_plain", keep="first", maintain_order=True)  # fmt: skip
    missing = [pl.lit(None).alias(new) for new in wanted.values() if new not in known.columns]
    joined = frame.with_columns(plain_key(question).alias("_plain"))
    return joined.join(known.with_columns(missing), on="_plain", how="left").drop("_plain")


def with_series(frame):
    """The frame with `series`, by `date`. Simulated figures are one of their own: never one trend with real ones."""
    named = in_force(frame, "date", PARAMETERS, ["series"])
    simulated = pl.when(pl.col("simulated")).then(pl.lit("simulated"))
    return named.with_columns(simulated.otherwise(pl.col("series")).alias("series"))


def place_kind():
    is_site = pl.col("kind").is_in(SITE_KINDS).fill_null(False)
    return pl.when(is_site).then(pl.lit("site")).otherwise(pl.lit("locality")).alias("place_kind")


def place_findings(frame, question):
    """A place that is missing, unknown, or whose key had to be repaired. `frame` comes from `placed`."""
    frame = frame.with_columns(pl.col(question).alias("key"))
    answered = pl.col(question).is_not_null()
    return pl.concat([
        findings(frame.filter(~answered), level=ERROR, code="mobility.place_missing", field=question),
        findings(
            frame.filter(answered & pl.col("place").is_null()), level=ERROR, code="mobility.place_unknown",
            field=question, values=["key"],
        ),
        findings(
            frame.filter(pl.col("place") != pl.col(question)), level=WARNING, code="mobility.place_repaired",
            field=question, values=["key", "place"],
        ),
    ])  # fmt: skip


def day_findings(frame, question):
    """A day that is missing, before all rules, or after the submission arrived. `frame` has `date`."""
    arrived = pl.col("received_at").dt.date()
    late = pl.col("date") > arrived + pl.duration(days=1)  # a phone's clock and time zone may be a day off
    wrong = pl.col("date").is_null() | (pl.col("date") < BEGAN) | late.fill_null(False)
    shown = frame.filter(wrong).with_columns(pl.col(question).alias("answer"))
    return findings(shown, level=ERROR, code="mobility.day_implausible", field=question, values=["answer"])


def number_findings(frame, questions, read=whole):
    """Answers that are no number, and numbers below zero."""
    found = []
    for question in questions:
        number = read(question)
        answered = frame.filter(pl.col(question).is_not_null()).with_columns(pl.col(question).alias("answer"))
        unreadable, negative = answered.filter(number.is_null()), answered.filter(number < 0)
        for rows, code in ((unreadable, "mobility.not_a_number"), (negative, "mobility.negative")):
            found.append(findings(rows, level=ERROR, code=code, field=question, values=["answer"]))
    return pl.concat(found)


def sum_findings(frame, total, parts, *, field, code):
    """Where all parts are answered and do not make the total. `total` and `parts` are questions."""
    compared = frame.with_columns(
        whole(total).alias("total"),
        pl.sum_horizontal([whole(part) for part in parts], ignore_nulls=False).alias("sum"),
    )
    wrong = compared.filter(pl.col("sum") != pl.col("total"))
    return findings(wrong, level=WARNING, code=code, field=field, values=["sum", "total"])
