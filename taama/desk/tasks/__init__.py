"""Work of desk beside the pages."""
