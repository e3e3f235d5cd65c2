from django.apps import AppConfig

from taama.base.registry import register_sweep


class BaseConfig(AppConfig):
    name = "taama.base"

    def ready(self):
        register_sweep("seal", "taama.base.tasks.seal_journal", every_seconds=2)
