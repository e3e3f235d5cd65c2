"""Addresses of paper versions."""

from django.urls import path

from taama.papers import views

urlpatterns = [
    path("forms/drafts/<uuid:key>/paper.<str:language>.pdf", views.of_draft, name="form-draft-paper"),
    path("forms/versions/<uuid:key>/paper.<str:language>.pdf", views.of_version, name="form-paper"),
]
