from django.apps import AppConfig

from taama.base.registry import register_sweep
from taama.facts.registry import register_lists

READING = "taama.entities.tasks.reading"


class EntitiesConfig(AppConfig):
    name = "taama.entities"

    def ready(self):
        register_lists("entities", "taama.entities.queries.serving")
        register_sweep("entities", f"{READING}.read_recent", every_seconds=1)
        register_sweep("entities-all", f"{READING}.read_all", every_seconds=60)
        register_sweep("entities-keep", f"{READING}.keep_up", every_seconds=30)
        register_sweep("entities-place", f"{READING}.place", every_seconds=1)
        register_sweep("entities-import", f"{READING}.take_imports", every_seconds=1)
