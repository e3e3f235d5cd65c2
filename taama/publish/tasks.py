"""Work of publish: keep the working figures up to date, freeze them when told."""

import hashlib
import logging
from pathlib import Path

import taama
from taama.base import journal
from taama.base.errors import TaamaError
from taama.base.policy import WORKER
from taama.base.viewers import viewer_of_user
from taama.base.work import lease
from taama.collect.models import Submission
from taama.collect.tasks import deriving
from taama.facts import engines, lake, registry
from taama.figures import queries as figures
from taama.figures.actions import Basis, keep_working, publish_snapshot
from taama.mobility import queries as mobility
from taama.publish.actions import begin_publication, fail_publication, fulfil_publication
from taama.publish.queries import publications
from taama.series import queries as series

log = logging.getLogger("taama.publish")
SEALING = "journal"
PUBLISHING = "figures.publish_snapshot"
ATTEMPTS = 3  # a publication that kills the worker each time is given up


def refresh_working():
    """Compute the working figures again when the lake has changed. Returns 1 when it did."""
    tables = lake_versions()
    working = figures.working(WORKER)
    if working is not None and working.tables == tables:
        return 0
    keep_working(by=WORKER, figures=computed(), basis=basis(journal.position(), tables))
    log.info("working figures", extra={"count": sum(t["rows"] for t in tables.values())})
    return 1


def publish_now(by, title):
    """Read everything that has arrived, then freeze its figures with all that is needed to derive them again."""
    by.require(PUBLISHING)
    with lake.writing() as held:
        if not held:
            raise TaamaError("publish.lake_busy", status=409)
        return publish_snapshot(by=by, title=title, **everything())


def publish_requested():
    """Make the oldest snapshot that somebody asked for on the pages. Returns how many requests were settled.

    The lake's lease makes it one at a time; while another holds it, the request waits.
    """
    if publications.next_publication(WORKER) is None:
        return 0
    with lake.writing() as held:
        asked = publications.next_publication(WORKER) if held else None
        if asked is not None:
            settle_publication(asked)
        return int(asked is not None)


def settle_publication(asked):
    """Publish in the name of who asked, or note why not."""
    if asked.attempts == ATTEMPTS:
        fail_publication(by=WORKER, publication=asked, code="publish.killed", values={"attempts": ATTEMPTS})
        return
    begin_publication(by=WORKER, publication=asked)
    try:
        by = viewer_of_user(asked.asked_by)
        by.require(PUBLISHING)
        fulfil_publication(by=by, publication=asked, **everything())
    except TaamaError as error:
        fail_publication(by=WORKER, publication=asked, code=error.code, values=error.values)
    except Exception:
        log.exception("publication failed", extra={"publication": str(asked.pk)})
        fail_publication(by=WORKER, publication=asked, code="publish.fault", values={})


def everything():
    """All that has arrived, as figures with their basis.

    Call under the lake's lease: then the tables are exactly what the submissions say at the position cited.
    """
    settle()
    position = journal.position()
    tables = lake_versions(with_hash=True)
    return {"figures": computed(), "basis": basis(position, tables)}


def computed():
    """Every figure of every domain, as the figures app keeps them."""
    found = [*series.all_figures(WORKER), *mobility.all_figures(WORKER)]
    return [(made.figure, made.change, made.extra) for made in found]


def settle():
    """Derive until nothing waits whose arrival the journal's sealed part already holds."""
    while True:
        while deriving.derive_batch():
            pass
        with lease(SEALING) as sealing:
            while sealing and journal.seal():
                pass
        if not Submission.objects.filter(state=Submission.State.PENDING).exists():
            return


def lake_versions(with_hash=False):
    """Name of each written table → its Delta version and rows; with the hash of its content when asked."""
    found = {}
    for name, table in registry.tables().items():
        version = lake.version(table)
        if version is not None:
            found[name] = {"version": version, "rows": lake.row_count(table)}
            if with_hash:
                found[name]["hash"] = lake.content_hash(engines.collect(engines.read(table)))
    return found


def basis(position, tables):
    return Basis(
        position=position,
        tables=tables,
        tools={code: registry.tool(code).version for code in registry.tool_codes()},
        methods=mobility.METHODS | series.METHODS,
        parameters=parameter_hashes(),
    )


def parameter_hashes():
    """File of parameters → hash of its content."""
    package = Path(taama.__file__).parent
    files = sorted(package.rglob("parameters.toml"))
    return {str(f.relative_to(package)): hashlib.sha256(f.read_bytes()).hexdigest()[:16] for f in files}
