"""How much a figure rests on: coverage, age, credibility."""

import narwhals as nw

from taama.facts.frames import any_engine, refuse
from taama.mobility.methods.stock import aggregated, count_where, people_where


@any_engine
def coverage(assessments, planned, *, by=()):
    """How many of the places that should have been assessed were.

    A figure carried forward from an earlier round is no assessment and does not count.

    assessments  frame[place, status: assessed or not_assessed, …] of one round, several rows for a place allowed;
                 Polars, DuckDB or Spark
    planned      frame[place, and `by`], one row per place that the round should reach, of the same engine
    by           columns of `planned`, one row for each of their values
    Returns      frame[by, planned, assessed, tried: int]: places planned, of them assessed, of them tried but not
                 reached; a place that was never reported is in neither. Places outside the plan are not counted
    Raises       MethodError naming the place: planned twice

    >>> import polars as pl
    >>> planned = pl.DataFrame({"place": ["P1", "P2", "P3"]})
    >>> visits = pl.DataFrame({"place": ["P1", "P2"], "status": ["assessed", "not_assessed"]})
    >>> coverage(visits, planned).row(0)
    (3, 1, 1)
    """
    counts = planned.group_by("place").agg(nw.len().alias("rows"))
    refuse(counts.filter(nw.col("rows") > 1), "mobility.place_planned_twice", ["place"])
    reached = nw.when(nw.col("status") == "assessed").then(nw.lit(1)).otherwise(nw.lit(0))
    best = assessments.group_by("place").agg(reached.max().alias("_reached"))
    joined = planned.join(best, on="place", how="left")
    return aggregated(joined, list(by), [
        nw.len().cast(nw.Int64).alias("planned"),
        count_where(nw.col("_reached") == 1).cast(nw.Int64).alias("assessed"),
        count_where(nw.col("_reached") == 0).cast(nw.Int64).alias("tried"),
    ]).with_columns(nw.col("assessed", "tried").fill_null(0))  # fmt: skip


@any_engine
def data_age(stock, *, on, by=()):
    """How old a total is: days since its places were really assessed, weighted by the people counted there.

    stock     frame[people: int >= 0 or null, assessed_on: date or null, and `by`]; Polars, DuckDB or Spark
    on        the day from which the age is counted, a date
    by        columns, one row for each of their values
    Returns   frame[by, age_days: float, oldest_days: int, people_dated: int]: mean age in days, age of the oldest
              assessment, people whose assessment has a date; the ages are null where nobody's has
    Raises    MethodError naming the day: an assessment after `on`

    >>> import polars as pl
    >>> from datetime import date
    >>> stock = pl.DataFrame({"people": [300, 100], "assessed_on": [date(2023, 4, 30), date(2023, 1, 20)]})
    >>> data_age(stock, on=date(2023, 4, 30)).row(0)
    (25.0, 100, 400)
    """
    dated = stock.filter(~(nw.col("assessed_on").is_null() | nw.col("people").is_null()))
    refuse(dated.filter(nw.col("assessed_on") > nw.lit(on)), "mobility.assessed_later", ["assessed_on"])
    dated = dated.with_columns((on.toordinal() - _ordinal(nw.col("assessed_on"))).alias("_days"))
    weighted = aggregated(dated, list(by), [
        (nw.col("_days") * nw.col("people")).sum().cast(nw.Float64).alias("_weighted"),
        nw.col("_days").max().cast(nw.Int64).alias("oldest_days"),
        nw.col("people").sum().cast(nw.Int64).alias("people_dated"),
    ])  # fmt: skip
    people = nw.col("people_dated").fill_null(0)
    mean = nw.when(people > 0).then(nw.col("_weighted") / nw.col("people_dated").cast(nw.Float64))
    return weighted.select(*by, mean.alias("age_days"), "oldest_days", people.alias("people_dated"))


def _ordinal(day):
    """The day's number in the calendar, as `date.toordinal`: engines do not agree on the type of a difference."""
    before = day.dt.year().cast(nw.Int64) - 1
    return 365 * before + before // 4 - before // 100 + before // 400 + day.dt.ordinal_day().cast(nw.Int64)


@any_engine
def grade_mix(stock, *, by=()):
    """Which share of a total has which credibility grade.

    stock     frame[people: int >= 0 or null, grade: A, B, C or null, status, and `by`]; Polars, DuckDB or Spark
    by        columns, one mix for each of their values
    Returns   frame[by, grade: A, B, C, carried (from an earlier round, whatever its grade) or none; people: int;
              share: float, 0 to 1]; a grade that nobody has is absent

    >>> import polars as pl
    >>> stock = pl.DataFrame({"people": [30, 50, 20], "grade": ["A", "B", "A"],
    ...                       "status": ["assessed", "assessed", "carried"]})
    >>> sorted(grade_mix(stock).select("grade", "share").rows())
    [('A', 0.3), ('B', 0.5), ('carried', 0.2)]
    """
    by = list(by)
    carried = nw.when(nw.col("status") == "carried").then(nw.lit("carried"))
    told = nw.coalesce(carried, nw.col("grade"), nw.lit("none"))
    graded = stock.filter(nw.col("people") > 0).with_columns(told.alias("grade"))
    summed = graded.group_by(*by, "grade").agg(
        people_where(nw.col("people") > 0).cast(nw.Int64).alias("people")
    )
    people = nw.col("people").sum()
    base = people.over(*by) if by else people
    return summed.with_columns((nw.col("people").cast(nw.Float64) / base.cast(nw.Float64)).alias("share"))
