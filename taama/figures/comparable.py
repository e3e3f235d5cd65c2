"""May the change from one figure to another be stated? Yes, after adding areas up, or no and why. Django-free."""

from dataclasses import dataclass, field

from taama.figures.figure import SIMULATED
from taama.places.methods.lineage import Common, common_area

YES = "yes"
AFTER_REAGGREGATION = "after_reaggregation"  # only for the union of areas in `ground`
NO = "no"


@dataclass(frozen=True)
class Comparable:
    """The verdict. `code` names the text of the reason and `values` what it shows; `ground` the areas in common."""

    answer: str
    code: str = ""
    values: dict = field(default_factory=dict)
    ground: Common | None = None


def comparable(a, b, links, *, available=None, coverage_floor=0.8, panel_floor=0.6, breaks=()):
    """Whether the change from one figure to another says something about people, not about counting.

    a, b            Figure, the earlier and the later one
    links           lineage between areas of different versions, see `places.methods.lineage.common_area`
    available       keys of the areas for which such a figure exists on both days, each in its version;
                    None when the caller will look for them
    coverage_floor  share of the planned places, 0 to 1, that each figure must have covered; a figure whose coverage
                    is not known passes
    panel_floor     share of the places of either figure, 0 to 1, that must have been observed in both, where both say
                    which they observed. The change is then that of the places in common
    breaks          series breaks, with `after`, `until`, `code`, `values`: one that lies between the two forbids it
    Returns         Comparable: YES; AFTER_REAGGREGATION with `ground`, the smallest sets of areas, of the version of
                    each, that cover the same land; NO with the code of the reason
    Source          rule of taama, for the boundaries of Mali that changed in 2015, 2021 and 2023

    >>> from datetime import date
    >>> from taama.figures.figure import Figure
    >>> def idps(place, period, value):
    ...     return Figure("mobility.idp_present", place, place.partition("@")[2], period, date.fromisoformat(period),
    ...                   "people", value, series="dtm_mali")
    >>> from taama.places.methods.lineage import Link
    >>> links = [Link("ML05@2021", f"{name}@2023", "split") for name in ("mopti", "bandiagara", "douentza")]
    >>> before, after = idps("ML05@2021", "2022-07-31", 189_356), idps("mopti@2023", "2023-04-30", 73_242)
    >>> verdict = comparable(before, after, links, available=[before.place, after.place])
    >>> verdict.answer, verdict.code, verdict.values["missing"]
    ('no', 'figures.boundary_change', ['bandiagara@2023', 'douentza@2023'])
    """
    ground = common_area(a.place, b.place, links)
    reasons = (
        _unlike(a, b),
        _uncovered(a, coverage_floor) or _uncovered(b, coverage_floor),
        _other_panel(a, b, panel_floor),
        _broken(a, b, breaks),
    )
    for code, values in filter(None, reasons):
        return Comparable(NO, code, values, ground)
    if ground is None:
        code = "figures.other_place" if a.version == b.version else "figures.no_lineage"
        return Comparable(NO, code, {"one": a.place, "other": b.place})
    if ground.of_a == {a.place} and ground.of_b == {b.place}:
        return Comparable(YES, ground=ground)
    return _on_other_ground(a, b, ground, available)


def _on_other_ground(a, b, ground, available):
    """The boundary moved: only unions of areas compare, when each of them has its figure."""
    needed = (ground.of_a | ground.of_b) - {a.place, b.place}
    missing = [] if available is None else sorted(needed - set(available))
    values = {"ground": ground.name, "needed": sorted(needed), "missing": missing}
    answer = NO if missing else AFTER_REAGGREGATION
    return Comparable(answer, "figures.boundary_change", values, ground)


def _unlike(a, b):
    """Two numbers that never meant the same."""
    for figure in (a, b):
        if figure.value is None:
            return "figures.no_value", {"period": figure.period}
    for code, one, other in (
        ("figures.other_definition", a.definition, b.definition),
        ("figures.other_category", a.category, b.category),
        ("figures.other_unit", a.unit, b.unit),
        ("figures.other_series", a.series, b.series),
        ("figures.only_one_simulated", SIMULATED in a.marks, SIMULATED in b.marks),
    ):
        if one != other:
            return code, {"one": _said(one), "other": _said(other)}
    return None


def _said(value):
    return ", ".join(f"{k}={v}" for k, v in sorted(value.items())) if isinstance(value, dict) else value


def _uncovered(figure, floor):
    share = figure.coverage.share if figure.coverage else None
    if share is None or share >= floor:
        return None
    values = {"period": figure.period, "done": figure.coverage.done, "planned": figure.coverage.planned}
    return "figures.coverage_low", values | {"percent": 100 * share, "floor_percent": 100 * floor}


def _other_panel(a, b, floor):
    """Each saw too many places that the other did not see."""
    if not (a.panel and b.panel):
        return None
    both = len(a.panel & b.panel)
    if both >= floor * max(len(a.panel), len(b.panel)):
        return None
    return "figures.other_panel", {"both": both, "one": len(a.panel), "other": len(b.panel)}


def _broken(a, b, breaks):
    first, last = sorted((a.as_of, b.as_of))
    for each in breaks:
        if first <= each.after and each.until <= last:
            return each.code, each.values
    return None
