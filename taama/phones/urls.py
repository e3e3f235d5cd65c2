"""Addresses of phones. The door `openrosa_door` answers the first ones before any page middleware runs."""

from django.urls import include, path

from taama.phones.views import accounts, openrosa, trials


def _phones(prefix=""):
    """The addresses that phones use, under their account or under a token."""
    return [
        path("formList", openrosa.form_list, name=f"openrosa-{prefix}forms"),
        path("forms/<uuid:key>.xml", openrosa.form, name=f"openrosa-{prefix}form"),
        path("forms/<uuid:key>/manifest", openrosa.manifest, name=f"openrosa-{prefix}manifest"),
        path("forms/<uuid:key>/media/<str:filename>", openrosa.media, name=f"openrosa-{prefix}media"),
        path("submission", openrosa.submission, name=f"openrosa-{prefix}submission"),
    ]


_TRIALS = [
    path("formList", trials.form_list, name="openrosa-draft-forms"),
    path("form.xml", trials.form, name="openrosa-draft-form"),
    path("manifest", trials.manifest, name="openrosa-draft-manifest"),
    path("media/<str:filename>", trials.media, name="openrosa-draft-media"),
    path("submission", trials.submission, name="openrosa-draft-submission"),
]

urlpatterns = [
    path("openrosa/", include(_phones())),
    path("key/<str:token>/", include(_phones("key-"))),
    path("draft/<str:token>/", include(_TRIALS)),
    path("phones/", accounts.phones, name="phones"),
    path("phones/<uuid:key>/", accounts.phone, name="phones-phone"),
    path("phones/<uuid:key>/code.svg", accounts.phone_code, name="phones-code"),
    path("phones/<uuid:key>/revoke", accounts.revoke, name="phones-revoke"),
]
