from django.apps import AppConfig

from taama.base.registry import register_sweep


class FormsConfig(AppConfig):
    name = "taama.forms"

    def ready(self):
        register_sweep("drafts", "taama.forms.tasks.convert_drafts", every_seconds=0.5)
        register_sweep("old drafts", "taama.forms.tasks.forget_old_drafts", every_seconds=86_400)
