"""Addresses of publish."""

from django.urls import path, re_path

from taama.publish.views import pages, publishing, report, withdrawing

urlpatterns = [
    path("", pages.home, name="home"),
    path("area/<str:key>", pages.area, name="area"),
    path("round/<str:code>", pages.round_, name="round"),
    path("flow", pages.flow, name="flow"),
    path("figure/<uuid:pk>", pages.figure, name="figure"),
    path("snapshots", pages.snapshots, name="snapshots"),
    path("snapshots/<int:number>/withdraw", withdrawing.withdraw, name="withdraw"),
    path("publish", publishing.propose, name="publish"),
    path("publish/ask", publishing.ask, name="publish-ask"),
    path("publish/<uuid:key>", publishing.progress, name="publication"),
    path("methods", pages.methods, name="methods"),
    re_path(
        r"^reports/(?P<number>[0-9]{1,9})\.(?P<language>fr|en)\.pdf$", report.situation_report, name="report"
    ),
]
