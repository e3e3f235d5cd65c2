"""Addresses of collect."""

urlpatterns = []
