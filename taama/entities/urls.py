"""Addresses of entities: for phones beside those of OpenRosa, and pages."""

from django.urls import include, path

from taama.entities.views import keeping, pages, serving


def _phones(prefix=""):
    """The addresses that phones use, under their account or under a token."""
    return [
        path("forms/<uuid:key>/lists/<str:filename>", serving.csv, name=f"openrosa-{prefix}list"),
        path("forms/<uuid:key>/lists/<str:filename>/gone", serving.gone, name=f"openrosa-{prefix}integrity"),
    ]


urlpatterns = [
    path("openrosa/", include(_phones())),
    path("key/<str:token>/", include(_phones("key-"))),
    path("lists/", pages.lists, name="entities-lists"),
    path("lists/add", pages.add, name="entities-add"),
    path("lists/<str:name>/", pages.entries, name="entities-list"),
    path("lists/<str:name>/rules", keeping.rules, name="entities-rules"),
    path("lists/<str:name>/place", keeping.place_again, name="entities-place"),
    path("lists/<str:name>/waiting", keeping.waiting, name="entities-waiting"),
    path("lists/<str:name>/waiting/<uuid:key>", keeping.decide, name="entities-decide"),
    path("lists/<str:name>/import", keeping.bring, name="entities-import"),
    path("lists/<str:name>/<uuid:key>/", pages.entry, name="entities-entry"),
    path("lists/<str:name>/<uuid:key>/correct", pages.correct, name="entities-correct"),
    path("lists/<str:name>/<uuid:key>/settle", pages.settle, name="entities-settle"),
    path("lists/<str:name>/<uuid:key>/turn", pages.turn, name="entities-turn"),
]
