"""Addresses of entities: for phones beside those of OpenRosa, and pages."""

from django.urls import include, path

from taama.entities.views import serving


def _phones(prefix=""):
    """The addresses that phones use, under their account or under a token."""
    return [
        path("forms/<uuid:key>/lists/<str:filename>", serving.csv, name=f"openrosa-{prefix}list"),
        path("forms/<uuid:key>/lists/<str:filename>/gone", serving.gone, name=f"openrosa-{prefix}integrity"),
    ]


urlpatterns = [
    path("openrosa/", include(_phones())),
    path("key/<str:token>/", include(_phones("key-"))),
]
