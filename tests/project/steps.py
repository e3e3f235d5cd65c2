"""What tests do inside an office's own process: `python -m tests.project.steps NAME …` prints one line of JSON."""

import dataclasses
import json
import sys

import django


def state():
    """All that must survive a loss: figures computed and kept, tables of the lake, checks, the journal."""
    from taama.base import journal
    from taama.collect.tasks import rebuilding
    from taama.facts import engines, lake
    from taama.figures.models import PublishedFigure
    from taama.publish.tasks import computed

    kept = PublishedFigure.objects.order_by("snapshot__made_at", "key").values()
    tables = {name: engines.collect(engines.read(table)) for name, table in rebuilding.tables().items()}
    verdict = journal.verify()
    return {
        "computed": sorted([_figure(*made) for made in computed()], key=lambda row: row["key"]),
        "kept": list(kept),
        "tables": {name: [frame.height, lake.content_hash(frame)] for name, frame in tables.items()},
        "equal": {check.table: check.equal for check in rebuilding.check()},
        "journal": vars(verdict),
        "rows": _rows(),
    }


def _figure(figure, change, extra):
    fields = {each.name: getattr(figure, each.name) for each in dataclasses.fields(figure)}
    return fields | {"key": figure.key, "change": change, "extra": extra}


def _rows():
    from taama.project.archive import kept_models

    return {model._meta.label: model._base_manager.count() for model in kept_models()}


def plain(value):
    if isinstance(value, set | frozenset):
        return sorted(value)
    return vars(value) if dataclasses.is_dataclass(value) else str(value)


if __name__ == "__main__":
    django.setup()
    answer = globals()[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(answer, default=plain, sort_keys=True))
