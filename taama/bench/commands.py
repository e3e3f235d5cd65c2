"""`taama bench`: the figures of docs/performance.md, each measured several times in an office of its own."""

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime

import click
from django.utils.translation import gettext as _

from taama.bench import intake as client
from taama.bench import office
from taama.bench.intake import shares
from taama.project.commands.run import wait_until_answers, web_command

PARTS = ("intake", "latency", "derive", "million", "pages", "report", "export", "lists")


@click.command(help=_("Measure this machine: intake, time to facts, dashboards, page weights, report."))
@click.option(
    "--part", type=click.Choice(PARTS), multiple=True, help=_("Only this part; may be given several times.")
)
@click.option("--runs", default=5, show_default=True, help=_("How often each measurement is made."))
@click.option("--seconds", default=10.0, show_default=True, help=_("How long each intake run lasts."))
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON instead of a table."))
def bench(part, runs, seconds, as_json):
    rows = (row for name in part or PARTS for row in MEASURED[name](runs, seconds))
    if as_json:
        told = {"machine": machine(), "at": datetime.now(UTC).isoformat(), "results": list(rows)}
        click.echo(json.dumps(told, indent=1))
        return
    click.echo(machine())
    for row in rows:
        click.echo(line(row))


def machine():
    memory = round(_memory_bytes() / 2**30)
    return f"{platform.machine()}, {_cores()} cores, {memory} GiB, Python {platform.python_version()}, {platform.platform(terse=True)}"


def _cores():
    return os.cpu_count()


def _memory_bytes():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def spread(name, values, unit):
    """One row of the result: least, median and greatest of several runs."""
    return {"name": name, "unit": unit, "min": min(values), "median": statistics.median(values), "max": max(values),
            "runs": len(values)}  # fmt: skip


def within(name, values):
    """One row of the result: what half, 99 % and all of many answers took at most, in milliseconds."""
    half, most, all_ = shares(values, 0.5, 0.99, 1)
    return {"name": name, "unit": "ms", "p50": half, "p99": most, "max": all_, "answers": len(values)}


def line(row):
    if "p99" in row:
        told = _("half within %(p50).1f ms, 99 %% within %(p99).1f ms, all within %(max).1f ms") % row
        return f"{row['name']:<58} {told}" + (f", {row['per_second']:,.0f}/s" if "per_second" in row else "")
    if "median" not in row:
        return f"{row['name']:<58} {row['note']}"
    numbers = " ".join(f"{row[key]:>10,.1f}" for key in ("min", "median", "max"))
    return f"{row['name']:<58} {numbers}  {row['unit']} ({row['runs']})"


def note(text):
    click.echo(text, err=True)


def intake(runs, seconds):
    """Submissions per second on both databases, in random order, each run in a fresh office."""
    plans = [
        (database, connections) for database in ("sqlite", "postgresql") for connections in (8, 32)
    ] * runs
    random.shuffle(plans)
    found = {}
    for database, connections in plans:
        note(f"intake {database} {connections}")
        measured = intake_once(database, connections, seconds)
        if measured is not None:
            found.setdefault((database, connections), []).append(measured)
    for (database, connections), measured in sorted(found.items()):
        title = _("submissions of 1.5 kB, %(database)s, %(connections)d connections") % {
            "database": database, "connections": connections}  # fmt: skip
        yield spread(title, [m.per_second for m in measured], "/s")
        yield spread(f"{title}: p50", [m.p50_ms for m in measured], "ms")
        yield spread(f"{title}: p99", [m.p99_ms for m in measured], "ms")
        yield spread(f"{title}: max", [m.max_ms for m in measured], "ms")
        refused = sum(m.refused for m in measured)
        if refused:
            yield {"name": title, "note": _("%(count)d refused") % {"count": refused}}


def intake_once(database, connections, seconds):
    with office.office(database) as environment:
        if environment is None:
            return None
        token = json.loads(office.inside(environment, "prepare_intake"))["token"]
        port = office.free_port()
        with office.serving(environment, web_command("127.0.0.1", port)):
            wait_until_answers("127.0.0.1", port)
            client.measure_apart("127.0.0.1", port, token, connections, 1)
            return client.measure_apart("127.0.0.1", port, token, connections, seconds)


def latency(runs, seconds):
    """From the answer to the phone until the facts stand in the lake, web and worker running as in an office."""
    with office.office() as environment:
        token = json.loads(office.inside(environment, "prepare_demo"))["token"]
        port = office.free_port()
        command = [sys.executable, "-m", "taama.project.cli", "run", "--port", str(port)]
        with office.serving(environment, command):
            wait_until_answers("127.0.0.1", port)
            told = json.loads(office.inside(environment, "latency", port, token, max(runs * 4, 12)))
    yield spread(_("from the answer to the fact"), told["seconds"], "s")


def derive(runs, seconds):
    found = []
    for _run in range(runs):
        note("derive")
        with office.office() as environment:
            found.append(json.loads(office.inside(environment, "derive", 2000)))
    yield spread(_("facts derived per second"), [f["facts_per_second"] for f in found], "/s")
    yield spread(_("assessments read per second"), [f["submissions_per_second"] for f in found], "/s")


def million(runs, seconds):
    note("million")
    with office.office() as environment:
        told = json.loads(office.inside(environment, "million", 1_000_000, runs))
    for key, title in {
        "computed": _("1 M stock facts: figures computed"),
        "kept": _("1 M stock facts: figures kept"),
        "page": _("1 M stock facts: dashboard rendered"),
        "all": _("1 M stock facts to a rendered dashboard"),
    }.items():
        yield spread(title, [one[key] for one in told["rounds"]], "s")
    yield {"name": _("1 M stock facts: peak memory"), "note": f"{told['peak_mb']:.0f} MB"}


def pages(runs, seconds):
    """Weight of each page with its style sheet, and the time to make it, from the demonstration."""
    yield from _of_demo("pages", runs)


def report(runs, seconds):
    yield from _of_demo("report", runs)


def _of_demo(step, runs):
    note(step)
    begin = time.monotonic()
    with office.office() as environment:
        office.inside(environment, "whole_demo")
        note(f"demo {time.monotonic() - begin:.0f} s")
        for row in json.loads(office.inside(environment, step, runs)):
            yield spread(row["name"], row["values"], row["unit"])


def export(runs, seconds):
    """A hundred thousand submissions of 250 questions taken out, from asking until the file is ready."""
    note("export")
    with office.office() as environment:
        told = json.loads(office.inside(environment, "export", 100_000, runs))
    yield spread(_("100,000 × 250 questions to csv in a zip"), told["csv"], "s")
    yield spread(_("100,000 × 250 questions to Parquet"), told["parquet"], "s")
    yield spread(_("submissions of 250 questions read into tables per second"), [told["fill"]], "/s")
    yield {"name": _("100,000 × 250 questions: peak memory"), "note": f"{told['peak_mb']:.0f} MB"}


def lists(runs, seconds):
    """Lists of forms for ten thousand phones, and a list of a hundred thousand entries."""
    note("lists")
    with office.office() as environment, tempfile.TemporaryDirectory() as folder:
        tokens, port = f"{folder}/tokens.json", office.free_port()
        office.inside(environment, "prepare_lists", 100_000, 10_000, tokens)
        with office.serving(environment, web_command("127.0.0.1", port)):
            wait_until_answers("127.0.0.1", port)
            told = json.loads(office.inside(environment, "ask_lists", port, seconds, tokens))
        with office.serving(
            environment, web_command("127.0.0.1", port), log=f"{folder}/log"
        ):  # anew: it knows no list yet
            wait_until_answers("127.0.0.1", port)
            office.inside(environment, "ask_first", port, tokens)
            alone = office.milliseconds_of(f"{folder}/log", "formList")
    phones, entries = _("list of forms of 10,000 phones, 8 at once"), _("list of 100,000 entries")
    yield within(_("%(name)s: until the first byte") % {"name": phones}, told["formlist_first"])
    yield within(_("%(name)s: the server's own time") % {"name": phones}, alone)
    yield within(_("%(name)s: until the first byte") % {"name": entries}, told["list_first"])
    for key, name in {"formlist": phones, "list": entries}.items():
        found = told[f"{key}_again"]
        title = _("%(name)s: known already (304), 8 at once") % {"name": name}
        yield within(title, found["ms"]) | {"per_second": found["per_second"]}


MEASURED = {
    "intake": intake, "latency": latency, "derive": derive, "million": million, "pages": pages, "report": report,
    "export": export, "lists": lists,
}  # fmt: skip

commands = [bench]
