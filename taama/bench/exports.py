"""A hundred thousand submissions of 250 questions, read into tables and taken out. Invented."""

import hashlib
import random
import resource
import time

from django.utils import timezone

from taama.base.models import new_id
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.models import Submission
from taama.desk.actions.exporting import ask_export, delete_export
from taama.desk.queries import exports
from taama.forms.actions.publishing import publish_form

QUESTIONS = {"integer": 80, "select_one list": 60, "text": 50, "decimal": 20, "select_multiple list": 20, "date": 10,
             "geopoint": 10}  # fmt: skip
POOLS = (2999, 4001, 4999, 6007, 7001)  # answers to one question
BATCH = 2000
CODES = [f"code_{n}" for n in range(8)]


def form():
    """The form as a table in Markdown."""
    lines = ["| survey | | | |", "| | type | name | label |"]
    lines += [f"| | {kind} | {name} | Question {name} |" for name, kind in _names()]
    lines += ["| choices | | | |", "| | list_name | name | label |"]
    lines += [f"| | list | {code} | Answer {code} |" for code in CODES]
    return "\n".join([*lines, "| settings | | |", "| | form_id | version |", "| | wide | 1 |"])


def _names():
    for kind, count in QUESTIONS.items():
        yield from ((f"{kind.partition(' ')[0]}_{n}", kind) for n in range(count))


def send(count):
    """That many instances, straight into the database: receiving is measured elsewhere. Returns bytes of one."""
    version = publish_form(by=OPERATOR, source=form().encode(), filename="wide.md")
    dice = random.Random(5)
    pools = [
        [f"<{name}>{_answer(kind, dice)}</{name}>" for _ in range(dice.choice(POOLS))]
        for name, kind in _names()
    ]
    for start in range(0, count, BATCH):
        made = [_submission(version, number, pools) for number in range(start, min(start + BATCH, count))]
        Submission.objects.bulk_create(made, batch_size=500)
    return len(made[-1].raw)


def _submission(version, number, pools):
    """No two are the same: each question goes round its own pool of answers, the pools have different lengths."""
    body = "".join([pool[number % len(pool)] for pool in pools]).replace("#", str(number))
    raw = f'<data id="wide" version="1">{body}<meta><instanceID>uuid:{number}</instanceID></meta></data>'.encode()
    return Submission(
        instance_id=f"uuid:{number}", form_version=version, origin=Submission.Origin.OPENROSA, raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(), received_at=timezone.now(), simulated=True,
        state=Submission.State.UNREAD,
    )  # fmt: skip


def _answer(kind, dice):
    if kind == "integer":
        return dice.randrange(10_000)
    if kind == "decimal":
        return f"{dice.random() * 100:.2f}"
    if kind == "date":
        return f"2026-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
    if kind == "geopoint":
        return f"{dice.uniform(10, 25):.6f} {dice.uniform(-12, 4):.6f} {dice.randrange(500)}.0 {dice.randrange(20)}.0"
    if kind == "select_multiple list":
        return " ".join(dice.sample(CODES, dice.randrange(1, 5)))
    return dice.choice(CODES) if kind == "select_one list" else f"text {dice.randrange(10**9)} #"


def fill():
    """Seconds in which the worker reads everything into the tables."""

    begin = time.perf_counter()
    run_until_idle(["tables"])
    return time.perf_counter() - begin


def take_out(format):
    """Seconds from asking until the file is ready, and its size."""

    begin = time.perf_counter()
    asked = ask_export(by=OPERATOR, key=new_id(), form=exports.exportable_forms(OPERATOR).get(form_id="wide"), format=format,
                       language="fr", options={}, filters={})  # fmt: skip
    run_until_idle(["exports"])
    seconds = time.perf_counter() - begin
    done = exports.export(OPERATOR, asked.pk)
    if done.state != done.State.DONE:
        raise RuntimeError(f"{format}: {done.code}")
    delete_export(by=OPERATOR, export=done)
    run_until_idle(["old_exports"])
    return {"seconds": seconds, "rows": done.rows, "megabytes": done.bytes / 1e6}


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
