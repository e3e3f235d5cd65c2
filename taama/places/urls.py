"""Addresses of places: pages for those who keep them."""

from django.urls import path

from taama.places import views

urlpatterns = [path("places/add", views.add, name="places-add")]
