"""The steps of the measurements, each run in a process and an office of its own. Prints JSON."""

import json
import resource
import sys
import time
from datetime import date, timedelta

import django


def prepare_intake():
    """Tables, the bench form, a device. Gives its token."""
    from taama.project.commands.run import prepare_database

    prepare_database()
    return {"token": _device(_publish_bench_form())}


def _publish_bench_form():
    from taama.base.policy import OPERATOR
    from taama.bench.intake import FORM
    from taama.forms.actions.publishing import publish_form

    return publish_form(by=OPERATOR, source=FORM.strip().encode(), filename="bench.md")


def _device(_):
    from taama.base import actions
    from taama.base.policy import OPERATOR
    from taama.phones.actions import create_device

    of = actions.register_organisation(by=OPERATOR, code="bench", name="Bench", kind="ngo", simulated=True)
    return create_device(by=OPERATOR, username="bench", organisation=of, simulated=True).token


def prepare_demo():
    """Places, forms and a device for the tools' own forms."""
    from taama.project.commands.run import prepare_database
    from taama.project.demo import story

    prepare_database()
    story.load_places()
    story.make_organisations()
    story.publish_forms()
    return {"token": story.make_device()[1]}


def derive(count):
    """Simulated assessments read into facts: rows per second."""
    from taama.base.policy import OPERATOR
    from taama.base.work import run_until_idle
    from taama.project.demo import story
    from taama.project.demo.simulate import Round, Simulation
    from taama.publish.tasks import lake_versions

    prepare_demo()
    simulation, places = Simulation(story.scenario()), story.simulated_places()
    rounds = [Round(f"2026-{n + 1}", date(2026, 1, 1) + timedelta(days=n), date(2026, 1, 2) + timedelta(days=n))
              for n in range(1 + int(count) // len(places))]  # fmt: skip
    messages = simulation.assess(places, rounds)[: int(count)]
    _receive(OPERATOR, messages)
    begin = time.perf_counter()
    run_until_idle(["derive"])
    seconds = time.perf_counter() - begin
    rows = sum(table["rows"] for table in lake_versions().values())
    return {"submissions": len(messages), "facts": rows, "seconds": seconds, "facts_per_second": rows / seconds,
            "submissions_per_second": len(messages) / seconds}  # fmt: skip


def _receive(by, messages):
    import hashlib

    from taama.collect.actions.desk import Arrival
    from taama.collect.actions.receive import receive
    from taama.collect.methods.instance import read_instance

    arrivals = [
        Arrival(by, m.xml, hashlib.sha256(m.xml).hexdigest(), read_instance(m.xml), simulated=True)
        for m in messages
    ]
    for start in range(0, len(arrivals), 200):
        receive(by=by, arrivals=arrivals[start : start + 200])


def latency(port, token, count):
    """Seconds from the 201 of each assessment until its facts are noted as written, one at a time."""
    import http.client

    from taama.collect.models import Submission
    from taama.project.demo import sending, story
    from taama.project.demo.simulate import Simulation

    simulation = Simulation(story.scenario(), seed=7)
    simulation.assess(story.simulated_places(), story.rounds()[:1])
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
    seconds = []
    for message in simulation.messages[: int(count)]:
        if sending.post(connection, f"/key/{token}/submission", message.xml) != 201:
            raise RuntimeError("not accepted")
        begin = time.perf_counter()
        while not Submission.objects.filter(
            instance_id=message.instance_id, derived_at__isnull=False
        ).exists():
            time.sleep(0.01)
        seconds.append(time.perf_counter() - begin)
        time.sleep(simulation.dice.random())
    return {"seconds": seconds}


def million(rows, runs):
    """That many stock facts in the lake: figures computed, kept, and the dashboard rendered, several times."""
    from django.test import Client

    from taama.base.policy import OPERATOR, WORKER
    from taama.facts import lake
    from taama.figures.actions import Basis, keep_working, publish_snapshot
    from taama.mobility.tables import STOCK
    from taama.project.demo import story
    from taama.publish.tasks import computed

    prepare_demo()
    lake.append(STOCK, _many_stocks(int(rows), story.simulated_places()))
    computed()  # loads the libraries, as does the first page of a server
    Client(HTTP_HOST="127.0.0.1").get("/", {"series": "simulated"})
    times = []
    for _ in range(int(runs)):
        begin = time.perf_counter()
        figures = computed()
        reckoned = time.perf_counter()
        keep_working(by=WORKER, figures=figures, basis=Basis(0))
        snapshot = publish_snapshot(by=OPERATOR, title="bench", figures=figures, basis=Basis(0))
        kept = time.perf_counter()
        page = Client(HTTP_HOST="127.0.0.1").get("/", {"series": "simulated", "snapshot": snapshot.number})
        end = time.perf_counter()
        if page.status_code != 200:
            raise RuntimeError(f"page answers {page.status_code}")
        times.append(
            {"computed": reckoned - begin, "kept": kept - reckoned, "page": end - kept, "all": end - begin}
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"facts": int(rows), "figures": len(figures), "rounds": times, "peak_mb": peak}


def _many_stocks(rows, places):
    """Invented places in the cercles of the simulated ones: one round of many places."""
    import polars as pl

    from taama.mobility.tables import STOCK

    areas = [place.cercle for place in places]
    frame = pl.DataFrame({"n": range(rows)}).with_columns(
        pl.format("L-{}", "n").alias("place"), (pl.col("n") % 997 + 1).cast(pl.Int64).alias("people")
    )
    area = pl.Series("area", [areas[n % len(areas)] for n in range(rows)])
    frame = frame.with_columns(area).select(
        pl.format("s{}", "n").alias("submission"), pl.lit("location_assessment").alias("tool"),
        pl.lit("1").alias("tool_version"), pl.lit(True).alias("simulated"), "place", pl.lit("locality").alias("place_kind"),
        "area", pl.col("area").str.split("@").list.last().alias("geography"), pl.lit(date(2026, 10, 1)).alias("date"),
        pl.lit("2026-2").alias("round"), pl.lit("simulated").alias("series"), pl.lit("idp").alias("group"),
        (pl.col("people") // 5 + 1).alias("households"), "people", (pl.col("people") * 9 // 10).alias("low"),
        (pl.col("people") * 12 // 10).alias("high"), pl.lit("A").alias("grade"), pl.lit(3).alias("informants"),
        pl.lit("assessed").alias("status"), pl.lit(date(2026, 10, 1)).alias("assessed_on"),
    )  # fmt: skip
    return STOCK.conform(frame)


def whole_demo():
    """The demonstration without its server: the simulated messages are taken in directly."""
    from taama.base.policy import OPERATOR
    from taama.project.commands.demo import TITLES, prepare
    from taama.project.demo import story

    prepare()
    for batch in story.messages():
        _receive(OPERATOR, batch)
        story.read_in()
    story.publish(TITLES[1])
    return {}


PAGES = (
    "/", "/?series=simulated", "/area/mopti@2023", "/area/ML05@2021-12-20", "/round/2026-2", "/flow", "/statements/",
    "/data", "/snapshots", "/methods",
)  # fmt: skip


def pages(runs):
    """Weight of each page with its style sheet, plain and compressed, and the time to make it anew."""
    import gzip
    from pathlib import Path

    from django.core.cache import caches
    from django.test import Client

    import taama

    styles = [p.read_bytes() for p in Path(taama.__file__).parent.glob("*/static/*/*.css")]
    css, css_packed = sum(map(len, styles)), sum(len(gzip.compress(s)) for s in styles)
    rows, client = [], Client(HTTP_HOST="127.0.0.1")
    for address in (*PAGES, _a_figure()):
        times = []
        for _ in range(int(runs)):
            caches["pages"].clear()
            begin = time.perf_counter()
            page = client.get(address)
            times.append((time.perf_counter() - begin) * 1000)
        name = "/figure/…" if address.startswith("/figure/") else address
        rows.append(
            {
                "name": f"{name}: {page.status_code}, with its styles",
                "values": [(len(page.content) + css) / 1000],
                "unit": "kB",
            }
        )
        packed = (len(gzip.compress(page.content)) + css_packed) / 1000
        rows.append({"name": f"{name}: compressed", "values": [packed], "unit": "kB"})
        rows.append({"name": f"{name}: made", "values": times, "unit": "ms"})
    return rows


def _a_figure():
    from taama.base.policy import OPERATOR
    from taama.figures import queries

    newest = queries.snapshot(OPERATOR)
    found = queries.figures(OPERATOR, newest, series="simulated", definition="mobility.idp_present").first()
    return f"/figure/{found.pk}"


def report(runs):
    """The situation report of the newest snapshot, both series, in French."""
    from taama.base.policy import OPERATOR
    from taama.figures import queries
    from taama.publish.report.build import report as make

    newest, rows = queries.snapshot(OPERATOR), []
    for series in ("dtm_mali", "simulated"):
        times = []
        for _ in range(int(runs)):
            begin = time.perf_counter()
            content = make(OPERATOR, newest, "fr", series)
            times.append(time.perf_counter() - begin)
        rows.append({"name": f"report of {series}", "values": times, "unit": "s"})
        rows.append({"name": f"report of {series}: size", "values": [len(content) / 1000], "unit": "kB"})
    return rows


def export(count, runs):
    """That many submissions of 250 questions: read into tables once, taken out several times in random order."""
    import random

    from taama.bench import exports
    from taama.project.commands.run import prepare_database

    prepare_database()
    size = exports.send(int(count))
    told = {"bytes": size, "fill": int(count) / exports.fill(), "csv": [], "parquet": []}
    exports.take_out("csv")  # loads the libraries
    plans = ["csv", "parquet"] * int(runs)
    random.shuffle(plans)
    for format in plans:
        told[format].append(exports.take_out(format)["seconds"])
    return told | {"peak_mb": exports.peak_megabytes()}


def prepare_lists(entries, devices, file):
    """A list of that many entries and that many phones; their tokens go into the file."""
    from pathlib import Path

    from taama.bench import lists
    from taama.project.commands.run import prepare_database

    prepare_database()
    Path(file).write_text(json.dumps(lists.prepare(int(entries), int(devices))), "utf-8")
    return {}


def ask_lists(port, seconds, file):
    """What those phones get of a server on that port."""
    from pathlib import Path

    from taama.bench import lists

    return lists.measure(int(port), json.loads(Path(file).read_text("utf-8")), float(seconds))


def ask_first(port, file):
    """The lists of forms of those phones, for the first time."""
    from pathlib import Path

    from taama.bench import lists

    return {"asked": len(lists.ask_first(int(port), json.loads(Path(file).read_text("utf-8"))))}


def main():
    step, *arguments = sys.argv[1:]
    django.setup()
    sys.stdout.write(json.dumps(globals()[step](*arguments)) + "\n")


if __name__ == "__main__":
    main()
