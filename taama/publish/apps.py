from django.apps import AppConfig

from taama.base.registry import register_sweep


class PublishConfig(AppConfig):
    name = "taama.publish"

    def ready(self):
        register_sweep("working_figures", "taama.publish.tasks.refresh_working", every_seconds=2)
        register_sweep("publications", "taama.publish.tasks.publish_requested", every_seconds=1)
