"""The pages: each asks one query and shows what it answers."""

from taama.base.requests import language_now
from taama.publish.queries.areas import area_page
from taama.publish.queries.figures import figure_page
from taama.publish.queries.flows import flow_page
from taama.publish.queries.home import home as home_page
from taama.publish.queries.methods import methods_page
from taama.publish.queries.reading import PUBLISHED
from taama.publish.queries.rounds import dashboard, round_page
from taama.publish.queries.snapshots import snapshots_page
from taama.publish.views.keeping import of_snapshot, show


@of_snapshot
def home(request, snapshot):
    series = request.GET.get("series", PUBLISHED)
    if series == PUBLISHED:
        return show(
            request, "publish/home.html", snapshot, home_page(request.viewer, snapshot, language_now())
        )
    content = dashboard(request.viewer, snapshot, language_now(), series, request.GET.get("round", ""))
    return show(request, "publish/dashboard.html", snapshot, content)


@of_snapshot
def area(request, snapshot, key):
    return show(
        request, "publish/area.html", snapshot, area_page(request.viewer, snapshot, language_now(), key)
    )


@of_snapshot
def round_(request, snapshot, code):
    return show(
        request, "publish/round.html", snapshot, round_page(request.viewer, snapshot, language_now(), code)
    )


@of_snapshot
def flow(request, snapshot):
    return show(request, "publish/flow.html", snapshot, flow_page(request.viewer, snapshot, language_now()))


@of_snapshot
def figure(request, snapshot, pk):
    content = figure_page(request.viewer, pk, language_now())
    return show(request, "publish/figure.html", content["snapshot"], content)


@of_snapshot
def snapshots(request, snapshot):
    return show(request, "publish/snapshots.html", snapshot, snapshots_page(request.viewer))


@of_snapshot
def methods(request, snapshot):
    return show(
        request, "publish/methods.html", snapshot, methods_page(request.viewer, snapshot, language_now())
    )
