"""From facts to figures: which totals, parts and changes are published, each with what defends it. Pure."""

from taama.mobility.methods.building.flows import flow_figures
from taama.mobility.methods.building.protecting import protected
from taama.mobility.methods.building.rounds import round_figures

__all__ = ["flow_figures", "protected", "round_figures"]
