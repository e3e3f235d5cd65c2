from django.apps import AppConfig

from taama.facts.registry import register_known


class FactsConfig(AppConfig):
    name = "taama.facts"

    def ready(self):
        """Places lie below facts and cannot register themselves: what tools ask of them is named here."""
        register_known("places.areas", "taama.places.queries.known_areas")
        register_known("places.localities", "taama.places.queries.known_localities")
        register_known("places.points", "taama.places.queries.known_points")
