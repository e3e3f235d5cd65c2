"""What can be done with figures: keep the working ones, publish a snapshot for ever."""

from dataclasses import dataclass, field

from django.db.models import Max
from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.policy import SYSTEM
from taama.figures.models import PublishedFigure, Snapshot


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


@action("figures.publish_snapshot", allow=("information_officer", "validator", SYSTEM))
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
    coverage = figure.coverage
    return PublishedFigure(
        snapshot=snapshot,
        key=figure.key,
        definition=figure.definition,
        place=figure.place,
        version=figure.version,
        period=figure.period,
        as_of=figure.as_of,
        unit=figure.unit,
        series=figure.series,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        category=figure.category,
        base=figure.base,
        coverage=None if coverage is None else vars(coverage),
        age_days=figure.age_days,
        grades=figure.grades,
        method=figure.method,
        sources=list(figure.sources),
        marks=sorted(figure.marks),
        change=change,
        extra=extra,
    )
