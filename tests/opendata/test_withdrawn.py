"""A published figure says so when what it stands on is withdrawn later, itself or as the edit that took its place."""

import uuid
from datetime import date

import pytest
from django.utils import timezone

from taama.base.policy import ANONYMOUS
from taama.collect.models import Submission
from taama.opendata.queries.withdrawn import withdrawn_marks
from taama.review.queries.reviewing import APPROVAL
from tests.snapshots import MOPTI, figure

pytestmark = pytest.mark.django_db


def sent(name, replaces=None, state=Submission.State.DERIVED):
    return Submission.objects.create(
        instance_id=f"uuid:{uuid.uuid4()}", origin="openrosa", raw=name.encode(), sha256=name,
        received_at=timezone.now(), replaces=replaces, state=state,
    )  # fmt: skip


def marks_of(snapshot):
    row = snapshot.figures.get()
    return withdrawn_marks(ANONYMOUS, snapshot)(row.pk, row.marks)


@pytest.fixture
def cited(publish):
    """A submission, and a snapshot of one figure that cites it."""
    first = sent("first")
    day = date(2026, 3, 31)
    return first, publish([figure("idp_present", MOPTI, "2026-1", 120, as_of=day, sources=(str(first.pk),))])


def test_a_figure_whose_source_was_only_edited_bears_no_mark(cited):
    first, snapshot = cited
    Submission.objects.filter(pk=first.pk).update(state=Submission.State.REPLACED)
    sent("second", replaces=first)
    sent("other", state=Submission.State.WITHDRAWN)
    assert marks_of(snapshot) == []


@pytest.mark.parametrize(
    "state", [Submission.State.WITHDRAWN, Submission.State.ERASED, Submission.State.KEPT_OUT]
)
def test_a_figure_bears_the_mark_when_the_edit_of_its_source_leaves(cited, state):
    first, snapshot = cited
    Submission.objects.filter(pk=first.pk).update(state=Submission.State.REPLACED)
    second = sent("second", replaces=first, state=Submission.State.REPLACED)
    sent("third", replaces=second, state=state)
    assert marks_of(snapshot) == ["source_withdrawn"]


def test_a_rejection_taken_back_takes_the_mark_back_though_another_is_rejected(cited):
    first, snapshot = cited
    other = sent("other")
    Submission.objects.filter(pk=first.pk).update(state=Submission.State.KEPT_OUT)
    assert marks_of(snapshot) == ["source_withdrawn"]
    Submission.objects.filter(pk=first.pk).update(state=Submission.State.DERIVED)
    Submission.objects.filter(pk=other.pk).update(state=Submission.State.KEPT_OUT)
    assert marks_of(snapshot) == []


def test_an_edit_that_waits_for_approval_takes_nothing_back(cited):
    first, snapshot = cited
    Submission.objects.filter(pk=first.pk).update(state=Submission.State.REPLACED)
    second = sent("second", replaces=first, state=Submission.State.KEPT_OUT)
    Submission.objects.filter(pk=second.pk).update(reason=APPROVAL)
    assert marks_of(snapshot) == []
