"""People passing at flow monitoring points: per day really observed, and change over points observed in both."""

import narwhals as nw

from taama.facts.frames import any_engine, refuse


@any_engine
def observed_days(point_days):
    """Days on which each point was really observed.

    point_days  frame[point, date, status, …], as `mobility.point_day`; several rows for a day (two teams) count once;
                Polars, DuckDB or Spark
    Returns     frame[point: str, days: int >= 1]; a point never observed is absent

    >>> import polars as pl
    >>> days = pl.DataFrame({"point": "F1", "date": [1, 2, 3], "status": ["observed", "closed", "observed"]})
    >>> observed_days(days).row(0)
    ('F1', 2)
    """
    seen = point_days.filter(nw.col("status") == "observed").select("point", "date").unique()
    return seen.group_by("point").agg(nw.len().cast(nw.Int64).alias("days"))


@any_engine
def daily_average(counts, observed_days):
    """Mean daily number of people seen at each flow monitoring point.

    counts         frame[point: str, date: date, people: int >= 0], one row per point and day; Polars, DuckDB or Spark
    observed_days  frame[point: str, days: int >= 1], days on which the point was really observed, of the same engine
    Returns        frame[point: str, people_per_day: float], people/day; a point never observed is absent, not 0;
                   an observed day without a row in `counts` is a day on which nobody passed
    Raises         MethodError naming point and date: negative count, duplicate day, more days with counts than
                   observed
    Source         IOM DTM Methodological Framework 2022, flow monitoring registry

    >>> import polars as pl
    >>> counts = pl.DataFrame({"point": ["F1", "F1"], "date": ["2022-03-01", "2022-03-02"], "people": [30, 60]})
    >>> daily_average(counts, pl.DataFrame({"point": ["F1"], "days": [3]})).row(0)
    ('F1', 30.0)
    """
    refuse(counts.filter(nw.col("people") < 0), "mobility.count_negative", ["point", "date", "people"])
    per_day = counts.group_by("point", "date").agg(nw.len().alias("rows"))
    refuse(per_day.filter(nw.col("rows") > 1), "mobility.day_twice", ["point", "date"])
    sums = counts.group_by("point").agg(
        nw.col("people").sum().cast(nw.Float64).alias("people"), nw.len().cast(nw.Int64).alias("counted")
    )
    joined = sums.join(observed_days.select("point", "days"), on="point", how="left")
    unobserved = nw.col("days").is_null() | (nw.col("counted") > nw.col("days"))
    refuse(joined.filter(unobserved), "mobility.days_unobserved", ["point", "counted", "days"])
    averages = observed_days.select("point", "days").join(sums, on="point", how="left")
    people = nw.col("people").fill_null(0.0)
    return averages.select("point", (people / nw.col("days").cast(nw.Float64)).alias("people_per_day"))


@any_engine
def flow_change(earlier, later):
    """Change of the daily number of people, over the points observed in both periods.

    A point that opens or closes would else be read as people coming or staying away.

    earlier, later  frame[point: str, people_per_day: float], as `daily_average` gives it; Polars, DuckDB or Spark
    Returns         one row: points_both, points_earlier, points_later: int; people_per_day_earlier,
                    people_per_day_later: people/day at the points in common; change_percent: float, null where there
                    are none or the earlier number is 0

    >>> import polars as pl
    >>> march = pl.DataFrame({"point": ["F1", "F2"], "people_per_day": [100.0, 50.0]})
    >>> april = pl.DataFrame({"point": ["F1", "F3"], "people_per_day": [110.0, 400.0]})
    >>> flow_change(march, april).row(0)
    (1, 2, 2, 100.0, 110.0, 10.0)
    """
    counted = [
        frame.select(nw.len().cast(nw.Int64).alias(f"points_{when}"))
        for frame, when in ((earlier, "earlier"), (later, "later"))
    ]
    pairs = earlier.select("point", nw.col("people_per_day").alias("before")).join(
        later.select("point", nw.col("people_per_day").alias("after")), on="point", how="inner"
    )
    sums = pairs.select(
        nw.len().cast(nw.Int64).alias("points_both"),
        nw.col("before").sum().alias("people_per_day_earlier"),
        nw.col("after").sum().alias("people_per_day_later"),
    )
    before, after = nw.col("people_per_day_earlier"), nw.col("people_per_day_later")
    some = nw.col("points_both") > 0
    return sums.join(counted[0], how="cross").join(counted[1], how="cross").select(
        "points_both", "points_earlier", "points_later",
        nw.when(some).then(before).alias("people_per_day_earlier"),
        nw.when(some).then(after).alias("people_per_day_later"),
        nw.when(some & (before > 0)).then(100.0 * (after - before) / before).alias("change_percent"),
    )  # fmt: skip
