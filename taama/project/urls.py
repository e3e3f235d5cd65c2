"""Every address, by app."""

from django.urls import include, path

from taama.base import views as base

handler400 = base.bad_request
urlpatterns = [
    path("health", base.health, name="health"),
    path("in/<str:language>", base.in_language, name="in_language"),
    path("account/", include("allauth.urls")),
    path("", include("taama.collect.urls")),
    path("", include("taama.statements.urls")),
    path("", include("taama.opendata.urls")),
    path("", include("taama.publish.urls")),
]
