"""Addresses of opendata."""

from django.urls import path, re_path

from taama.opendata.views import api, datasets, dtm

urlpatterns = [
    path("data", datasets.data_page, name="data"),
    path("data/<int:number>/<str:name>", datasets.dataset_file, name="dataset"),
    path("api", api.documentation, name="api"),
    path("api/v1/openapi.json", api.openapi_document, name="openapi"),
    path("api/v1/snapshots", api.snapshots, name="api_snapshots"),
    path("api/v1/figures", api.figures, name="api_figures"),
    path("api/v1/figures/<uuid:pk>", api.figure, name="api_figure"),
    path("api/v1/areas", api.areas, name="api_areas"),
    path("v3/displacement/country-list", dtm.country_list, name="dtm_countries"),
    path("v3/displacement/operation-list", dtm.operation_list, name="dtm_operations"),
    re_path(r"^v3/displacement/admin(?P<level>[012])$", dtm.displacement_of_level, name="dtm_displacement"),
    re_path(r"^api/(?P<path>.+)$", api.no_address),
]
