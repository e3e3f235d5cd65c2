"""What review keeps."""

from taama.review.models.reading import Doubt, Interview
from taama.review.models.review import Comment, Correction, FormRule, Review

__all__ = ["Comment", "Correction", "Doubt", "FormRule", "Interview", "Review"]
