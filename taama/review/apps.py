from django.apps import AppConfig

from taama.base.registry import register_sweep
from taama.facts.registry import register_gate


class ReviewConfig(AppConfig):
    name = "taama.review"

    def ready(self):
        register_gate("approval", "taama.review.queries.reviewing.unapproved")
        register_sweep("look", "taama.review.tasks.looking.look_at_recent", every_seconds=2)
        register_sweep("unheld", "taama.review.tasks.letting_in.let_in_unheld", every_seconds=5)
        register_sweep("look_back", "taama.review.tasks.looking.look_at_all", every_seconds=3600)
