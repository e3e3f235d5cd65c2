from django.apps import AppConfig


class PhonesConfig(AppConfig):
    name = "taama.phones"
