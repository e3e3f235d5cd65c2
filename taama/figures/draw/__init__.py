"""Pictures as SVG with their table twin: maps, series, bars, pyramid, days, strips. Django-free.

Every function takes plain data and returns a Picture; colours differ in shape or pattern too.
Used by the page tags of figures, by reports and by datasets.
"""

from taama.figures.draw.bar_charts import bars, share_bars
from taama.figures.draw.days import PointDays, flow_days
from taama.figures.draw.land import Outline, outlines_of
from taama.figures.draw.map_rates import rate_map
from taama.figures.draw.map_symbols import symbol_map
from taama.figures.draw.picture import Column, Datum, Moment, Picture, Spot, responsive
from taama.figures.draw.pyramid import AgeGroup, sex_age
from taama.figures.draw.series import time_series
from taama.figures.draw.small import grade_strip, sparkline

__all__ = [
    "AgeGroup",
    "Column",
    "Datum",
    "Moment",
    "Outline",
    "Picture",
    "PointDays",
    "Spot",
    "bars",
    "flow_days",
    "grade_strip",
    "outlines_of",
    "rate_map",
    "responsive",
    "sex_age",
    "share_bars",
    "sparkline",
    "symbol_map",
    "time_series",
]
