"""Addresses of desk."""

from django.urls import path

from taama.desk.views import exports

urlpatterns = [
    path("exports/", exports.exports, name="exports"),
    path("exports/forms/<str:form_id>", exports.ask, name="export-ask"),
    path("exports/forms/<str:form_id>/names", exports.names, name="export-names"),
    path("exports/<uuid:key>/", exports.export, name="export"),
    path("exports/<uuid:key>/file", exports.file, name="export-file"),
    path("exports/<uuid:key>/delete", exports.delete, name="export-delete"),
]
