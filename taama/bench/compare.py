"""Intake of several servers side by side, with the same submissions: docs/compare-central.md says how.

`python -m taama.bench.compare forms FOLDER` writes the forms that each server must have;
`python -m taama.bench.compare run SERVERS.toml` measures. Nothing else imports this module.
"""

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import time
import tomllib
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from taama.bench import intake

SIZES = {1: 18, 6: 118, 32: 645}  # thousands of bytes → questions of the form
WORDS = (
    "Bandiagara ménage déplacé retour eau forage école santé marché route pluie abri vivres enquête".split()
)
KINDS = ("string", "int", "date")
GROUP = 25  # questions
INSTANCE_ID_LENGTH = len(f"uuid:{uuid.UUID(int=0)}")
PLACE_OF_ID = b"\0" * INSTANCE_ID_LENGTH
MUST_BE_ON = ("fsync", "full_page_writes")
QUIET = 0.2  # share of the machine that may be busy before a run begins


@dataclass(frozen=True)
class Server:
    """One of those compared. `stored` is SQL that gives the instance IDs that `database` holds with their content."""

    name: str
    submission: str
    database: str
    stored: str
    durability: str  # as its administrator states it: not everything can be asked of a database

    @property
    def address(self):
        parts = urlsplit(self.submission)
        return parts.hostname, parts.port or 80

    @property
    def path(self):
        parts = urlsplit(self.submission)
        return f"{parts.path}?deviceID=compare%3A1"


@dataclass(frozen=True)
class Cell:
    """One measurement: which server, thousands of bytes of a submission, how many clients."""

    server: str
    size: int
    clients: int


@dataclass(frozen=True)
class Result:
    """What a cell gave. `lost` were acknowledged and are not stored; the rate counts what is stored."""

    cell: Cell
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    lost: int
    client_share: float  # of one core, for the client itself
    busy_before: float  # share of the machine that others used when the run began
    work_after: float  # seconds until the machine was quiet again


def read_servers(text):
    """Servers by name from TOML: one table each, with the fields of Server."""
    found = [Server(name=name, **given) for name, given in tomllib.loads(text).items()]
    if unstated := [server.name for server in found if not server.durability.strip()]:
        raise ValueError(f"durability is not stated: {', '.join(unstated)}")
    return {server.name: server for server in found}


def form_id(size):
    return f"compare_{size}"


def questions(size):
    """(name, kind) of each question of the form of this size."""
    return [(f"question_{number:03}", KINDS[number % 3]) for number in range(1, SIZES[size])]


def groups(size):
    """The questions in groups: (name of the group, its questions)."""
    asked = questions(size)
    return [(f"group_{n // GROUP + 1:02}", asked[n : n + GROUP]) for n in range(0, len(asked), GROUP)]


def xform(size):
    """The XForm of this size, bytes: plain questions in groups and a remark, as any OpenRosa server takes it."""
    found = [(group, name, kind) for group, asked in groups(size) for name, kind in asked]
    inside = "".join(
        _element(group, "".join(f"<{name}/>" for name, _ in asked)) for group, asked in groups(size)
    )
    binds = "".join(f'<bind nodeset="/data/{group}/{name}" type="{kind}"/>' for group, name, kind in found)
    inputs = "".join(
        f'<input ref="/data/{group}/{name}"><label>{name}</label></input>' for group, name, _ in found
    )
    return (
        '<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        ' xmlns:jr="http://openrosa.org/javarosa"><h:head>'
        f'<h:title>Comparison, {size} kB</h:title><model><instance><data id="{form_id(size)}" version="1">'
        f'{inside}<remark/><meta><instanceID/></meta></data></instance>{binds}'
        '<bind nodeset="/data/remark" type="string"/>'
        '<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>'
        f'</model></h:head><h:body>{inputs}<input ref="/data/remark"><label>remark</label></input></h:body></h:html>'
    ).encode()  # fmt: skip


def instance_xml(size, instance_id, seed=2026):
    """A filled form of exactly that many thousand bytes."""
    dice = random.Random(seed)  # noqa: S311  invented answers
    filled = "".join(
        _element(group, "".join(_element(name, _answer(kind, dice)) for name, kind in asked))
        for group, asked in groups(size)
    )
    head = f'<?xml version="1.0"?><data id="{form_id(size)}" version="1">{filled}<remark>'.encode()
    tail = b"</remark><meta><instanceID>" + instance_id + b"</instanceID></meta></data>"
    missing = size * 1000 - len(head) - len(tail)
    return head + b"x" * missing + tail


def _element(name, content):
    return f"<{name}>{content}</{name}>"


def _answer(kind, dice):
    if kind == "int":
        return str(dice.randrange(2000))
    if kind == "date":
        return f"2026-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
    return " ".join(dice.choices(WORDS, k=5))


def plan(servers, sizes, clients, rounds, dice):
    """Every cell once in each round, each round in an order of its own."""
    cells = [Cell(server, size, count) for server in servers for size in sizes for count in clients]
    return [cell for _ in range(rounds) for cell in dice.sample(cells, len(cells))]


def request_maker(server, size):
    """A function that gives (instance ID, request) with a new ID each time: all but the ID is made beforehand."""
    name = ":".join(map(str, server.address))
    whole = intake.request_bytes(name, server.path, instance_xml(size, PLACE_OF_ID))
    before, after = whole.split(PLACE_OF_ID)

    def next_request():
        instance_id = f"uuid:{uuid.uuid4()}"
        return instance_id, before + instance_id.encode() + after

    return next_request


def result_of(cell, found, stored, busy_before, work_after):
    """The Result of a Load, given the IDs that the server's database holds."""
    acknowledged = [name for name, status, _ in found.answers if status in (201, 202)]
    kept = sum(name in stored for name in acknowledged)
    p50, p99 = intake.milliseconds(found, 0.5, 0.99)
    return Result(
        cell, kept / found.seconds, p50, p99, len(found.answers) - len(acknowledged), len(acknowledged) - kept,
        found.cpu_seconds / found.seconds, busy_before, work_after,
    )  # fmt: skip


SHOWN = {"per_second": "submissions/s", "p50_ms": "p50 ms", "p99_ms": "p99 ms"}


def table(results):
    """Markdown: for each cell the least, median and greatest of its runs, and all that went wrong."""
    cells = sorted({r.cell for r in results}, key=lambda c: (c.size, c.clients, c.server))
    head = ["", *SHOWN.values(), "errors", "lost", "client's CPU", "work after, s", "runs"]
    rows = [head, ["---"] * len(head)]
    for cell in cells:
        mine = [r for r in results if r.cell == cell]
        rows.append(
            [f"{cell.size} kB, {cell.clients} clients, {cell.server}"]
            + [spread([getattr(r, field) for r in mine]) for field in SHOWN]
            + [str(sum(r.errors for r in mine)), str(sum(r.lost for r in mine))]
            + [f"{statistics.median(r.client_share for r in mine):.0%}"]
            + [f"{statistics.median(r.work_after for r in mine):.1f}", str(len(mine))]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def spread(values):
    """
    >>> spread([3.2, 1, 2])
    '1 – **2** – 3'
    """
    return f"{min(values):.0f} – **{statistics.median(values):.0f}** – {max(values):.0f}"


def asked_of(server, sql):
    """The rows that the server's database gives."""
    if server.database.startswith("sqlite:///"):
        connection = sqlite3.connect(f"file:{server.database[10:]}?mode=ro", uri=True)
    else:
        import psycopg  # noqa: PLC0415  only where a server keeps its data there

        connection = psycopg.connect(server.database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def durability(server):
    """What the database says of its own durability, as a dict; to be read beside what is stated."""
    if server.database.startswith("sqlite:///"):
        return {"journal_mode": asked_of(server, "PRAGMA journal_mode")[0][0]}
    wanted = (*MUST_BE_ON, "synchronous_commit", "wal_sync_method", "server_version")
    names = ", ".join(f"'{name}'" for name in wanted)
    return dict(asked_of(server, f"SELECT name, setting FROM pg_settings WHERE name IN ({names})"))  # noqa: S608  our own names


def shortcomings(told):
    """What of a database's settings would let an acknowledged submission vanish with the power.

    >>> shortcomings({"fsync": "off", "full_page_writes": "on", "synchronous_commit": "on"})
    ['fsync = off']
    """
    wrong = [name for name in MUST_BE_ON if told.get(name, "on") != "on"]
    wrong += ["synchronous_commit"] if told.get("synchronous_commit", "on") in ("off",) else []
    return [f"{name} = {told[name]}" for name in wrong]


def busy_now(seconds=0.5):
    """Share of the machine's time that was used in the next moment, 0 to 1."""
    before = _machine_times()
    time.sleep(seconds)
    idle, whole = (after - earlier for after, earlier in zip(_machine_times(), before, strict=True))
    return 1 - idle / max(whole, 1)


def _machine_times():
    """(idle, all) in ticks since the machine started."""
    ticks = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    return ticks[3] + ticks[4], sum(ticks)


def settle(most):
    """Wait until the machine is quiet. Returns (seconds waited, share still busy)."""
    begin = time.monotonic()
    while (busy := busy_now()) > QUIET and time.monotonic() - begin < most:
        pass
    return time.monotonic() - begin, busy


def run_cell(cell, server, seconds, longest_rest):
    """One measurement with a short warm-up. Returns (cell, Load, busy before, seconds of work after)."""
    next_request = request_maker(server, cell.size)
    intake.load(server.address, cell.clients, min(1.0, seconds), next_request)
    _, busy = settle(longest_rest)
    found = intake.load(server.address, cell.clients, seconds, next_request)
    rest, _ = settle(longest_rest)
    return cell, found, busy, rest


def run(arguments):
    servers = read_servers(Path(arguments.servers).read_text("utf-8"))
    told = {name: durability(server) | {"stated": server.durability} for name, server in servers.items()}
    for name, settings in told.items():
        say(f"{name}: {settings}")
        if wrong := shortcomings(settings):
            raise SystemExit(f"{name} is not durable: {', '.join(wrong)}")
    dice = random.Random(arguments.seed)  # noqa: S311  an order, not a secret
    cells = plan(servers, arguments.sizes, arguments.clients, arguments.rounds, dice)
    runs = []
    for number, cell in enumerate(cells, 1):
        say(f"{number}/{len(cells)} {cell}")
        runs.append(run_cell(cell, servers[cell.server], arguments.seconds, arguments.rest))
    stored = {name: {row[0] for row in asked_of(server, server.stored)} for name, server in servers.items()}
    results = [result_of(cell, found, stored[cell.server], *around) for cell, found, *around in runs]
    if arguments.json:
        kept = {"durability": told, "seconds": arguments.seconds, "results": [asdict(r) for r in results]}
        Path(arguments.json).write_text(json.dumps(kept, indent=1), "utf-8")
    sys.stdout.write(table(results) + "\n")


def write_forms(arguments):
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        (folder / f"{form_id(size)}.xml").write_bytes(xform(size))


def say(text):
    sys.stderr.write(text + os.linesep)


def whole_numbers(text):
    return [int(word) for word in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(required=True)
    forms = commands.add_parser("forms")
    forms.add_argument("folder")
    forms.set_defaults(do=write_forms)
    measuring = commands.add_parser("run")
    measuring.add_argument("servers", help="TOML file that names the servers")
    measuring.add_argument("--sizes", type=whole_numbers, default=list(SIZES))
    measuring.add_argument("--clients", type=whole_numbers, default=[8, 64])
    measuring.add_argument("--rounds", type=int, default=5)
    measuring.add_argument("--seconds", type=float, default=10)
    measuring.add_argument(
        "--rest", type=float, default=60, help="longest wait for a quiet machine, in seconds"
    )
    measuring.add_argument("--seed", type=int, default=1)
    measuring.add_argument("--json", help="file for every single result")
    measuring.set_defaults(do=run)
    arguments = parser.parse_args()
    arguments.do(arguments)


if __name__ == "__main__":
    main()
