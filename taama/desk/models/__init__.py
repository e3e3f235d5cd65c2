"""What desk keeps."""

from taama.desk.models.exports import Export, Renaming

__all__ = ["Export", "Renaming"]
