"""What desk keeps."""

from taama.desk.models.exports import Export, Renaming
from taama.desk.models.reading import Doubt, Interview
from taama.desk.models.review import Comment, Correction, FormRule, Review

__all__ = ["Comment", "Correction", "Doubt", "Export", "FormRule", "Interview", "Renaming", "Review"]
