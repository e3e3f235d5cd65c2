"""Names of codes, for tables and files. Pure."""
