"""Looking through what arrived: how it was collected, and whether it keeps the rules of its own form.

Pending work is a submission without an interview. Recent ones are looked for often, all of them once an hour.
"""

import logging
from datetime import timedelta
from functools import lru_cache

from django.db.models import Q
from django.utils import timezone

from taama.base import files
from taama.base.errors import TaamaError
from taama.base.periods import BAMAKO
from taama.base.policy import WORKER
from taama.collect.models import Attachment, Submission
from taama.forms.methods.outline import read_outline
from taama.forms.models import Form, FormVersion
from taama.forms.queries import confidential
from taama.logic.methods import breaches, logic_of, unknown_answers
from taama.logic.methods.filled import Filled, read_filled
from taama.places import queries as places
from taama.places.methods.geo import distance_km
from taama.review.actions.looking import forget_erased, note_looks, read_again
from taama.review.methods import measures
from taama.review.methods.cutoffs import cut, cuts_of
from taama.review.methods.roles import Roles, roles_of
from taama.review.models import Doubt, FormRule, Interview

BATCH = 200
RECENT = timedelta(days=2)
COMPARED = 200  # the latest interviews of the same enumerator
LONGEST_AUDIT = 5_000_000
NAMED_PATHS = 10  # of what the form does not know
MOST_DOUBTS = 100  # of one submission: with more it is the form that is wrong
log = logging.getLogger("taama.review")


def look_at_recent():
    """Look through some of what came lately, and forget what was erased. Returns how many."""
    forget_erased(by=WORKER)
    _forget_confidential()
    return _look(_unseen().filter(received_at__gte=timezone.now() - RECENT))


def look_at_all():
    """Look through some of what nobody looked through yet, however old."""
    _forget_confidential()
    return _look(_unseen())


def _forget_confidential():
    """What another version of a form protects since leaves what was read in its submissions."""
    protected = FormVersion.objects.exclude(classes={}).values("form")
    before = dict(FormRule.objects.exclude(secret=[]).values_list("form", "secret"))
    for form in Form.objects.filter(Q(pk__in=protected) | Q(pk__in=before)):
        secret = sorted(confidential(WORKER, form.form_id))
        if secret != before.get(form.pk, []):
            read_again(by=WORKER, form=form, secret=secret)


def _unseen():
    wanted = Submission.objects.filter(origin=Submission.Origin.OPENROSA, raw__isnull=False)
    return wanted.filter(interview__isnull=True, form_version__isnull=False)


def _look(unseen):
    found = unseen.select_related("form_version__form", "device").defer(
        "form_version__xform", "form_version__source"
    )
    batch = list(found.order_by("id")[:BATCH])
    if batch:
        look_through(batch)
    return len(batch)


def look_through(batch):
    """Read these submissions and note what they say."""
    reader = _Reader(batch)
    looks = [reader.look(submission) for submission in batch]
    note_looks(
        by=WORKER,
        interviews=[interview for interview, _ in looks],
        doubts=[d for _, more in looks for d in more],
    )


@lru_cache(maxsize=64)
def form_of(version, rule):
    """The outline of a form version and the roles of its questions. `rule`: (enumerator, round, consent) as somebody named them."""
    outline = read_outline(bytes(FormVersion.objects.get(pk=version).xform))
    return outline, roles_of(outline, *rule)


@lru_cache(maxsize=64)
def logic_of_version(version):
    """The rules of a form version, compiled once."""
    return logic_of(form_of(version, ("", "", ""))[0])


class _Reader:
    """What a batch needs to know: rules of forms, places that are named, logs of phones, earlier interviews."""

    def __init__(self, batch):
        forms = {s.form_version.form for s in batch}
        self.secret = {form.pk: confidential(WORKER, form.form_id) for form in forms}
        named = FormRule.objects.filter(form__in=forms)
        self.rules = {r.form_id: (r.enumerator_question, r.round_question, r.consent_question) for r in named}
        self.read = {s.pk: self._filled(s) for s in batch}
        self.places = _places({t for _, filled, roles in self.read.values() for t in _named(filled, roles)})
        logs = Attachment.objects.filter(submission__in=batch, filename="audit.csv", bytes__lt=LONGEST_AUDIT)
        self.logs = dict(logs.values_list("submission_id", "sha256"))
        self.earlier = {}

    def _filled(self, submission):
        try:
            form = submission.form_version.form_id
            outline, roles = form_of(submission.form_version_id, self.rules.get(form, ("", "", "")))
            filled = read_filled(bytes(submission.raw), outline)
            return outline, filled, roles.without(self.secret[form])
        except TaamaError as error:
            log.warning("form or submission not read", extra={"code": error.code})
            return None, Filled(), Roles(declines={})

    def look(self, submission):
        """Its Interview and its Doubts, not yet kept."""
        outline, filled, roles = self.read[submission.pk]
        interview = self._interview(submission, filled, roles)
        self._find_twin(interview)
        found = self._doubts(submission, outline, interview)
        interview.doubts = len(found)
        return interview, found

    def _interview(self, submission, filled, roles):
        told = (filled.text(roles.started), filled.text(roles.ended), submission.received_at)
        day = submission.received_at.astimezone(BAMAKO).date()
        times = measures.times_of(*told, cuts_of(measures.Cuts, day))
        tally = measures.tally_of(filled, roles)
        spot, place = self._place(filled, roles)
        position = _position(filled, roles)
        ended = times.ended_at if times.ended_at and not times.clock_wrong else submission.received_at
        return Interview(
            submission=submission, form=submission.form_version.form, enumerator=_who(submission, filled, roles),
            place=place.code if place else "", round=filled.text(roles.round)[:40], day=ended.astimezone(BAMAKO).date(),
            started_at=times.started_at, ended_at=times.ended_at, late_hours=times.late_hours,
            asked_minutes=self._minutes(submission) or times.minutes, lat=position and position[0],
            lon=position and position[1], away_km=_away(position, place), clock_wrong=times.clock_wrong,
            outside_hours=times.outside_hours, answers=measures.answers_hashed(filled, roles, (spot, roles.round)),
            **vars(tally),
        )  # fmt: skip

    def _minutes(self, submission):
        address = self.logs.get(submission.pk)
        path = address and files.path_of(address)
        return measures.minutes_on_questions(path.read_bytes()) if path and path.exists() else None

    def _place(self, filled, roles):
        """The path of the first answer that names a known place, and the place."""
        for path in roles.places:
            if found := self.places.get(filled.text(path)):
                return path, found
        return "", None

    def _find_twin(self, interview):
        key = (interview.form_id, interview.enumerator)
        if key not in self.earlier:
            known = Interview.objects.filter(form=interview.form_id, enumerator=interview.enumerator)
            known = known.exclude(submission__state__in=("replaced", "erased", "withdrawn"))
            latest = known.order_by("-day").values_list("submission_id", "answers")[:COMPARED]
            self.earlier[key] = [(pk, measures.entries(bytes(answers or b""))) for pk, answers in latest]
        mine = measures.entries(interview.answers)
        others = [one for one in self.earlier[key] if one[0] != interview.submission.replaces_id]
        twin, percent = measures.closest(mine, others, cut("alike_questions", interview.day))
        interview.twin_id, interview.alike_percent = twin, percent
        self.earlier[key].append((interview.submission_id, mine))

    def _doubts(self, submission, outline, interview):
        """Where it breaks the rules of its form, as they stood at the moment of the interview."""
        if outline is None or submission.form_version_id is None:
            return []
        logic = logic_of_version(submission.form_version_id)
        found = breaches(logic, self.read[submission.pk][1], interview.moment.astimezone(BAMAKO))
        return _unknown(submission, outline) + [
            Doubt(
                submission=submission,
                code=one.code,
                path=one.path[:300],
                rows=".".join(map(str, one.rows)),
                values=one.values,
            )
            for one in found[:MOST_DOUBTS]
        ]


def _unknown(submission, outline):
    """A doubt that names what the form does not know: its paths alone, for what was answered there has no class."""
    paths = list(dict.fromkeys(path for path, _ in unknown_answers(bytes(submission.raw), outline)))
    if not paths:
        return []
    named = ", ".join(paths[:NAMED_PATHS]) + (" …" if len(paths) > NAMED_PATHS else "")
    values = {"count": len(paths), "paths": named}
    return [Doubt(submission=submission, code="review.unknown_answers", values=values)]


def _who(submission, filled, roles):
    """Who asked: as the form says, else the phone's account."""
    told = filled.text(roles.enumerator)
    account = submission.device.username if submission.device else submission.client_device
    return (told or account)[:120]


def _named(filled, roles):
    return {text for path in roles.places if (text := filled.text(path))}


def _places(codes):
    """Code → locality, site or point."""
    known = (places.localities(WORKER), places.sites(WORKER), places.points(WORKER))
    return {place.code: place for found in known for place in found.filter(code__in=codes)}


def _position(filled, roles):
    """Latitude and longitude of the first geopoint that was answered; 0 0 is a phone that found none."""
    for path in roles.positions:
        try:
            lat, lon = (float(part) for part in filled.text(path).split()[:2])
        except ValueError:
            continue
        if -90 <= lat <= 90 and -180 <= lon <= 180 and (lat, lon) != (0, 0):
            return lat, lon
    return None


def _away(position, place):
    if position is None or place is None or place.lat is None:
        return None
    return distance_km(*position, place.lat, place.lon)
