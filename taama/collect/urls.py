"""Addresses of collect."""

from django.urls import path

from taama.collect.views import mending, pages, quarantine, removing, settling


def _removal(prefix, view, way):
    return path(prefix + way.name.partition("-")[0], view, {"way": way}, name=way.address)


urlpatterns = [
    path("submissions/", pages.submissions, name="collect-submissions"),
    path("submissions/aside/", quarantine.quarantine, name="collect-quarantine"),
    path("submissions/aside/discarded", quarantine.discarded, name="collect-discarded"),
    path("submissions/aside/settle", settling.settle, name="collect-settle"),
    path("submissions/aside/<uuid:key>/", quarantine.aside, name="collect-aside"),
    path("submissions/aside/<uuid:key>/xml", quarantine.aside_xml, name="collect-aside-xml"),
    path("submissions/aside/<uuid:key>/release", quarantine.release, name="collect-release"),
    path("submissions/aside/<uuid:key>/take-back", quarantine.take_back, name="collect-take-back"),
    path("submissions/aside/<uuid:key>/mend", mending.mend, name="collect-mend"),
    path("submissions/<uuid:key>/", pages.submission, name="collect-submission"),
    *[_removal("submissions/<uuid:key>/", removing.of_submission, way) for way in removing.OF_SUBMISSION],
    *[_removal("submissions/aside/<uuid:key>/", removing.of_aside, way) for way in removing.OF_ASIDE],
]
