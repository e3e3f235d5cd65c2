from django.apps import AppConfig

from taama.facts.registry import register_tool

TOOLS = ("published_baseline", "published_series")


class SeriesConfig(AppConfig):
    name = "taama.series"

    def ready(self):
        for code in TOOLS:
            register_tool(code, f"taama.series.tools.{code}.tool")
