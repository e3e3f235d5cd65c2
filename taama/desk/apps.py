from django.apps import AppConfig

from taama.base.registry import register_sweep


class DeskConfig(AppConfig):
    name = "taama.desk"

    def ready(self):
        register_sweep("exports", "taama.desk.tasks.exporting.export_some", every_seconds=0.5)
        register_sweep("erased_rows", "taama.desk.tasks.forgetting.forget_erased", every_seconds=2)
        register_sweep("confidential", "taama.desk.tasks.forgetting.forget_confidential", every_seconds=2)
        register_sweep("old_exports", "taama.desk.tasks.forgetting.drop_old", every_seconds=60)
        register_sweep("tables", "taama.desk.tasks.filling.fill_arrived", every_seconds=30)
