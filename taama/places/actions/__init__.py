"""What can be done with places: load a country's folder, begin a version, import official boundaries."""
