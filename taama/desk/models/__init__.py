"""What desk keeps."""

from taama.desk.models.reading import Doubt, Interview
from taama.desk.models.review import Comment, Correction, FormRule, Review

__all__ = ["Comment", "Correction", "Doubt", "FormRule", "Interview", "Review"]
