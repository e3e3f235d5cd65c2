"""The figures of a snapshot as files: CSV, spreadsheet, GeoJSON, data package and all of them in one archive."""
