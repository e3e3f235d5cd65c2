"""What can be done with figures: keep the working ones, publish a snapshot for ever."""

from dataclasses import dataclass, field, fields

from django.db.models import Max
from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.policy import SYSTEM
from taama.figures.figure import Figure
from taama.figures.models import PublishedFigure, Snapshot

NOT_KEPT = ("panel",)  # serves the comparison while figures are built


@dataclass(frozen=True)
class Basis:
    """What a set of figures stands on, so that it can be derived again."""

    position: int  # of the journal
    tables: dict = field(default_factory=dict)  # name → {version, rows, hash}
    tools: dict = field(default_factory=dict)
    methods: dict = field(default_factory=dict)
    parameters: dict = field(default_factory=dict)


@action("figures.keep_working", allow=(SYSTEM,))
def keep_working(*, by, figures, basis):
    """Make these the working figures. They are derived and change by the minute, so nothing is journalled.

    figures   list of (Figure, change, extra); see figures.models.PublishedFigure
    """
    Snapshot.objects.filter(kind=Snapshot.Kind.WORKING).delete()
    return Done(_keep(Snapshot.Kind.WORKING, None, "", figures, basis))


@action("figures.publish_snapshot", allow=("information_officer", "validator", SYSTEM), everywhere=True)
def publish_snapshot(*, by, title, figures, basis):
    """Freeze these figures under the next number."""
    number = (Snapshot.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    return _keep(Snapshot.Kind.PUBLISHED, number, title, figures, basis)


def _keep(kind, number, title, figures, basis):
    snapshot = Snapshot.objects.create(
        kind=kind,
        number=number,
        title=title,
        made_at=timezone.now(),
        position=basis.position,
        tables=basis.tables,
        tools=basis.tools,
        methods=basis.methods,
        parameters=basis.parameters,
        simulated=any("simulated" in figure.marks for figure, _, _ in figures),
    )
    rows = [_row(snapshot, figure, change, extra) for figure, change, extra in figures]
    PublishedFigure.objects.bulk_create(rows, batch_size=500)
    return snapshot


def _row(snapshot, figure, change, extra):
    kept = {one.name: getattr(figure, one.name) for one in fields(Figure) if one.name not in NOT_KEPT}
    kept["coverage"] = None if figure.coverage is None else vars(figure.coverage)
    kept |= {"sources": list(figure.sources), "marks": sorted(figure.marks)}
    return PublishedFigure(snapshot=snapshot, key=figure.key, change=change, extra=extra, **kept)
