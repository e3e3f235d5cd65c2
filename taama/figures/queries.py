"""What figures can be known. Published snapshots are for everybody, the working one for those who work on it."""

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.periods import BAMAKO
from taama.base.policy import ANYONE, SYSTEM
from taama.figures.models import PublishedFigure, Snapshot


@query("figures.snapshots", allow=(ANYONE,))
def snapshots(viewer):
    """Published snapshots that stand, newest first."""
    return every_snapshot(viewer).filter(withdrawn_at__isnull=True)


@query("figures.every_snapshot", allow=(ANYONE,))
def every_snapshot(viewer):
    """Published snapshots, the withdrawn ones too, newest first: for lists that say which are withdrawn and why."""
    found = Snapshot.objects.filter(kind=Snapshot.Kind.PUBLISHED)
    return found.select_related("replaced_by").order_by("-number")


@query("figures.snapshot", allow=(ANYONE,))
def snapshot(viewer, number=None):
    """The published snapshot of this number, or the newest that stands; raises when there is none, or it is withdrawn."""
    if number is not None:
        found = every_snapshot(viewer).filter(number=number).first()
        if found is None:
            raise TaamaError("figures.no_snapshot", values={"number": number}, status=404)
        return _standing(found)
    if (newest := snapshots(viewer).first()) is None:
        raise TaamaError("figures.none_published", status=404)
    return newest


def _standing(found):
    """The snapshot; raises with reason and replacement (410) when it is withdrawn."""
    if found.withdrawn_at is None:
        return found
    instead = _replacement(found)
    values = {
        "code": found.code,
        "day": found.withdrawn_at.astimezone(BAMAKO).date(),
        "reason": found.withdrawn_reason,
    }
    code = "figures.withdrawn_replaced" if instead else "figures.withdrawn"
    raise TaamaError(code, values=values | ({"instead": instead.code} if instead else {}), status=410)


def _replacement(withdrawn):
    """The snapshot that stands in place of a withdrawn one; one that was itself withdrawn passes on to its own."""
    found, passed = withdrawn.replaced_by, set()
    while found is not None and found.withdrawn_at is not None and found.pk not in passed:
        passed.add(found.pk)
        found = found.replaced_by
    return found if found is not None and found.withdrawn_at is None else None


WORKERS = ("data_manager", "information_officer", "validator", "administrator", SYSTEM)


@query("figures.working", allow=WORKERS)
def working(viewer):
    """The working snapshot, or None."""
    return Snapshot.objects.filter(kind=Snapshot.Kind.WORKING).first()


@query("figures.figures", allow=(ANYONE,))
def figures(viewer, of, **where):
    """Figures of a snapshot, as a QuerySet: filter by series, definition, place, period."""
    if _standing(of).kind == Snapshot.Kind.WORKING:
        viewer.require("figures.working")
    return PublishedFigure.objects.filter(snapshot=of, **where).order_by(
        "definition", "place", "as_of", "key"
    )


@query("figures.figure", allow=(ANYONE,))
def figure(viewer, pk):
    """One figure with its snapshot; raises when it is not there, withdrawn, or not for this viewer."""
    found = PublishedFigure.objects.select_related("snapshot__replaced_by").filter(pk=pk).first()
    if found is None or (found.snapshot.kind == Snapshot.Kind.WORKING and not viewer.may("figures.working")):
        raise TaamaError("figures.no_figure", status=404)
    _standing(found.snapshot)
    return found


@query("figures.earlier", allow=(ANYONE,))
def same_in_other_snapshots(viewer, key):
    """The figure of this key in every published snapshot that stands, newest first: what was revised."""
    found = PublishedFigure.objects.filter(key=key, snapshot__in=snapshots(viewer))
    return found.select_related("snapshot").order_by("-snapshot__number")
