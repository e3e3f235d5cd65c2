from django.apps import AppConfig


class XlsformsConfig(AppConfig):
    name = "taama.xlsforms"
