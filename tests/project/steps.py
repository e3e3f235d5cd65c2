"""What tests do inside an office's own process: `python -m tests.project.steps NAME …` prints one line of JSON."""

import dataclasses
import json
import secrets
import sys
import uuid

import django
from lxml import etree


def state():
    """All that must survive a loss: figures computed and kept, tables of the lake, checks, the journal."""
    from taama.base import journal
    from taama.facts import engines, lake, registry
    from taama.figures.models import PublishedFigure
    from taama.project import rebuilding
    from taama.publish.tasks import computed

    kept = PublishedFigure.objects.order_by("snapshot__made_at", "key").values()
    tables = {name: engines.collect(engines.read(table)) for name, table in registry.tables().items()}
    verdict = journal.verify()
    return {
        "computed": sorted([_figure(*made) for made in computed()], key=lambda row: row["key"]),
        "kept": list(kept),
        "tables": {name: [frame.height, lake.content_hash(frame)] for name, frame in tables.items()},
        "equal": {check.table: check.equal for check in rebuilding.check()},
        "journal": vars(verdict),
        "rows": _rows(),
    }


def figures_of(engine):
    """Every figure of every domain as an engine computes it, each under its key."""
    from taama.base.policy import WORKER
    from taama.mobility import queries as mobility
    from taama.series import queries as series

    made = [*series.all_figures(WORKER, engine), *mobility.all_figures(WORKER, engine)]
    return {one.figure.key: _figure(one.figure, one.change, one.extra) for one in made}


def _figure(figure, change, extra):
    fields = {each.name: getattr(figure, each.name) for each in dataclasses.fields(figure)}
    return fields | {"key": figure.key, "change": change, "extra": extra}


def _rows():
    from taama.project.archive import kept_models

    return {model._meta.label: model._base_manager.count() for model in kept_models()}


def rows():
    return _rows()


def positions():
    from taama.figures.models import Snapshot

    return [[s.code, s.position] for s in Snapshot.objects.filter(kind="published").order_by("number")]


def _phone():
    """A new phone of the office, as tests send with it."""
    from django.test import Client

    from taama.base.models import Organisation
    from taama.base.policy import OPERATOR
    from taama.phones.actions import create_device
    from tests.collect.phone import Phone

    name = f"test-{secrets.token_hex(4)}"
    made = create_device(by=OPERATOR, username=name, organisation=Organisation.objects.first())
    return Phone(Client(headers={"host": "localhost"}), f"/key/{made.token}")


def _assessments():
    from taama.collect.models import Submission

    found = Submission.objects.filter(tool="location_assessment", state="derived").order_by("id")
    return [one for one in found if b"<reached>yes" in bytes(one.raw)]


def _rewritten(raw, people=None, edits=""):
    """The same answers under a new name: as an edit of the instance `edits`, or as another submission."""
    root = etree.fromstring(bytes(raw))
    meta = root.find("meta")
    meta.find("instanceID").text = f"uuid:{uuid.uuid4()}"
    if edits:
        etree.SubElement(meta, "deprecatedID").text = edits
    if people is not None:
        root.find("idp/idp_people").text = str(people)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def send_again_and_new():
    """What is known is known again, what is new is taken, in a restored office with the accounts it had."""
    from taama.collect.models import Submission

    phone, kept = _phone(), _assessments()[0]
    count = Submission.objects.count()
    again = phone.send(bytes(kept.raw)).status_code
    known = Submission.objects.count() - count
    new = phone.send(_rewritten(kept.raw)).status_code
    return {"again": again, "new": new, "known": known, "submissions": Submission.objects.count() - count}


def send_many(count):
    phone = _phone()
    raws = [bytes(s.raw) for s in _assessments()[:50]]
    return [phone.send(_rewritten(raws[n % len(raws)])).status_code for n in range(int(count))]


def edit_and_send():
    """Edit two submissions, withdraw none, send two more, and read it all into facts."""
    from taama.base.work import run_until_idle

    before, phone = state()["tables"], _phone()
    first, second, third, fourth = _assessments()[:4]
    answers = [
        phone.send(_rewritten(first.raw, edits=first.instance_id)),
        phone.send(_rewritten(second.raw, people=9, edits=second.instance_id)),
        phone.send(_rewritten(third.raw)),
        phone.send(_rewritten(fourth.raw)),
    ]
    assert [answer.status_code for answer in answers] == [201] * 4
    run_until_idle(["derive", "seal"])
    return {"rows_before": before, "rows_after": state()["tables"]}


def erase_one_source():
    """Erase one submission that published figures rest on; what readers saw before, and what they see after."""
    from taama.base.policy import OPERATOR
    from taama.base.work import run_until_idle
    from taama.collect.actions.removal import erase_submission
    from taama.collect.models import Submission
    from taama.figures.models import PublishedFigure, Snapshot

    run_until_idle()
    snapshot = Snapshot.objects.filter(kind="published").order_by("-number").first()
    parts = PublishedFigure.objects.filter(snapshot=snapshot, category__sex_age="female_18_59", value__gt=0)
    region = parts.filter(place__startswith="ML0").order_by("value").last()
    total = PublishedFigure.objects.get(snapshot=snapshot, place=region.place, period=region.period,
                                        definition=region.definition, category={})  # fmt: skip
    before, working = _seen(snapshot, total, region), _working(total.key)
    source = Submission.objects.get(
        pk=next(s for s in total.sources if Submission.objects.filter(pk=s).exists())
    )
    erase_submission(by=OPERATOR, submission=source, reason="asked for")
    after = _seen(snapshot, total, region)
    run_until_idle()
    return {
        "values_before": before["values"], "values_after": after["values"], "figures": len(after["values"]),
        "marked_before": len(before["marked"]), "marked_after": len(after["marked"]),
        "total_and_part": [total.key in after["marked"], region.key in after["marked"]],
        "page_says": after["page_says"] and not before["page_says"],
        "api_says": after["api_says"] and not before["api_says"],
        "etags_changed": [one != other for one, other in zip(before["etags"], after["etags"], strict=True)],
        "working_changed": _working(total.key) != working,
    }  # fmt: skip


def _seen(snapshot, total, part):
    """What anybody sees of a snapshot: values and marks of its figures, and the words of page and API."""
    from django.test import Client

    from taama.base.policy import ANONYMOUS
    from taama.opendata.queries.public import public_figures

    reader = Client(headers={"host": "localhost", "accept-language": "fr"})
    figures = public_figures(ANONYMOUS, snapshot)
    page = reader.get(f"/figure/{total.pk}").content.decode()
    answer = reader.get(f"/api/v1/figures/{part.pk}").json()
    addresses = (
        f"/figure/{total.pk}",
        f"/api/v1/figures?snapshot={snapshot.number}",
        f"/data/{snapshot.number}/figures.csv",
    )
    return {
        "values": {f["key"]: [f["value"], f["low"], f["high"]] for f in figures},
        "marked": {f["key"] for f in figures if "source_withdrawn" in f["marks"]},
        "page_says": "Source retirée" in page,
        "api_says": "source_withdrawn" in json.dumps(answer),
        "etags": [reader.get(address)["ETag"] for address in addresses],
    }  # fmt: skip


def _working(key):
    from taama.figures.models import PublishedFigure

    return (
        PublishedFigure.objects.filter(snapshot__kind="working", key=key)
        .values_list("value", flat=True)
        .first()
    )


def plain(value):
    if isinstance(value, set | frozenset):
        return sorted(value)
    return vars(value) if dataclasses.is_dataclass(value) else str(value)


if __name__ == "__main__":
    django.setup()
    from tests.project import working

    step = globals().get(sys.argv[1]) or getattr(working, sys.argv[1])
    answer = step(*sys.argv[2:])
    print(json.dumps(answer, default=plain, sort_keys=True))
