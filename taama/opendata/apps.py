from django.apps import AppConfig


class OpendataConfig(AppConfig):
    name = "taama.opendata"
