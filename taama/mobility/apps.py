from django.apps import AppConfig

from taama.facts.registry import register_known, register_tool

TOOLS = ("location_assessment", "flow_registry")


class MobilityConfig(AppConfig):
    name = "taama.mobility"

    def ready(self):
        for code in TOOLS:
            register_tool(code, f"taama.mobility.tools.{code}.tool", "taama.mobility.queries.form_media")
        register_known("mobility.previous_stock", "taama.mobility.queries.previous_stock")
