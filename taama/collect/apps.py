from django.apps import AppConfig

from taama.base.registry import register_sweep


class CollectConfig(AppConfig):
    name = "taama.collect"

    def ready(self):
        register_sweep("derive", "taama.collect.tasks.deriving.derive_pending", every_seconds=0.5)
        register_sweep("expire", "taama.collect.tasks.keeping.erase_expired", every_seconds=3600)
        register_sweep("files", "taama.collect.tasks.sweeping.sweep_files", every_seconds=3600)
        register_sweep("named", "taama.collect.tasks.naming.note_named_files", every_seconds=5)
        register_sweep("edits", "taama.collect.tasks.sweeping.join_edits", every_seconds=60)
        register_sweep("tidy", "taama.collect.tasks.keeping.tidy_lake", every_seconds=6 * 3600)
