"""Addresses of statements."""

from django.urls import path

from taama.statements import views

urlpatterns = [path("statements/", views.statements, name="statements")]
