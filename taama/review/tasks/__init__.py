"""Work of review beside the pages."""
