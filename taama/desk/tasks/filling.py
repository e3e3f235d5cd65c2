"""Keeping the tables filled: what arrived is read once, in batches; what was erased goes at once.

A submission never changes, so its rows never do: an edit is another submission, and whether one still stands is asked
of the database when a file is made. Pending is what has bytes in the database and no row in the tables.
"""

import itertools
import uuid

import polars as pl

from taama.base.policy import WORKER
from taama.base.sensitivity import LAKE_LIMIT
from taama.base.work import lease
from taama.collect.models import Submission
from taama.desk.methods import flat_types
from taama.desk.methods.flat import flatten, plan_of
from taama.desk.queries import exports as queries
from taama.desk.tasks.chunks import LEASE, Store, folder
from taama.forms import queries as forms
from taama.forms.methods.classing import without
from taama.forms.models import FormVersion

COLUMNS = ("pk", "instance_id", "raw", "received_at", "device__username", "simulated")
BATCH, BATCH_BYTES = 2_000, 30_000_000


def fill_arrived():
    """Read one batch of what arrived since the last. Returns how many submissions were read."""
    with lease(LEASE) as held:
        return fill_next() if held else 0


def fill_next():
    """The batch that follows what was read last, of whatever forms."""
    since = mark("filled")
    arrived = Submission.objects.filter(form_version__isnull=False, raw__isnull=False)
    arrived = arrived.filter(form_version__form__sensitivity_class__lte=LAKE_LIMIT)
    if since:
        arrived = arrived.filter(pk__gt=uuid.UUID(since))
    found = list(arrived.order_by("pk").values_list("form_version_id", "pk")[:BATCH])
    for version, group in itertools.groupby(sorted(found), key=lambda pair: pair[0]):
        for _ in fill(version, [pk for _, pk in group]):
            pass
    if found:
        set_mark("filled", max(pk for _, pk in found))
    return len(found)


def fill(version, keys):
    """Read these submissions of a version, those left out that are kept already. Yields the size of each batch."""
    keys = sorted(_not_kept(version, keys))
    if not keys:
        return
    plan, secret = plan_of(*_outlines(version)), _secret(version)
    while keys:
        batch, keys = _read(keys, secret)
        if batch:
            _keep(version, plan, batch)
        yield len(batch)


def _outlines(version):
    """The outline of a version, then those of the form's other versions."""
    asked = FormVersion.objects.select_related("form").defer("xform", "source").get(pk=version)
    known = dict(queries.outlines(WORKER, asked.form))
    return known.pop(asked.version), tuple(known.values())


def _secret(version):
    """Paths of the questions whose answers are too sensitive for the tables: they stay in the database alone."""
    return forms.confidential(WORKER, FormVersion.objects.select_related("form").get(pk=version).form.form_id)


def _not_kept(version, keys):
    kept = set(Store(version).submissions().to_list())
    return [key for key in keys if key.hex not in kept]


def _read(keys, secret):
    """(key, identity, bytes, received, phone, simulated) of as many as memory should hold; the keys that are left."""
    batch, size, asked = [], 0, keys[:BATCH]
    found = Submission.objects.filter(pk__in=asked, raw__isnull=False).order_by("pk").values_list(*COLUMNS)
    for key, name, raw, *told in found.iterator(chunk_size=200):
        batch.append((key.hex, name, without(bytes(raw), secret), *told))
        size += len(raw)
        if size > BATCH_BYTES:
            return batch, [other for other in keys if other > key]
    return batch, keys[BATCH:]


def _keep(version, plan, batch):
    flat = flatten([one[:3] for one in batch], plan)
    tables, rest = {}, [flat_types.rest_frame(flat.rest)]
    for path, kinds in plan.tables.items():
        tables[path], refused = flat_types.typed(flat.tables[path], kinds)
        rest.append(refused)
    told = pl.DataFrame([one[3:] for one in batch], schema=flat_types.TOLD, orient="row")
    tables[""] = tables[""].hstack(told)
    Store(version).add(tables, plan.tables, pl.concat(rest))


def erase(keys):
    """Take submissions out of every table. Returns how many were there."""
    places = folder().iterdir() if keys and folder().exists() else ()
    return sum(Store(place.name).erase(keys) for place in places if place.is_dir())


def mark(name):
    try:
        return (folder() / f"{name}.mark").read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def set_mark(name, key):
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / f"{name}.mark").write_text(str(key), "ascii")
