"""How the figures of mobility are computed: the same on Polars, DuckDB and Spark. Nothing is rounded here."""

from taama.mobility.methods.change import like_for_like_change, point_change, relative_change
from taama.mobility.methods.flow import daily_average, flow_change, observed_days
from taama.mobility.methods.grade import credibility_grade
from taama.mobility.methods.quality import coverage, data_age, grade_mix
from taama.mobility.methods.stock import latest_stock, shares, stock_totals

__all__ = [
    "coverage",
    "credibility_grade",
    "daily_average",
    "data_age",
    "flow_change",
    "grade_mix",
    "latest_stock",
    "like_for_like_change",
    "observed_days",
    "point_change",
    "relative_change",
    "shares",
    "stock_totals",
]
