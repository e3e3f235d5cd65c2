"""How far a place's figure may be believed."""

import narwhals as nw

from taama.facts.frames import any_engine

QUESTIONS = ("agrees_observation", "agrees_lists", "agrees_sources")


@any_engine
def credibility_grade(assessments, *, informants_middle, informants_enough, agreements_for_better):
    """The credibility grade of each assessment, from how it was made; no judgement enters.

    Fewer than `informants_middle` informants start at C, fewer than `informants_enough` at B, others at A. Enough
    answers "yes, for everything" raise the grade by one; an interview by telephone lowers it by one.

    assessments            frame[informants: int >= 0, mode: in_person or phone, agrees_observation, agrees_lists,
                           agrees_sources: everything, most, some or no], and any other columns; Polars, DuckDB or Spark
    informants_middle      informants from which the start is B
    informants_enough      informants from which the start is A
    agreements_for_better  answers "everything" that raise the grade
    Returns                the same frame with grade: A (the best), B or C; null when the mode or the number of
                           informants is not known, or nobody was asked
    Source                 approximates the score Green, Orange, Red of IOM DTM Sudan, mobility tracking round 3:
                           equal on 94 % of its 685 locations

    >>> import polars as pl
    >>> asked = pl.DataFrame({"informants": [3, 1], "mode": ["in_person", "phone"], "agrees_observation": "everything",
    ...                       "agrees_lists": "everything", "agrees_sources": "some"})
    >>> rule = dict(informants_middle=2, informants_enough=3, agreements_for_better=2)
    >>> credibility_grade(asked, **rule)["grade"].to_list()
    ['A', 'C']
    """
    informants = nw.col("informants")
    start = (
        nw.when(informants >= informants_enough)
        .then(nw.lit(2))
        .otherwise(nw.when(informants >= informants_middle).then(nw.lit(1)).otherwise(nw.lit(0)))
    )
    agreed = [nw.when(nw.col(q) == "everything").then(nw.lit(1)).otherwise(nw.lit(0)) for q in QUESTIONS]
    better = (
        nw.when(agreed[0] + agreed[1] + agreed[2] >= agreements_for_better)
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
    )
    worse = nw.when(nw.col("mode") == "phone").then(nw.lit(1)).otherwise(nw.lit(0))
    level = start + better - worse
    letter = (
        nw.when(level >= 2)
        .then(nw.lit("A"))
        .otherwise(nw.when(level >= 1).then(nw.lit("B")).otherwise(nw.lit("C")))
    )
    judged = (informants > 0) & ~nw.col("mode").is_null()
    return assessments.with_columns(nw.when(judged).then(letter).alias("grade"))
