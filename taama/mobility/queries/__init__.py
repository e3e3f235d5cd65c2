"""What can be known about people on the move: context for the tools, and every figure."""

from taama.mobility.queries.context import form_media, previous_stock
from taama.mobility.queries.figures import METHODS, all_figures

__all__ = ["METHODS", "all_figures", "form_media", "previous_stock"]
