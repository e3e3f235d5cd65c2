"""What figures can be known. Published snapshots are for everybody, the working one for those who work on it."""

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.policy import ANYONE, SYSTEM
from taama.figures.models import PublishedFigure, Snapshot


@query("figures.snapshots", allow=(ANYONE,))
def snapshots(viewer):
    """Published snapshots, newest first."""
    return Snapshot.objects.filter(kind=Snapshot.Kind.PUBLISHED).order_by("-number")


@query("figures.snapshot", allow=(ANYONE,))
def snapshot(viewer, number=None):
    """The published snapshot of this number, or the newest; raises when there is none."""
    found = Snapshot.objects.filter(kind=Snapshot.Kind.PUBLISHED)
    found = found.order_by("-number") if number is None else found.filter(number=number)
    if (first := found.first()) is None:
        if number is not None:
            raise TaamaError("figures.no_snapshot", values={"number": number}, status=404)
        raise TaamaError("figures.none_published", status=404)
    return first


WORKERS = ("data_manager", "information_officer", "validator", "administrator", SYSTEM)


@query("figures.working", allow=WORKERS)
def working(viewer):
    """The working snapshot, or None."""
    return Snapshot.objects.filter(kind=Snapshot.Kind.WORKING).first()


@query("figures.figures", allow=(ANYONE,))
def figures(viewer, of, **where):
    """Figures of a snapshot, as a QuerySet: filter by series, definition, place, period."""
    if of.kind == Snapshot.Kind.WORKING:
        viewer.require("figures.working")
    return PublishedFigure.objects.filter(snapshot=of, **where).order_by(
        "definition", "place", "as_of", "key"
    )


@query("figures.figure", allow=(ANYONE,))
def figure(viewer, pk):
    """One figure with its snapshot; raises when it is not there or not for this viewer."""
    found = PublishedFigure.objects.select_related("snapshot").filter(pk=pk).first()
    if found is None or (found.snapshot.kind == Snapshot.Kind.WORKING and not viewer.may("figures.working")):
        raise TaamaError("figures.no_figure", status=404)
    return found


@query("figures.earlier", allow=(ANYONE,))
def same_in_other_snapshots(viewer, key):
    """The figure of this key in every published snapshot, newest first: what was revised."""
    return (
        PublishedFigure.objects.filter(key=key, snapshot__kind=Snapshot.Kind.PUBLISHED)
        .select_related("snapshot")
        .order_by("-snapshot__number")
    )
