"""What one submission says of how it was collected: by whom, when, how long, where, how carefully."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from taama.base.periods import BAMAKO

UNLIKE = ("geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode")
ENTRY = 8  # bytes of one answer: four of the question, four of what was answered
ON_QUESTIONS = ("question", "group questions")


@dataclass(frozen=True)
class Cuts:
    """The cut-offs in force on the day of the interview, as `parameters.toml` names them."""

    first_hour: int
    last_hour: int
    clock_ahead_minutes: int
    clock_behind_days: int


@dataclass(frozen=True)
class Times:
    """When an interview began and ended, and what is wrong with that. Times are aware; None where not said."""

    started_at: datetime | None
    ended_at: datetime | None
    minutes: float | None
    late_hours: float | None
    clock_wrong: bool
    outside_hours: bool


def times_of(started, ended, received_at, cuts):
    """The times of an interview.

    started, ended  text of the answers that the phone wrote by itself
    received_at     aware datetime of the receipt
    cuts            Cuts
    Returns         Times; a clock that cannot be right leaves no duration, delay or hour to judge
    Source          parameters `clock_ahead_minutes`, `clock_behind_days`, `first_hour`, `last_hour`
    """
    begin, end = _moment(started), _moment(ended)
    ahead = received_at + timedelta(minutes=cuts.clock_ahead_minutes)
    behind = received_at - timedelta(days=cuts.clock_behind_days)
    wrong = any(m is not None and not behind <= m <= ahead for m in (begin, end))
    wrong = wrong or bool(begin and end and end < begin)
    if wrong or end is None:
        return Times(begin, end, None, None, wrong, False)
    minutes = (end - begin).total_seconds() / 60 if begin else None
    late = max(0.0, (received_at - end).total_seconds() / 3600)
    hours = [m.astimezone(BAMAKO).hour for m in (begin, end) if m]
    outside = any(not cuts.first_hour <= hour < cuts.last_hour for hour in hours)
    return Times(begin, end, minutes, late, False, outside)


def _moment(text):
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=BAMAKO)


def minutes_on_questions(audit):
    """Minutes spent on questions, from the log that ODK Collect keeps of a form.

    audit     bytes of `audit.csv`. Only the first four columns of a line are read (event, node, start, end), so that
              lines of any length and quotes in old and new values do no harm; a line without times is left out
    Returns   float, or None where no line has times
    Source    ODK Collect audit log, events `question` and `group questions`, times in milliseconds

    >>> minutes_on_questions(b'event,node,start,end\\nquestion,/d/a,0,60000\\nquestion,/d/b,x\\nform exit,,9,9\\n')
    1.0
    """
    spent = []
    for line in audit.decode("utf-8", "replace").splitlines():
        event, _node, start, end = [*line.split(",", 4), "", "", "", ""][:4]
        if event.strip('" ') in ON_QUESTIONS and start.isdigit() and end.strip('"\r').isdigit():
            spent.append(max(0, int(end.strip('"\r')) - int(start)))
    return sum(spent) / 60_000 if spent else None


@dataclass(frozen=True)
class Tally:
    """How many questions were answered, how many of them with « I don't know »; whole numbers of two digits or more,
    and those that end in 0 or 5. `refused`: the question on consent was answered no."""

    answered: int
    declined: int
    numbers: int
    rounded: int
    refused: bool = False


def tally_of(filled, roles):
    """Counts over the answers to questions that people see.

    filled    Filled
    roles     Roles
    Returns   Tally
    """
    kinds = {q.path: q for q in roles.asked}
    told = [(kinds[path], text) for (path, _), text in filled.answers.items() if text and path in kinds]
    whole = [int(t) for q, t in told if q.type == "integer" and t.lstrip("-").isdigit()]
    long = [n for n in whole if abs(n) >= 10 and str(n) not in ("-77", "-88", "-98", "-99")]
    declined = sum(t in roles.declines[q.path] for q, t in told)
    refused = filled.text(roles.consent).lower() in roles.refusals
    return Tally(len(told), declined, len(long), sum(n % 5 == 0 for n in long), refused)


def answers_hashed(filled, roles, left_out=()):
    """The answers as short hashes, to compare submissions without keeping what was answered a second time.

    filled    Filled
    roles     Roles
    left_out  paths that say where and when, not what: the place, the round
    Returns   bytes, eight for each answer, sorted
    """
    kinds = {q.path: q.type for q in roles.asked if q.type not in UNLIKE and q.path not in left_out}
    told = sorted(
        _short(f"{path}@{rows}") + _short(text)
        for (path, rows), text in filled.answers.items()
        if text and path in kinds
    )
    return b"".join(told)


def _short(text):
    return blake2b(text.encode(), digest_size=4).digest()


def entries(hashed):
    """Hashed answers as question → answer.

    >>> entries(b"q1__a1__q2__a2__")
    {b'q1__': b'a1__', b'q2__': b'a2__'}
    """
    return {hashed[at : at + 4]: hashed[at + 4 : at + ENTRY] for at in range(0, len(hashed), ENTRY)}


def alike_percent(a, b, least):
    """How many of the questions that both answer have the same answer.

    a, b      question → answer, as `entries` returns them
    least     fewest questions that both must answer
    Returns   float from 0 to 100, or None where fewer are answered by both
    Source    Kuriakose and Robbins 2016, « Don't get duped », Statistical Journal of the IAOS 32(3)

    >>> alike_percent({1: "a", 2: "b"}, {1: "a", 2: "x"}, 2), alike_percent({1: "a"}, {1: "a"}, 2)
    (50.0, None)
    """
    shared = len(a.keys() & b.keys())
    return 100 * len(a.items() & b.items()) / shared if shared >= max(1, least) else None


def closest(mine, others, least):
    """The other submission whose answers are most alike.

    mine      question → answer, as `entries` returns them
    others    [(key, the same)]
    least     fewest questions that both must answer
    Returns   (key, percent) or (None, None)
    """
    told = ((key, alike_percent(mine, other, least)) for key, other in others)
    return max((one for one in told if one[1] is not None), key=lambda one: one[1], default=(None, None))
