"""Two interfaces for programs: our own, described once for documents and validation, and that of DTM."""
