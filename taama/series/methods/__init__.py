"""How published figures become ours to show: where their series break, and what may be compared. Pure."""

from taama.series.methods.breaks import Break, DeclaredBreak, SeriesPoint, series_breaks

__all__ = ["Break", "DeclaredBreak", "SeriesPoint", "series_breaks"]
