"""A form on paper, as PDF: to be read, discussed, and filled in where no phone may be shown."""
