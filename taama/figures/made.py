"""What is built: a figure, its change against an earlier one, and what a page shows besides."""

from dataclasses import dataclass, field

from taama.figures.figure import Figure


@dataclass(frozen=True)
class Made:
    """A figure ready to be kept. `change`: {from, from_value, value, percent} or {from, reason, values}, or None."""

    figure: Figure
    change: dict | None = None
    extra: dict = field(default_factory=dict)


def difference(earlier_period, earlier, later, **more):
    """The change of a volume, for `Made.change`."""
    percent = 100 * (later - earlier) / earlier if earlier else None
    return {
        "from": earlier_period,
        "from_value": earlier,
        "value": later - earlier,
        "percent": percent,
    } | more


def withheld(earlier_period, reason, values=None):
    """Why there is no change, for `Made.change`."""
    return {"from": earlier_period, "reason": reason, "values": plain(values or {})}


def plain(values):
    """Values that JSON can hold."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }
