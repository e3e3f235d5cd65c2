"""What can be known of figures that others published: every one of them."""

from taama.series.queries.figures import METHODS, all_figures

__all__ = ["METHODS", "all_figures"]
