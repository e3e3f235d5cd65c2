"""Addresses of collect. The door `openrosa_door` answers the first ones before any page middleware runs."""

from django.urls import include, path

from taama.collect.views import openrosa


def _phones(prefix=""):
    """The addresses that phones use, under their account or under a token."""
    return [
        path("formList", openrosa.form_list, name=f"openrosa-{prefix}forms"),
        path("forms/<uuid:key>.xml", openrosa.form, name=f"openrosa-{prefix}form"),
        path("forms/<uuid:key>/manifest", openrosa.manifest, name=f"openrosa-{prefix}manifest"),
        path("forms/<uuid:key>/media/<str:filename>", openrosa.media, name=f"openrosa-{prefix}media"),
        path("submission", openrosa.submission, name=f"openrosa-{prefix}submission"),
    ]


urlpatterns = [
    path("openrosa/", include(_phones())),
    path("key/<str:token>/", include(_phones("key-"))),
]
