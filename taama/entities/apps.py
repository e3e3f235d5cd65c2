from django.apps import AppConfig

from taama.base.registry import register_sweep

READING = "taama.entities.tasks.reading"


class EntitiesConfig(AppConfig):
    name = "taama.entities"

    def ready(self):
        register_sweep("entities", f"{READING}.read_recent", every_seconds=1)
        register_sweep("entities-all", f"{READING}.read_all", every_seconds=600)
        register_sweep("entities-keep", f"{READING}.keep_up", every_seconds=30)
        register_sweep("entities-import", f"{READING}.take_imports", every_seconds=1)
