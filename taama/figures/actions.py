"""What can be done with figures: keep the working ones, publish a snapshot for ever."""

from dataclasses import dataclass, field, fields

from django.db.models import Max
from django.utils import timezone

from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.base.policy import SYSTEM
from taama.figures.figure import Figure
from taama.figures.models import PublishedFigure, Snapshot

LONGEST_REASON = Snapshot._meta.get_field("withdrawn_reason").max_length
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


PUBLISHERS = ("information_officer", "validator", SYSTEM)


@action("figures.publish_snapshot", allow=PUBLISHERS, everywhere=True)
def publish_snapshot(*, by, title, figures, basis):
    """Freeze these figures under the next number."""
    number = (Snapshot.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    return _keep(Snapshot.Kind.PUBLISHED, number, title, figures, basis)


@action("figures.withdraw_snapshot", allow=PUBLISHERS, everywhere=True)
def withdraw_snapshot(*, by, number, reason, replaced_by=None):
    """Withdraw a published snapshot: readers are told the reason and what replaces it. Nothing of it is deleted.

    Called again, it may only name another replacement: the reason that readers were told stands.

    number, replaced_by   numbers of published snapshots; the second must stand and be another one
    """
    found = _published(number)
    if not reason.strip() and found.withdrawn_at is None:
        raise TaamaError("figures.withdrawal_needs_a_reason")
    if found.withdrawn_at is None:
        found.withdrawn_at, found.withdrawn_reason = timezone.now(), reason.strip()
    elif reason.strip() not in ("", found.withdrawn_reason):
        raise TaamaError("figures.withdrawn_already", values={"code": found.code}, status=409)
    if len(found.withdrawn_reason) > LONGEST_REASON:
        raise TaamaError("figures.reason_too_long", values={"most": LONGEST_REASON})
    found.replaced_by = None if replaced_by is None else _replacing(found, _published(replaced_by))
    found.save(update_fields=["withdrawn_at", "withdrawn_reason", "replaced_by"])
    return found


def _published(number):
    found = Snapshot.objects.select_for_update().filter(kind=Snapshot.Kind.PUBLISHED, number=number).first()
    if found is None:
        raise TaamaError("figures.no_snapshot", values={"number": number}, status=404)
    return found


def _replacing(withdrawn, other):
    if other.pk == withdrawn.pk or other.withdrawn_at is not None:
        raise TaamaError("figures.no_replacement", values={"code": other.code})
    return other


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
