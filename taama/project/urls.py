"""Every address, by app."""

from django.urls import include, path

from taama.base import views as base

urlpatterns = [
    path("health", base.health, name="health"),
    path("language/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.urls")),
    path("", include("taama.collect.urls")),
    path("", include("taama.publish.urls")),
]
