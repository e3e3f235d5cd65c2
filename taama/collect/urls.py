"""Addresses of collect. The door `openrosa_door` answers the first ones before any page middleware runs."""

from django.urls import include, path

from taama.collect.views import openrosa, pages, phones, removing, trials


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


def _removal(prefix, view, way):
    return path(prefix + way.name.partition("-")[0], view, {"way": way}, name=way.address)


urlpatterns = [
    path("openrosa/", include(_phones())),
    path("key/<str:token>/", include(_phones("key-"))),
    path("draft/<str:token>/", include(_TRIALS)),
    path("submissions/", pages.submissions, name="collect-submissions"),
    path("submissions/aside/", pages.quarantine, name="collect-quarantine"),
    path("submissions/aside/<uuid:key>/", pages.aside, name="collect-aside"),
    path("submissions/aside/<uuid:key>/xml", pages.aside_xml, name="collect-aside-xml"),
    path("submissions/aside/<uuid:key>/release", pages.release, name="collect-release"),
    path("submissions/<uuid:key>/", pages.submission, name="collect-submission"),
    *[_removal("submissions/<uuid:key>/", removing.of_submission, way) for way in removing.OF_SUBMISSION],
    *[_removal("submissions/aside/<uuid:key>/", removing.of_aside, way) for way in removing.OF_ASIDE],
    path("phones/", phones.phones, name="collect-phones"),
    path("phones/<uuid:key>/code.svg", phones.phone_code, name="collect-phone-code"),
    path("phones/<uuid:key>/revoke", phones.revoke, name="collect-revoke"),
]
