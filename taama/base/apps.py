from django.apps import AppConfig

from taama.base.registry import register_sweep


class BaseConfig(AppConfig):
    name = "taama.base"

    def ready(self):
        from taama.base.accounts import listen  # noqa: PLC0415  the sign-in library loads after the apps

        register_sweep("seal", "taama.base.tasks.seal_journal", every_seconds=2)
        register_sweep("empty_log", "taama.base.tasks.empty_log", every_seconds=3600)
        listen()
