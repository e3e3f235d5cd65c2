"""The datasets: a page that lists them, and the files."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from taama.figures.queries import every_snapshot
from taama.figures.queries import snapshot as published
from taama.opendata.datasets.build import MEDIA_TYPES, dataset
from taama.opendata.views.answering import lasting


@require_safe
def data_page(request):
    """Published snapshots and their files, newest first."""
    return render(request, "opendata/data.html", {"snapshots": every_snapshot(request.viewer)})


@require_safe
def dataset_file(request, number, name):
    """One file of a snapshot; `?hxl=1` adds a row of HXL tags to the CSV, `?bom=1` a byte order mark."""
    if name not in MEDIA_TYPES:
        raise Http404
    of = published(request.viewer, number)
    options = {key: request.GET.get(key) == "1" for key in ("hxl", "bom")} if name == "figures.csv" else {}
    file_name = name if name == "datapackage.json" else f"taama-{of.code}-{name}"
    parts = ("dataset", of.pk, name, sorted(options.items()))
    return lasting(
        request, parts, lambda: dataset(request.viewer, of, name, **options), MEDIA_TYPES[name], file_name
    )
