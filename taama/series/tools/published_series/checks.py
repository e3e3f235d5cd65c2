"""Doubts about published figures: unreadable cells, contradictions, sums, sudden changes of household size."""

from pathlib import Path

import polars as pl

from taama.base.parameters import read_parameters
from taama.facts.tools import ERROR, FINDING_COLUMNS, WARNING, findings
from taama.series.methods import SeriesPoint, series_breaks
from taama.series.tools.published_series.lines import FLOW, STOCK_KIND

PARAMETERS = read_parameters(Path(__file__).parents[2] / "parameters.toml")
FIGURE = ["submission", "read/place", "read/date", "read/group"]
FINDINGS = dict.fromkeys(FINDING_COLUMNS, pl.String) | {"row": pl.Int64}
DAYS_OFF_BY = 0.01  # a published average is rounded, and so is the number of days behind it


def sound(sent, known):
    """The lines without an error: they alone become facts."""
    faulty = pl.concat([check(sent, known).filter(pl.col("level") == ERROR) for check in CHECKS])
    return sent.main.join(faulty.select("submission", "row").unique(), on=["submission", "row"], how="anti")


def unreadable(sent, known):
    rows = sent.main.explode("troubles").drop_nulls("troubles").select(
        "submission", "row", pl.col("troubles").alias("column")
    )  # fmt: skip
    found = findings(rows, level=ERROR, code="series.cell_unreadable", field="", values=["column"])
    return found.with_columns(rows["column"].alias("field"))


def unknown_place(sent, known):
    """A place is written by its key: `ML05@2021-12-20`."""
    rows = _stock(sent).filter(
        ~pl.col("read/place").fill_null("").is_in(known["places.areas"]["key"].to_list())
    )
    rows = rows.with_columns(pl.col("read/place").alias("key"))
    return findings(rows, level=ERROR, code="series.place_unknown", field="place", values=["key"])


def contradicting(sent, known):
    """Two values of one figure: neither becomes a fact until a person has chosen."""
    found = []
    for unit in ("people", "households"):
        rows = _stock(sent).drop_nulls(f"read/{unit}").with_columns(
            pl.col(f"read/{unit}").n_unique().over(FIGURE).alias("different"),
            pl.col(f"read/{unit}").unique().sort().implode().over(FIGURE).alias("values"),
        )  # fmt: skip
        wrong = rows.filter(pl.col("different") > 1)
        found.append(findings(wrong, level=ERROR, code="series.contradicts", field=unit, values=["values"]))
    return pl.concat(found)


def broken_series(sent, known):
    """A household size that changes at once, or people who move faster than people can, tell of another way of counting."""
    rows = _stock(sent).drop_nulls(["read/date", "read/people"])
    found = [pl.DataFrame(schema=FINDINGS)]
    for _, figures in rows.group_by("submission", "read/place", "read/group", maintain_order=True):
        points = {each["read/date"]: each for each in figures.to_dicts()}
        series = [
            SeriesPoint(day, each["read/people"], each["read/households"]) for day, each in points.items()
        ]
        for each in series_breaks(series, **_limits(max(points))):
            row = {name: points[each.until][name] for name in ("submission", "row")}
            values = {name: round(float(value), 1) for name, value in each.values.items()}
            frame = pl.DataFrame([row | values | {"since": each.after.isoformat()}])
            shown = [*values, "since"]
            found.append(findings(frame, level=WARNING, code=each.code, field="people", values=shown))
    return pl.concat(found)


def _limits(day):
    names = ("household_size_percent", "change_percent_per_month")
    return {"coverage_points": 100} | {name: PARAMETERS.value(f"break_{name}", day) for name in names}


def flow_sums(sent, known):
    """Rule 17. In and out make the total; the daily average is the total over the days of the months covered."""
    rows = sent.main.filter(pl.col("kind") == FLOW).with_columns(
        (pl.col("read/incoming") + pl.col("read/outgoing")).alias("sum"), pl.col("read/people").alias("total"),
        pl.col("read/people_per_day").alias("average"), pl.col("read/month").dt.offset_by("1mo").alias("_next"),
    )  # fmt: skip
    wrong = rows.filter(pl.col("sum") != pl.col("total"))
    days = (pl.col("_next") - pl.col("read/month")).dt.total_days()
    rows = rows.filter(pl.col("read/months_covered") == 1).with_columns(
        (pl.col("total") / days).round(1).alias("computed")
    )
    off = rows.filter((pl.col("average") - pl.col("computed")).abs() > DAYS_OFF_BY * pl.col("computed") + 0.5)
    return pl.concat([
        findings(wrong, level=WARNING, code="series.flow_sum", field="people", values=["sum", "total"]),
        findings(off, level=WARNING, code="series.flow_average", field="people_per_day", values=["average", "computed"]),
    ])  # fmt: skip


def notes(sent, known):
    """What the one who gathered the figure wrote beside it is shown with it."""
    rows = sent.main.drop_nulls("read/note").with_columns(pl.col("read/note").alias("note"))
    return findings(rows, level=WARNING, code="series.note", field="note", values=["note"])


def _stock(sent):
    return sent.main.filter(pl.col("kind") == STOCK_KIND)


CHECKS = (unreadable, unknown_place, contradicting, broken_series, flow_sums, notes)
